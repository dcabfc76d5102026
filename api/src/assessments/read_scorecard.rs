//! `GET /v1/scorecards/{id}`: one version of a scorecard, whole.

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::scorecard::ScorecardKind;
use super::scorecard_shape::ScorecardBody;
use super::store::{self, ScorecardRow};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One version of a scorecard.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardView {
    /// Id.
    #[schema(example = "scd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it judges.
    pub kind: ScorecardKind,
    /// Its number, from 1.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// First day on which it is used.
    #[schema(example = "2026-12-01")]
    pub effective_from: NaiveDate,
    /// The scorecard itself, in the form of its kind.
    #[schema(value_type = ScorecardBody)]
    pub body: serde_json::Value,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl ScorecardView {
    pub(super) fn of(row: ScorecardRow) -> Self {
        Self {
            id: Id::<kind::Scorecard>::from_uuid(row.id).to_string(),
            kind: kind_of(&row),
            version: row.version,
            effective_from: row.effective_from,
            body: row.body,
            created_at: row.created_at,
        }
    }
}

/// The kind of a row; the database knows no other.
pub(super) fn kind_of(row: &ScorecardRow) -> ScorecardKind {
    ScorecardKind::ALL.into_iter().find(|kind| kind.key() == row.kind).unwrap_or(ScorecardKind::Admission)
}

/// One version of a scorecard.
#[utoipa::path(
    tag = "scorecards",
    security(("token" = ["scorecards.manage"])),
    responses((status = 200, description = "The version", body = ScorecardView))
)]
#[get("/v1/scorecards/{id}")]
pub async fn read_scorecard(
    access: Access<may::ManageScorecards>,
    app: Data<App>,
    id: At<kind::Scorecard>,
) -> Result<Reply<ScorecardView>> {
    let tx = access.read(&app).await?;
    let row = store::scorecard(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(ScorecardView::of(row)).version(version))
}
