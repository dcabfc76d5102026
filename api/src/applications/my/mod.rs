//! The applicant's side: everything here is filtered by whose application it is, in [`own`].

mod authorisations;
mod contest;
mod discard;
mod documents;
mod edit;
mod erasure;
mod fill_in;
mod follow;
mod list;
mod mending;
mod own;
mod read;
mod start;
mod submit;
mod view;

/// What the applicant's side shows and the staff's side shows in the same form.
pub(super) mod shared {
    pub(in crate::applications) use super::authorisations::Authorisations;
    pub(in crate::applications) use super::documents::Documents;
    pub(in crate::applications) use super::view::ApprovedView;
}

pub use erasure::withdraw_undecided;

use utoipa_actix_web::service_config::ServiceConfig;

/// The applicant's routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_my_applications)
        .service(start::start_application)
        .service(read::read_my_application)
        .service(edit::edit_application)
        .service(edit::save_application_form)
        .service(discard::discard_application)
        .service(submit::submit_application)
        .service(contest::withdraw_application)
        .service(contest::request_human_review)
        .service(follow::read_my_timeline)
        .service(follow::read_my_progress)
        .service(follow::read_my_result)
        .service(follow::list_my_return_items)
        .service(authorisations::list_my_authorisations)
        .service(authorisations::grant_authorisation)
        .service(authorisations::revoke_authorisation)
        .service(documents::list_my_documents)
        .service(documents::start_document)
        .service(documents::restart_document)
        .service(documents::finish_document)
        .service(documents::download_my_document)
        .service(documents::remove_document);
}
