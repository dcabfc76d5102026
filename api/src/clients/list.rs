//! `GET /v1/clients` and `GET /v1/clients/{id}`: the firm's clients, without their secrets.

use actix_web::{get, web::Data};
use domain::id::kind;
use uuid::Uuid;

use super::store::{self, credentials};
use super::view::ApiClientView;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// The firm's clients.
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of clients, oldest first", body = Page<ApiClientView>))
)]
#[get("/v1/clients")]
pub async fn list_clients(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ApiClientView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, cursor).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let held = credentials::of(&tx, &ids).await?;
    let view = |row| ApiClientView::among(&tx, &row, &held, context.language);
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}

/// One client.
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    responses((status = 200, description = "The client; the ETag is what If-Match wants", body = ApiClientView))
)]
#[get("/v1/clients/{id}")]
pub async fn read_client(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
) -> Result<Reply<ApiClientView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    Ok(Reply::ok(ApiClientView::one(&tx, &row, context.language).await?).version(row.version))
}
