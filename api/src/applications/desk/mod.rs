//! The staff's side: the queue, the case with all that belongs to it, and the steps to a decision. What a member of staff
//! sees at all is decided in [`scope`].

mod act;
mod assign;
mod changes;
mod decide;
mod deliveries;
mod disable;
mod entitlement;
mod evidence;
mod investigate;
mod queue;
mod read;
mod reveal;
mod review;
mod scope;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// The staff's routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    // counts stands before {id}, which would take it for an id
    cfg.service(queue::list_applications)
        .service(queue::count_applications)
        .service(read::read_application)
        .service(read::read_timeline)
        .service(changes::read_changes)
        .service(reveal::reveal_application)
        .service(evidence::list_documents)
        .service(evidence::download_document)
        .service(evidence::list_authorisations)
        .service(evidence::list_pulls)
        .service(evidence::list_assessments)
        .service(evidence::read_assessment)
        .service(evidence::repeat_assessment)
        .service(assign::assign_application)
        .service(entitlement::confirm_entitlement)
        .service(investigate::return_application)
        .service(investigate::recommend_application)
        .service(review::review_application)
        .service(review::send_back_application)
        .service(review::recollect_application)
        .service(decide::approve_application)
        .service(decide::refuse_application)
        .service(disable::disable_staff)
        .service(deliveries::list_deliveries)
        .service(deliveries::retry_delivery);
}
