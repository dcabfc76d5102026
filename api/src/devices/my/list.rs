//! `GET /v1/my/equipment`: the caller's machines.

use actix_web::{get, web::Data};

use super::view::{About, MyEquipment, MyEquipmentLine};
use crate::app::App;
use crate::devices::equipment::store;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Reply};

/// The caller's machines with their use, score and listing.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The machines, the newest record first", body = MyEquipment))
)]
#[get("/v1/my/equipment")]
pub async fn list_my_equipment(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<MyEquipment>> {
    let tx = access.read(&app).await?;
    let rows = store::own(&tx, access.principal.id).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    let items = rows.iter().map(|row| MyEquipmentLine::of(row, &about)).collect::<Result<_>>()?;
    Ok(Reply::ok(MyEquipment { items }))
}
