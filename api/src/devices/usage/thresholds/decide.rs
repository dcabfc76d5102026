//! `POST /v1/thresholds/{id}/confirm` and `/reject`: a person decides on what was learned.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::store::thresholds::{Row, find, lock, save};
use super::put_in_force;
use super::view::ThresholdsView;
use crate::app::App;
use crate::devices::equipment::{self, store::Row as MachineRow};
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// Nothing to say.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideBody {}

/// Confirms suggested thresholds: they hold at once, and the machine's past is counted anew by them; what was counted before
/// stays.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.score"])),
    request_body = DecideBody,
    responses(
        (status = 200, description = "The thresholds, in force", body = ThresholdsView),
        (status = 409, description = "Already decided", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/thresholds/{id}/confirm")]
pub async fn confirm_thresholds(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Thresholds>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<DecideBody>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let (machine, row) = suggested(tx, &access, at.uuid(), seen).await?;
        let row = decided(tx, row, access.principal.id, "in_force").await?;
        put_in_force(tx, &machine, &row).await?;
        let act = Act::new("equipment.thresholds", "equipment", machine.id).detail(row.body.clone());
        Ok(Reply::ok(ThresholdsView::of(&row, context.language)?).version(row.version).done(act))
    })
    .await
}

/// Rejects suggested thresholds. Those in force go on.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.score"])),
    request_body = DecideBody,
    responses(
        (status = 200, description = "The thresholds, rejected", body = ThresholdsView),
        (status = 409, description = "Already decided", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/thresholds/{id}/reject")]
pub async fn reject_thresholds(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Thresholds>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<DecideBody>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let (machine, row) = suggested(tx, &access, at.uuid(), seen).await?;
        let row = decided(tx, row, access.principal.id, "rejected").await?;
        let act = Act::new("equipment.thresholds_rejected", "equipment", machine.id).detail(row.body.clone());
        Ok(Reply::ok(ThresholdsView::of(&row, context.language)?).version(row.version).done(act))
    })
    .await
}

/// A suggestion and its machine, both locked, the machine first as everywhere.
async fn suggested(
    tx: &TenantTx,
    access: &Access<may::ScoreEquipment>,
    id: Uuid,
    seen: IfMatch,
) -> Result<(MachineRow, Row)> {
    let machine = find(tx, id).await?.equipment_id.ok_or_else(Error::not_found)?;
    let machine = equipment::scope::lock(tx, &access.principal, machine).await?;
    let row = lock(tx, id).await?;
    seen.check(row.version, Some(&row.state))?;
    if row.state != "suggested" {
        return Err(Error::new(Code::AlreadyDecided));
    }
    Ok((machine, row))
}

async fn decided(tx: &TenantTx, row: Row, by: Uuid, state: &str) -> Result<Row> {
    let row = Row {
        state: state.to_owned(),
        decided_by: Some(by),
        decided_at: Some(tx.now()),
        version: row.version.saturating_add(1),
        ..row
    };
    save(tx, row.clone()).await?;
    Ok(row)
}
