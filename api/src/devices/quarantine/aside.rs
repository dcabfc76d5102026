//! Something that is set aside, and what tells it from everything else that is, so that a second delivery of it is the same.

use domain::devices::intake::QuarantineReason;
use domain::devices::messages::{ItemFault, MessageFault};
use domain::devices::reading::{Energy, Reading};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::devices::readings::{Given, content_bytes};

/// As much as is kept of what could not be read, bytes.
pub(super) const RAW_BYTES_MAX: usize = 4096;

/// The same of a pointer into it.
const POINTER_BYTES_MAX: usize = 256;

/// Something to be set aside.
pub(in crate::devices) struct Aside {
    pub(super) reason: QuarantineReason,
    pub(super) fingerprint: Vec<u8>,
    pub(super) device: Option<String>,
    pub(super) channel: Option<i32>,
    pub(super) code: Option<&'static str>,
    pub(super) pointer: Option<String>,
    pub(super) reading: Option<Reading>,
    pub(super) raw: Option<String>,
}

impl Aside {
    /// A reading that was understood.
    pub fn reading(reason: QuarantineReason, given: Given) -> Self {
        let reading = given.reading;
        let fingerprint = digest(&[
            b"reading",
            given.device.as_bytes(),
            &given.channel.to_be_bytes(),
            &reading.at.timestamp_micros().to_be_bytes(),
            &reading.sequence.to_be_bytes(),
            &content_bytes(&reading),
        ]);
        Self {
            reason,
            fingerprint,
            device: Some(given.device),
            channel: Some(given.channel),
            code: None,
            pointer: None,
            reading: Some(reading),
            raw: None,
        }
    }

    /// An item that was not.
    pub fn fault(fault: &ItemFault, message: &Raw) -> Self {
        let item = message.item(&fault.pointer);
        let device = fault.device.clone();
        let named = device.clone().unwrap_or_default();
        Self {
            reason: QuarantineReason::BadItem,
            fingerprint: digest(&[b"item", fault.code().as_bytes(), named.as_bytes(), item.as_bytes()]),
            device,
            channel: None,
            code: Some(fault.code()),
            pointer: Some(shortened(&fault.pointer)),
            reading: None,
            raw: Some(beginning(&item)),
        }
    }

    /// A message of which nothing was.
    pub fn unreadable(fault: MessageFault, body: &[u8]) -> Self {
        Self {
            reason: QuarantineReason::Unreadable,
            fingerprint: digest(&[b"message", fault.code().as_bytes(), body]),
            device: None,
            channel: None,
            code: Some(fault.code()),
            pointer: None,
            reading: None,
            raw: Some(beginning(&String::from_utf8_lossy(body.get(..RAW_BYTES_MAX).unwrap_or(body)))),
        }
    }
}

/// A hash of parts, each with its length before it.
fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// As much as is kept of what was sent.
fn beginning(text: &str) -> String {
    cut(text, RAW_BYTES_MAX)
}

/// A pointer as it is kept: names in it are the sender's, and as long as they like.
pub(in crate::devices) fn shortened(pointer: &str) -> String {
    cut(pointer, POINTER_BYTES_MAX)
}

/// The beginning of a text, without the character that PostgreSQL does not keep.
fn cut(text: &str, bytes_max: usize) -> String {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default().replace('\0', "\u{FFFD}")
}

/// A message, to find items in by their pointers.
pub(in crate::devices) struct Raw {
    tree: Option<Value>,
    text: String,
}

impl Raw {
    /// A message as it came.
    pub fn of(body: &[u8]) -> Self {
        Self { tree: serde_json::from_slice(body).ok(), text: String::from_utf8_lossy(body).into_owned() }
    }

    /// The innermost object around a pointer; the whole message where there is none.
    fn item(&self, pointer: &str) -> String {
        let Some(mut here) = self.tree.as_ref() else { return self.text.clone() };
        let mut around = here;
        for step in pointer.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            let next = match here {
                Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
                other => other.get(&name),
            };
            // a message inside a text goes on beyond what can be followed here
            let Some(next) = next else { break };
            here = next;
            // what lies in a bare list is an item of its own, object or not
            if here.is_object() || around.is_array() {
                around = here;
            }
        }
        around.to_string()
    }
}

/// A reading as it is kept until it is replayed.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptReading {
    pub at_us: i64,
    pub sequence: i32,
    pub power_mw: Option<i64>,
    pub voltage_mv: Option<i64>,
    pub current_ma: Option<i64>,
    pub energy_total_mwh: Option<i64>,
    pub energy_added_mwh: Option<i64>,
    pub relay_on: Option<bool>,
    pub online: Option<bool>,
}

impl KeptReading {
    pub fn of(reading: &Reading) -> Self {
        let (energy_total_mwh, energy_added_mwh) = match reading.energy {
            Some(Energy::Total(mwh)) => (Some(mwh), None),
            Some(Energy::Added(mwh)) => (None, Some(mwh)),
            None => (None, None),
        };
        Self {
            at_us: reading.at.timestamp_micros(),
            sequence: reading.sequence,
            power_mw: reading.power_mw,
            voltage_mv: reading.voltage_mv,
            current_ma: reading.current_ma,
            energy_total_mwh,
            energy_added_mwh,
            relay_on: reading.relay_on,
            online: reading.online,
        }
    }

    pub fn reading(&self) -> Option<Reading> {
        Some(Reading {
            at: chrono::DateTime::from_timestamp_micros(self.at_us)?,
            sequence: self.sequence,
            power_mw: self.power_mw,
            voltage_mv: self.voltage_mv,
            current_ma: self.current_ma,
            energy: self.energy_total_mwh.map(Energy::Total).or(self.energy_added_mwh.map(Energy::Added)),
            relay_on: self.relay_on,
            online: self.online,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_the_innermost_object_around_what_is_wrong_with_it() {
        let message = Raw::of(br#"{"a":{"b":[{"c":1,"d":{"e":2}},7]},"f/g":{"h":3},"s":"{\"x\":1}"}"#);
        for (pointer, item) in [
            ("/a/b/0/c", r#"{"c":1,"d":{"e":2}}"#),
            ("/a/b/0/d/e", r#"{"e":2}"#),
            ("/a/b/0", r#"{"c":1,"d":{"e":2}}"#),
            ("/f~1g/h", r#"{"h":3}"#),
            ("/a/nothing/here", r#"{"b":[{"c":1,"d":{"e":2}},7]}"#),
            ("/s/x", r#"{"a":{"b":[{"c":1,"d":{"e":2}},7]},"f/g":{"h":3},"s":"{\"x\":1}"}"#),
            ("", r#"{"a":{"b":[{"c":1,"d":{"e":2}},7]},"f/g":{"h":3},"s":"{\"x\":1}"}"#),
        ] {
            assert_eq!(message.item(pointer), item, "{pointer}");
        }
        assert_eq!(Raw::of(b"[1, 2]").item("/1"), "2");
        assert_eq!(Raw::of(b"ON").item(""), "ON");
        let long = "\u{4e00}".repeat(RAW_BYTES_MAX);
        assert_eq!(beginning(&long).len(), RAW_BYTES_MAX / 3 * 3);
        assert_eq!(beginning("a\0b"), "a\u{FFFD}b");
    }
}
