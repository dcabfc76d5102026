//! `GET /v1/equipment/{id}/scores` and `GET /v1/equipment-scores/{id}`: every score that a machine ever had, and each whole.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::{EquipmentScoreView, ScoreLine};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// Every score that a machine ever had.
#[utoipa::path(
    tag = "equipment scores",
    security(("token" = ["equipment.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of scores, the latest first", body = Page<ScoreLine>))
)]
#[get("/v1/equipment/{id}/scores")]
pub async fn list_scores(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ScoreLine>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let machine = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = store::page(&tx, machine.id, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| ScoreLine::of(&row, context.language))?))
}

/// One score of a machine with its dimensions, indicators and opinion.
#[utoipa::path(
    tag = "equipment scores",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The score", body = EquipmentScoreView))
)]
#[get("/v1/equipment-scores/{id}")]
pub async fn read_score(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::EquipmentScore>,
) -> Result<Reply<EquipmentScoreView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    scope::find(&tx, &access.principal, row.equipment_id).await?;
    Ok(Reply::ok(EquipmentScoreView::of(&tx, &row, context.language).await?))
}
