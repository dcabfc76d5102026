//! `POST /v1/equipment/{id}/encumber` and `/free`: a machine secures a guarantee, and no longer does. While it does, it can
//! be offered to nobody.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::retire::EquipmentReason;
use super::{EquipmentView, scope, store};
use crate::app::App;
use crate::devices::life::{self, Note};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

const DOCUMENT_CHARS_MAX: usize = 100;
const REASON_CHARS_MAX: usize = 500;

/// What a machine secures.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Encumbrance {
    /// The document under which it does.
    #[schema(example = "抵押合同2026-001", min_length = 1, max_length = 100)]
    pub document: String,
    /// Why.
    #[schema(example = "为流动资金贷款担保提供反担保", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Encumbers a machine.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.encumber"])),
    request_body = Encumbrance,
    responses((status = 200, description = "The machine as it is now", body = EquipmentView))
)]
#[post("/v1/equipment/{id}/encumber")]
pub async fn encumber_equipment(
    access: Access<may::EncumberEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<Encumbrance>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let document = checks.line("/document", &body.document, DOCUMENT_CHARS_MAX);
    let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        let mut row = scope::lock(tx, &access.principal, id.uuid()).await?;
        seen.check(row.version, Some(&row.state))?;
        scope::must_be_in_use(&row)?;
        if let Some(document) = &row.encumbrance {
            return Err(Error::new(Code::IllegalTransition).detail(
                format!("设备已在“{document}”项下抵押，请先解除。"),
                format!("The machine is encumbered under “{document}” already; free it first."),
            ));
        }
        row.encumbrance = Some(document.clone());
        store::save(tx, &mut row).await?;
        let words = Words::new(format!("依据“{document}”"), format!("under “{document}”"));
        let note = Note { words: Some(words), reason: Some(&reason), ..Note::default() };
        life::record(tx, row.id, LifeEvent::Encumbered, note).await?;
        let view = EquipmentView::one(tx, &row, &access.principal, context.language).await?;
        let detail = serde_json::json!({ "document": document, "reason": reason });
        let act = Act::new("equipment.encumber", "equipment", row.id).detail(detail);
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}

/// Frees a machine.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.encumber"])),
    request_body = EquipmentReason,
    responses((status = 200, description = "The machine as it is now", body = EquipmentView))
)]
#[post("/v1/equipment/{id}/free")]
pub async fn free_equipment(
    access: Access<may::EncumberEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<EquipmentReason>,
) -> Result<HttpResponse> {
    let reason = body.checked()?;
    idem.run(&app, &access, &body, async |tx| {
        let mut row = scope::lock(tx, &access.principal, id.uuid()).await?;
        seen.check(row.version, Some(&row.state))?;
        let Some(document) = row.encumbrance.take() else {
            return Err(Error::new(Code::IllegalTransition).detail(
                "设备没有抵押，无需解除。",
                "The machine is not encumbered; there is nothing to free it from.",
            ));
        };
        store::save(tx, &mut row).await?;
        let words = Words::new(format!("原依据“{document}”"), format!("was under “{document}”"));
        let note = Note { words: Some(words), reason: Some(&reason), ..Note::default() };
        life::record(tx, row.id, LifeEvent::Freed, note).await?;
        let view = EquipmentView::one(tx, &row, &access.principal, context.language).await?;
        let detail = serde_json::json!({ "document": document, "reason": reason });
        let act = Act::new("equipment.free", "equipment", row.id).detail(detail);
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}
