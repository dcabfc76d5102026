//! `POST /v1/policies/{id}/withdraw`: readers no longer see it and it is no longer matched; it is kept.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::super::publication::Publication;
use super::super::{store, view, view::PolicyView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Idempotency, IfMatch, Reply};

/// Withdraws a published policy.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    responses((status = 200, description = "The policy, withdrawn", body = PolicyView))
)]
#[post("/v1/policies/{id}/withdraw")]
pub async fn withdraw_policy(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Policy>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = store::lock_policy(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        seen.check(row.version, Some(&row.status))?;
        let detail = serde_json::json!({ "before": row.status });
        row.status = Publication::from_key(&row.status).withdraw()?.key().to_owned();
        row.version += 1;
        store::change_policy(tx, &row).await?;
        let (id, version) = (row.id, row.version);
        let act = Act::new("policy.withdraw", "policy", id).detail(detail);
        Ok(Reply::ok(view::policy(row)?).version(version).done(act))
    })
    .await
}
