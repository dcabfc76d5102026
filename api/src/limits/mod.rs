//! Credit limits 授信额度: granted from an approved application, split, reserved, drawn, repaid, and bounded by the law. The
//! rules are the domain's (`domain/src/limits`); this area locks rows, asks them, writes what they return, and shows it.
//! The doors for other areas are the functions here.

mod agreements;
mod approvals;
mod law;
mod ledger;
mod my;
mod operations;
mod parameters;
mod proposal;
mod store;
mod subject;
mod verify;
mod view;
mod views;

pub use approvals::{Approved, approved};
pub use ledger::{EXPIRE, LAPSE, class_changed, expire_job, lapse_job};
pub use operations::{GrantedLimit, grant_at_once};
pub use parameters::{FirstNetAssets, begin_with};
pub use verify::{Finding, Verified, verify};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(parameters::routes)
        .configure(agreements::routes)
        .configure(operations::routes)
        .configure(views::routes)
        .configure(my::routes);
}
