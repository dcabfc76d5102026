//! `POST /v1/equipment/{id}/scores`: the score is taken now.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::view::EquipmentScoreView;
use super::{Cause, rescore, store};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::devices::equipment::words::known;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, Reply};

/// Scores a machine as it stands, by the scorecard in force today.
#[utoipa::path(
    tag = "equipment scores",
    security(("token" = ["equipment.score"])),
    responses((status = 201, description = "The score", body = EquipmentScoreView))
)]
#[post("/v1/equipment/{id}/scores")]
pub async fn score_equipment(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = scope::lock(tx, &access.principal, id.uuid()).await?;
        scope::must_be_in_use(&row)?;
        let score = rescore(tx, &mut row, Cause::Asked).await?;
        let kept = known(store::get(tx, score).await?)?;
        let view = EquipmentScoreView::of(tx, &kept, context.language).await?;
        let detail =
            serde_json::json!({ "score": score, "total_hundredths": kept.total_hundredths, "verdict": kept.verdict });
        let act = Act::new("equipment.score", "equipment", row.id).detail(detail);
        let location = format!("/v1/equipment-scores/{}", view.line.brief.id);
        Ok(Reply::created(location, view).done(act))
    })
    .await
}
