//! Money is whole fen in a type of its own: no floating point, no silent overflow, and one rounding rule for everything.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Fen in a yuan.
pub const FEN_PER_YUAN: i64 = 100;
/// Fen in 万元, the unit of reports.
pub const FEN_PER_WAN_YUAN: i64 = 1_000_000;

/// An amount in fen (1/100 yuan), possibly negative. On the wire and in the database it is the bare integer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Why an amount could not be computed or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    /// The result does not fit 64 bits.
    #[error("money_overflow")]
    Overflow,
    /// A ratio with denominator 0, or shares whose weights add up to 0 or less.
    #[error("money_ratio")]
    Ratio,
    /// Not a decimal number of yuan with at most two decimals.
    #[error("money_format")]
    Format,
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyFault> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyFault> {
        self.0.checked_sub(other.0).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The sum of many.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn sum(items: impl IntoIterator<Item = Self>) -> Result<Self, MoneyFault> {
        items.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// `self × numerator ÷ denominator`, rounded half up: 0.5 fen becomes 1 and −0.5 becomes −1, so that a refund mirrors
    /// the charge.
    ///
    /// # Errors
    /// [`MoneyFault::Ratio`] for denominator 0, [`MoneyFault::Overflow`].
    pub fn times_ratio(self, numerator: i64, denominator: i64) -> Result<Self, MoneyFault> {
        half_up(i128::from(self.0), i128::from(numerator), i128::from(denominator)).map(Self)
    }

    /// Splits the amount by weights: each share half up, the last takes what is left, so that the shares always add up to
    /// the amount.
    ///
    /// # Errors
    /// [`MoneyFault::Ratio`] when a weight is negative or they add up to 0, [`MoneyFault::Overflow`].
    pub fn split(self, weights: &[i64]) -> Result<Vec<Self>, MoneyFault> {
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if total <= 0 || weights.iter().any(|weight| *weight < 0) {
            return Err(MoneyFault::Ratio);
        }
        let mut left = self;
        let mut shares = Vec::with_capacity(weights.len());
        for (i, weight) in weights.iter().enumerate() {
            let is_last = i.saturating_add(1) == weights.len();
            let share = if is_last { left } else { Self(half_up(i128::from(self.0), i128::from(*weight), total)?) };
            left = left.minus(share)?;
            shares.push(share);
        }
        Ok(shares)
    }

    /// Reads yuan in decimals: `1234.5`, `-0.07`, `1,234.50`, with `元` or `￥` allowed around it.
    ///
    /// # Errors
    /// [`MoneyFault::Format`] for anything else, more than two decimals included; [`MoneyFault::Overflow`].
    pub fn from_yuan(text: &str) -> Result<Self, MoneyFault> {
        let text = text.trim().trim_start_matches(['￥', '¥']).trim_end_matches('元').trim();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let whole = without_groups(whole).ok_or(MoneyFault::Format)?;
        let is_number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !is_number(&whole) || !is_number(decimals) || decimals.len() > 2 {
            return Err(MoneyFault::Format);
        }
        let cents: i128 = format!("{decimals:0<2}").parse().map_err(|_| MoneyFault::Format)?;
        let yuan: i128 = whole.parse().map_err(|_| MoneyFault::Overflow)?;
        let fen = yuan.checked_mul(i128::from(FEN_PER_YUAN)).and_then(|fen| fen.checked_add(cents));
        let fen = fen.ok_or(MoneyFault::Overflow)?;
        i64::try_from(if negative { -fen } else { fen }).map(Self).map_err(|_| MoneyFault::Overflow)
    }

    /// Yuan with two decimals and no separators, as machines read it: `1234.50`.
    pub fn to_yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// For people: `1,234.50元`.
    pub fn in_yuan(self) -> String {
        let plain = self.to_yuan();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "00"));
        format!("{sign}{}.{decimals}元", grouped(whole))
    }

    /// For people, in the unit of reports where that says the amount exactly: `50万元`, `12.35万元`, but `55,555.55元`,
    /// since who is told an amount is told all of it.
    pub fn in_wan_yuan(self) -> String {
        let hundredth = FEN_PER_WAN_YUAN / 100;
        if self.0 % hundredth != 0 {
            return format!("{}元", self.in_yuan_en());
        }
        let plain = Self(self.0 / hundredth).to_yuan();
        format!("{}万元", plain.trim_end_matches('0').trim_end_matches('.'))
    }

    /// For people who read English, without the unit: `5,000,000`, `1,234.50`.
    pub fn in_yuan_en(self) -> String {
        let text = self.in_yuan();
        let text = text.trim_end_matches('元');
        text.strip_suffix(".00").unwrap_or(text).to_owned()
    }
}

/// `amount × numerator ÷ denominator` half up, away from zero for negative results.
fn half_up(amount: i128, numerator: i128, denominator: i128) -> Result<i64, MoneyFault> {
    if denominator == 0 {
        return Err(MoneyFault::Ratio);
    }
    // two factors of 64 bits and a denominator below 2^96 cannot leave 128 bits; checked all the same
    let product = amount.checked_mul(numerator).ok_or(MoneyFault::Overflow)?;
    let negative = (product < 0) != (denominator < 0);
    let (product, denominator) = (product.unsigned_abs(), denominator.unsigned_abs());
    let whole = product / denominator;
    let rest = product % denominator;
    let rounded = if rest >= denominator - rest { whole.saturating_add(1) } else { whole };
    let signed = i128::try_from(rounded).map_err(|_| MoneyFault::Overflow)?;
    i64::try_from(if negative { -signed } else { signed }).map_err(|_| MoneyFault::Overflow)
}

/// Removes thousands separators where they stand in their places.
fn without_groups(whole: &str) -> Option<String> {
    if !whole.contains([',', '，']) {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split([',', '，']);
    let first_fits = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    (first_fits && groups.all(|group| group.len() == 3)).then(|| whole.replace([',', '，'], ""))
}

fn grouped(digits: &str) -> String {
    let count = digits.len();
    let mut text = String::with_capacity(count.saturating_add(count / 3));
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && count.saturating_sub(i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_yuan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yuan_are_read_and_written() {
        let rows = [
            ("0", Ok(0)),
            ("1234.5", Ok(123_450)),
            ("-0.07", Ok(-7)),
            ("1,234.50", Ok(123_450)),
            ("￥12元", Ok(1200)),
            ("92233720368547758.07", Ok(i64::MAX)),
            ("-92233720368547758.08", Ok(i64::MIN)),
            ("92233720368547758.08", Err(MoneyFault::Overflow)),
            ("1.234", Err(MoneyFault::Format)),
            ("1,23", Err(MoneyFault::Format)),
            (".5", Err(MoneyFault::Format)),
            ("1.", Err(MoneyFault::Format)),
            ("1e5", Err(MoneyFault::Format)),
            ("--1", Err(MoneyFault::Format)),
            ("", Err(MoneyFault::Format)),
        ];
        for (text, expected) in rows {
            assert_eq!(Fen::from_yuan(text), expected.map(Fen), "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_to_people() {
        let rows = [
            (0, "0.00元", "0万元"),
            (1, "0.01元", "0.01元"),
            (123_456_789, "1,234,567.89元", "1,234,567.89元"),
            (123_450_000, "1,234,500.00元", "123.45万元"),
            (5_555_555, "55,555.55元", "55,555.55元"),
            (-50_000_000, "-500,000.00元", "-50万元"),
            (4_999, "49.99元", "49.99元"),
            (5_000, "50.00元", "50元"),
            (10_000, "100.00元", "0.01万元"),
            (12_345_600, "123,456.00元", "123,456元"),
            (100_000_000, "1,000,000.00元", "100万元"),
            (i64::MIN, "-92,233,720,368,547,758.08元", "-92,233,720,368,547,758.08元"),
        ];
        for (fen, yuan, wan) in rows {
            assert_eq!((Fen(fen).in_yuan().as_str(), Fen(fen).in_wan_yuan().as_str()), (yuan, wan));
        }
    }

    #[test]
    fn amounts_in_english_have_separators_and_no_empty_decimals() {
        for (fen, text) in [(0, "0"), (500_000_000, "5,000,000"), (123_450, "1,234.50"), (-1, "-0.01")] {
            assert_eq!(Fen(fen).in_yuan_en(), text);
        }
    }

    #[test]
    fn ratios_round_half_up() {
        let rows = [
            (100, 1, 3, Ok(33)),
            (1, 1, 2, Ok(1)),
            (-1, 1, 2, Ok(-1)),
            (5, 1, -2, Ok(-3)),
            (i64::MAX, i64::MAX, i64::MAX, Ok(i64::MAX)),
            (i64::MIN, 1, 1, Ok(i64::MIN)),
            (i64::MIN, i64::MIN, i64::MIN, Ok(i64::MIN)),
            (i64::MAX, 2, 1, Err(MoneyFault::Overflow)),
            (1, 1, 0, Err(MoneyFault::Ratio)),
        ];
        for (amount, numerator, denominator, expected) in rows {
            assert_eq!(
                Fen(amount).times_ratio(numerator, denominator),
                expected.map(Fen),
                "{amount} {numerator} {denominator}"
            );
        }
    }

    #[test]
    fn shares_of_the_4321_agreement() {
        assert_eq!(Fen(101).split(&[40, 30, 20, 10]), Ok(vec![Fen(40), Fen(30), Fen(20), Fen(11)]));
        assert_eq!(Fen(100).split(&[]), Err(MoneyFault::Ratio));
        assert_eq!(Fen(100).split(&[0, 0]), Err(MoneyFault::Ratio));
        assert_eq!(Fen(100).split(&[3, -1]), Err(MoneyFault::Ratio));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen: i64) {
            prop_assert_eq!(Fen::from_yuan(&Fen(fen).to_yuan()), Ok(Fen(fen)));
            prop_assert_eq!(Fen::from_yuan(&Fen(fen).in_yuan()), Ok(Fen(fen)));
        }

        #[test]
        fn shares_add_up(fen: i64, weights in prop::collection::vec(0i64..i64::MAX, 1..8)) {
            if let Ok(shares) = Fen(fen).split(&weights) {
                prop_assert_eq!(shares.len(), weights.len());
                prop_assert_eq!(shares.iter().map(|s| i128::from(s.0)).sum::<i128>(), i128::from(fen));
            }
        }

        #[test]
        fn nothing_panics(a: i64, b: i64, c: i64, text in "\\PC{0,30}") {
            let _ = (Fen(a).plus(Fen(b)), Fen(a).minus(Fen(b)), Fen(a).times_ratio(b, c), Fen(a).split(&[b, c]));
            let _ = (Fen(a).in_wan_yuan(), Fen::from_yuan(&text));
        }
    }
}
