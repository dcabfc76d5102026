//! `POST /v1/products`: the firm adds a product, with its form fields and its checklist.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::terms::ProductTermsBody;
use super::view::ProductView;
use super::{check, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Idempotency, Reply};

/// Most products of a firm.
const PRODUCTS_MAX: u64 = 200;

/// A product to add.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// The firm's own code for it, which never changes.
    #[schema(example = "loan_green", min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]{0,39}$")]
    code: String,
    /// Its name in the firm's lists.
    #[schema(example = "绿色贷款担保", min_length = 1, max_length = 60)]
    name: String,
    /// Whether it is on offer at once.
    #[schema(example = true)]
    active: bool,
    /// Its terms, form fields and checklist.
    terms: ProductTermsBody,
}

/// Adds a product.
#[utoipa::path(
    tag = "products",
    security(("token" = ["products.manage"])),
    request_body = NewProduct,
    responses((status = 201, description = "The new product", body = ProductView))
)]
#[post("/v1/products")]
pub async fn create_product(
    access: Access<may::ManageProducts>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<NewProduct>,
) -> Result<HttpResponse> {
    let checked = check::product(Some(&body.code), &body.name, &body.terms)?;
    idem.run(&app, &access, &body, async |tx| {
        if store::count(tx).await? >= PRODUCTS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        let row = store::insert(tx, &body.code, &checked.name, checked.terms.clone(), body.active).await?;
        let act = Act::new("products.create", "product", row.id).detail(serde_json::json!({ "after": body }));
        let location = format!("/v1/products/{}", Id::<kind::Product>::from_uuid(row.id));
        Ok(Reply::created(location, ProductView::of(row)?).version(1).done(act))
    })
    .await
}
