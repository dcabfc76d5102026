//! Sentences for people exist in Chinese and in English at once, so that neither language can be forgotten and
//! no caller has to translate a code.

use serde::{Deserialize, Serialize};

/// One sentence or label in both languages. It never holds personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The Chinese text, which applicants and staff read.
    pub zh: String,
    /// The English text, for readers of the API in English.
    pub en: String,
}

impl Words {
    /// Puts the two texts together.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Why a text is not acceptable to store and to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing but blanks.
    Empty,
    /// More than the allowed number of characters.
    TooLong,
    /// A control character, which includes U+0000 (PostgreSQL cannot store it) and invisible direction marks
    /// (they make a text read differently from what is stored).
    Control,
}

/// Checks a text that a person typed: trims it and gives it back.
///
/// `lines` allows line feeds, for texts of several lines. `chars_max` counts characters, not bytes.
///
/// # Errors
/// The first [`TextFault`] found.
pub fn plain_text(text: &str, chars_max: usize, lines: bool) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().any(|c| is_hidden(c) && !(lines && c == '\n')) {
        return Err(TextFault::Control);
    }
    if text.chars().nth(chars_max).is_some() {
        return Err(TextFault::TooLong);
    }
    Ok(text.to_owned())
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Turns the full-width forms that Chinese keyboards produce (１３８, ＠, Ｘ, ideographic space) into ASCII, for values
/// that are ASCII by their standard.
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c).saturating_sub(0xFEE0)).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_judged() {
        let rows: &[(&str, bool, Result<&str, TextFault>)] = &[
            (" 购买化肥 ", false, Ok("购买化肥")),
            ("", false, Err(TextFault::Empty)),
            (" \t ", false, Err(TextFault::Empty)),
            ("a\u{0}b", false, Err(TextFault::Control)),
            ("a\nb", false, Err(TextFault::Control)),
            ("a\nb", true, Ok("a\nb")),
            ("a\rb", true, Err(TextFault::Control)),
            ("a\u{202E}b", false, Err(TextFault::Control)),
            ("一二三四五", false, Ok("一二三四五")),
            ("一二三四五六", false, Err(TextFault::TooLong)),
        ];
        for (text, lines, expected) in rows {
            assert_eq!(plain_text(text, 5, *lines).as_deref(), expected.as_ref().map(|t| *t), "{text:?}");
        }
    }

    #[test]
    fn full_width_becomes_ascii() {
        assert_eq!(half_width("１３８－Ｘ＠　张"), "138-X@ 张");
    }
}
