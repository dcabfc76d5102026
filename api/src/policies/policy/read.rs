//! `GET /v1/policies/{id}`: one policy as its writers see it.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::super::{store, view, view::PolicyView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One policy, also a draft.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    responses((status = 200, description = "The policy", body = PolicyView))
)]
#[get("/v1/policies/{id}")]
pub async fn read_policy(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Policy>,
) -> Result<Reply<PolicyView>> {
    let tx = access.read(&app).await?;
    let row = store::policy(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::policy(row)?).version(version))
}
