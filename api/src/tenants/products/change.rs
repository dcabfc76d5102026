//! `PUT /v1/products/{id}`: the firm changes a product, all of it at once, so that nothing is changed unseen.

use actix_web::{put, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::terms::ProductTermsBody;
use super::view::ProductView;
use super::{check, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, IfMatch, Reply};

/// A product as it is to be from now on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    /// Its name in the firm's lists.
    #[schema(example = "小微企业贷款担保", min_length = 1, max_length = 60)]
    name: String,
    /// Whether it is on offer; applications already begun go on.
    #[schema(example = true)]
    active: bool,
    /// Its terms, form fields and checklist.
    terms: ProductTermsBody,
}

/// Changes a product.
#[utoipa::path(
    tag = "products",
    security(("token" = ["products.manage"])),
    request_body = ProductChange,
    responses((status = 200, description = "The product as it is now", body = ProductView))
)]
#[put("/v1/products/{id}")]
pub async fn change_product(
    access: Access<may::ManageProducts>,
    app: Data<App>,
    id: At<kind::Product>,
    seen: IfMatch,
    Body(body): Body<ProductChange>,
) -> Result<Reply<ProductView>> {
    let checked = check::product(None, &body.name, &body.terms)?;
    let tx = access.begin(&app).await?;
    let mut row = store::lock(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, None)?;
    let before = summary(&row);
    (row.name, row.terms, row.active) = (checked.name, checked.terms, body.active);
    row.version = row.version.saturating_add(1);
    store::replace(&tx, &row).await?;
    let detail = serde_json::json!({ "before": before, "after": summary(&row) });
    tx.commit(Act::new("products.change", "product", row.id).detail(detail)).await?;
    let version = row.version;
    Ok(Reply::ok(ProductView::of(row)?).version(version))
}

fn summary(row: &store::Row) -> serde_json::Value {
    serde_json::json!({ "name": row.name, "active": row.active, "terms": row.terms })
}
