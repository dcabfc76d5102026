//! What an applicant sees of their own machines (R1.8): what they are, how they are used, how they score, what they are
//! worth, and whether they are offered.

mod list;
mod read;
mod value;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_my_equipment).service(read::read_my_equipment).service(value::read_my_value);
}
