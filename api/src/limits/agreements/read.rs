//! `GET /v1/sharing-agreements/{id}`: one agreement with the version that a decision wants.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::{self, AgreementView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::proposal::Viewer;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One sharing agreement.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    responses((status = 200, description = "The agreement", body = AgreementView))
)]
#[get("/v1/sharing-agreements/{id}")]
pub async fn read_sharing_agreement(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    at: At<kind::Agreement>,
) -> Result<Reply<AgreementView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::agreement(&tx, row, Viewer::of(&access)).await?).version(version))
}
