//! What an applicant sees of their own limits, and how they draw again: they set an amount aside, the firm's staff draw from
//! it once the bank has paid.

mod list;
mod read;
mod release;
mod reserve;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_my_limits)
        .service(read::read_my_limit)
        .service(reserve::reserve_my_limit)
        .service(release::release_my_reservation);
}
