//! Credit limits 授信额度: granted from an approved application, split, reserved, drawn, repaid, and bounded by the law. The
//! rules are the domain's (`domain/src/limits`); this area locks rows, asks them, writes what they return, and shows it.
//! The doors for other areas are the functions here.

mod agreements;
mod my;
mod parameters;
mod proposal;
mod subject;
mod views;

pub use parameters::{FirstNetAssets, begin_with};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(parameters::routes).configure(agreements::routes).configure(views::routes).configure(my::routes);
}
