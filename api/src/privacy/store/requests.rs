//! The rows of requests.

use chrono::{DateTime, Utc};
use entity::privacy_requests::{ActiveModel, Column, Entity};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QueryResult, QuerySelect};
use uuid::Uuid;

use super::person::{Person, filled};
use super::reading::query;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::privacy) use entity::privacy_requests::Model as RequestRow;

/// Where the reason of a request is sealed.
pub(in crate::privacy) const REASON: &str = "privacy_requests.reason";
/// Where is sealed why a request was rejected.
pub(in crate::privacy) const NOTE: &str = "privacy_requests.note";

/// Adds a request; one of the person's own is settled by what it causes.
pub(in crate::privacy) async fn add_request(
    tx: &TenantTx,
    (kind, origin): (&str, &str),
    who: Person,
    reason: Option<&str>,
) -> Result<RequestRow> {
    let id = Uuid::now_v7();
    let row = RequestRow {
        tenant_id: tx.tenant(),
        id,
        kind: kind.to_owned(),
        origin: origin.to_owned(),
        applicant_id: who.applicant,
        customer_id: who.customer,
        reason_sealed: reason.map(|text| tx.seal(REASON, id, text)).transpose()?,
        note_sealed: None,
        state: "recorded".to_owned(),
        recorded_by: tx.actor().id,
        decided_by: None,
        decided_at: None,
        outcome: None,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

pub(in crate::privacy) async fn request(tx: &TenantTx, id: Uuid) -> Result<Option<RequestRow>> {
    tx.get::<Entity>(id).await
}

pub(in crate::privacy) async fn lock_request(tx: &TenantTx, id: Uuid) -> Result<Option<RequestRow>> {
    tx.lock::<Entity>(id).await
}

/// Newest first, of one state where it is named.
pub(in crate::privacy) async fn page_of_requests(
    tx: &TenantTx,
    state: Option<&str>,
    at: Cursor,
) -> Result<Vec<RequestRow>> {
    let mut rows = tx.all::<Entity>();
    if let Some(state) = state {
        rows = rows.filter(Column::State.eq(state));
    }
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// Of whom erasures were carried out and when, the oldest requests first, as far as something of them is still kept.
pub(in crate::privacy) async fn erased_people(
    tx: &TenantTx,
    people_max: u64,
) -> Result<Vec<(Person, Option<DateTime<Utc>>)>> {
    let sql = format!(
        "SELECT r.applicant_id AS applicant, r.customer_id AS customer, r.decided_at AS decided_at FROM privacy_requests r \
         WHERE r.tenant_id = {{T}} AND r.kind = 'erasure' AND r.state = 'done' AND (EXISTS (SELECT 1 FROM applications a \
         WHERE a.tenant_id = {{T}} AND a.applicant_id = r.applicant_id AND (a.restricted IS NULL OR a.restricted = 'blocked')) \
         OR EXISTS (SELECT 1 FROM customers c WHERE c.tenant_id = {{T}} AND c.id = r.customer_id \
         AND (c.restricted IS NULL OR c.restricted = 'blocked'))) ORDER BY r.id LIMIT {people_max}"
    );
    let rows = query(tx, filled(tx, Person::default(), &sql)).await?;
    let person = |row: &QueryResult| {
        let who = Person { applicant: row.try_get("", "applicant")?, customer: row.try_get("", "customer")? };
        Ok((who, row.try_get("", "decided_at")?))
    };
    rows.iter().map(person).collect()
}

/// Writes what became of a request that was locked.
pub(in crate::privacy) async fn settle(
    tx: &TenantTx,
    mut row: RequestRow,
    state: &str,
    note: Option<&str>,
    outcome: Option<serde_json::Value>,
) -> Result<RequestRow> {
    row.state = state.to_owned();
    row.note_sealed = note.map(|text| tx.seal(NOTE, row.id, text)).transpose()?;
    row.outcome = outcome;
    row.decided_by = Some(tx.actor().id);
    row.decided_at = Some(tx.now());
    row.version = row.version.saturating_add(1);
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}

/// A text of a request, opened.
pub(in crate::privacy) fn opened(
    tx: &TenantTx,
    place: &str,
    id: Uuid,
    sealed: Option<&[u8]>,
) -> Result<Option<String>> {
    sealed.map(|sealed| tx.open(place, id, sealed)).transpose()
}
