//! `GET /v1/equipment/{id}/documents` and `GET /v1/my/equipment/{id}/documents`: a machine's photos and documents.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::view::{EquipmentDocuments, Reader};
use crate::app::App;
use crate::devices::equipment::scope::By;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// The photos and documents of a machine.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "All of them, by kind and number", body = EquipmentDocuments))
)]
#[get("/v1/equipment/{id}/documents")]
pub async fn list_equipment_documents(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
) -> Result<Reply<EquipmentDocuments>> {
    let tx = access.read(&app).await?;
    let by = By::Staff(&access.principal);
    let machine = by.machine(&tx, id.uuid(), false).await?;
    Ok(Reply::ok(Reader { by, language: context.language }.all(&tx, &machine).await?))
}

/// The photos and documents of one of the caller's own machines: those that they or the firm added.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "All of them, by kind and number", body = EquipmentDocuments))
)]
#[get("/v1/my/equipment/{id}/documents")]
pub async fn list_my_equipment_documents(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
) -> Result<Reply<EquipmentDocuments>> {
    let tx = access.read(&app).await?;
    let by = By::Owner(access.principal.id);
    let machine = by.machine(&tx, id.uuid(), false).await?;
    Ok(Reply::ok(Reader { by, language: context.language }.all(&tx, &machine).await?))
}
