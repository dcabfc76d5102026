//! When a message says it was: unix seconds, milliseconds, ISO in its forms, local time without a zone. Times are kept
//! to the microsecond, which is what the database keeps, so that a replay finds its own reading again.

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};

use super::TimedBy;
use super::fault::ItemFaultKind;
use super::json::Node;
use super::number::Decimal;
use crate::time::TenantZone;

/// Below this a number of unknown unit is seconds (until the year 5138), else milliseconds (from 1973).
const SECONDS_BELOW: i64 = 100_000_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// The instant of a reading and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) at: DateTime<Utc>,
    pub(super) timed_by: TimedBy,
    /// Whether the message says it, so that a second delivery of it has it too.
    pub(super) stated: bool,
}

/// A moment, or why there is none.
pub(super) type Timing = Result<Moment, ItemFaultKind>;

impl Moment {
    /// Where the message says nothing.
    pub(super) fn received(at: DateTime<Utc>) -> Self {
        Self { at: to_micros(at).unwrap_or(at), timed_by: TimedBy::Server, stated: false }
    }
}

/// By the clock of the socket, or of what speaks for it.
pub(super) fn by_device(at: Option<DateTime<Utc>>) -> Timing {
    stated(at, TimedBy::Device)
}

/// By the clock of a platform that says when it took the message in.
pub(super) fn by_server(at: Option<DateTime<Utc>>) -> Timing {
    stated(at, TimedBy::Server)
}

fn stated(at: Option<DateTime<Utc>>, timed_by: TimedBy) -> Timing {
    at.map(|at| Moment { at, timed_by, stated: true }).ok_or(ItemFaultKind::TimeUnreadable)
}

/// Unix seconds, whole or with a fraction.
pub(super) fn seconds(node: &Node<'_>) -> Option<DateTime<Utc>> {
    from_micros(node.decimal()?.millionths()?)
}

/// Unix milliseconds.
pub(super) fn millis(node: &Node<'_>) -> Option<DateTime<Utc>> {
    from_micros(node.decimal()?.whole()?.checked_mul(1_000)?)
}

/// Unix seconds or milliseconds, whichever it must be.
pub(super) fn epoch(node: &Node<'_>) -> Option<DateTime<Utc>> {
    if seconds_count(node.decimal()?) { seconds(node) } else { millis(node) }
}

fn seconds_count(number: Decimal) -> bool {
    number.millionths().is_some_and(|micros| micros < SECONDS_BELOW.saturating_mul(MICROS_PER_SECOND))
}

/// Local time as unix seconds: what a clock on the wall showed, counted as if it were UTC.
pub(super) fn local_seconds(node: &Node<'_>, zone: TenantZone) -> Option<DateTime<Utc>> {
    local(seconds(node)?.naive_utc(), zone)
}

/// RFC 3339 with its offset.
pub(super) fn rfc3339(text: &str) -> Option<DateTime<Utc>> {
    to_micros(DateTime::parse_from_rfc3339(text.trim()).ok()?.to_utc())
}

/// RFC 3339, or the same without an offset in the given zone.
pub(super) fn iso_or_local(text: &str, zone: TenantZone) -> Option<DateTime<Utc>> {
    rfc3339(text).or_else(|| local(NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%M:%S%.f").ok()?, zone))
}

/// Basic ISO in UTC (`20151212T121212Z`), or RFC 3339.
pub(super) fn basic_iso(text: &str) -> Option<DateTime<Utc>> {
    let basic = || to_micros(NaiveDateTime::parse_from_str(text.trim(), "%Y%m%dT%H%M%SZ").ok()?.and_utc());
    rfc3339(text).or_else(basic)
}

fn local(time: NaiveDateTime, zone: TenantZone) -> Option<DateTime<Utc>> {
    to_micros(time.checked_sub_offset(zone.offset()?)?.and_utc())
}

fn to_micros(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    from_micros(at.timestamp_micros())
}

/// Within the years that RFC 3339 can write.
fn from_micros(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).filter(|at| (0..=9999).contains(&at.year()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    type Reader = fn(&Node<'_>) -> Option<DateTime<Utc>>;

    fn read(value: &Value, reader: Reader) -> Option<String> {
        reader(&Node::root(value)).map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }

    #[test]
    fn every_form_of_time_is_read() {
        let text: Reader = |node| basic_iso(node.text()?);
        let here: Reader = |node| iso_or_local(node.text()?, TenantZone::default());
        let wall: Reader = |node| local_seconds(node, TenantZone::default());
        let rows: &[(Value, Reader, Option<&str>)] = &[
            (json!(1675072985.86), seconds, Some("2023-01-30T10:03:05.860Z")),
            (json!("1675072985"), seconds, Some("2023-01-30T10:03:05Z")),
            (json!(1790000000123i64), millis, Some("2026-09-21T14:13:20.123Z")),
            (json!("1790000000123"), millis, Some("2026-09-21T14:13:20.123Z")),
            (json!(1), millis, Some("1970-01-01T00:00:00.001Z")),
            (json!(1790000000), epoch, Some("2026-09-21T14:13:20Z")),
            (json!(1790000000123i64), epoch, Some("2026-09-21T14:13:20.123Z")),
            (json!(1675072985), wall, Some("2023-01-30T02:03:05Z")),
            (json!("20210521T122548Z"), text, Some("2021-05-21T12:25:48Z")),
            (json!("2021-05-21T12:25:48.5Z"), text, Some("2021-05-21T12:25:48.500Z")),
            (json!("2021-06-27T15:03:44+02:00"), here, Some("2021-06-27T13:03:44Z")),
            (json!("2021-06-27T15:03:44"), here, Some("2021-06-27T07:03:44Z")),
            (json!("1970-01-01T00:00:10"), here, Some("1969-12-31T16:00:10Z")),
            // kept to the microsecond, a leap second as the second after
            (json!("2020-01-15T16:02:10.448769590Z"), text, Some("2020-01-15T16:02:10.448769Z")),
            (json!("2016-12-31T23:59:60Z"), text, Some("2017-01-01T00:00:00Z")),
            (json!("yesterday"), here, None),
            (json!(1.5e18), seconds, None),
            (json!(true), epoch, None),
            (json!(1e15), millis, None),
        ];
        for (value, reader, expected) in rows {
            assert_eq!(read(value, *reader).as_deref(), *expected, "{value}");
        }
    }
}
