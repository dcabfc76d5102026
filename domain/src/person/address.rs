//! An address as records are compared by it, and as it is shown of a person.

use crate::words::half_width;

/// As much as is shown of a person's address: about the province and city.
const CHARS_SHOWN: usize = 6;

/// The one form by which two records' addresses are the same: keyboards differ in width, blanks and dashes, houses do not.
pub fn address_form(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).map(one_dash).flat_map(char::to_uppercase).collect()
}

fn one_dash(c: char) -> char {
    if matches!(c, '‐' | '‑' | '‒' | '–' | '—' | '―' | '−') { '-' } else { c }
}

/// A person's address masked: its first characters, where more follows, and three stars.
pub fn masked_address(text: &str) -> String {
    let shown: String = text.chars().take(CHARS_SHOWN).collect();
    if text.chars().nth(CHARS_SHOWN * 2).is_some() { format!("{shown}***") } else { "***".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_not_another_house() {
        let rows = [
            ("示例路１２－３号ａ座", "示例路12-3号 A座", true),
            ("示例路12—3号", "示例路12-3号", true),
            ("示例路12-3号", "示例路123号", false),
            ("示例路1号", "示例路2号", false),
        ];
        for (one, other, same) in rows {
            assert_eq!(address_form(one) == address_form(other), same, "{one} {other}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_long_address_shows() {
        assert_eq!(masked_address("示例省示例市示例区示例路1号"), "示例省示例市***");
        assert_eq!(masked_address("示例路1号"), "***");
        assert_eq!(masked_address("示例省示例市示例路一号"), "***");
        assert_eq!(masked_address(""), "***");
    }
}
