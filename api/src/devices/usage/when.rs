//! Days that are asked about: up to today, since nothing has happened later, and not too many at once.

use chrono::{Days, NaiveDate};

use crate::error::{Error, Result};

/// Some days, both ends among them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// Before any socket; earlier days are slips of the keyboard, and some no database has.
pub(super) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

impl Stretch {
    /// What was asked for, with what holds where nothing was said.
    ///
    /// # Errors
    /// `invalid_parameter` for the future, the wrong order, and too many days.
    pub(super) fn asked(
        today: NaiveDate,
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
        days_default: u64,
        days_max: u64,
    ) -> Result<Self> {
        let to = to.unwrap_or(today);
        if to > today {
            return Err(Error::parameter("to", "future", "不能晚于今天", "is not later than today"));
        }
        if to < first_day() {
            return Err(Error::parameter("to", "range", "不能早于2000年1月1日", "is not before 2000-01-01"));
        }
        let back = |days: u64| to.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(to);
        let from = from.unwrap_or_else(|| back(days_default));
        if from > to {
            return Err(Error::parameter("from", "order", "不能晚于截止日期", "is not later than the last day"));
        }
        if from < back(days_max) {
            let (zh, en) = (format!("一次最多{days_max}天"), format!("at most {days_max} days at once"));
            return Err(Error::parameter("from", "range", &zh, &en));
        }
        Ok(Self { from, to })
    }

    /// The same without its end.
    pub(super) fn half_open(self) -> (NaiveDate, NaiveDate) {
        (self.from, super::days::after(self.to))
    }
}
