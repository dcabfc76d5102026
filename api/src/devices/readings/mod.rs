//! What sockets said: each reading once, however often and in whatever order it comes.

mod list;
mod store;
mod take;
mod view;

pub(in crate::devices) use store::{Given, KnownSockets, Put, content_bytes, put};
pub(in crate::devices) use store::{Most, beside, between, latest, tells_energy};
pub use store::{purge_readings, thin_readings};
pub(in crate::devices) use take::{Handed, ItemOutcome, expected, perhaps_aside, take, take_unreadable};
pub(in crate::devices) use view::ReadingView;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_socket_readings);
}
