//! Applicants and staff: accounts, log-in, sessions, departments, roles, and what the audit chain says of them. Other
//! areas come in through the functions named here.

mod applicants;
mod audit_log;
mod captcha;
mod credentials;
mod departments;
mod fields;
mod front;
mod password;
mod password_rules;
mod roles;
pub mod scope;
mod second_factor;
mod security_rules;
mod sessions;
mod staff;

pub use applicants::{
    applicant_by_phone, applicant_phone, close_account, lock_applicant, purge_codes, redeem_own_code,
};
pub use audit_log::{SIGN_HEAD, sign_head};
pub use captcha::purge_captcha_proofs;
pub use credentials::{LOCK_NOTICE, PASSWORD_RESET, purge_links, reset_password, tell_locked};
pub use departments::{Assignment, assignment_rules, create_default_department, has_department};
pub use roles::permissions_of;
pub use sessions::{Revoked, end_tokens_of, proven, purge_revocations, purge_sessions, revoke, tokens_begin};
pub(crate) use staff::login_name;
pub use staff::{
    Invited, NewStaff, StaffBrief, add_ready, disable, give_password, invite_new, officers_with, staff_brief,
    staff_email, staff_holds,
};

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    front::routes(cfg);
    applicants::routes(cfg);
    captcha::routes(cfg);
    credentials::routes(cfg);
    sessions::routes(cfg);
    second_factor::routes(cfg);
    security_rules::routes(cfg);
    staff::routes(cfg);
    departments::routes(cfg);
    roles::routes(cfg);
    audit_log::routes(cfg);
}
