//! The words of machines and their states on the wire.

use domain::devices::utilisation::State;
use domain::words::Words;

use crate::error::Language;
use crate::platform::http::coded_word;

coded_word! {
    /// What a machine does.
    MachineStateWord(State)
}

/// The sentence or label in the caller's language.
pub(super) fn say(words: &Words, language: Language) -> String {
    language.choose(&words.zh, &words.en).clone()
}
