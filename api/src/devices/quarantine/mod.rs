//! What came and could not be counted: kept until somebody maps the device, replays it or says that it does not count.

mod aside;
mod devices;
mod dismiss;
mod form;
mod job;
mod list;
mod replay;
mod store;
mod view;

pub(in crate::devices) use aside::{Aside, Raw, shortened};
pub(in crate::devices) use job::replay_soon;
pub use job::{REPLAY, replay_job};
pub use store::purge_quarantine;
pub(in crate::devices) use store::{Room, keep, room};

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_quarantined_readings)
        .service(devices::list_quarantined_devices)
        .service(replay::replay_quarantined_readings)
        .service(dismiss::dismiss_quarantined_readings)
        .service(dismiss::dismiss_quarantined_reading);
}
