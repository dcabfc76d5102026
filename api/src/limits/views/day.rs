//! Days that are asked about: today if not said, never the future, since nothing has happened there yet.

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::limits::law::today;
use crate::platform::db::TenantTx;

/// Before the first day that any firm of this law has; earlier ones are slips of the keyboard.
const FIRST_YEAR: i32 = 1990;

/// The day that a parameter names.
///
/// # Errors
/// `invalid_parameter` for the future and for times before any firm.
pub(super) fn asked(tx: &TenantTx, parameter: &str, day: Option<NaiveDate>) -> Result<NaiveDate> {
    let today = today(tx);
    let day = day.unwrap_or(today);
    if day > today {
        let (zh, en) = ("不能晚于今天，未来尚无数据", "is not later than today: nothing has happened there yet");
        return Err(Error::parameter(parameter, "future", zh, en));
    }
    if NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).is_some_and(|first| day < first) {
        let (zh, en) = ("不能早于1990年1月1日", "is not before 1990-01-01");
        return Err(Error::parameter(parameter, "range", zh, en));
    }
    Ok(day)
}
