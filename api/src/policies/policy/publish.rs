//! `POST /v1/policies/{id}/publish`: from here on everybody reads it and it is matched.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::super::publication::Publication;
use super::super::{store, view, view::PolicyView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Idempotency, IfMatch, Reply};

/// Publishes a policy.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    responses((status = 200, description = "The policy, published", body = PolicyView))
)]
#[post("/v1/policies/{id}/publish")]
pub async fn publish_policy(
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
        row.status = Publication::from_key(&row.status).publish()?.key().to_owned();
        row.published_at = Some(tx.now());
        row.version += 1;
        store::change_policy(tx, &row).await?;
        let (id, version) = (row.id, row.version);
        let act = Act::new("policy.publish", "policy", id).detail(detail);
        Ok(Reply::ok(view::policy(row)?).version(version).done(act))
    })
    .await
}
