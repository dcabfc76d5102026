//! What is wrong with something that a person filled in about machines, said so that they can find and mend it.

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// One thing that is wrong. It never repeats the value, which may be anything that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What is wrong and what is expected.
    pub words: Words,
}

/// Collects faults, so that whoever mends a form is told of all of them at once.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault unless something holds.
    pub(super) fn unless(&mut self, holds: bool, pointer: impl Into<String>, (zh, en): (&str, &str)) {
        if !holds {
            self.0.push(Fault { pointer: pointer.into(), words: Words::new(zh, en) });
        }
    }

    /// All that was noted.
    pub(super) fn result(self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
