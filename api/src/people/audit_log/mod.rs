//! The audit chain as the auditor reads it.

mod detail;
mod export;
mod heads;
mod list_audit_entries;
mod store;
mod wanted;

pub use heads::{SIGN_HEAD, sign_head};

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_audit_entries::list_audit_entries)
        .service(export::export_audit_entries)
        .service(heads::list_audit_heads);
}
