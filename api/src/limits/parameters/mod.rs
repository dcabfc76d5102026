//! The firm's dated parameters: entered by finance, approved by another, never changed.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}

/// Stands in.
pub(in crate::limits) async fn approved(
    _: &crate::platform::db::TenantTx,
    _: chrono::NaiveDate,
) -> crate::error::Result<Vec<domain::limits::parameters::Parameter>> {
    Ok(vec![])
}
