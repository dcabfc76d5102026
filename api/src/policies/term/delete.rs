//! `DELETE /v1/glossary/{id}`: an entry is removed; the audit chain keeps what it said.

use actix_web::{delete, web::Data};
use domain::id::kind;

use super::super::{store, view};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, IfMatch, Reply};

/// Removes a glossary entry.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    responses((status = 204, description = "Removed"))
)]
#[delete("/v1/glossary/{id}")]
pub async fn delete_term(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Term>,
    seen: IfMatch,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let row = store::lock_term(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, None)?;
    store::delete_term(&tx, row.id).await?;
    let id = row.id;
    let detail = serde_json::json!({ "before": view::term(row) });
    tx.commit(Act::new("term.delete", "term", id).detail(detail)).await?;
    Ok(Reply::ok(()))
}
