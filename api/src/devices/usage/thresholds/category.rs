//! `POST /v1/equipment-categories/{category}/thresholds` and `GET` of the same: thresholds for every machine of a kind that has
//! none of its own. They are not learned: what one machine does says little of another.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web::Data};
use domain::devices::category::EquipmentCategory;

use super::super::frame::shown;
use super::super::store::thresholds::{Row, Whose, add, all, in_force, lock, lock_category};
use super::follow::soon;
use super::list::{ROWS_MAX, ThresholdsList};
use super::view::{ThresholdsBody, ThresholdsView};
use super::{set, supersede};
use crate::app::App;
use crate::devices::equipment::scope::must_see_all;
use crate::devices::equipment::words::{EquipmentCategoryWord, known};
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// The kind of machine that an address names.
pub struct InAddress(EquipmentCategory);

impl FromRequest for InAddress {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request.match_info().get("category").and_then(EquipmentCategory::from_code);
        ready(named.map(Self).ok_or_else(Error::not_found))
    }
}

/// The category that a row names.
pub(super) fn of(code: Option<&str>) -> Result<EquipmentCategory> {
    known(code.and_then(EquipmentCategory::from_code))
}

/// Enters the thresholds of a kind of machine. They hold at once for its new machines and soon for those there are, unless these
/// have their own; the past of such machines is counted anew by them, and what was counted before stays. It wants a data scope
/// of all of the firm's.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.score"])),
    params(("category" = inline(EquipmentCategoryWord), Path, description = "The kind of machine", example = "lathe")),
    request_body = ThresholdsBody,
    responses((status = 201, description = "The thresholds, in force", body = ThresholdsView))
)]
#[post("/v1/equipment-categories/{category}/thresholds")]
pub async fn set_category_thresholds(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    InAddress(category): InAddress,
    idem: Idempotency,
    Body(body): Body<ThresholdsBody>,
) -> Result<HttpResponse> {
    let thresholds = body.checked("category")?;
    idem.run(&app, &access, &body, async |tx| {
        must_see_all(tx, &access.principal).await?;
        lock_category(tx, category).await?;
        let before = match in_force(tx, Whose::Category(category.code())).await? {
            Some(row) => Some(supersede(tx, lock(tx, row.id).await?).await?.body),
            None => None,
        };
        let row = Row { category: Some(category.code().to_owned()), ..set::row(tx, access.principal.id, &thresholds)? };
        add(tx, row.clone()).await?;
        soon(tx, category).await?;
        let detail = serde_json::json!({ "category": row.category, "before": before, "after": row.body });
        let act = Act::new("equipment.category_thresholds", "thresholds", row.id).detail(detail);
        let view = ThresholdsView::of(&row, context.language)?;
        let location = format!("/v1/equipment-categories/{}/thresholds", category.code());
        Ok(Reply::created(location, view).version(row.version).done(act))
    })
    .await
}

/// The thresholds of a kind of machine, in force and past.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(("category" = inline(EquipmentCategoryWord), Path, description = "The kind of machine", example = "lathe")),
    responses((status = 200, description = "The newest first", body = ThresholdsList))
)]
#[get("/v1/equipment-categories/{category}/thresholds")]
pub async fn list_category_thresholds(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    InAddress(category): InAddress,
) -> Result<Reply<ThresholdsList>> {
    let tx = access.read(&app).await?;
    let whose = Whose::Category(category.code());
    let now = in_force(&tx, whose).await?.map(|row| row.id).unwrap_or_default();
    let rows = all(&tx, whose, ROWS_MAX).await?;
    Ok(Reply::ok(ThresholdsList::of(shown(now), &rows, context.language)?))
}
