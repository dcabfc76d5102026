//! A person's name as on the ID card. Invisible and look-alike characters are refused, because a name is compared with
//! what registers say and read by people who decide.

use super::{PersonFault, never_printed};

/// Fewest characters of a name.
pub const NAME_CHARS_MIN: usize = 2;
/// Most characters of a name; the longest minority names on ID cards stay well below it.
pub const NAME_CHARS_MAX: usize = 50;

/// A real name: Chinese characters, or Latin letters with single blanks, hyphens or apostrophes; parts may be joined by `·`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RealName(String);

never_printed!(RealName);

impl RealName {
    /// Reads a name; trims it and turns the several middle dots in use (• ・ ． ‧) into `·`.
    ///
    /// # Errors
    /// [`PersonFault::NameLength`] or [`PersonFault::NameCharacters`].
    pub fn parse(text: &str) -> Result<Self, PersonFault> {
        let name: String = text.trim().chars().map(one_dot).collect();
        let count = name.chars().take(NAME_CHARS_MAX + 1).count();
        if !(NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&count) {
            return Err(PersonFault::NameLength);
        }
        let chinese = name.chars().all(|c| is_han(c) || c == '·');
        let latin = name.chars().all(|c| is_latin(c) || is_joiner(c));
        let ends_on_joiner = name.starts_with(is_joiner) || name.ends_with(is_joiner);
        let doubled = name.chars().zip(name.chars().skip(1)).any(|(a, b)| is_joiner(a) && is_joiner(b));
        if !(chinese || latin) || ends_on_joiner || doubled {
            return Err(PersonFault::NameCharacters);
        }
        Ok(Self(name))
    }

    /// The name in clear: for encryption and contracts, never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Only the last character: `*三`.
    pub fn masked(&self) -> String {
        super::star(&self.0, 0, 1)
    }
}

fn one_dot(c: char) -> char {
    match c {
        '•' | '・' | '．' | '‧' | '･' | '⋅' | '∙' => '·',
        '’' => '\'',
        other => other,
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '·' | ' ' | '-' | '\'')
}

/// CJK ideographs with their extensions and compatibility forms, and 〇, which occurs in names.
fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_judged() {
        let rows: &[(&str, Result<&str, PersonFault>)] = &[
            ("张三", Ok("张三")),
            (" 欧阳示例 ", Ok("欧阳示例")),
            ("买买提•示例", Ok("买买提·示例")),
            ("𠮷示例", Ok("𠮷示例")),
            ("Anna-Maria O’Neil", Ok("Anna-Maria O'Neil")),
            ("Jürgen Example", Ok("Jürgen Example")),
            ("张", Err(PersonFault::NameLength)),
            ("", Err(PersonFault::NameLength)),
            ("张3", Err(PersonFault::NameCharacters)),
            ("张\u{0}三", Err(PersonFault::NameCharacters)),
            ("张 三", Err(PersonFault::NameCharacters)),
            ("·张三", Err(PersonFault::NameCharacters)),
            ("买买提··示例", Err(PersonFault::NameCharacters)),
            ("张三<b>", Err(PersonFault::NameCharacters)),
            ("张\u{200B}三", Err(PersonFault::NameCharacters)),
            ("张a三", Err(PersonFault::NameCharacters)),
            ("Иван Пример", Err(PersonFault::NameCharacters)),
        ];
        for (text, expected) in rows {
            assert_eq!(RealName::parse(text).as_ref().map(RealName::expose), expected.as_ref().map(|t| *t), "{text:?}");
        }
        assert_eq!(RealName::parse(&"张".repeat(51)), Err(PersonFault::NameLength));
    }

    #[test]
    fn only_the_last_character_shows() {
        assert_eq!(RealName::parse("张三").unwrap().masked(), "*三");
        assert_eq!(RealName::parse("欧阳示例").unwrap().masked(), "***例");
        assert_eq!(format!("{:?}", RealName::parse("张三").unwrap()), "RealName(***)");
    }

    proptest! {
        #[test]
        fn a_name_is_its_own_form(text in "\\PC{0,60}") {
            if let Ok(name) = RealName::parse(&text) {
                prop_assert_eq!(RealName::parse(name.expose()), Ok(name));
            }
        }
    }
}
