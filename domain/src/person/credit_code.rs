//! The unified social credit code 统一社会信用代码 (GB 32100-2015), by which an enterprise is found. It carries two
//! checksums: its own, and that of the organisation code (GB 11714-1997) in characters 9 to 17. Both must fit, since
//! the second catches some of what the first lets through.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PersonFault;
use crate::words::half_width;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code of 18 characters with both checksums fitting. Public by law, so it may be printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code; upper-cases letters, drops blanks, accepts full-width characters.
    ///
    /// # Errors
    /// The first of [`PersonFault::CreditLength`], `CreditCharacters`, `CreditChecksum` and `CreditOrganisation` that holds.
    pub fn parse(text: &str) -> Result<Self, PersonFault> {
        let text: String =
            half_width(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        if text.chars().count() != 18 {
            return Err(PersonFault::CreditLength);
        }
        let value = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte);
        let values: Option<Vec<usize>> = text.bytes().map(value).collect();
        let values = values.ok_or(PersonFault::CreditCharacters)?;
        let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        if values.last() != Some(&((31 - sum % 31) % 31)) {
            return Err(PersonFault::CreditChecksum);
        }
        if !organisation_fits(text.as_bytes()) {
            return Err(PersonFault::CreditOrganisation);
        }
        Ok(Self(text))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six digits of the registration authority's region (GB/T 2260), perhaps abolished since.
    pub fn region_prefix(&self) -> &str {
        self.0.get(2..8).unwrap_or_default()
    }

    /// The organisation code of nine characters (GB 11714).
    pub fn organisation_code(&self) -> &str {
        self.0.get(8..17).unwrap_or_default()
    }
}

fn organisation_fits(code: &[u8]) -> bool {
    let (Some(body), Some(check)) = (code.get(8..16), code.get(16)) else {
        return false;
    };
    let value = |byte: &u8| char::from(*byte).to_digit(36).unwrap_or_default();
    let sum: u32 = body.iter().map(value).zip(ORGANISATION_WEIGHTS).map(|(value, weight)| value * weight).sum();
    let expected = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0'.saturating_add(u8::try_from(digit).unwrap_or_default()),
    };
    *check == expected
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = PersonFault;

    fn try_from(text: String) -> Result<Self, PersonFault> {
        Self::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Codes of legal persons, public (from python-stdnum's tests).
    const VALID: &[&str] = &[
        "121200004013590816",
        "911522010783762860",
        "9115220107837941X1",
        "911522010783917502",
        "91152201078395188Q",
        "91310115MA1K3BTP2B",
        "91310116076409427L",
        "913205056082348768",
        "91340600MA2PBMA74B",
        "91340600MA2PBN831R",
        "91340600MA2PBP2120",
        "91340600MA2PENCC7K",
        "91340600MA2PEP518T",
        "91340600MA2PERLJ2D",
        "91340602MA2UJY3J9W",
        "91340603MA2UJYN78Q",
        "91340604MA2PBQBH3P",
        "91340621MA2PBPLU08",
        "91340621MA2PEN6Q3Y",
        "91371082775260043P",
        "9144030071526726XG",
        "91620105224521729E",
        "91620105556284969Y",
        "91620105571630591E",
        "91620105665404165K",
        "91620105750906995R",
        "91620105756580826D",
        "91620105784023285J",
        "91620105794891756D",
    ];

    #[test]
    fn codes_are_judged() {
        for text in VALID {
            let code = CreditCode::parse(text).unwrap();
            assert_eq!(code.as_str(), *text);
            assert_eq!(CreditCode::parse(&format!(" {} ", text.to_lowercase())), Ok(code));
        }
        let rows = [
            ("91110000600037341N", PersonFault::CreditChecksum),
            ("9111000060003IOZSV", PersonFault::CreditCharacters),
            ("9134060", PersonFault::CreditLength),
            ("", PersonFault::CreditLength),
            ("九一三四〇六〇〇一二三四五六七八九十", PersonFault::CreditCharacters),
        ];
        for (text, fault) in rows {
            assert_eq!(CreditCode::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn its_parts_are_named() {
        let code = CreditCode::parse("91340600MA2PBMA74B").unwrap();
        assert_eq!((code.region_prefix(), code.organisation_code()), ("340600", "MA2PBMA74"));
    }

    /// The outer check character for 17 others, so that only the organisation code can be wrong.
    fn with_outer_check(first: &str) -> String {
        let sum: usize = first
            .bytes()
            .enumerate()
            .map(|(i, b)| ALPHABET.iter().position(|a| *a == b).unwrap() * (3usize.pow(i as u32) % 31))
            .sum();
        format!("{first}{}", ALPHABET[(31 - sum % 31) % 31] as char)
    }

    #[test]
    fn the_inner_checksum_counts_too() {
        for text in VALID {
            let wrong_inner = if text.as_bytes()[16] == b'1' { '2' } else { '1' };
            let code = with_outer_check(&format!("{}{wrong_inner}", &text[..16]));
            assert_eq!(CreditCode::parse(&code), Err(PersonFault::CreditOrganisation), "{code}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_caught(row in 0usize..VALID.len(), at in 0usize..18, other in 0usize..31) {
            let mut bytes = VALID[row].as_bytes().to_vec();
            prop_assume!(bytes[at] != ALPHABET[other]);
            bytes[at] = ALPHABET[other];
            let text = String::from_utf8(bytes).unwrap();
            prop_assert!(CreditCode::parse(&text).is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,25}") {
            let _ = CreditCode::parse(&text);
        }
    }
}
