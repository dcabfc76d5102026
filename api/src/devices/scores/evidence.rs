//! What a score is taken from: the papers, what the system saw itself, and the use of the last thirty whole days.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use domain::devices::score::{Evidence, Observed, Usage};
use domain::devices::value::Hours;
use domain::time::{DayInterval, TenantZone};
use uuid::Uuid;

use super::store;
use super::usage::{hours_run, months_watched, online_share_ppm, usage_of};
use crate::devices::equipment::store::{Row as Machine, papers};
use crate::devices::{bindings, listings};
use crate::documents;
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// How far back use is looked at, whole days.
const USE_DAYS: u64 = 30;

/// The last thirty whole days.
fn period(today: NaiveDate) -> Result<DayInterval> {
    let from = today.checked_sub_days(Days::new(USE_DAYS)).unwrap_or(today);
    DayInterval::new(from, today).map_err(Error::internal)
}

fn today(tx: &TenantTx) -> NaiveDate {
    TenantZone::default().date_of(tx.now())
}

/// How much a machine was used over the last thirty whole days.
pub(super) async fn usage(tx: &TenantTx, row: &Machine) -> Result<Option<Usage>> {
    let period = period(today(tx))?;
    Ok(usage_of(period, &store::days(tx, row, period).await?))
}

/// The same of some machines at once; those of which nothing is known are left out.
pub(super) async fn usages(tx: &TenantTx, rows: &[Machine]) -> Result<HashMap<Uuid, Usage>> {
    let period = period(today(tx))?;
    let days = store::days_of(tx, rows, period).await?;
    Ok(days.into_iter().filter_map(|(id, days)| Some((id, usage_of(period, &days)?))).collect())
}

/// Everything that the score of a machine is taken from, as of today.
pub(super) async fn gather(tx: &TenantTx, row: &Machine) -> Result<Evidence> {
    let as_of = today(tx);
    let period = period(as_of)?;
    let days = store::days(tx, row, period).await?;
    let observed = Observed {
        photos: documents::photos(tx, row.id).await?,
        socket_bound: bindings::is_bound(tx, row.id).await?,
        online_share_ppm: online_share_ppm(days_watched(tx, row, period).await?, &days),
        unsold_days: listings::unsold_days(tx, row.id).await?,
    };
    Ok(Evidence { papers: papers(row)?, observed, usage: usage_of(period, &days), as_of })
}

/// Days of a period since a socket came to the machine: before that none could be online.
async fn days_watched(tx: &TenantTx, row: &Machine, period: DayInterval) -> Result<i64> {
    let zone = TenantZone::default();
    let (Some(from), Some(to)) = (zone.start_of(period.from()), zone.start_of(period.to())) else { return Ok(0) };
    let bound = bindings::of_equipment(tx, row.id, from, to).await?;
    let first = bound.iter().map(|one| zone.date_of(one.from.max(from))).min();
    Ok(first.map_or(0, |first| period.to().signed_duration_since(first).num_days()))
}

/// Hours that a machine was seen working, and the months since it was first watched.
pub(super) async fn hours(tx: &TenantTx, row: &Machine) -> Result<Option<Hours>> {
    let Some((first, busy_s)) = store::busy(tx, row).await? else { return Ok(None) };
    Ok(Some(Hours { run: hours_run(busy_s), months: months_watched(first, today(tx)) }))
}
