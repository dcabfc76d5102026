//! Limits as the tests make them, and the store's part of an operation: taking over what a posting says.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::limits::operation::{Entry, Opening, grant};
use domain::limits::posting::Posting;
use domain::limits::refusal::LimitRefusal;
use domain::limits::reservation::{Drawdown, Reservation};
use domain::limits::tree::{Amounts, Limit, Moment};
use domain::money::Fen;
use domain::time::TenantZone;
use uuid::Uuid;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn noon(text: &str) -> Moment {
    Moment::new(format!("{text}T04:00:00Z").parse().unwrap(), TenantZone::default())
}

/// The day on which most tests play.
pub fn today() -> Moment {
    noon("2026-11-22")
}

pub fn in_days(days: i64) -> DateTime<Utc> {
    today().now() + TimeDelta::days(days)
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn opening(n: u128, amount: i64, revolving: bool) -> Opening {
    Opening { id: id(n), amount: Fen(amount), revolving, valid_from: day("2026-01-01"), valid_to: day("2027-01-01") }
}

/// A granted limit with id 1.
pub fn granted(amount: i64, revolving: bool) -> Limit {
    grant(&opening(1, amount, revolving), Fen(amount), today()).unwrap()[0].after().clone()
}

/// A granted limit with these columns.
pub fn with(revolving: bool, granted: i64, allocated: i64, reserved: i64, drawn: i64, spent: i64) -> Limit {
    let amounts = Amounts {
        granted: Fen(granted),
        allocated: Fen(allocated),
        reserved: Fen(reserved),
        drawn: Fen(drawn),
        spent: Fen(spent),
    };
    Limit { amounts, ..self::granted(1, revolving) }
}

/// A part of the limit with id 1.
pub fn part_of(whole: &Limit, n: u128, amounts: Amounts) -> Limit {
    Limit { id: id(n), parent: Some(whole.id), depth: whole.depth + 1, amounts, ..whole.clone() }
}

pub fn columns(limit: &Limit) -> [i64; 5] {
    let Amounts { granted, allocated, reserved, drawn, spent } = limit.amounts;
    [granted.0, allocated.0, reserved.0, drawn.0, spent.0]
}

/// The only posting of an operation on one limit.
pub fn only(postings: Result<Vec<Posting>, LimitRefusal>) -> Posting {
    let postings = postings.unwrap();
    assert_eq!(postings.len(), 1);
    postings.into_iter().next().unwrap()
}

pub fn reservation(posting: &Posting) -> Reservation {
    posting.reservation().unwrap().after().clone()
}

pub fn drawdown(posting: &Posting) -> Drawdown {
    posting.drawdown().unwrap().after().clone()
}

/// The entry that the store keeps of a posting.
pub fn entry(posting: &Posting) -> Entry {
    Entry { limit: posting.limit(), kind: posting.kind(), deltas: posting.deltas(), corrected: false }
}

pub fn code<T: std::fmt::Debug>(result: Result<T, LimitRefusal>) -> &'static str {
    result.unwrap_err().code()
}
