//! `GET /v1/equipment/{id}/thresholds`: the thresholds of a machine, suggested, in force and past, and those of its category.

use actix_web::{get, web::Data};
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::frame::{shown, thresholds_id};
use super::super::store::thresholds::{Row, Whose, all};
use super::view::ThresholdsView;
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// Most that are shown.
pub(super) const ROWS_MAX: u64 = 100;

/// The thresholds of a machine, or of a kind of machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThresholdsList {
    /// Which hold now: an id, or `standard`.
    #[schema(example = "thr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub in_force: String,
    /// The newest first; the standard ones last.
    pub items: Vec<ThresholdsView>,
}

impl ThresholdsList {
    /// Those of some rows, of which the standard ones come last.
    pub(super) fn of(in_force: String, rows: &[Row], language: Language) -> Result<Self> {
        let mut items = rows.iter().map(|row| ThresholdsView::of(row, language)).collect::<Result<Vec<_>>>()?;
        items.push(ThresholdsView::standard(in_force == shown(Uuid::nil())));
        Ok(Self { in_force, items })
    }
}

/// The thresholds of a machine, suggested, in force and past, with those of its kind, which hold where it has none of its own.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The newest first", body = ThresholdsList))
)]
#[get("/v1/equipment/{id}/thresholds")]
pub async fn list_thresholds(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Equipment>,
) -> Result<Reply<ThresholdsList>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    let rows = all(&tx, Whose::Either(&machine), ROWS_MAX).await?;
    Ok(Reply::ok(ThresholdsList::of(shown(thresholds_id(&machine)), &rows, context.language)?))
}
