//! How customers are related, from when to when and where that is known from, and the groups that follow.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
