//! `GET /v1/my/equipment/{id}`: one of the caller's machines.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::view::MyEquipmentDetail;
use crate::app::App;
use crate::devices::equipment::scope;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// One of the caller's machines with its papers, and what its latest score says.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The machine", body = MyEquipmentDetail))
)]
#[get("/v1/my/equipment/{id}")]
pub async fn read_my_equipment(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
) -> Result<Reply<MyEquipmentDetail>> {
    let tx = access.read(&app).await?;
    let row = scope::own(&tx, access.principal.id, id.uuid(), false).await?;
    Ok(Reply::ok(MyEquipmentDetail::of(&tx, &row, context.language).await?))
}
