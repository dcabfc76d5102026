//! Channels: parties inside the firm with log-ins of their own.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
