//! Months and the period of an evaluation.
//!
//! Invoices are judged by whole calendar months: a month that still runs would look like a fall in sales, so the
//! period ends with the last complete month before the evaluation date.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar month, counted from January of year 0; ordered, and written `2019-08`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month in which the day lies.
    pub fn of(day: NaiveDate) -> Self {
        Month(day.year().saturating_mul(12).saturating_add(i32::try_from(day.month0()).unwrap_or(0)))
    }

    /// The month so many months later (earlier where negative).
    pub fn plus(self, months: i32) -> Self {
        Month(self.0.saturating_add(months))
    }

    /// How many months this one comes after the other.
    pub fn since(self, other: Month) -> i32 {
        self.0.saturating_sub(other.0)
    }

    /// Calendar year and month 1–12.
    pub fn year_month(self) -> (i32, i32) {
        (self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }

    /// For people: `2019年8月`.
    pub fn zh(self) -> String {
        let (year, month) = self.year_month();
        format!("{year}年{month}月")
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month) = self.year_month();
        write!(f, "{year:04}-{month:02}")
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let month = text.rsplit_once('-').and_then(|(year, month)| {
            let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
            let in_range = (-262_000..=262_000).contains(&year) && (1..=12).contains(&month);
            in_range.then_some(Month(year * 12 + month - 1))
        });
        month.ok_or_else(|| de::Error::custom(format!("{text:?} is no month, expected yyyy-mm")))
    }
}

/// Longest period, months: what is longer says nothing about the firm's present.
pub const PERIOD_MONTHS_MAX: u32 = 120;

/// A run of whole months, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
}

impl Period {
    /// So many months ending with the last complete month before `as_of`: on 2020-02-18 six months are
    /// 2019-08..2020-01. The month of `as_of` never counts, for its invoices are still being issued. At least one month.
    pub fn before(as_of: NaiveDate, months: u32) -> Self {
        Month::of(as_of).plus(-1).ending(months)
    }

    /// Its number of months.
    pub fn months(self) -> u32 {
        u32::try_from(self.to.since(self.from).saturating_add(1)).unwrap_or(0)
    }

    /// The same length, so many months earlier.
    pub fn earlier(self, months: u32) -> Self {
        let back = i32::try_from(months).unwrap_or(i32::MAX).saturating_neg();
        Period { from: self.from.plus(back), to: self.to.plus(back) }
    }

    /// Whether the month lies inside.
    pub fn contains(self, month: Month) -> bool {
        self.from <= month && month <= self.to
    }

    /// Its months in order.
    pub fn iter(self) -> impl Iterator<Item = Month> {
        (self.from.0..=self.to.0).map(Month)
    }

    /// For people: `2019年8月至2020年1月`.
    pub fn zh(self) -> String {
        format!("{}至{}", self.from.zh(), self.to.zh())
    }
}

impl Month {
    /// The period of so many months (1 to [`PERIOD_MONTHS_MAX`]) that ends with this one.
    pub fn ending(self, months: u32) -> Period {
        let back = i32::try_from(months.clamp(1, PERIOD_MONTHS_MAX)).unwrap_or(1) - 1;
        Period { from: self.plus(-back), to: self }
    }
}

/// The day so many months before, or the earliest day there is.
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}

/// Days without any invoice of any firm (three years) after which later rows look mistyped.
const HOLE_DAYS_MAX: i64 = 1_096;

/// The evaluation date of a folder when none is given: the day after its latest invoice, from invoices per day.
///
/// One mistyped year (2091 for 2019) would move every firm's period to a time without invoices. So rows that stand
/// alone after a hole of more than three years, at most one in a hundred (or a single one), do not set the date; as they
/// are dated after it, cleaning then counts them as abnormal. `None` where there is no invoice.
pub fn default_as_of(invoices_per_day: &BTreeMap<NaiveDate, u64>) -> Option<NaiveDate> {
    let rows = invoices_per_day.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let alone_max = (rows / 100).max(1);
    let mut tail = 0_u64;
    let mut latest: Option<NaiveDate> = None;
    let mut after: Option<NaiveDate> = None;
    for (&day, &count) in invoices_per_day.iter().rev() {
        if after.is_some_and(|next| (next - day).num_days() > HOLE_DAYS_MAX) && tail <= alone_max {
            latest = None;
        }
        latest = latest.or(Some(day));
        tail = tail.saturating_add(count);
        after = Some(day);
    }
    latest.and_then(|day| day.checked_add_days(Days::new(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_period_ends_with_the_last_complete_month() {
        for (as_of, text) in [
            ("2020-02-18", "2019年8月至2020年1月"),
            ("2020-01-01", "2019年7月至2019年12月"),
            ("2020-03-31", "2019年9月至2020年2月"),
        ] {
            assert_eq!(Period::before(day(as_of), 6).zh(), text, "{as_of}");
        }
        assert_eq!(Period::before(day("2020-02-18"), 0).months(), 1);
        let period = Period::before(day("2020-02-18"), 6);
        assert_eq!((period.months(), period.earlier(12).from.to_string()), (6, "2018-08".to_string()));
        assert_eq!(Period::before(NaiveDate::MIN, u32::MAX).to, Month::of(NaiveDate::MIN).plus(-1));
    }

    #[test]
    fn a_mistyped_year_does_not_move_the_date() {
        let mut days = BTreeMap::from([(day("2019-12-30"), 50), (day("2020-02-21"), 50)]);
        assert_eq!(default_as_of(&days), Some(day("2020-02-22")));
        days.insert(day("2091-02-21"), 1);
        assert_eq!(default_as_of(&days), Some(day("2020-02-22")));
        days.insert(day("2026-06-01"), 30);
        assert_eq!(default_as_of(&days), Some(day("2026-06-02")));
        assert_eq!(default_as_of(&BTreeMap::from([(day("2019-01-01"), 1)])), Some(day("2019-01-02")));
        assert_eq!(default_as_of(&BTreeMap::new()), None);
    }

    #[test]
    fn months_are_written_and_read() {
        let month = Month::of(day("2019-08-31"));
        let text = serde_json::to_string(&month).unwrap();
        assert_eq!(text, "\"2019-08\"");
        assert_eq!(serde_json::from_str::<Month>(&text).unwrap(), month);
        assert!(serde_json::from_str::<Month>("\"2019-13\"").is_err());
    }
}
