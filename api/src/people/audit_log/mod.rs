//! The audit chain as the auditor reads it.

mod detail;
mod list_audit_entries;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_audit_entries::list_audit_entries);
}
