//! Staff accounts: invited by mail, given roles, a department, a data scope and a limit of authority.

mod change_staff;
mod create_staff;
mod doors;
mod enable_staff;
mod form;
mod invite_staff;
mod list_staff;
mod read_staff;
pub(super) mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use doors::{
    Invited, StaffBrief, add_ready, disable, give_password, invite_new, officers_with, staff_brief, staff_email,
    staff_holds,
};
pub use form::NewStaff;
pub(crate) use form::login_name;
pub(super) use store::StaffRow;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_staff::list_staff)
        .service(create_staff::create_staff)
        .service(read_staff::read_staff)
        .service(change_staff::change_staff)
        .service(invite_staff::invite_staff)
        .service(enable_staff::enable_staff);
}
