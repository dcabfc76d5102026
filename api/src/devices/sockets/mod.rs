//! Sockets as their sources name them, one for each channel of a device. Which machine a socket is at is said elsewhere: it
//! moves.

mod change;
mod create;
mod form;
mod list;
mod scope;
pub(in crate::devices) mod store;
mod view;

pub(in crate::devices) use scope::visible_since;
pub(in crate::devices) use store::find;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_sockets)
        .service(list::read_socket)
        .service(create::create_socket)
        .service(change::change_socket);
}
