//! A customer's record shared with another channel, until it is withdrawn; every look is logged.

mod accesses;
mod channel;
mod channel_view;
mod form;
mod grant;
mod list;
mod revoke;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(grant::share_customer)
        .service(list::list_shares)
        .service(revoke::revoke_share)
        .service(accesses::list_accesses)
        .service(channel::list_channel_customers)
        .service(channel::read_channel_customer)
        .service(channel::create_channel_customer);
}
