//! Customers' records: persons, enterprises and banks, as the firm does business with them. The doors for other areas are
//! the functions here.

mod change;
mod check;
mod create;
mod door;
mod form;
mod links_store;
mod list;
mod read;
mod reveal;
pub(super) mod scope;
pub(super) mod store;
mod view;

pub(super) use create::{made, of_channel};
pub use door::{Client, NewClient, Who, classes_on, client, ensure, group_of, is_seen, names};
pub(super) use door::{brief_of, briefs};
pub(super) use form::NewCustomer;
pub use links_store::links_on;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_customers)
        .service(create::create_customer)
        .service(read::read_customer)
        .service(read::list_customer_classes)
        .service(change::change_customer)
        .service(reveal::reveal_customer);
}
