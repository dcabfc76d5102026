//! What staff see of limits: the tree, the ledger, balances, head-room, what expires when, and files of it.

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
