//! What staff say of what was set aside.

use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A channel of a device, as its source names it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuarantineReplay {
    /// The source.
    #[schema(value_type = String, example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub source: Id<kind::Source>,
    /// The device, as the source names it.
    #[schema(example = "tasmota_4B2C11", min_length = 1, max_length = 128)]
    pub device: String,
    /// The channel.
    #[schema(example = 0, minimum = 0, maximum = 32767)]
    pub channel: i32,
}

/// What does not count: all that is open of a source, of one device of it, or of one channel of that.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuarantineDismissal {
    /// The source.
    #[schema(value_type = String, example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub source: Id<kind::Source>,
    /// The device, if only its rows are meant.
    #[schema(example = "tasmota_4B2C11", min_length = 1, max_length = 128)]
    pub device: Option<String>,
    /// The channel, if only its rows are meant; needs the device.
    #[schema(example = 0, minimum = 0, maximum = 32767)]
    pub channel: Option<i32>,
}
