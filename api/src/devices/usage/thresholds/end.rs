//! `POST /v1/thresholds/{id}/end`: thresholds hold no longer. A machine whose own end falls back to its category's, the machines of a
//! category whose thresholds end to the standard ones.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use uuid::Uuid;

use super::super::store::thresholds::{Row, find, lock, lock_category};
use super::decide::DecideBody;
use super::follow::{follow, soon};
use super::view::ThresholdsView;
use super::{category, supersede};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// Ends the thresholds of a machine, or of a kind of machine, that are in force. What was counted by them stays.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.score"])),
    request_body = DecideBody,
    responses(
        (status = 200, description = "The thresholds, superseded", body = ThresholdsView),
        (status = 409, description = "Not in force", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/thresholds/{id}/end")]
pub async fn end_thresholds(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Thresholds>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<DecideBody>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let found = find(tx, at.uuid()).await?;
        let (row, act) = match found.equipment_id {
            // the machine first as everywhere
            Some(machine) => {
                let machine = scope::lock(tx, &access.principal, machine).await?;
                let row = end(tx, found.id, seen).await?;
                follow(tx, &machine).await?;
                (row, Act::new("equipment.thresholds_ended", "equipment", machine.id))
            }
            None => {
                scope::must_see_all(tx, &access.principal).await?;
                let of = category::of(found.category.as_deref())?;
                lock_category(tx, of).await?;
                let row = end(tx, found.id, seen).await?;
                soon(tx, of).await?;
                (row, Act::new("equipment.category_thresholds_ended", "thresholds", found.id))
            }
        };
        let act = act.detail(serde_json::json!({ "category": row.category, "before": row.body }));
        Ok(Reply::ok(ThresholdsView::of(&row, context.language)?).version(row.version).done(act))
    })
    .await
}

async fn end(tx: &TenantTx, id: Uuid, seen: IfMatch) -> Result<Row> {
    let row = lock(tx, id).await?;
    seen.check(row.version, Some(&row.state))?;
    if row.state != "in_force" {
        return Err(Error::new(Code::IllegalTransition)
            .detail("该组阈值未在使用，无需停用。", "These thresholds are not in force; there is nothing to end.")
            .current(serde_json::json!({ "state": row.state })));
    }
    supersede(tx, row).await
}
