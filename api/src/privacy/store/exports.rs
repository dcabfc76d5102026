//! The rows of copies.

use chrono::{DateTime, Utc};
use entity::data_exports::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::person::Person;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::privacy) use entity::data_exports::Model as ExportRow;

/// Adds a copy that is to be made.
pub(in crate::privacy) async fn add_export(tx: &TenantTx, who: Person, request: Option<Uuid>) -> Result<ExportRow> {
    let row = ExportRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        applicant_id: who.applicant,
        customer_id: who.customer,
        request_id: request,
        state: "queued".to_owned(),
        bytes: None,
        sha256: None,
        files: None,
        left_out: None,
        created_at: tx.now(),
        ready_at: None,
        expires_at: None,
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

pub(in crate::privacy) async fn export(tx: &TenantTx, id: Uuid) -> Result<Option<ExportRow>> {
    tx.get::<Entity>(id).await
}

pub(in crate::privacy) async fn lock_export(tx: &TenantTx, id: Uuid) -> Result<Option<ExportRow>> {
    tx.lock::<Entity>(id).await
}

/// Copies that an account asked for itself or that staff had made for it, newest first.
pub(in crate::privacy) async fn exports_of(tx: &TenantTx, applicant: Uuid, at: Cursor) -> Result<Vec<ExportRow>> {
    let mut rows = tx.all::<Entity>().filter(Column::ApplicantId.eq(applicant));
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// How many copies of an account are being made or can be had.
pub(in crate::privacy) async fn live_exports(tx: &TenantTx, applicant: Uuid) -> Result<u64> {
    let rows = tx.all::<Entity>().filter(Column::ApplicantId.eq(applicant)).filter(Column::State.ne("expired"));
    Ok(rows.count(tx.raw()).await?)
}

/// What a copy turned out to be.
pub(in crate::privacy) struct Made {
    pub bytes: i64,
    pub sha256: Vec<u8>,
    pub files: i32,
    pub left_out: i32,
}

/// Notes that a copy can be had.
pub(in crate::privacy) async fn ready(tx: &TenantTx, id: Uuid, made: Made, expires_at: DateTime<Utc>) -> Result<()> {
    tx.update(ActiveModel {
        id: Set(id),
        state: Set("ready".to_owned()),
        bytes: Set(Some(made.bytes)),
        sha256: Set(Some(made.sha256)),
        files: Set(Some(made.files)),
        left_out: Set(Some(made.left_out)),
        ready_at: Set(Some(tx.now())),
        expires_at: Set(Some(expires_at)),
        ..Default::default()
    })
    .await
}

/// Ends at most `rows_max` copies whose time is over; gives their ids.
pub(in crate::privacy) async fn spent_exports(tx: &TenantTx, rows_max: u64) -> Result<Vec<Uuid>> {
    let over: Vec<Uuid> = tx
        .all::<Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq("ready"))
        .filter(Column::ExpiresAt.lte(tx.now()))
        .order_by_asc(Column::Id)
        .limit(rows_max)
        .into_tuple()
        .all(tx.raw())
        .await?;
    if !over.is_empty() {
        tx.update_all::<Entity>()
            .set(ActiveModel { state: Set("expired".to_owned()), ..Default::default() })
            .filter(Column::Id.is_in(over.iter().copied()))
            .exec(tx.raw())
            .await?;
    }
    Ok(over)
}

/// The copy that was made for a request.
pub(in crate::privacy) async fn export_of_request(tx: &TenantTx, request: Uuid) -> Result<Option<ExportRow>> {
    Ok(tx.all::<Entity>().filter(Column::RequestId.eq(request)).one(tx.raw()).await?)
}
