//! Business dates and months. Instants are UTC; a day, a month and a per-day limit are those of the tenant's zone,
//! because an application sent at 00:30 in Shanghai belongs to that day and not to the day before in UTC.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

const SECONDS_PER_HOUR: i32 = 3600;
const SHANGHAI_SECONDS: i32 = 8 * SECONDS_PER_HOUR;

/// A tenant's zone as a fixed offset. China has one zone, +08:00, and no daylight saving since 1991, so the default
/// `Asia/Shanghai` needs no zone database; other zones are given by their offset (`+06:00`) and have none either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantZone {
    seconds_east: i32,
}

/// Not a zone, month or interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeFault {
    /// Neither `Asia/Shanghai`, `UTC` nor an offset from −12:00 to +14:00.
    #[error("time_zone")]
    Zone,
    /// Not a month `YYYY-MM`.
    #[error("time_month")]
    Month,
    /// An interval that ends before it begins.
    #[error("time_interval")]
    Interval,
}

impl Default for TenantZone {
    fn default() -> Self {
        Self { seconds_east: SHANGHAI_SECONDS }
    }
}

impl TenantZone {
    /// Reads `Asia/Shanghai`, `UTC` or an offset `±HH:MM`.
    ///
    /// # Errors
    /// [`TimeFault::Zone`].
    pub fn parse(text: &str) -> Result<Self, TimeFault> {
        match text {
            "Asia/Shanghai" => return Ok(Self::default()),
            "UTC" => return Ok(Self { seconds_east: 0 }),
            _ => {}
        }
        let (sign, clock) = match text.as_bytes().first() {
            Some(b'+') => (1, text.get(1..)),
            Some(b'-') => (-1, text.get(1..)),
            _ => (0, None),
        };
        let (hours, minutes) = clock.and_then(|clock| clock.split_once(':')).ok_or(TimeFault::Zone)?;
        let number = |part: &str| match part.as_bytes() {
            [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Ok(i32::from(a - b'0') * 10 + i32::from(b - b'0')),
            _ => Err(TimeFault::Zone),
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let seconds_east = sign * (hours * SECONDS_PER_HOUR + minutes * 60);
        if minutes < 60 && (-12 * SECONDS_PER_HOUR..=14 * SECONDS_PER_HOUR).contains(&seconds_east) {
            Ok(Self { seconds_east })
        } else {
            Err(TimeFault::Zone)
        }
    }

    /// The business date of an instant.
    pub fn date_of(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.naive_utc().checked_add_signed(self.east()).unwrap_or(instant.naive_utc()).date()
    }

    /// The business month of an instant.
    pub fn month_of(self, instant: DateTime<Utc>) -> Month {
        Month::of(self.date_of(instant))
    }

    /// The instant at which a business date begins; the day is then the half-open interval to the next day's start.
    /// Nothing for dates at the very end of the calendar.
    pub fn start_of(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        date.and_time(NaiveTime::MIN).checked_sub_signed(self.east()).map(|start| start.and_utc())
    }

    /// The offset, for showing local times.
    pub fn offset(self) -> Option<FixedOffset> {
        FixedOffset::east_opt(self.seconds_east)
    }

    fn east(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.seconds_east))
    }
}

impl fmt::Display for TenantZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds_east == SHANGHAI_SECONDS {
            return f.write_str("Asia/Shanghai");
        }
        let sign = if self.seconds_east < 0 { '-' } else { '+' };
        let minutes = self.seconds_east.unsigned_abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl TryFrom<String> for TenantZone {
    type Error = TimeFault;

    fn try_from(text: String) -> Result<Self, TimeFault> {
        Self::parse(&text)
    }
}

impl From<TenantZone> for String {
    fn from(zone: TenantZone) -> Self {
        zone.to_string()
    }
}

/// A calendar month, `2026-11` on the wire. Months are what invoices and indicators are summed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    first_day: NaiveDate,
}

impl Month {
    /// The month in which a date lies.
    pub fn of(date: NaiveDate) -> Self {
        Self { first_day: date.with_day(1).unwrap_or(date) }
    }

    /// Reads `YYYY-MM`.
    ///
    /// # Errors
    /// [`TimeFault::Month`].
    pub fn parse(text: &str) -> Result<Self, TimeFault> {
        let (year, month) = text.split_once('-').ok_or(TimeFault::Month)?;
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(TimeFault::Month);
        }
        let (year, month) = (year.parse().map_err(|_| TimeFault::Month)?, month.parse().map_err(|_| TimeFault::Month)?);
        NaiveDate::from_ymd_opt(year, month, 1).map(|first_day| Self { first_day }).ok_or(TimeFault::Month)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.first_day
    }

    /// The month `count` later, or earlier when negative; nothing beyond the calendar.
    pub fn plus(self, count: i32) -> Option<Self> {
        add_months(self.first_day, count).map(Self::of)
    }

    /// How many months `self` lies after `other`; negative when before.
    pub fn since(self, other: Self) -> i64 {
        let ordinal = |month: Self| i64::from(month.first_day.year()) * 12 + i64::from(month.first_day.month0());
        ordinal(self) - ordinal(other)
    }

    /// Its days, from its first to the next month's first.
    pub fn days(self) -> DayInterval {
        let to = self.plus(1).map_or(NaiveDate::MAX, Self::first_day);
        DayInterval { from: self.first_day, to }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first_day.year(), self.first_day.month())
    }
}

impl TryFrom<String> for Month {
    type Error = TimeFault;

    fn try_from(text: String) -> Result<Self, TimeFault> {
        Self::parse(&text)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

/// Days from `from` (included) to `to` (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DayInterval {
    from: NaiveDate,
    to: NaiveDate,
}

impl DayInterval {
    /// The interval; empty when both ends are equal.
    ///
    /// # Errors
    /// [`TimeFault::Interval`] when it would end before it begins.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, TimeFault> {
        if from <= to { Ok(Self { from, to }) } else { Err(TimeFault::Interval) }
    }

    /// The last `count` complete months before the month of `date`: the usual period of a data set.
    pub fn complete_months_before(date: NaiveDate, count: u16) -> Option<Self> {
        let to = Month::of(date);
        let from = to.plus(-i32::from(count))?;
        Some(Self { from: from.first_day(), to: to.first_day() })
    }

    /// The first day in it.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The first day after it.
    pub fn to(&self) -> NaiveDate {
        self.to
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }

    /// How many days it has; negative only if it was stored upside down.
    pub fn days(&self) -> i64 {
        self.to.signed_duration_since(self.from).num_days()
    }
}

/// The same day `count` months later (earlier when negative), or the month's last day where it has no such day:
/// 31 January plus one month is 28 or 29 February. Nothing beyond the calendar.
pub fn add_months(date: NaiveDate, count: i32) -> Option<NaiveDate> {
    let months = Months::new(count.unsigned_abs());
    if count < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_the_tenants() {
        let zone = TenantZone::default();
        let rows = [
            ("2026-11-22T15:59:59.999999Z", "2026-11-22", "2026-11"),
            ("2026-11-22T16:00:00Z", "2026-11-23", "2026-11"),
            ("2026-12-31T16:00:00Z", "2027-01-01", "2027-01"),
        ];
        for (instant, date, month) in rows {
            let instant: DateTime<Utc> = instant.parse().unwrap();
            assert_eq!(zone.date_of(instant), day(date));
            assert_eq!(zone.month_of(instant).to_string(), month);
        }
        assert_eq!(zone.start_of(day("2026-11-23")), "2026-11-22T16:00:00Z".parse().ok());
    }

    #[test]
    fn zones_are_read() {
        for (text, again) in [
            ("Asia/Shanghai", "Asia/Shanghai"),
            ("+08:00", "Asia/Shanghai"),
            ("+06:30", "+06:30"),
            ("-03:00", "-03:00"),
            ("UTC", "+00:00"),
        ] {
            assert_eq!(TenantZone::parse(text).unwrap().to_string(), again);
        }
        for text in ["", "+8:00", "+08:60", "+15:00", "-13:00", "Europe/Paris", "+é:00", "08:00"] {
            assert_eq!(TenantZone::parse(text), Err(TimeFault::Zone), "{text}");
        }
    }

    #[test]
    fn months_clamp_to_their_last_day() {
        let rows = [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-11-22", 14, "2028-01-22"),
        ];
        for (from, count, to) in rows {
            assert_eq!(add_months(day(from), count), Some(day(to)));
        }
    }

    #[test]
    fn the_period_ends_with_the_last_complete_month() {
        let period = DayInterval::complete_months_before(day("2026-11-22"), 6).unwrap();
        assert_eq!((period.from(), period.to()), (day("2026-05-01"), day("2026-11-01")));
        assert!(period.contains(day("2026-10-31")) && !period.contains(day("2026-11-01")));
        assert_eq!(Month::parse("2026-02").unwrap().days().days(), 28);
    }

    #[test]
    fn months_are_read() {
        for text in ["2026-13", "2026-1", "26-01", "2026-00", "", "+026-01"] {
            assert_eq!(Month::parse(text), Err(TimeFault::Month), "{text}");
        }
    }

    proptest! {
        #[test]
        fn month_arithmetic_is_its_own_inverse(months in -20_000i32..20_000) {
            let start = Month::parse("2026-11").unwrap();
            let other = start.plus(months).unwrap();
            prop_assert_eq!(other.since(start), i64::from(months));
            prop_assert_eq!(other.plus(-months), Some(start));
        }

        #[test]
        fn nothing_panics(count: i32, text in "\\PC{0,12}") {
            let _ = (add_months(NaiveDate::MAX, count), add_months(NaiveDate::MIN, count));
            let _ = (TenantZone::parse(&text), Month::parse(&text), Month::of(NaiveDate::MAX).days());
            let zone = TenantZone::default();
            let _ = (zone.start_of(NaiveDate::MIN), zone.date_of(DateTime::<Utc>::MAX_UTC), zone.date_of(DateTime::<Utc>::MIN_UTC));
        }
    }
}
