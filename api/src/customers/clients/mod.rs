//! Customers' records: persons, enterprises and banks, as the firm does business with them. The doors for other areas are
//! the functions here.

mod door;
mod links_store;
mod store;

pub use door::{Client, NewClient, Who, classes_on, client, ensure, group_of, names};
pub use links_store::links_on;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(_: &mut ServiceConfig) {}
