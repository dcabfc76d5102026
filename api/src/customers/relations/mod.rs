//! How customers are related, from when to when and where that is known from, and the groups that follow.

mod end;
mod form;
mod group;
mod hints;
mod list;
mod record;
mod store;
mod view;

pub use form::NewRelation;
pub use record::record;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record::record_relation)
        .service(list::list_relations)
        .service(end::end_relation)
        .service(group::read_group)
        .service(hints::list_relation_hints);
}
