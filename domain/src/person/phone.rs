//! A mainland mobile number: what an applicant logs in with, and so the one way in which they are found again.

use super::{PersonFault, never_printed, star};
use crate::words::half_width;

/// A mainland mobile number in its one form: 11 digits, the first 1, the second 3 to 9 (工信部 numbering plan).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

never_printed!(Phone);

impl Phone {
    /// Reads a number; accepts `+86`, `0086` or `86` before it, spaces, hyphens and full-width digits.
    ///
    /// # Errors
    /// [`PersonFault::Phone`] for anything else.
    pub fn parse(text: &str) -> Result<Self, PersonFault> {
        let compact: String = half_width(text.trim()).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let national = ["+86", "0086", "86"].iter().find_map(|prefix| compact.strip_prefix(prefix)).unwrap_or(&compact);
        match national.as_bytes() {
            [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit) => {
                Ok(Self(national.to_owned()))
            }
            _ => Err(PersonFault::Phone),
        }
    }

    /// The 11 digits in clear: for encryption, keyed hashing and sending, never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first three and last two digits: `138******12`.
    pub fn masked(&self) -> String {
        star(&self.0, 3, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read() {
        let rows = [
            ("13800000012", Some("13800000012")),
            ("+86 138-0000-0012", Some("13800000012")),
            ("008613800000012", Some("13800000012")),
            ("8613800000012", Some("13800000012")),
            ("１３８００００００１２", Some("13800000012")),
            (" 19900000000 ", Some("19900000000")),
            ("12800000012", None),
            ("1380000001", None),
            ("138000000123", None),
            ("+1 13800000012", None),
            ("+85 13800000012", None),
            ("138000000a2", None),
            ("", None),
            ("+86", None),
        ];
        for (text, expected) in rows {
            assert_eq!(Phone::parse(text).ok().as_ref().map(Phone::expose), expected, "{text}");
        }
    }

    #[test]
    fn it_is_masked_three_and_two_and_never_printed() {
        let phone = Phone::parse("13800000012").unwrap();
        assert_eq!(phone.masked(), "138******12");
        assert_eq!(format!("{phone:?}"), "Phone(***)");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,30}") {
            if let Ok(phone) = Phone::parse(&text) {
                let again = Phone::parse(phone.expose());
                prop_assert_eq!(again, Ok(phone));
            }
        }
    }
}
