//! The citizen's ID number (GB 11643-1999). Its checksum catches typing errors before anything is looked up, and its
//! birth date gives the age that eligibility and the personal grade need.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{PersonFault, never_printed, star};
use crate::words::half_width;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [u8; 11] = *b"10X98765432";
/// Nobody born earlier can have got a number: they were first given out in 1984, and nobody lived then who was older.
const BIRTH_YEAR_MIN: i32 = 1880;
/// Provinces by the first two digits of their codes (GB/T 2260), Hong Kong, Macao and Taiwan with the residence permits of
/// their people (83) included.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];

/// Sex as the 17th digit says it: odd is male.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

/// A citizen's ID number of 18 characters with a real birth date and a fitting checksum.
///
/// Its first six digits are the region of first registration; they may name a region that was abolished since, so
/// they are not compared with today's list.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdNumber {
    text: String,
    birth: NaiveDate,
}

never_printed!(IdNumber);

impl IdNumber {
    /// Reads a number; upper-cases x, drops spaces, accepts full-width digits.
    ///
    /// # Errors
    /// The first of [`PersonFault::IdFifteen`], `IdLength`, `IdCharacters`, `IdProvince`, `IdBirthDate`,
    /// `IdBirthUnlikely` and `IdChecksum` that holds.
    pub fn parse(text: &str) -> Result<Self, PersonFault> {
        let text: String =
            half_width(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() == 15 && bytes.iter().all(u8::is_ascii_digit) {
            return Err(PersonFault::IdFifteen);
        }
        if text.chars().count() != 18 {
            return Err(PersonFault::IdLength);
        }
        let Some((last, first)) = bytes.split_last() else {
            return Err(PersonFault::IdLength);
        };
        if !first.iter().all(u8::is_ascii_digit) || !(last.is_ascii_digit() || *last == b'X') {
            return Err(PersonFault::IdCharacters);
        }
        if !has_province(&text) {
            return Err(PersonFault::IdProvince);
        }
        let birth = birth_date(&text).ok_or(PersonFault::IdBirthDate)?;
        if birth.year() < BIRTH_YEAR_MIN {
            return Err(PersonFault::IdBirthUnlikely);
        }
        let sum: u32 = first.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        if CHECKS.get((sum % 11) as usize) != Some(last) {
            return Err(PersonFault::IdChecksum);
        }
        Ok(Self { text, birth })
    }

    /// The 18 characters in clear: for encryption and keyed hashing, never for a log.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The first and last character: `1****************8`.
    pub fn masked(&self) -> String {
        star(&self.text, 1, 1)
    }

    /// The date of birth.
    pub fn birth_date(&self) -> NaiveDate {
        self.birth
    }

    /// Completed years on `date`; nothing when the person was not yet born. A year is completed on the birthday itself,
    /// for somebody born on 29 February on 1 March of a common year.
    pub fn age_on(&self, date: NaiveDate) -> Option<u32> {
        date.years_since(self.birth)
    }

    /// Sex as the number says it.
    pub fn sex(&self) -> Sex {
        match self.text.as_bytes().get(16) {
            Some(digit) if digit % 2 == 1 => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// The six digits of the region of first registration, in force then (GB/T 2260).
    pub fn region_prefix(&self) -> &str {
        self.text.get(0..6).unwrap_or_default()
    }
}

fn birth_date(text: &str) -> Option<NaiveDate> {
    let part = |range| text.get(range).and_then(|digits: &str| digits.parse::<u32>().ok());
    let year = i32::try_from(part(6..10)?).ok()?;
    NaiveDate::from_ymd_opt(year, part(10..12)?, part(12..14)?)
}

/// Whether it begins with a province's code; a foreigner's permanent residence card has it after a 9.
fn has_province(text: &str) -> bool {
    let is_one = |range| text.get(range).is_some_and(|code| PROVINCES.contains(&code));
    is_one(0..2) || (text.starts_with('9') && is_one(1..3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Synthetic numbers (born 1899, nobody's).
    const VECTORS: &[(&str, Result<(), PersonFault>)] = &[
        ("110101189912310001", Ok(())),
        ("110101189912310028", Ok(())),
        ("110101189912310044", Ok(())),
        ("110101189912310060", Ok(())),
        ("110101189912310087", Ok(())),
        ("110101189912310108", Ok(())),
        ("320106189912310002", Ok(())),
        ("320106189912310029", Ok(())),
        ("320106189912310045", Ok(())),
        ("320106189912310061", Ok(())),
        ("320106189912310088", Ok(())),
        ("320106189912310109", Ok(())),
        ("110101189912310000", Err(PersonFault::IdChecksum)),
        ("110101189902290019", Err(PersonFault::IdBirthDate)),
        ("11010118991231A010", Err(PersonFault::IdCharacters)),
        ("110101991231001", Err(PersonFault::IdFifteen)),
        ("11010118991231000", Err(PersonFault::IdLength)),
        ("1101011899123100011", Err(PersonFault::IdLength)),
        ("１１０１０１１８９９１２３１０００１", Ok(())),
        ("110101 18991231 0001", Ok(())),
        ("一二三四五六七八九十一二三四五六七八", Err(PersonFault::IdCharacters)),
        ("110101000012310001", Err(PersonFault::IdBirthUnlikely)),
        ("110101187012310010", Err(PersonFault::IdBirthUnlikely)),
        ("110101187913310010", Err(PersonFault::IdBirthDate)),
        ("990101199001010010", Err(PersonFault::IdProvince)),
        ("000101199001010010", Err(PersonFault::IdProvince)),
        ("", Err(PersonFault::IdLength)),
    ];

    #[test]
    fn vectors_are_judged() {
        for (text, expected) in VECTORS {
            assert_eq!(IdNumber::parse(text).map(|_| ()), *expected, "{text}");
        }
    }

    /// Completes 17 digits with their check character, written apart from the code under test.
    fn with_check(first: &str) -> String {
        let mut sum = 0;
        for (i, c) in first.chars().enumerate() {
            let weight = 2u64.pow(17 - i as u32) % 11;
            sum += u64::from(c.to_digit(10).unwrap()) * weight;
        }
        let check = (12 - sum % 11) % 11;
        format!("{first}{}", if check == 10 { "x".to_owned() } else { check.to_string() })
    }

    #[test]
    fn everybodys_first_digits_are_known() {
        for (first, expected) in [
            ("83000019900101001", Ok(())),
            ("81000019900101001", Ok(())),
            ("91124119810803002", Ok(())),
            ("11010118800101001", Ok(())),
            ("16010119900101001", Err(PersonFault::IdProvince)),
            ("99010119900101001", Err(PersonFault::IdProvince)),
            ("11010118791231001", Err(PersonFault::IdBirthUnlikely)),
        ] {
            assert_eq!(IdNumber::parse(&with_check(first)).map(|_| ()), expected, "{first}");
        }
    }

    #[test]
    fn age_counts_completed_years() {
        let id = IdNumber::parse(&with_check("11010119000228001")).unwrap();
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(id.birth_date(), day(1900, 2, 28));
        assert_eq!(id.sex(), Sex::Male);
        assert_eq!(id.region_prefix(), "110101");
        let rows = [
            (day(1900, 2, 27), None),
            (day(1900, 2, 28), Some(0)),
            (day(1918, 2, 27), Some(17)),
            (day(1918, 2, 28), Some(18)),
        ];
        for (on, expected) in rows {
            assert_eq!(id.age_on(on), expected, "{on}");
        }
        let leap = IdNumber::parse(&with_check("11010118960229002")).unwrap();
        assert_eq!((leap.age_on(day(1914, 2, 28)), leap.age_on(day(1914, 3, 1))), (Some(17), Some(18)));
        assert_eq!(leap.sex(), Sex::Female);
    }

    #[test]
    fn it_is_masked_one_and_one_and_never_printed() {
        let id = IdNumber::parse("110101189912310028").unwrap();
        assert_eq!(id.masked(), "1****************8");
        assert_eq!(format!("{id:?}"), "IdNumber(***)");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,25}") {
            let _ = IdNumber::parse(&text).map(|id| id.masked());
        }

        #[test]
        fn one_wrong_digit_is_caught(serial in 0u32..1000, at in 0usize..17, add in 1u32..10) {
            let good = with_check(&format!("11010118991231{serial:03}"));
            prop_assert!(IdNumber::parse(&good).is_ok());
            let mut chars: Vec<char> = good.chars().collect();
            let digit = chars[at].to_digit(10).unwrap();
            chars[at] = char::from_digit((digit + add) % 10, 10).unwrap();
            let bad: String = chars.iter().collect();
            prop_assert!(IdNumber::parse(&bad).is_err());
        }
    }
}
