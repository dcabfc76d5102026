//! `GET /v1/scorecards`: every version, and which is in force today.

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::read_scorecard::kind_of;
use super::scorecard::ScorecardKind;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which scorecards.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScorecardQuery {
    /// Only of this kind.
    pub kind: Option<ScorecardKind>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// One version in a list, without its body.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardLine {
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
    /// Whether it is the one in use today.
    pub in_force: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// The versions of scorecards, oldest first.
#[utoipa::path(
    tag = "scorecards",
    security(("token" = ["scorecards.manage"])),
    params(ScorecardQuery),
    responses((status = 200, description = "A page of versions", body = Page<ScorecardLine>))
)]
#[get("/v1/scorecards")]
pub async fn list_scorecards(
    access: Access<may::ManageScorecards>,
    app: Data<App>,
    Params(query): Params<ScorecardQuery>,
) -> Result<Reply<Page<ScorecardLine>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let today = TenantZone::default().date_of(tx.now());
    let mut in_force = Vec::new();
    for kind in ScorecardKind::ALL {
        in_force.extend(store::scorecard_on(&tx, kind, today).await?.map(|row| row.id));
    }
    let rows = store::scorecards(&tx, query.kind, &cursor).await?;
    let page = cursor.page(
        rows,
        |row| row.id,
        |row| {
            Ok(ScorecardLine {
                id: Id::<kind::Scorecard>::from_uuid(row.id).to_string(),
                kind: kind_of(&row),
                version: row.version,
                effective_from: row.effective_from,
                in_force: in_force.contains(&row.id),
                created_at: row.created_at,
            })
        },
    )?;
    Ok(Reply::ok(page))
}
