//! `GET /v1/equipment/{id}/bindings`: which sockets were at a machine, and when.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use uuid::Uuid;

use super::store;
use super::view::{BindingView, views};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Page, PageParams, Params, Reply};

/// Which sockets were at a machine, and when.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of bindings, in the order in which they were entered", body = Page<BindingView>))
)]
#[get("/v1/equipment/{id}/bindings")]
pub async fn list_bindings(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    id: At<kind::Equipment>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<BindingView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let machine = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = views(&tx, store::page(&tx, machine.id, cursor).await?).await?;
    // the ids were written here, so that they read back
    let id = |row: &BindingView| Id::<kind::Binding>::parse(&row.id).map_or_else(Uuid::nil, |id| id.uuid());
    Ok(Reply::ok(cursor.page(rows, id, Ok)?))
}
