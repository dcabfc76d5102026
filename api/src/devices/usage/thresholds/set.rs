//! `POST /v1/equipment/{id}/thresholds`: somebody who knows the machine enters its thresholds, and they hold from then on.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::utilisation::Thresholds;
use domain::id::{Id, kind};
use uuid::Uuid;

use super::super::store::thresholds::{Row, add};
use super::put_in_force;
use super::view::{ThresholdsBody, ThresholdsView};
use crate::app::App;
use crate::devices::equipment;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, Reply};

/// Enters the thresholds of a machine. They hold at once, and its past is counted anew by them; what was counted before stays.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.score"])),
    request_body = ThresholdsBody,
    responses((status = 201, description = "The thresholds, in force", body = ThresholdsView))
)]
#[post("/v1/equipment/{id}/thresholds")]
pub async fn set_thresholds(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<ThresholdsBody>,
) -> Result<HttpResponse> {
    let thresholds = body.checked("set")?;
    idem.run(&app, &access, &body, async |tx| {
        let machine = equipment::scope::lock(tx, &access.principal, at.uuid()).await?;
        let row = Row { equipment_id: Some(machine.id), ..row(tx, access.principal.id, &thresholds)? };
        add(tx, row.clone()).await?;
        put_in_force(tx, &machine, &row).await?;
        let act = Act::new("equipment.thresholds", "equipment", machine.id).detail(row.body.clone());
        let id = Id::<kind::Equipment>::from_uuid(machine.id);
        let view = ThresholdsView::of(&row, context.language)?;
        Ok(Reply::created(format!("/v1/equipment/{id}/thresholds"), view).version(row.version).done(act))
    })
    .await
}

/// Thresholds that somebody entered, in force, of nothing yet.
pub(super) fn row(tx: &TenantTx, by: Uuid, thresholds: &Thresholds) -> Result<Row> {
    Ok(Row {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        equipment_id: None,
        category: None,
        body: serde_json::to_value(thresholds)?,
        origin: "set".to_owned(),
        explanation: None,
        state: "in_force".to_owned(),
        proposed_by: by,
        decided_by: Some(by),
        decided_at: Some(tx.now()),
        version: 1,
        created_at: tx.now(),
    })
}
