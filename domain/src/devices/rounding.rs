//! One rounding rule for the figures about machines, as for money: to the nearest, halves away from 0.

/// `part ÷ whole` rounded; 0 where the whole is not above 0, and the nearest end of the range where the result does not fit.
pub(super) fn rounded(part: i128, whole: i128) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let half = if part < 0 { -(whole / 2) } else { whole / 2 };
    let result = part.saturating_add(half) / whole;
    i64::try_from(result).unwrap_or(if result < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        let rows = [
            (1, 2, 1),
            (-1, 2, -1),
            (1, 3, 0),
            (2, 3, 1),
            (-5, 3, -2),
            (7, 0, 0),
            (7, -1, 0),
            (i128::MAX, 1, i64::MAX),
            (i128::MIN, 1, i64::MIN),
        ];
        for (part, whole, expected) in rows {
            assert_eq!(rounded(part, whole), expected, "{part} / {whole}");
        }
    }
}
