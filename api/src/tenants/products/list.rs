//! `GET /v1/products`: the firm's products, for its staff.

use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::view::ProductView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which products.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductsQuery {
    /// Only those on offer, or only those that are not.
    #[param(example = true)]
    active: Option<bool>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's products.
#[utoipa::path(
    tag = "products",
    security(("token" = ["products.read"])),
    params(ProductsQuery),
    responses((status = 200, description = "One page of products, oldest first", body = Page<ProductView>))
)]
#[get("/v1/products")]
pub async fn list_products(
    access: Access<may::ReadProducts>,
    app: Data<App>,
    Params(query): Params<ProductsQuery>,
) -> Result<Reply<Page<ProductView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, cursor, query.active).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, ProductView::of)?))
}
