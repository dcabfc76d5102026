//! Photos and papers of machines (R10): uploaded, inspected and kept as documents of applications are, by staff and by the
//! machine's owner. Photos are counted by its score, so what came and what went stands in the machine's life, and a file on
//! which a score rests is kept also where staff take it away.

mod download;
mod finish;
mod list;
mod reach;
mod remove;
mod start;
mod view;

pub(in crate::devices) use reach::reached_ready;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_equipment_documents)
        .service(list::list_my_equipment_documents)
        .service(start::start_equipment_document)
        .service(start::start_my_equipment_document)
        .service(start::restart_equipment_document)
        .service(start::restart_my_equipment_document)
        .service(finish::finish_equipment_document)
        .service(finish::finish_my_equipment_document)
        .service(download::download_equipment_document)
        .service(download::download_my_equipment_document)
        .service(remove::remove_equipment_document)
        .service(remove::remove_my_equipment_document);
}
