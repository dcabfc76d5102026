//! Where sources send their messages: one address each. What comes is verified, unpacked, decoded and stored, and the answer
//! says of each item what became of it, once that is committed. The scheme of our own signatures is described at
//! [`receive`] and in `docs/telemetry.md`.

mod check;
mod door;
mod kept;
mod onenet;
mod proof;
mod read;
mod receive;
mod sent;
mod tuya;
mod view;

pub(super) use kept::KeptMessage;
pub(super) use read::decoded;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(receive::receive_telemetry).service(check::check_telemetry_address);
}
