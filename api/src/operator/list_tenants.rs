//! `GET /v1/platform/tenants`: all tenants.

use actix_web::{get, web::Data};
use uuid::Uuid;

use super::view::TenantView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::PlatformTx;
use crate::platform::http::{Page, PageParams, Params, Reply};

/// All tenants.
#[utoipa::path(
    tag = "platform",
    security(("token" = ["tenants.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of tenants, oldest first", body = Page<TenantView>))
)]
#[get("/v1/platform/tenants")]
pub async fn list_tenants(
    _access: Access<may::ManageTenants>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<TenantView>>> {
    let cursor = page.cursor()?;
    let tx = PlatformTx::read(&app.db).await?;
    let rows = tx.tenants(cursor.after.unwrap_or(Uuid::nil()), cursor.fetch()).await?;
    tx.commit().await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(row.into()))?))
}
