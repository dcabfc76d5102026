//! `PUT /v1/glossary/{id}`: an entry is reworded.

use actix_web::{put, web::Data};
use domain::id::kind;

use super::super::{store, view, view::TermView};
use super::TermBody;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, IfMatch, Reply};

/// Changes a glossary entry.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    request_body = TermBody,
    responses((status = 200, description = "The entry as it is now", body = TermView))
)]
#[put("/v1/glossary/{id}")]
pub async fn change_term(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Term>,
    seen: IfMatch,
    Body(body): Body<TermBody>,
) -> Result<Reply<TermView>> {
    let fit = body.checked()?;
    let tx = access.begin(&app).await?;
    let before = store::lock_term(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, None)?;
    let mut row = before.clone();
    row.term = fit.term;
    row.meaning = fit.meaning;
    row.version += 1;
    store::change_term(&tx, &row).await?;
    let (id, version) = (row.id, row.version);
    let (before, after) = (view::term(before), view::term(row));
    let detail = serde_json::json!({ "before": before, "after": after });
    tx.commit(Act::new("term.change", "term", id).detail(detail)).await?;
    Ok(Reply::ok(after).version(version))
}
