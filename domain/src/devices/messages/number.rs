//! Decimals as messages write them. Makers send 0.1 W as `0.1`, `"0.1"` or `1`; binary fractions would round some of
//! them the wrong way, so they are scaled as decimals.

use serde_json::Value;

/// Digits that are kept; those after them are far below a thousandth of anything.
const DIGITS_MAX: u32 = 30;

/// How many thousandths one of a maker's units is: `times` ÷ `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    times: i64,
    per: i64,
}

impl Unit {
    pub(super) const ONE: Self = Self::times(1_000);
    pub(super) const THOUSANDTH: Self = Self::times(1);
    pub(super) const THOUSAND: Self = Self::times(1_000_000);
    /// A watt-minute, in milliwatt-hours.
    pub(super) const WATT_MINUTE: Self = Self { times: 1_000, per: 60 };

    const fn times(times: i64) -> Self {
        Self { times, per: 1 }
    }

    /// Of a unit whose values are sent as integers, `scale` digits of them after the point.
    pub(super) fn scaled(self, scale: i8) -> Self {
        let power = 10i64.saturating_pow(u32::from(scale.unsigned_abs()).min(9));
        if scale < 0 {
            Self { times: self.times.saturating_mul(power), per: self.per }
        } else {
            Self { times: self.times, per: self.per.saturating_mul(power) }
        }
    }
}

/// A decimal: `digits` × 10^`exponent`, with its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: i128,
    exponent: i32,
}

impl Decimal {
    /// A JSON number, or a text that is one.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text.trim()),
            // a fraction's shortest text is the one that was sent, as long as it had at most fifteen digits
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Self::parse(&whole.to_string()),
                (None, Some(fraction)) => Self::parse(&fraction.to_string()),
                (None, None) => None,
            },
            _ => None,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut number = Self { negative, digits: 0, exponent };
        let mut kept = 0u32;
        for (byte, after_point) in whole.bytes().map(|b| (b, false)).chain(fraction.bytes().map(|b| (b, true))) {
            if !byte.is_ascii_digit() {
                return None;
            }
            let keep = kept < DIGITS_MAX;
            if keep {
                number.digits = number.digits.checked_mul(10)?.checked_add(i128::from(byte.saturating_sub(b'0')))?;
                kept = kept.saturating_add(u32::from(number.digits != 0));
            }
            let step = i32::from(!keep && !after_point).saturating_sub(i32::from(keep && after_point));
            number.exponent = number.exponent.saturating_add(step);
        }
        Some(number)
    }

    /// So many thousandths, rounded half away from zero; nothing beyond `i64`.
    pub(super) fn thousandths(self, unit: Unit) -> Option<i64> {
        self.scaled(i128::from(unit.times), i128::from(unit.per))
    }

    /// As an integer; nothing when it has a fraction.
    pub(super) fn whole(self) -> Option<i64> {
        let fraction_places = self.exponent.min(0).unsigned_abs();
        let rest = 10i128.checked_pow(fraction_places).map_or(self.digits, |power| self.digits.rem_euclid(power));
        if rest == 0 { self.scaled(1, 1) } else { None }
    }

    /// Times a million, for seconds in microseconds.
    pub(super) fn millionths(self) -> Option<i64> {
        self.scaled(1_000_000, 1)
    }

    fn scaled(self, times: i128, per: i128) -> Option<i64> {
        let (mut over, mut under) = (self.digits.checked_mul(times)?, per);
        if over == 0 {
            return Some(0);
        }
        let power = |exponent: u32| 10i128.checked_pow(exponent);
        if self.exponent >= 0 {
            over = over.checked_mul(power(self.exponent.unsigned_abs())?)?;
        } else {
            match power(self.exponent.unsigned_abs()).and_then(|p| under.checked_mul(p)) {
                Some(larger) => under = larger,
                // 10^36 at most, over more than 10^37
                None => return Some(0),
            }
        }
        let (whole, rest) = (over.checked_div(under)?, over.checked_rem(under)?);
        let rounded = whole.checked_add(i128::from(rest >= under.checked_sub(rest)?))?;
        i64::try_from(if self.negative { rounded.checked_neg()? } else { rounded }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn decimals_are_scaled_as_decimals() {
        let rows = [
            (json!(230), Unit::ONE, Some(230_000)),
            (json!(-620.34), Unit::ONE, Some(-620_340)),
            (json!("1234"), Unit::ONE.scaled(1), Some(123_400)),
            (json!(" +0.5 "), Unit::ONE, Some(500)),
            (json!(1e-05), Unit::THOUSAND, Some(10)),
            (json!("1E3"), Unit::ONE, Some(1_000_000)),
            (json!(".5"), Unit::ONE, Some(500)),
            (json!("5."), Unit::ONE, Some(5_000)),
            // halves go away from zero, and 1.0005 is no half in binary
            (json!(1.0005), Unit::ONE, Some(1_001)),
            (json!(-1.0005), Unit::ONE, Some(-1_001)),
            (json!(1.0004999), Unit::ONE, Some(1_000)),
            (json!(6_472_513), Unit::WATT_MINUTE, Some(107_875_217)),
            (json!(7), Unit::THOUSAND.scaled(3), Some(7_000)),
            (json!(7), Unit::ONE.scaled(-3), Some(7_000_000)),
            (json!("1e-400"), Unit::ONE, Some(0)),
            (json!("0e2147483647"), Unit::ONE, Some(0)),
            (json!("1e2147483647"), Unit::ONE, None),
            (json!(u64::MAX), Unit::ONE, None),
            (json!(1e300), Unit::ONE, None),
            (json!("1234567890123456789012345678901234567890.5"), Unit::ONE, None),
            (json!("0.0000000000000000000000000000000000000000005"), Unit::ONE, Some(0)),
        ];
        for (value, unit, expected) in rows {
            assert_eq!(Decimal::of(&value).unwrap().thousandths(unit), expected, "{value}");
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in ["", "-", ".", "1e", "e5", "1.2.3", "0x10", "NaN", "inf", "--1", "1 2", "１", "1e99999999999"] {
            assert_eq!(Decimal::of(&json!(text)), None, "{text:?}");
        }
        for value in [json!(null), json!(true), json!([1]), json!({})] {
            assert_eq!(Decimal::of(&value), None);
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let rows =
            [("5", Some(5)), ("5.0", Some(5)), ("5.5", None), ("-1", Some(-1)), ("1e3", Some(1000)), ("0.001", None)];
        for (text, expected) in rows {
            assert_eq!(Decimal::parse(text).unwrap().whole(), expected, "{text}");
        }
    }

    proptest! {
        /// The model: count in millionths of a unit, add half a thousandth, cut off.
        #[test]
        fn rounding_agrees_with_counting(millionths in -9_000_000_000_000i64..9_000_000_000_000) {
            let sign = if millionths < 0 { "-" } else { "" };
            let size = millionths.unsigned_abs();
            let text = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
            let expected = i64::try_from((size + 500) / 1_000).unwrap() * millionths.signum();
            prop_assert_eq!(Decimal::parse(&text).unwrap().thousandths(Unit::ONE), Some(expected));
            let number: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(Decimal::of(&number).unwrap().thousandths(Unit::ONE), Some(expected), "as a JSON number");
        }

        #[test]
        fn nothing_panics(text in "[-+]?[0-9]{0,45}\\.?[0-9]{0,45}([eE][-+]?[0-9]{0,11})?", scale: i8) {
            if let Some(number) = Decimal::parse(&text) {
                let _ = (number.thousandths(Unit::THOUSAND.scaled(scale)), number.whole(), number.millionths());
            }
        }
    }
}
