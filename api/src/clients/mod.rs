//! 第三方客户端: systems of third parties that call the interface by themselves. Staff register them, with scopes, addresses and
//! limits; they get tokens at [`token`]; every request of theirs passes [`gate`], which counts it.

mod change;
mod create;
mod end;
mod form;
mod gate;
mod keys;
mod list;
mod own;
mod requests;
mod rotate;
mod secret;
mod store;
mod token;
mod turn;
mod usage;
mod view;

pub use gate::{Clients, gate, settle, start_settling};
pub use store::purge::{purge_days, purge_proofs, purge_requests};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(token::issue_token)
        .service(list::list_clients)
        .service(list::read_client)
        .service(create::create_client)
        .service(change::change_client)
        .service(turn::disable_client)
        .service(turn::enable_client)
        .service(rotate::rotate_client_secret)
        .service(keys::add_client_key)
        .service(end::end_client_credential)
        .service(usage::read_client_usage)
        .service(requests::list_client_requests)
        .service(own::read_own_client)
        .service(usage::read_own_usage)
        .service(requests::list_own_requests);
}
