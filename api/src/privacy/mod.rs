//! The life of personal data: people get a copy of what is kept of them and have it erased; what the law makes the firm keep is
//! kept, blocked and said; and nothing stays longer than its period. The rules are `domain::privacy`. The area stands behind all
//! others, since it reaches into what each of them keeps.

mod build;
mod download;
mod erase;
mod my;
mod outcome;
mod purge;
mod requests;
mod retention;
mod store;
mod sweep;
mod tenant;
mod view;

pub use build::{EXPORT, export_job};
pub use purge::{purge_blocked, purge_deliveries, purge_drafts, purge_exports, purge_inbox};
pub use sweep::{SWEEP, sweep_job};
pub use tenant::{Manifest, export_tenant, remove_tenant};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(my::exports::ask_for_my_data_export)
        .service(my::exports::list_my_data_exports)
        .service(my::exports::read_my_data_export)
        .service(my::exports::download_my_data_export)
        .service(my::deletion::delete_my_account)
        .service(requests::record::record_privacy_request)
        .service(requests::list::list_privacy_requests)
        .service(requests::list::read_privacy_request)
        .service(requests::carry_out::carry_out_privacy_request)
        .service(requests::reject::reject_privacy_request)
        .service(requests::hand_over::download_privacy_request)
        .service(retention::list_retention_rules)
        .service(retention::change_retention_rule);
}
