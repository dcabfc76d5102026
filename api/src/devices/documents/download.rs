//! `GET …/equipment/{id}/documents/{document}/download`: the request with which a file is read.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::reach;
use crate::app::App;
use crate::devices::equipment::scope::By;
use crate::documents::{self, DownloadView, Owner, Reach};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Reply, Under};

/// The request with which a machine's file is downloaded. Who asked for which is kept in the audit chain.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses(
        (status = 200, description = "Where the file is", body = DownloadView),
        (status = 409, description = "The file has not passed its checks", body = crate::error::ProblemBody,
            content_type = "application/problem+json")
    )
)]
#[get("/v1/equipment/{id}/documents/{document}/download")]
pub async fn download_equipment_document(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
) -> Result<Reply<DownloadView>> {
    access.must_be_a_person()?;
    let tx = access.begin(&app).await?;
    let by = By::Staff(&access.principal);
    let machine = by.machine(&tx, id.uuid(), false).await?;
    let file = reach::find(&tx, by, machine.id, document.uuid()).await?;
    let download = documents::download(&app, &tx, Owner::Equipment(machine.id), file.id, Reach::Kept).await?;
    let detail = serde_json::json!({ "equipment": machine.id, "kind": file.item_key });
    tx.commit(Act::new("equipment_document.download", "document", file.id).detail(detail)).await?;
    Ok(Reply::ok(download))
}

/// The request with which a file of one of the caller's own machines is downloaded.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses(
        (status = 200, description = "Where the file is", body = DownloadView),
        (status = 409, description = "The file has not passed its checks", body = crate::error::ProblemBody,
            content_type = "application/problem+json")
    )
)]
#[get("/v1/my/equipment/{id}/documents/{document}/download")]
pub async fn download_my_equipment_document(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    id: At<kind::Equipment>,
    document: Under<kind::Document>,
) -> Result<Reply<DownloadView>> {
    let tx = access.read(&app).await?;
    let by = By::Owner(access.principal.id);
    let machine = by.machine(&tx, id.uuid(), false).await?;
    let file = reach::find(&tx, by, machine.id, document.uuid()).await?;
    let owner = Owner::Equipment(machine.id);
    Ok(Reply::ok(documents::download(&app, &tx, owner, file.id, Reach::Present).await?))
}
