//! `POST …/equipment/{id}/documents` and `…/{document}/restart`: an upload begins, and begins again where it was interrupted.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::reach;
use super::view::{EquipmentDocumentKindWord, EquipmentUploadView, Reader};
use crate::app::App;
use crate::devices::equipment::scope::{By, must_be_in_use};
use crate::documents::{self, NewUpload, Owner, Takes};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Done, Idempotency, Reply, Under};

/// A photo or document of a machine that is to be uploaded.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEquipmentDocument {
    /// What it shows. Photos are JPEG, PNG or HEIC; everything else may be PDF too.
    pub kind: EquipmentDocumentKindWord,
    /// The file's name.
    #[schema(example = "铭牌.jpg", min_length = 1, max_length = 120)]
    pub file_name: String,
    /// Its media type.
    #[schema(example = "image/jpeg", max_length = 100)]
    pub media_type: String,
    /// Its size in bytes.
    #[schema(example = 183_204, minimum = 1)]
    pub bytes: u64,
    /// SHA-256 of its content in hexadecimal digits, if known.
    #[schema(max_length = 64)]
    pub sha256: Option<String>,
}

/// Begins an upload: answers the request with which the file is sent to the storage.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = NewEquipmentDocument,
    responses((status = 201, description = "Where and how to send the file", body = EquipmentUploadView))
)]
#[post("/v1/equipment/{id}/documents")]
pub async fn start_equipment_document(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewEquipmentDocument>,
) -> Result<HttpResponse> {
    let reader = Reader { by: By::Staff(&access.principal), language: context.language };
    idem.run(&app, &access, &body, async |tx| start(&app, tx, reader, id.uuid(), &body).await).await
}

/// Begins an upload for one of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = NewEquipmentDocument,
    responses((status = 201, description = "Where and how to send the file", body = EquipmentUploadView))
)]
#[post("/v1/my/equipment/{id}/documents")]
pub async fn start_my_equipment_document(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewEquipmentDocument>,
) -> Result<HttpResponse> {
    let reader = Reader { by: By::Owner(access.principal.id), language: context.language };
    idem.run(&app, &access, &body, async |tx| start(&app, tx, reader, id.uuid(), &body).await).await
}

async fn start(
    app: &App,
    tx: &TenantTx,
    reader: Reader<'_>,
    machine: Uuid,
    new: &NewEquipmentDocument,
) -> Result<Done<EquipmentUploadView>> {
    // locked, so that two at the same time are counted one after the other
    let machine = reader.by.machine(tx, machine, true).await?;
    must_be_in_use(&machine)?;
    let upload = NewUpload {
        owner: Owner::Equipment(machine.id),
        takes: Takes::from(new.kind.0),
        file_name: &new.file_name,
        media_type: &new.media_type,
        bytes: new.bytes,
        sha256: new.sha256.as_deref(),
    };
    let sending = documents::start_upload(app, tx, upload).await?;
    let detail = serde_json::json!({ "equipment": machine.id, "kind": new.kind });
    let act = Act::new("equipment_document.start", "document", sending.file.id).detail(detail);
    let location = format!("{}/documents", place(reader.by, machine.id));
    Ok(Reply::created(location, reader.sending(tx, &machine, sending).await?).done(act))
}

/// Where whoever acts finds the machine.
fn place(by: By<'_>, machine: Uuid) -> String {
    let id = Id::<kind::Equipment>::from_uuid(machine);
    match by {
        By::Staff(_) => format!("/v1/equipment/{id}"),
        By::Owner(_) => format!("/v1/my/equipment/{id}"),
    }
}

/// Asks for a fresh request to send a file whose upload was interrupted.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    responses((status = 200, description = "Where and how to send the file", body = EquipmentUploadView))
)]
#[post("/v1/equipment/{id}/documents/{document}/restart")]
pub async fn restart_equipment_document(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let reader = Reader { by: By::Staff(&access.principal), language: context.language };
    idem.run(&app, &access, &(), async |tx| restart(&app, tx, reader, id.uuid(), document.uuid()).await).await
}

/// Asks for a fresh request to send a file of one of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "Where and how to send the file", body = EquipmentUploadView))
)]
#[post("/v1/my/equipment/{id}/documents/{document}/restart")]
pub async fn restart_my_equipment_document(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let reader = Reader { by: By::Owner(access.principal.id), language: context.language };
    idem.run(&app, &access, &(), async |tx| restart(&app, tx, reader, id.uuid(), document.uuid()).await).await
}

async fn restart(
    app: &App,
    tx: &TenantTx,
    reader: Reader<'_>,
    machine: Uuid,
    document: Uuid,
) -> Result<Done<EquipmentUploadView>> {
    let machine = reader.by.machine(tx, machine, true).await?;
    must_be_in_use(&machine)?;
    reach::must_send(tx, reader.by, machine.id, document).await?;
    let sending = documents::restart_upload(app, tx, Owner::Equipment(machine.id), document).await?;
    let act = Act::new("equipment_document.restart", "document", document);
    Ok(Reply::ok(reader.sending(tx, &machine, sending).await?).done(act))
}
