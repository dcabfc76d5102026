//! `GET /v1/privacy-requests` and `GET /v1/privacy-requests/{id}`.

use actix_web::{get, web::Data};
use domain::id::kind;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Cursor, Page, Params, Reply};
use crate::privacy::store;
use crate::privacy::view::{PrivacyRequestState, PrivacyRequestView};

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PrivacyRequestsQuery {
    /// Only those that stand so.
    #[param(inline)]
    state: Option<PrivacyRequestState>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// Requests, those of people themselves among them, the newest first.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["privacy.handle"])),
    params(PrivacyRequestsQuery),
    responses((status = 200, description = "A page of requests", body = Page<PrivacyRequestView>))
)]
#[get("/v1/privacy-requests")]
pub async fn list_privacy_requests(
    access: Access<may::HandlePrivacyRequests>,
    app: Data<App>,
    context: Context,
    Params(query): Params<PrivacyRequestsQuery>,
) -> Result<Reply<Page<PrivacyRequestView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let rows = store::page_of_requests(&tx, query.state.map(PrivacyRequestState::code), cursor).await?;
    let page = cursor.page(rows, |row| row.id, Ok)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in &page.items {
        items.push(PrivacyRequestView::of(&tx, row, context.language).await?);
    }
    Ok(Reply::ok(Page { items, next: page.next }))
}

/// One request, with what came of it.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["privacy.handle"])),
    responses((status = 200, description = "The request; the ETag is what If-Match wants", body = PrivacyRequestView))
)]
#[get("/v1/privacy-requests/{id}")]
pub async fn read_privacy_request(
    access: Access<may::HandlePrivacyRequests>,
    app: Data<App>,
    context: Context,
    at: At<kind::PrivacyRequest>,
) -> Result<Reply<PrivacyRequestView>> {
    let tx = access.read(&app).await?;
    let row = store::request(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    Ok(Reply::ok(PrivacyRequestView::of(&tx, &row, context.language).await?).version(row.version))
}
