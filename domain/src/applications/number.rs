//! The application's number, which people read out on the phone: DB (担保), the business date, a counter of the day.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::fields::fault;
use crate::words::Words;

/// An application's number: `DB20261122-0001`. Unique within a tenant; the counter has four digits or more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApplicationNumber {
    date: NaiveDate,
    sequence: u32,
}

/// Not an application number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("application_number_format")]
pub struct NumberFault;

impl NumberFault {
    /// The code and the sentence for the caller.
    pub fn words(self) -> (&'static str, Words) {
        fault(
            "application_number_format",
            "申请编号格式应为 DB20261122-0001",
            "An application number looks like DB20261122-0001",
        )
    }
}

impl ApplicationNumber {
    /// The number of the `sequence`-th application of a business date, counted from 1.
    ///
    /// # Errors
    /// [`NumberFault`] for sequence 0 and for years that do not have four digits.
    pub fn new(date: NaiveDate, sequence: u32) -> Result<Self, NumberFault> {
        if sequence > 0 && (1000..=9999).contains(&date.year()) {
            Ok(Self { date, sequence })
        } else {
            Err(NumberFault)
        }
    }

    /// Reads a number; lower case is accepted.
    ///
    /// # Errors
    /// [`NumberFault`].
    pub fn parse(text: &str) -> Result<Self, NumberFault> {
        let text = text.trim().to_ascii_uppercase();
        let (day, counter) = text.strip_prefix("DB").and_then(|rest| rest.split_once('-')).ok_or(NumberFault)?;
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let has_one_form = counter.len() == 4 || (counter.len() > 4 && !counter.starts_with('0'));
        if day.len() != 8 || !is_digits(day) || !is_digits(counter) || !has_one_form {
            return Err(NumberFault);
        }
        let date = NaiveDate::parse_from_str(day, "%Y%m%d").map_err(|_| NumberFault)?;
        Self::new(date, counter.parse().map_err(|_| NumberFault)?)
    }

    /// The business date of submission.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// The counter within the date.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }
}

impl fmt::Display for ApplicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DB{:04}{:02}{:02}-{:04}", self.date.year(), self.date.month(), self.date.day(), self.sequence)
    }
}

impl TryFrom<String> for ApplicationNumber {
    type Error = NumberFault;

    fn try_from(text: String) -> Result<Self, NumberFault> {
        Self::parse(&text)
    }
}

impl From<ApplicationNumber> for String {
    fn from(number: ApplicationNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_have_one_form() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(ApplicationNumber::new(day, 1).unwrap().to_string(), "DB20261122-0001");
        assert_eq!(ApplicationNumber::new(day, 12345).unwrap().to_string(), "DB20261122-12345");
        assert!(ApplicationNumber::new(day, 0).is_err() && ApplicationNumber::new(NaiveDate::MAX, 1).is_err());
        for text in [
            "DB20261131-0001",
            "DB20261122-1",
            "DB20261122-00001",
            "DB20261122-0000",
            "XX20261122-0001",
            "DB20261122-99999999999",
            "DB二0261122-0001",
            "",
        ] {
            assert_eq!(ApplicationNumber::parse(text), Err(NumberFault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(days in 0u64..1_000_000, sequence in 1u32..) {
            let date = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::Days::new(days);
            let number = ApplicationNumber::new(date, sequence).unwrap();
            prop_assert_eq!(ApplicationNumber::parse(&number.to_string().to_lowercase()), Ok(number));
        }
    }
}
