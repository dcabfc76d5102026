//! `GET /v1/parameters/{id}`: one parameter with the version that a decision wants.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::{self, ParameterView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::proposal::Viewer;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One parameter of the firm.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    responses((status = 200, description = "The parameter", body = ParameterView))
)]
#[get("/v1/parameters/{id}")]
pub async fn read_parameter(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    at: At<kind::Parameter>,
) -> Result<Reply<ParameterView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::parameter(&tx, row, Viewer::of(&access)).await?).version(version))
}
