//! `GET /v1/clients/{id}/requests` and `GET /v1/client/requests`: what a client asked of late, and how it was answered.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::own;
use super::store;
use super::store::requests::{self, RequestRow};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Page, PageParams, Params, Reply};

/// A request of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientRequestView {
    /// Its id.
    #[schema(example = "crq_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// When it was answered.
    pub at: DateTime<Utc>,
    /// Its method.
    #[schema(example = "GET")]
    pub method: String,
    /// Its route as the document has it; neither ids nor queries are kept.
    #[schema(example = "/v1/applications/{id}")]
    pub route: String,
    /// The answer's status.
    #[schema(example = 200)]
    pub status: i32,
    /// Of a problem, its code.
    #[schema(example = "not_found")]
    pub code: Option<String>,
    /// The request's id, which the answer had as `X-Request-Id`.
    #[schema(example = "01930c3e8f7a7c1e9d0b5a4f3e2d1c0b")]
    pub request_id: String,
    /// How long it took here, milliseconds.
    #[schema(example = 12, minimum = 0)]
    pub duration_ms: i32,
}

impl ClientRequestView {
    fn of(row: RequestRow) -> Self {
        Self {
            id: Id::<kind::ClientRequest>::from_uuid(row.id).to_string(),
            at: row.at,
            method: row.method,
            route: row.route,
            status: row.status,
            code: row.code,
            request_id: row.request_id,
            duration_ms: row.took_ms,
        }
    }
}

async fn shown(tx: &TenantTx, client: Uuid, page: &PageParams) -> Result<Page<ClientRequestView>> {
    let cursor = page.cursor()?;
    let rows = requests::page(tx, client, cursor).await?;
    cursor.page(rows, |row| row.id, |row| Ok(ClientRequestView::of(row)))
}

/// What a client asked in the last seven days, the latest first; a second or two behind.
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of requests", body = Page<ClientRequestView>))
)]
#[get("/v1/clients/{id}/requests")]
pub async fn list_client_requests(
    access: Access<may::ManageClients>,
    app: Data<App>,
    at: At<kind::ApiClient>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ClientRequestView>>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    Ok(Reply::ok(shown(&tx, row.id, &page).await?))
}

/// What the asking client asked in the last seven days, the latest first; a second or two behind.
#[utoipa::path(
    tag = "client",
    security(("token" = ["own.client"])),
    params(PageParams),
    responses((status = 200, description = "A page of requests", body = Page<ClientRequestView>))
)]
#[get("/v1/client/requests")]
pub async fn list_own_requests(
    access: Access<may::OwnClient>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ClientRequestView>>> {
    let tx = access.read(&app).await?;
    Ok(Reply::ok(shown(&tx, own::id(&access)?, &page).await?))
}
