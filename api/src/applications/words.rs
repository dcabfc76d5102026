//! Sentences and codes as answers show them.

use domain::words::Words;
use serde::Serialize;

use crate::error::Language;

/// The sentence in the caller's language.
pub(super) fn say(words: &Words, language: Language) -> String {
    language.choose(&words.zh, &words.en).clone()
}

/// The word that a plain enum of the domain is stored and sent as.
pub(super) fn code_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
