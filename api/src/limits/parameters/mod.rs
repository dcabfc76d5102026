//! The firm's dated parameters: entered by finance, approved by another, never changed.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
