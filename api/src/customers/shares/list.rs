//! `GET /v1/customers/{id}/shares`: with whom a record is and was shared.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::{About, ShareView};
use crate::app::App;
use crate::customers::clients::scope;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// A customer's shares, the latest granted first, those that ended or were withdrawn too.
#[utoipa::path(
    tag = "shares",
    security(("token" = ["customers.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of shares", body = Page<ShareView>))
)]
#[get("/v1/customers/{id}/shares")]
pub async fn list_shares(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ShareView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let customer = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = store::page(&tx, customer.id, cursor).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| ShareView::of(&tx, &row, &about))?))
}
