//! Every area's routes on one page, in the order in which areas may use one another: each only what stands before it.

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts every area. All of these stand in the document.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.configure(crate::tenants::routes)
        .configure(crate::messages::routes)
        .configure(crate::people::routes)
        .configure(crate::webhooks::routes)
        .configure(crate::clients::routes)
        .configure(crate::customers::routes)
        .configure(crate::documents::routes)
        .configure(crate::policies::routes)
        .configure(crate::data::routes)
        .configure(crate::assessments::routes)
        .configure(crate::devices::routes)
        .configure(crate::limits::routes)
        .configure(crate::applications::routes)
        .configure(crate::privacy::routes)
        .configure(crate::operator::routes);
}
