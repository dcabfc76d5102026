//! Sharing agreements: who bears the loss, from when to when, entered by one and approved by another.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
