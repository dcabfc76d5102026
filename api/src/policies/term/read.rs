//! `GET /v1/glossary/{id}`: one entry with the version that a change wants.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::super::{store, view, view::TermView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One glossary entry.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    responses((status = 200, description = "The entry", body = TermView))
)]
#[get("/v1/glossary/{id}")]
pub async fn read_term(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Term>,
) -> Result<Reply<TermView>> {
    let tx = access.read(&app).await?;
    let row = store::term(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::term(row)).version(version))
}
