//! `GET /v1/enterprises/{id}`: one enterprise record.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::EnterpriseView;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One enterprise record.
#[utoipa::path(
    tag = "enterprises",
    security(("token" = ["enterprises.read"])),
    responses((status = 200, description = "The enterprise; the ETag is what If-Match wants", body = EnterpriseView))
)]
#[get("/v1/enterprises/{id}")]
pub async fn read_enterprise(
    access: Access<may::ReadEnterprises>,
    app: Data<App>,
    id: At<kind::Enterprise>,
) -> Result<Reply<EnterpriseView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(EnterpriseView::of(&tx, row)?).version(version))
}
