//! What is typed about a socket.

use domain::devices::messages::DEVICE_CHARS_MAX;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::http::Checks;

/// Most characters of a label.
const LABEL_CHARS_MAX: usize = 60;

/// A new socket.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSocket {
    /// The source that its messages come from.
    #[schema(value_type = String, example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub source: Id<kind::Source>,
    /// The device, as the source names it.
    #[schema(example = "tasmota_4B2C11", min_length = 1, max_length = 128)]
    pub device: String,
    /// The channel; 0 is the only or the first one, and meant if not said.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 32767)]
    pub channel: i32,
    /// What people call it.
    #[schema(example = "一号车间东墙", max_length = 60)]
    pub label: Option<String>,
}

/// What is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SocketChange {
    /// What people call it; an empty text takes the label away.
    #[schema(example = "一号车间东墙", max_length = 60)]
    pub label: String,
}

/// A label, if there is one.
pub(super) fn label(checks: &mut Checks, text: &str) -> Option<String> {
    Some(checks.maybe_line("/label", text, LABEL_CHARS_MAX)).filter(|label| !label.is_empty())
}

/// A device and channel that a message can name.
pub(super) fn device(checks: &mut Checks, device: &str, channel: i32) -> String {
    if i16::try_from(channel).is_err() || channel < 0 {
        checks.problem("/channel", "range", "应在0到32767之间", "is 0 to 32,767");
    }
    checks.line("/device", device, DEVICE_CHARS_MAX)
}
