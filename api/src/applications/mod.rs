//! Applications from the first draft to the decision, for the applicant and for the firm's staff. The rules are the
//! domain's; a state changes in [`transition`] alone.

mod announce;
mod approval;
mod case;
mod desk;
mod detail;
mod my;
mod notices;
mod pipeline;
mod refusal;
mod store;
mod transition;
mod view;
mod words;

use my::shared as my_view;

pub use my::withdraw_undecided;
pub use pipeline::{COLLECT, SCREEN, collect, screen};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    my::routes(cfg);
    desk::routes(cfg);
}
