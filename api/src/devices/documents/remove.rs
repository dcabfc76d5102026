//! `POST /v1/equipment/{id}/documents/{document}/remove` and `DELETE /v1/my/equipment/{id}/documents/{document}`: a file is
//! taken away. Staff say why; an owner takes away only what they added and nothing rests on.

use actix_web::{HttpResponse, delete, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use uuid::Uuid;

use super::reach;
use super::view::{EquipmentDocumentView, Reader};
use crate::app::App;
use crate::devices::equipment::EquipmentReason;
use crate::devices::equipment::scope::{By, must_be_in_use};
use crate::devices::equipment::store::Row as Machine;
use crate::devices::life::{self, Note};
use crate::documents::{self, File, Owner};
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply, Under};

/// Takes a machine's file away. What a score or a record rests on stays readable for staff; what nothing rests on is
/// deleted.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = EquipmentReason,
    responses((status = 200, description = "The document as it is now", body = EquipmentDocumentView))
)]
#[post("/v1/equipment/{id}/documents/{document}/remove")]
pub async fn remove_equipment_document(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    (id, document): (At<kind::Equipment>, Under<kind::Document>),
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<EquipmentReason>,
) -> Result<HttpResponse> {
    let reason = body.checked()?;
    let reader = Reader { by: By::Staff(&access.principal), language: context.language };
    idem.run(&app, &access, &body, async |tx| {
        let (mut machine, file) = reached(tx, reader.by, (id.uuid(), document.uuid())).await?;
        seen.check(file.version, Some(&file.state))?;
        let act = take_away(tx, &mut machine, &file, Some(&reason)).await?;
        let gone = documents::find(tx, Owner::Equipment(machine.id), file.id).await?;
        let view = reader.one(tx, &machine, gone).await?;
        let version = view.version;
        Ok(Reply::ok(view).version(version).done(act))
    })
    .await
}

/// Takes a file of one of the caller's own machines away: one that they added, and that no score or record rests on.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "The firm added it, or a score rests on it", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[delete("/v1/my/equipment/{id}/documents/{document}")]
pub async fn remove_my_equipment_document(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let (mut machine, file) = reached(&tx, By::Owner(access.principal.id), (id.uuid(), document.uuid())).await?;
    let act = take_away(&tx, &mut machine, &file, None).await?;
    tx.commit(act).await?;
    Ok(Reply::ok(()))
}

/// The machine, locked, and a file of it that whoever acts may take away.
async fn reached(tx: &TenantTx, by: By<'_>, (machine, document): (Uuid, Uuid)) -> Result<(Machine, File)> {
    let machine = by.machine(tx, machine, true).await?;
    must_be_in_use(&machine)?;
    let file = reach::find(tx, by, machine.id, document).await?;
    reach::must_be_theirs(by, &file)?;
    Ok((machine, file))
}

/// Takes it away; says what was done. What never was there leaves no trace in the machine's life.
async fn take_away(tx: &TenantTx, machine: &mut Machine, file: &File, reason: Option<&str>) -> Result<Act> {
    let kind = reach::kind_of(file)?;
    documents::remove(tx, Owner::Equipment(machine.id), file.id, file.relied_on_at.is_some()).await?;
    if file.is_ready() {
        let note = Note { reason, ..Note::about(file.id, kind.words()) };
        life::record(tx, machine.id, LifeEvent::PhotoRemoved, note).await?;
        reach::rescore_for(tx, machine, kind).await?;
    }
    let detail = serde_json::json!({
        "equipment": machine.id, "kind": kind.code(), "state": file.state, "sha256": file.sha256, "reason": reason,
    });
    Ok(Act::new("equipment_document.remove", "document", file.id).detail(detail))
}
