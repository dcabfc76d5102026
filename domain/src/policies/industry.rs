//! How industries nest (GB/T 4754-2017): digits by prefix, sections by their divisions, so that a policy can name a whole
//! section or one class.

/// Whether an industry lies within another, by GB/T 4754-2017: digits nest by prefix, sections by their divisions.
pub(super) fn is_within(part: &str, whole: &str) -> bool {
    if part.starts_with(whole) {
        return true;
    }
    let section = part.get(0..2).and_then(|division| division.parse().ok()).and_then(section_of);
    section.is_some_and(|section| whole.len() == 1 && whole.starts_with(section))
}

/// The section (门类) of a division (大类), GB/T 4754-2017.
fn section_of(division: u8) -> Option<char> {
    let section = match division {
        1..=5 => 'A',
        6..=12 => 'B',
        13..=43 => 'C',
        44..=46 => 'D',
        47..=50 => 'E',
        51..=52 => 'F',
        53..=60 => 'G',
        61..=62 => 'H',
        63..=65 => 'I',
        66..=69 => 'J',
        70 => 'K',
        71..=72 => 'L',
        73..=75 => 'M',
        76..=79 => 'N',
        80..=82 => 'O',
        83 => 'P',
        84..=85 => 'Q',
        86..=90 => 'R',
        91..=96 => 'S',
        97 => 'T',
        _ => return None,
    };
    Some(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn industries_nest() {
        let rows = [
            ("0111", "0111", true),
            ("0111", "01", true),
            ("0111", "A", true),
            ("A", "A", true),
            ("1311", "A", false),
            ("1311", "C", true),
            ("01", "0111", false),
            ("A", "01", false),
            ("9999", "T", false),
            ("", "A", false),
            ("农业", "A", false),
        ];
        for (part, whole, expected) in rows {
            assert_eq!(is_within(part, whole), expected, "{part} in {whole}");
        }
    }
}
