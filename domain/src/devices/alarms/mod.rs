//! Alarms 异常报警 (R10.3): what is wrong with a machine, raised once, acknowledged, cleared.
//!
//! `rule` is what the tenant sets, `watch` finds where a rule's condition begins and ends in a stretch of time, `pieces`
//! says what each moment means to a rule, `alarm` is what people do with what was found, and `message` whether anybody is
//! told.

pub mod alarm;
pub mod message;
mod pieces;
pub mod rule;
#[cfg(test)]
mod tests;
pub mod watch;

pub use alarm::{Alarm, AlarmAction, AlarmRefusal, AlarmState};
pub use message::{Message, message, owners_message};
pub use rule::{AlarmKind, Condition, Rule, Severity, Way};
pub use watch::{Event, EventKind, History, Seen, Span, Transition, Watch, advance};
