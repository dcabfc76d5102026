//! The words of machines, their states and what their sockets say, on the wire.

use domain::devices::intake::{ItemFate, QuarantineReason, QuarantineState, Verification};
use domain::devices::messages::Format;
use domain::devices::utilisation::State;
use domain::words::Words;

use crate::error::Language;
use crate::platform::http::coded_word;

coded_word! {
    /// What a machine does.
    MachineStateWord(State)
}
coded_word! {
    /// Whose messages a source sends.
    FormatWord(Format)
}
coded_word! {
    /// How a source proves that a message is its own.
    VerificationWord(Verification)
}
coded_word! {
    /// Why something was set aside.
    QuarantineReasonWord(QuarantineReason)
}
coded_word! {
    /// How it stands with what was set aside.
    QuarantineStateWord(QuarantineState)
}
coded_word! {
    /// What became of one item of a message.
    ItemFateWord(ItemFate)
}

/// The sentence or label in the caller's language.
pub(super) fn say(words: &Words, language: Language) -> String {
    language.choose(&words.zh, &words.en).clone()
}
