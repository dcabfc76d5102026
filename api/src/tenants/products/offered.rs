//! `GET /v1/t/{tenant}/products`: what a firm offers, with form fields and checklists, readable before any log-in: who
//! has to gather documents wants to know which before they begin.

use actix_web::{get, web::Data};

use super::store;
use super::view::OfferedProductView;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::access::system_tx;
use crate::platform::http::{Context, Page, PageParams, Params, Reply, Slug};
use crate::tenants::by_slug;

/// The products that a firm offers.
#[utoipa::path(
    tag = "products",
    params(PageParams),
    responses(
        (status = 200, description = "One page of products on offer", body = Page<OfferedProductView>),
        (
            status = 403,
            description = "The firm's service is suspended",
            body = ProblemBody,
            content_type = "application/problem+json"
        )
    )
)]
#[get("/v1/t/{tenant}/products")]
pub async fn list_offered_products(
    Slug(slug): Slug,
    app: Data<App>,
    context: Context,
    Params(query): Params<PageParams>,
) -> Result<Reply<Page<OfferedProductView>>> {
    let cursor = query.cursor()?;
    let tenant = by_slug(&app, &slug).await?;
    let tx = system_tx(&app, tenant.id, &context.request_id, false).await?;
    let rows = store::page(&tx, cursor, Some(true)).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, OfferedProductView::of)?))
}
