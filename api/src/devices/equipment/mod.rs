//! Machines: their records with papers in five dimensions, whose they are, where they stand, what they secure.

mod change;
mod check;
mod create;
mod encumber;
mod form;
mod line;
mod list;
mod papers;
mod papers_shape;
mod read;
mod retire;
pub(in crate::devices) mod scope;
pub(in crate::devices) mod store;
mod view;
pub(in crate::devices) mod words;

pub(in crate::devices) use create::number;
pub(in crate::devices) use papers::shown as shown_papers;
pub(in crate::devices) use papers_shape::EquipmentPapers;
pub(in crate::devices) use retire::EquipmentReason;
pub(in crate::devices) use view::EquipmentView;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_equipment)
        .service(create::create_equipment)
        .service(read::read_equipment)
        .service(change::change_equipment)
        .service(retire::retire_equipment)
        .service(encumber::encumber_equipment)
        .service(encumber::free_equipment);
}
