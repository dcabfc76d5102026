//! Webhooks 事件推送: third parties are told of events by signed calls, as the Standard Webhooks specification has it. Other
//! areas come in through [`tell`], in the transaction of whatever happened; what is sent is sent by the job [`SEND`].

mod change;
mod create;
pub mod data;
mod delete;
mod deliveries;
mod form;
mod list;
mod managers;
mod note;
mod replay;
mod resend;
mod rotate;
mod send;
mod store;
mod tell;
mod test;
mod turn;
mod view;

pub use replay::{REPLAY, replay_job};
pub use send::{SEND, send_job};
pub use store::purge::{purge_deliveries, purge_endpoints, purge_messages, purge_secrets};
pub use tell::tell;

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_webhook_endpoints)
        .service(list::read_webhook_endpoint)
        .service(create::create_webhook_endpoint)
        .service(change::change_webhook_endpoint)
        .service(delete::delete_webhook_endpoint)
        .service(turn::pause_webhook_endpoint)
        .service(turn::resume_webhook_endpoint)
        .service(rotate::rotate_webhook_secret)
        .service(test::test_webhook_endpoint)
        .service(replay::replay_webhook_messages)
        .service(deliveries::list_webhook_deliveries)
        .service(resend::resend_webhook_delivery);
}
