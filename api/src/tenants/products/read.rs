//! `GET /v1/products/{id}`: one product, for staff.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::ProductView;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One product.
#[utoipa::path(
    tag = "products",
    security(("token" = ["products.read"])),
    responses((status = 200, description = "The product; the ETag is what If-Match wants", body = ProductView))
)]
#[get("/v1/products/{id}")]
pub async fn read_product(
    access: Access<may::ReadProducts>,
    app: Data<App>,
    id: At<kind::Product>,
) -> Result<Reply<ProductView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(ProductView::of(row)?).version(version))
}
