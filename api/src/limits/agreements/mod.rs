//! Sharing agreements: who bears the loss, from when to when, entered by one and approved by another.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}

/// Stands in.
pub(in crate::limits) async fn agreement_for(
    _: &crate::platform::db::TenantTx,
    _: Option<uuid::Uuid>,
    _: uuid::Uuid,
    _: chrono::NaiveDate,
) -> crate::error::Result<Option<(uuid::Uuid, domain::limits::sharing::Agreement)>> {
    Ok(None)
}
