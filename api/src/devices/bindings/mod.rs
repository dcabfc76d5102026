//! Which machine a socket measured, and when. A socket that moves to another machine ends one binding and begins another,
//! so that history stays right: what was measured counts for the machine where the socket was at that time.

mod bind;
mod end;
mod list;
pub(in crate::devices) mod store;
mod view;

pub(in crate::devices) use store::{machines_of_socket, mark_dirty, of_equipment, thinned_to};
pub(in crate::devices) use view::BindingView;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::devices::life::LifeEvent;
use domain::time::TenantZone;
use domain::words::Words;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::equipment::store::Row as Machine;
use super::life::{self, Note};
use super::usage;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// How far back a binding may begin or end, days: readings older than that are down-sampled.
pub(in crate::devices) const BACK_DAYS_MAX: i64 = 400;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_bindings).service(bind::bind_socket).service(end::end_binding);
}

/// The socket at a machine now.
pub(in crate::devices) async fn in_force(tx: &TenantTx, equipment: Uuid) -> Result<Option<BindingView>> {
    let Some(row) = store::in_force(tx, equipment).await? else { return Ok(None) };
    Ok(view::views(tx, vec![row]).await?.pop())
}

/// Whether a socket is at a machine now.
pub(in crate::devices) async fn is_bound(tx: &TenantTx, equipment: Uuid) -> Result<bool> {
    Ok(store::in_force(tx, equipment).await?.is_some())
}

/// Ends what is in force of a locked machine that is retired.
pub(in crate::devices) async fn end_all(tx: &TenantTx, machine: &Machine) -> Result<()> {
    let Some(row) = store::in_force(tx, machine.id).await? else { return Ok(()) };
    store::lock_socket(tx, row.socket_id).await?;
    // one that began in this very instant never was
    let at = tx.now().max(row.from_at + chrono::Duration::microseconds(1));
    let row = store::end(tx, row, at).await?;
    ended(tx, machine.id, &row, at, None).await
}

/// What follows from an end: the days after it are counted anew, and the machine's history says so.
async fn ended(
    tx: &TenantTx,
    equipment: Uuid,
    row: &store::BindingRow,
    at: DateTime<Utc>,
    reason: Option<&str>,
) -> Result<()> {
    mark(tx, row.socket_id, at, None).await?;
    let name = store::socket(tx, row.socket_id).await?.map(|socket| view::name(&socket)).unwrap_or_default();
    let when = minute(at);
    let words = Words::new(format!("{name}，至{when}"), format!("{name}, until {when}"));
    let note = Note { reason, ..Note::about(row.id, words) };
    life::record(tx, equipment, LifeEvent::SocketUnbound, note).await?;
    Ok(())
}

/// Has the days of a socket counted anew from one instant up to another, or to now.
async fn mark(tx: &TenantTx, socket: Uuid, from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> Result<()> {
    let days = days(from, to.unwrap_or(tx.now()).min(tx.now()));
    store::mark_dirty(tx, socket, &days).await?;
    usage::count_soon(tx).await
}

/// The business days from one instant to another, as far back as bindings reach.
fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<NaiveDate> {
    let zone = TenantZone::default();
    let (first, last) = (zone.date_of(from), zone.date_of(to));
    let count = u64::try_from(last.signed_duration_since(first).num_days()).unwrap_or(0);
    let most = u64::try_from(BACK_DAYS_MAX).unwrap_or(0).saturating_add(1);
    (0..=count.min(most)).filter_map(|back| last.checked_sub_days(Days::new(back))).collect()
}

/// An instant as people of the firm read it.
fn minute(at: DateTime<Utc>) -> String {
    TenantZone::default()
        .offset()
        .map_or_else(String::new, |zone| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_firms_and_both_ends_count() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let count = |from: &str, to: &str| days(at(from), at(to)).len();
        assert_eq!(count("2026-11-22T15:59:59Z", "2026-11-22T16:00:00Z"), 2);
        assert_eq!(count("2026-11-22T16:00:00Z", "2026-11-23T15:59:59Z"), 1);
        assert_eq!(count("2026-11-23T00:00:00Z", "2026-11-22T00:00:00Z"), 1);
        assert_eq!(count("2020-01-01T00:00:00Z", "2026-11-22T00:00:00Z"), 402);
        assert_eq!(days(at("2026-11-22T16:00:00Z"), at("2026-11-24T01:00:00Z"))[0].to_string(), "2026-11-24");
        assert_eq!(minute(at("2026-11-22T16:05:30Z")), "2026-11-23 00:05");
    }
}
