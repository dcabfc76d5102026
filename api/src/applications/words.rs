//! Sentences and codes as answers show them.

use serde::Serialize;

pub(super) use crate::error::say;

/// The word that a plain enum of the domain is stored and sent as.
pub(super) fn code_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
