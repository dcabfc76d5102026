//! This area's SQL.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{assessments, scorecards};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::scorecard::ScorecardKind;
use crate::error::Result;
use crate::platform::db::{RawJson, TenantTx};
use crate::platform::http::Cursor;

pub(super) type ScorecardRow = scorecards::Model;
/// An evaluation as it is written.
pub(super) type AssessmentRow = assessments::Model;

/// An evaluation as it is read.
#[derive(Debug, FromQueryResult)]
pub(super) struct KeptRow {
    pub(super) id: Uuid,
    pub(super) application_id: Uuid,
    pub(super) kind: String,
    pub(super) scorecard_id: Uuid,
    pub(super) scorecard_version: i64,
    pub(super) as_of: NaiveDate,
    pub(super) inputs: RawJson,
    pub(super) inputs_hash: Vec<u8>,
    pub(super) total: i64,
    pub(super) outcome: String,
    pub(super) result: RawJson,
    pub(super) created_at: DateTime<Utc>,
}

pub(super) async fn add_scorecard(tx: &TenantTx, row: ScorecardRow) -> Result<()> {
    tx.insert::<_, scorecards::ActiveModel>(row).await
}

pub(super) async fn scorecard(tx: &TenantTx, id: Uuid) -> Result<Option<ScorecardRow>> {
    tx.get::<scorecards::Entity>(id).await
}

/// The scorecard in force on a day: the one that came into force last, and of several on one day the newest.
pub(super) async fn scorecard_on(tx: &TenantTx, kind: ScorecardKind, day: NaiveDate) -> Result<Option<ScorecardRow>> {
    use scorecards::Column as C;
    Ok(tx
        .all::<scorecards::Entity>()
        .filter(C::Kind.eq(kind.key()))
        .filter(C::EffectiveFrom.lte(day))
        .order_by_desc(C::EffectiveFrom)
        .order_by_desc(C::Version)
        .limit(1)
        .one(tx.raw())
        .await?)
}

/// The number of the newest version; 0 where there is none.
pub(super) async fn scorecard_version(tx: &TenantTx, kind: ScorecardKind) -> Result<i64> {
    use scorecards::Column as C;
    let newest: Option<i64> = tx
        .all::<scorecards::Entity>()
        .filter(C::Kind.eq(kind.key()))
        .select_only()
        .column(C::Version)
        .order_by_desc(C::Version)
        .limit(1)
        .into_tuple()
        .one(tx.raw())
        .await?;
    Ok(newest.unwrap_or(0))
}

pub(super) async fn scorecards(
    tx: &TenantTx,
    kind: Option<ScorecardKind>,
    cursor: &Cursor,
) -> Result<Vec<ScorecardRow>> {
    use scorecards::Column as C;
    let mut query = tx.all::<scorecards::Entity>();
    if let Some(kind) = kind {
        query = query.filter(C::Kind.eq(kind.key()));
    }
    if let Some(after) = cursor.after {
        query = query.filter(C::Id.gt(after));
    }
    Ok(query.order_by_asc(C::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}

pub(super) async fn add_assessment(tx: &TenantTx, row: AssessmentRow) -> Result<()> {
    tx.insert::<_, assessments::ActiveModel>(row).await
}

pub(super) async fn assessment(tx: &TenantTx, id: Uuid) -> Result<Option<KeptRow>> {
    let row = tx.all::<assessments::Entity>().filter(assessments::Column::Id.eq(id));
    Ok(row.into_model().one(tx.raw()).await?)
}

/// Newest first, at most `limit`.
pub(super) async fn assessments_of(tx: &TenantTx, application: Uuid, limit: u64) -> Result<Vec<KeptRow>> {
    use assessments::Column as C;
    Ok(tx
        .all::<assessments::Entity>()
        .filter(C::ApplicationId.eq(application))
        .order_by_desc(C::Id)
        .limit(limit)
        .into_model()
        .all(tx.raw())
        .await?)
}
