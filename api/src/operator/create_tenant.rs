//! `POST /v1/platform/tenants`: creates a tenant with its first administrator. It takes no Idempotency-Key: there is no
//! tenant yet that could keep one, and the slug already makes a repeat `slug_taken`.

use actix_web::{post, web::Data};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::provision::provision;
use super::view::{TenantForm, TenantView};
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{Body, Reply};

/// A new tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantCreated {
    /// The tenant.
    pub tenant: TenantView,
    /// Its first administrator.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub administrator: String,
    /// The one-time link to the administrator's first password; shown only here, and mailed to the administrator.
    #[schema(example = "http://127.0.0.1:8080/#/password?tenant=demo&token=…")]
    pub link: String,
}

/// Creates a tenant.
#[utoipa::path(
    tag = "platform",
    security(("token" = ["tenants.manage"])),
    request_body = TenantForm,
    responses(
        (status = 201, description = "The tenant and its administrator's link", body = TenantCreated),
        (status = 409, description = "The slug is taken", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/platform/tenants")]
pub async fn create_tenant(
    access: Access<may::ManageTenants>,
    app: Data<App>,
    Body(form): Body<TenantForm>,
) -> Result<Reply<TenantCreated>> {
    let new = form.check()?;
    let made = provision(&app, &new, &access.actor().request_id).await?;
    let tenant = TenantView::read(&app, made.tenant).await?;
    let location = format!("/v1/platform/tenants/{}", tenant.id);
    let administrator = Id::<kind::Staff>::from_uuid(made.administrator).to_string();
    Ok(Reply::created(location, TenantCreated { tenant, administrator, link: made.link }))
}
