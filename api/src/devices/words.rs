//! The words of machines, their states and what their sockets say, on the wire.

use domain::devices::intake::{ItemFate, QuarantineReason, QuarantineState, Verification};
use domain::devices::messages::Format;
use domain::devices::utilisation::State;

use crate::platform::http::coded_word;

pub(super) use crate::error::say;

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
