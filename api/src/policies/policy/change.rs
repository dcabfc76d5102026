//! `PUT /v1/policies/{id}`: a policy is reworded; a published one changes for its readers at once.

use actix_web::{put, web::Data};
use domain::id::kind;

use super::super::{store, view, view::PolicyView};
use super::PolicyBody;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, IfMatch, Reply};

/// Changes a policy.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    request_body = PolicyBody,
    responses((status = 200, description = "The policy as it is now", body = PolicyView))
)]
#[put("/v1/policies/{id}")]
pub async fn change_policy(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Policy>,
    seen: IfMatch,
    Body(body): Body<PolicyBody>,
) -> Result<Reply<PolicyView>> {
    let fit = body.checked()?;
    let tx = access.begin(&app).await?;
    let before = store::lock_policy(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, Some(&before.status))?;
    fit.conditions.check_purposes(&tx).await?;
    let mut row = before.clone();
    row.title = fit.title;
    row.body = fit.body;
    row.source = fit.source;
    row.conditions = serde_json::to_value(&fit.conditions)?;
    row.version += 1;
    store::change_policy(&tx, &row).await?;
    let (id, version) = (row.id, row.version);
    let (before, after) = (view::policy(before)?, view::policy(row)?);
    let detail = serde_json::json!({ "before": before, "after": after });
    tx.commit(Act::new("policy.change", "policy", id).detail(detail)).await?;
    Ok(Reply::ok(after).version(version))
}
