//! Machines as evidence 设备资产风控: their papers and scores, the sockets at them, what these say, how much the machines are
//! used, what is wrong with them, and who offers them. The rules are the domain's (`domain/src/devices`); this area keeps
//! readings, asks the domain, and shows what came of it.

mod alarms;
mod bindings;
mod buffer;
mod documents;
mod equipment;
mod intake;
mod life;
mod listings;
mod mqtt;
mod my;
mod quarantine;
mod readings;
mod sample;
mod scores;
mod sockets;
mod sources;
mod usage;
mod webhook;
mod words;

pub use alarms::{CALL, TELL, WATCH, WATCH_ON, call_job, tell_job, watch_job, watch_on_job};
pub use buffer::{Buffer, Takers, start as start_taking};
pub use intake::Intake;
pub use mqtt::listen;
pub use quarantine::{REPLAY, purge_quarantine, replay_job};
pub use readings::{purge_readings, thin_readings};
pub use sample::{SampleMachine, add_samples};
pub use usage::{COUNT, COUNT_ON, FOLLOW, count_job, count_on_job, follow_job};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(sources::routes)
        .configure(webhook::routes)
        .configure(sockets::routes)
        .configure(readings::routes)
        .configure(quarantine::routes)
        .configure(equipment::routes)
        .configure(bindings::routes)
        .configure(usage::routes)
        .configure(alarms::routes)
        .configure(scores::routes)
        .configure(life::routes)
        .configure(documents::routes)
        .configure(listings::routes)
        .configure(my::routes);
}
