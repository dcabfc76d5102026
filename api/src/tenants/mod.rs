//! What a guarantee firm has set for itself: its settings and its products. Its doors for other areas are
//! [`settings::load`], [`notices::read`], [`by_slug`] and those of [`products`].

mod change_settings;
mod door;
pub mod notices;
pub mod products;
mod read_settings;
pub mod settings;
mod store;
mod view;

pub use door::by_slug;

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read_settings::read_settings).service(change_settings::change_settings).configure(products::routes);
}
