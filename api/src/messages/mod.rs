//! What is told to people: templates, the applicant's inbox, SMS and mail with how each went. Its doors for other areas
//! are [`tell_applicant`] and its parts, [`create_standard_templates`], and the job [`DELIVER`].

mod budget;
mod change_template;
mod count_unread;
mod deliver;
mod deliveries;
mod events;
mod list_inbox;
mod list_templates;
mod mark_read;
mod standard;
mod store;
mod tell;
mod template;
mod view;

pub use budget::count_sms;
pub use deliver::deliver;
pub use deliveries::{DeliveryQuery, deliveries, retry};
pub use store::Within;
pub use tell::{create_standard_templates, put_in_inbox, send_mail, send_sms, tell_applicant};
pub use view::DeliveryView;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The kind of job that delivers one SMS or mail.
pub const DELIVER: &str = "messages.deliver";

/// Something to tell.
pub struct Notice<'a> {
    /// What happened; names the template.
    pub event: &'a str,
    /// A second notice with the same key is not sent. It holds nothing personal.
    pub dedupe_key: String,
    /// The application it is about.
    pub application: Option<Uuid>,
    /// What the template's places are filled with.
    pub values: Vec<(&'static str, String)>,
}

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_inbox::list_inbox)
        .service(count_unread::count_unread_messages)
        .service(mark_read::mark_message_read)
        .service(list_templates::list_message_templates)
        .service(change_template::change_message_template);
}
