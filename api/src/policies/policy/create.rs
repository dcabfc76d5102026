//! `POST /v1/policies`: a draft, which nobody outside sees yet.

use actix_web::{HttpResponse, post, web::Data};
use uuid::Uuid;

use super::super::publication::Publication;
use super::super::{store, view, view::PolicyView};
use super::PolicyBody;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Idempotency, Reply};

/// Writes a new policy as a draft.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    request_body = PolicyBody,
    responses((status = 201, description = "The draft", body = PolicyView))
)]
#[post("/v1/policies")]
pub async fn create_policy(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<PolicyBody>,
) -> Result<HttpResponse> {
    let fit = body.checked()?;
    idem.run(&app, &access, &body, async |tx| {
        fit.conditions.check_purposes(tx).await?;
        let row = store::PolicyRow {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            title: fit.title,
            body: fit.body,
            source: fit.source,
            conditions: serde_json::to_value(&fit.conditions)?,
            status: Publication::Draft.key().to_owned(),
            published_at: None,
            version: 1,
            created_at: tx.now(),
        };
        store::insert_policy(tx, &row).await?;
        let id = row.id;
        let view = view::policy(row)?;
        let act = Act::new("policy.create", "policy", id).detail(serde_json::json!({ "after": view }));
        Ok(Reply::created(format!("/v1/policies/{}", view.id), view).version(1).done(act))
    })
    .await
}
