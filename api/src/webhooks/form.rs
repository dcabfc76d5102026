//! What is typed about an address.

use domain::webhooks::event::EventType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Said;
use super::view::EventWord;
use crate::app::App;
use crate::error::Result;
use crate::platform::http::Checks;

/// Most characters of a description.
const DESCRIPTION_CHARS_MAX: usize = 100;

/// An address and what it is told of.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookEndpointBody {
    /// Where is sent to: https, on the public Internet, without a name or password.
    #[schema(example = "https://hooks.example.com/zhidan", max_length = 2048)]
    pub url: String,
    /// What it is for.
    #[serde(default)]
    #[schema(example = "合作银行接口", max_length = 100)]
    pub description: String,
    /// What it is told of; null or left out for everything, also what will be added later.
    #[schema(min_items = 1, max_items = 50)]
    pub events: Option<Vec<EventWord>>,
}

impl WebhookEndpointBody {
    /// What is said, if all of it can be.
    ///
    /// # Errors
    /// `invalid_fields` with everything that is wrong.
    pub(super) fn checked(&self, app: &App) -> Result<Said> {
        let mut checks = Checks::new();
        if let Err(refusal) = app.guarded.read(&self.url) {
            let words = refusal.words();
            checks.problem("/url", "address", words.0, words.1);
        }
        let description = checks.maybe_line("/description", &self.description, DESCRIPTION_CHARS_MAX);
        let events = self.events.as_ref().map(|events| asked(&mut checks, events));
        checks.done()?;
        Ok(Said { url: self.url.clone(), description, events })
    }
}

/// What is asked for, each once.
fn asked(checks: &mut Checks, events: &[EventWord]) -> Vec<EventType> {
    let asked: Vec<_> = EventType::ALL.iter().copied().filter(|event| events.contains(&EventWord(*event))).collect();
    if asked.is_empty() {
        checks.problem(
            "/events",
            "required",
            "请至少选择一种事件，或留空表示全部",
            "name an event, or leave it out for all",
        );
    }
    if let Some(place) = events.iter().position(|event| !event.0.can_be_asked_for()) {
        let (zh, en) = ("测试事件不能订阅，请用“发送测试”", "a test is not asked for; send one instead");
        checks.problem(&format!("/events/{place}"), "not_for_asking", zh, en);
    }
    asked
}
