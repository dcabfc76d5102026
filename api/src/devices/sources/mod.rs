//! Sources of readings: an address each, with a secret of its own, which is shown once.

mod change;
mod create;
mod form;
mod known;
mod list;
mod rotate;
pub(in crate::devices) mod store;
mod view;

pub(in crate::devices) use known::{KnownSource, KnownSources};
pub(in crate::devices) use store::{exists, keep_still, lock};

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_telemetry_sources)
        .service(list::read_telemetry_source)
        .service(create::create_telemetry_source)
        .service(change::change_telemetry_source)
        .service(rotate::rotate_telemetry_secret);
}
