//! Days of use: counted from readings whenever these change, by a job, so that taking readings in stays cheap; and
//! everything that is shown of them.

mod bands;
mod count;
mod counted;
mod days;
mod export;
mod export_fleet;
mod fleet;
mod frame;
mod hours;
mod live;
mod mine;
mod shifts;
pub(super) mod store;
mod stored;
mod thresholds;
mod view;
mod when;

pub use count::{COUNT, COUNT_ON, count_job, count_on_job};
pub(super) use count::{count_soon, count_up_to_now};
pub(super) use frame::Frame;
pub(super) use store::unsettled;
pub(super) use stored::spans_between;
pub use thresholds::{FOLLOW, follow_job};
pub(super) use thresholds::{category_changed, of_new as thresholds_of_new};

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(live::list_equipment_states)
        .service(live::read_equipment_state)
        .service(days::list_equipment_days)
        .service(export::export_equipment_days)
        .service(bands::read_equipment_day)
        .service(hours::list_equipment_hours)
        .service(hours::read_equipment_heat_map)
        .service(fleet::list_equipment_utilisation)
        .service(export_fleet::export_equipment_utilisation)
        .service(shifts::set_shifts)
        .service(shifts::list_shift_use)
        .service(mine::list_my_equipment_states)
        .service(mine::read_my_equipment_state)
        .service(mine::list_my_equipment_days)
        .service(mine::read_my_equipment_day)
        .service(mine::read_my_equipment_heat_map)
        .configure(thresholds::routes);
}
