//! What of the audit chain is looked for, as a caller says it.

use chrono::{DateTime, Utc};
use domain::id;
use uuid::Uuid;

use super::store::Wanted;
use crate::error::{Error, Result};

const ACTION_CHARS_MAX: usize = 60;
const REQUEST_CHARS_MAX: usize = 64;

/// The parameters that a list and a file have in common.
#[derive(Debug)]
pub(super) struct Asked {
    pub action: Option<String>,
    pub object: Option<String>,
    pub actor: Option<String>,
    pub request: Option<String>,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub cursor: Option<String>,
}

impl Asked {
    /// What is looked for.
    pub(super) fn read(self) -> Result<Wanted> {
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since >= until
        {
            return Err(Error::parameter("until", "before_since", "应晚于since", "is to be later than since"));
        }
        Ok(Wanted {
            before: self.cursor.as_deref().map(before).transpose()?,
            action: short("action", self.action, ACTION_CHARS_MAX)?,
            object: thing("object", self.object.as_deref())?,
            actor: thing("actor", self.actor.as_deref())?,
            request: short("request", self.request, REQUEST_CHARS_MAX)?,
            since: self.since,
            until: self.until,
        })
    }
}

fn short(name: &str, text: Option<String>, chars_max: usize) -> Result<Option<String>> {
    match text {
        Some(text) if text.chars().nth(chars_max).is_some() => {
            Err(Error::parameter(name, "too_long", "过长", "is too long"))
        }
        text => Ok(text),
    }
}

fn thing(name: &str, text: Option<&str>) -> Result<Option<Uuid>> {
    let read = |text| id::any(text).ok_or_else(|| Error::parameter(name, "not_an_id", "应为编号", "is an id"));
    text.map(read).transpose()
}

/// A page of rows, of which one more than `limit` was read, and the number that the next one ends before, if there is one.
pub(super) fn cut<T>(mut rows: Vec<T>, limit: u64, number: impl Fn(&T) -> i64) -> (Vec<T>, Option<String>) {
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = if more { rows.last().map(|row| number(row).to_string()) } else { None };
    (rows, next)
}

/// The number that a page ends before.
pub(super) fn before(cursor: &str) -> Result<i64> {
    let digits = cursor.bytes().all(|b| b.is_ascii_digit()).then(|| cursor.parse().ok()).flatten();
    let (zh, en) = ("应取自上一页的next", "is the next of the page before");
    digits.ok_or_else(|| Error::parameter("cursor", "unknown", zh, en))
}
