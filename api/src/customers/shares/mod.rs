//! A customer's record shared with another channel, until it is withdrawn; every look is logged.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
