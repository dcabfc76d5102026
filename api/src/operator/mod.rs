//! The platform's operator: tenants created, suspended and resumed. A tenant comes into being whole or not at all.

mod create_tenant;
mod list_tenants;
mod operator_login;
mod provision;
mod read_tenant;
mod resume_tenant;
mod store;
mod suspend_tenant;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use provision::{NewTenant, Provisioned, provision};
pub use view::{AdministratorForm, TenantForm};

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(operator_login::operator_login)
        .service(create_tenant::create_tenant)
        .service(list_tenants::list_tenants)
        .service(read_tenant::read_tenant)
        .service(suspend_tenant::suspend_tenant)
        .service(resume_tenant::resume_tenant);
}
