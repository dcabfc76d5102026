//! Alarms 异常报警: what is watched for, what was found, who saw to it and who is told.

mod act;
mod announce;
mod list;
mod mine;
mod rules;
mod store;
mod tell;
mod view;
mod watch;

pub(super) use store::not_over;
pub(super) use store::owners::forget_owner;
pub use tell::{CALL, TELL, call_job, tell_job};
pub use watch::{WATCH, WATCH_ON, watch_job, watch_on_job};
pub(super) use watch::{end_all, watch};

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(rules::routes)
        .service(list::list_alarms)
        .service(list::read_alarm)
        .service(act::acknowledge_alarm)
        .service(act::mute_alarm)
        .service(act::clear_alarm)
        .service(mine::list_my_alarms)
        .service(mine::read_my_alarm)
        .service(mine::acknowledge_my_alarm)
        .service(mine::mute_my_alarm);
}
