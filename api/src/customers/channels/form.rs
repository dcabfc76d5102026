//! What is typed about a channel.

use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::customers::words::ChannelKindWord;
use crate::error::Result;
use crate::platform::http::Checks;

/// Most characters of a name.
const NAME_CHARS_MAX: usize = 60;

/// A new channel.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannel {
    /// Its name.
    #[schema(example = "示例合作银行", min_length = 1, max_length = 60)]
    pub name: String,
    /// Branch, bank or partner.
    pub kind: ChannelKindWord,
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelChange {
    /// Its name.
    #[schema(example = "示例合作银行", min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Whether it works: of a channel that does not, nobody sees a customer.
    pub active: Option<bool>,
}

/// Somebody to put into a channel.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannelMember {
    /// Who: a member of staff whose roles allow a channel's work.
    #[schema(value_type = String, example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub staff: Id<kind::Staff>,
}

/// A name that can be a channel's.
pub(super) fn name(text: &str) -> Result<String> {
    let mut checks = Checks::new();
    let name = checks.line("/name", text, NAME_CHARS_MAX);
    checks.done()?;
    Ok(name)
}
