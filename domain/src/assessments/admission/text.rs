//! Reading and writing the figures of tax exports: yuan as text, dates in several habits, void marks, percentages.
//!
//! Tax platforms, spreadsheets and agents' exports all write the same facts differently. A reader that guesses too
//! freely would make up data, one that is too strict would lose half a file; what is accepted is written here only.

use chrono::NaiveDate;

/// Most digits read in one amount; longer text is refused, not truncated.
const AMOUNT_DIGITS_MAX: usize = 30;

/// Reads a decimal amount of yuan as fen, exactly, halves away from zero (so a red-letter amount is the exact
/// opposite of the blue one it cancels).
///
/// Accepts a sign, a leading `¥`/`￥`, thousands separators in groups of three and a decimal exponent as spreadsheets
/// write it. Returns `None` for anything else: empty text, NaN, infinity, stray letters, more than `i64` fen.
pub fn parse_fen(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, rest) = match text.strip_prefix(['-', '−', '－']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.trim_start_matches(['¥', '￥']);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (mut digits, mut count) = (0_i128, 0_usize);
    for byte in ungrouped(whole)?.bytes().chain(fraction.bytes()) {
        count += 1;
        if !byte.is_ascii_digit() || count > AMOUNT_DIGITS_MAX {
            return None;
        }
        digits = digits.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
    }
    if count == 0 {
        return None;
    }
    let places = i32::try_from(fraction.len()).ok()?;
    let fen = shift(digits, exponent.checked_add(2)?.checked_sub(places)?)?;
    let fen = i64::try_from(fen).ok()?;
    Some(if negative { -fen } else { fen })
}

/// Takes out thousands separators, if they stand where thousands separators stand.
fn ungrouped(whole: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !whole.contains([',', '，']) {
        return Some(whole.into());
    }
    let mut groups = whole.split([',', '，']);
    let first = groups.next()?;
    let well_formed = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    well_formed.then(|| whole.replace([',', '，'], "").into())
}

/// `digits × 10^power`, halves up.
fn shift(digits: i128, power: i32) -> Option<i128> {
    let factor = 10_i128.checked_pow(power.unsigned_abs());
    if power >= 0 {
        return if digits == 0 { Some(0) } else { digits.checked_mul(factor?) };
    }
    // a divisor beyond i128 leaves less than half a fen of anything we read
    let Some(factor) = factor else { return Some(0) };
    let (quotient, rest) = (digits / factor, digits % factor);
    Some(if rest >= factor - rest { quotient + 1 } else { quotient })
}

/// Reads a date written as `2019-08-01`, `2019/8/1`, `2019.8.1`, `2019年8月1日` or `20190801`, with or without a time
/// of day after it. The year always has four digits and comes first: `01/02/2019` could be two days, so it is none.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i32 = text.parse().ok()?;
        return ymd(number / 10_000, number / 100 % 100, number % 100);
    }
    let day_part = text.split([' ', 'T']).next()?.trim_end_matches('日');
    let mut parts = day_part.split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    ymd(digits(year)?, digits(month)?, digits(day)?)
}

fn digits(text: &str) -> Option<i32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn ymd(year: i32, month: i32, day: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Reads the void mark 作废. `None` where the mark is empty or unknown: an invoice of which nobody says whether it was
/// cancelled must not count as a sale.
pub fn parse_void(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" | "t" | "yes" | "y" | "是" | "作废" | "已作废" | "作废发票" | "void" => {
            Some(true)
        }
        "0" | "0.0" | "false" | "f" | "no" | "n" | "否" | "正常" | "未作废" | "有效" | "有效发票" => {
            Some(false)
        }
        _ => None,
    }
}

/// The form of an invoice number in which two are compared.
///
/// Invoice numbers have eight digits (digital ones twenty), but spreadsheets turn them into numbers and lose leading
/// zeros, so `03397917` and `3397917` are one invoice. Only numbers made of digits alone are touched. Two different
/// invoices could be taken for one only if company, date and amount were equal too and the numbers differed in
/// nothing but zeros in front, which numbering by the tax authority excludes.
pub fn comparable_number(number: &str) -> &str {
    let number = number.trim();
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        number.trim_start_matches('0')
    } else {
        number
    }
}

/// Fen as yuan for people: `1234567.80元`, and from ten thousand yuan on in 万元 with two places.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let size = fen.unsigned_abs();
    if size >= 1_000_000 {
        let hundredths = size / 10_000 + u64::from(size % 10_000 >= 5_000);
        format!("{sign}{}.{:02}万元", hundredths / 100, hundredths % 100)
    } else {
        format!("{sign}{}.{:02}元", size / 100, size % 100)
    }
}

/// Basis points as a percentage with up to two places: `12.5%`.
pub fn percent(basis_points: i64) -> String {
    let sign = if basis_points < 0 { "-" } else { "" };
    let size = basis_points.unsigned_abs();
    let text = format!("{sign}{}.{:02}", size / 100, size % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `part ÷ whole` in basis points, `None` where the whole is not positive.
pub fn share_bp(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let share = i128::from(part) * 10_000 / i128::from(whole);
    Some(i64::try_from(share).unwrap_or(if part < 0 { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (text, fen) in [
            ("311.32", Some(31_132)),
            (" 1,234,567.895 ", Some(123_456_790)),
            ("-0.005", Some(-1)),
            ("0.004", Some(0)),
            ("¥12", Some(1_200)),
            ("1.2E+05", Some(12_000_000)),
            ("1e-30", Some(0)),
            (".5", Some(50)),
            ("5.", Some(500)),
            ("0e99", Some(0)),
            ("1,23", None),
            ("", None),
            ("-", None),
            (".", None),
            ("NaN", None),
            ("inf", None),
            ("12a", None),
            ("1e99", None),
            ("99999999999999999999", None),
            ("1.2.3", None),
            ("--1", None),
            ("1e2147483647", None),
            ("1e-2147483648", Some(0)),
            ("92233720368547758.07", Some(i64::MAX)),
        ] {
            assert_eq!(parse_fen(text), fen, "{text:?}");
        }
    }

    #[test]
    fn dates() {
        let day = NaiveDate::from_ymd_opt(2019, 8, 1);
        for text in [
            "2019-08-01",
            "2019/8/1",
            "20190801",
            "2019.8.01",
            "2019年8月1日",
            "2019-08-01 12:00:00",
            "2019-08-01T00:00:00",
        ] {
            assert_eq!(parse_date(text), day, "{text:?}");
        }
        for text in [
            "",
            "2019-13-01",
            "2019-02-30",
            "01/08/2019",
            "19-08-01",
            "43678",
            "2019-08",
            "NaT",
            "+019-08-01",
            "2019-08-01-02",
        ] {
            assert_eq!(parse_date(text), None, "{text:?}");
        }
    }

    #[test]
    fn void_marks_and_numbers() {
        for text in ["1", "TRUE", "True", "是", "作废", " 1 "] {
            assert_eq!(parse_void(text), Some(true), "{text:?}");
        }
        for text in ["0", "FALSE", "否", "正常"] {
            assert_eq!(parse_void(text), Some(false), "{text:?}");
        }
        assert_eq!(parse_void(""), None);
        assert_eq!(parse_void("2"), None);
        assert_eq!(comparable_number("03397917"), comparable_number("3397917"));
        assert_eq!(comparable_number("0A12"), "0A12");
        assert_eq!(yuan(-123_456_789), "-123.46万元");
        assert_eq!(yuan(1_205), "12.05元");
        assert_eq!(percent(1_250), "12.5%");
        assert_eq!(percent(-5), "-0.05%");
    }
}
