//! Whether two spellings are one enterprise's registered name: keyboards differ in brackets, width and blanks, registers
//! do not.

use crate::words::half_width;

/// Whether two names are the same but for the width of brackets and letters, and blanks.
pub fn same_enterprise_name(one: &str, other: &str) -> bool {
    one_form(one) == one_form(other)
}

fn one_form(name: &str) -> String {
    half_width(name).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_not_another_enterprise() {
        let rows = [
            ("示例（杭州）有限公司", "示例(杭州)有限公司", true),
            (" 示例有限公司 ", "示例　有限公司", true),
            ("示例ａｂ有限公司", "示例AB有限公司", true),
            ("示例一号有限公司", "示例二号有限公司", false),
            ("示例有限公司", "示例有限责任公司", false),
            ("", "示例有限公司", false),
        ];
        for (one, other, expected) in rows {
            assert_eq!(same_enterprise_name(one, other), expected, "{one} {other}");
        }
    }
}
