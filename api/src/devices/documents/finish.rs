//! `POST …/equipment/{id}/documents/{document}/finish`: what arrived is inspected. What passes stands in the machine's life
//! from now on, and a photo is counted by its score at once.

use actix_web::{HttpResponse, post, web::Data};
use domain::access::May;
use domain::devices::life::LifeEvent;
use domain::id::kind;
use uuid::Uuid;

use super::reach;
use super::view::{EquipmentDocumentView, Reader};
use crate::app::App;
use crate::devices::equipment::scope::{By, must_be_in_use};
use crate::devices::life::{self, Note};
use crate::documents::{self, Finding, Owner};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Context, Done, Idempotency, Reply, Under};

/// Finishes an upload: size, type by content and hash are checked, and only then can the file be read. A file that does
/// not pass is answered as `rejected`, with the reason.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    responses((status = 200, description = "The document, ready or rejected", body = EquipmentDocumentView))
)]
#[post("/v1/equipment/{id}/documents/{document}/finish")]
pub async fn finish_equipment_document(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let reader = Reader { by: By::Staff(&access.principal), language: context.language };
    let place = (id.uuid(), document.uuid());
    let finding = inspected(&app, &access, reader, place).await?;
    idem.run(&app, &access, &(), async |tx| finish(&app, tx, reader, place, finding).await).await
}

/// Finishes the upload of a file of one of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The document, ready or rejected", body = EquipmentDocumentView))
)]
#[post("/v1/my/equipment/{id}/documents/{document}/finish")]
pub async fn finish_my_equipment_document(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let reader = Reader { by: By::Owner(access.principal.id), language: context.language };
    let place = (id.uuid(), document.uuid());
    let finding = inspected(&app, &access, reader, place).await?;
    idem.run(&app, &access, &(), async |tx| finish(&app, tx, reader, place, finding).await).await
}

/// Reading a large file takes a while, so it happens before the transaction that writes; whose it is comes first.
async fn inspected<P: May>(
    app: &App,
    access: &Access<P>,
    reader: Reader<'_>,
    (machine, document): (Uuid, Uuid),
) -> Result<Finding> {
    let tx = access.read(app).await?;
    let machine = reader.by.machine(&tx, machine, false).await?;
    reach::must_send(&tx, reader.by, machine.id, document).await?;
    drop(tx);
    documents::inspect_upload(app, access.principal.tenant, Owner::Equipment(machine.id), document).await
}

async fn finish(
    app: &App,
    tx: &TenantTx,
    reader: Reader<'_>,
    (machine, document): (Uuid, Uuid),
    finding: Finding,
) -> Result<Done<EquipmentDocumentView>> {
    let mut machine = reader.by.machine(tx, machine, true).await?;
    must_be_in_use(&machine)?;
    let owner = Owner::Equipment(machine.id);
    let finished = documents::finish_upload(app, tx, owner, document, finding).await?;
    if finished.accepted {
        let kind = reach::kind_of(&finished.file)?;
        life::record(tx, machine.id, LifeEvent::PhotoAdded, Note::about(document, kind.words())).await?;
        reach::rescore_for(tx, &mut machine, kind).await?;
    }
    // read again: a score that was taken just now rests on it
    let view = reader.one(tx, &machine, documents::find(tx, owner, document).await?).await?;
    let detail = serde_json::json!({
        "equipment": machine.id, "kind": view.kind, "after": { "state": view.state, "sha256": view.sha256 },
    });
    let version = view.version;
    let act = Act::new("equipment_document.finish", "document", document).detail(detail);
    Ok(Reply::ok(view).version(version).done(act))
}
