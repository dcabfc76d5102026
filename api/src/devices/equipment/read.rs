//! `GET /v1/equipment/{id}`: one machine, whole.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::scope;
use super::view::EquipmentView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// One machine with its papers, its place, its latest score and the sockets at it.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The machine; the ETag is what If-Match wants", body = EquipmentView))
)]
#[get("/v1/equipment/{id}")]
pub async fn read_equipment(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
) -> Result<Reply<EquipmentView>> {
    let tx = access.read(&app).await?;
    let row = scope::find(&tx, &access.principal, id.uuid()).await?;
    let view = EquipmentView::one(&tx, &row, &access.principal, context.language).await?;
    Ok(Reply::ok(view).version(row.version))
}
