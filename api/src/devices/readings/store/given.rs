//! Readings on their way into the table.

use domain::devices::reading::{Energy, Reading};
use uuid::Uuid;

use super::content;

/// A reading as its source names the socket.
#[derive(Clone, Debug)]
pub(in crate::devices) struct Given {
    /// The maker's id.
    pub device: String,
    /// The channel.
    pub channel: i32,
    /// What it said.
    pub reading: Reading,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::devices) enum Put {
    /// It is new.
    Stored,
    /// It was there.
    Duplicate,
    /// No socket is known by this name.
    Unknown,
}

/// What tells one row of a tenant from another.
pub(super) type Key = (Uuid, i64, i32, i32);

/// A row without what is the same for all of a message.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub socket: Uuid,
    pub at_us: i64,
    pub sequence: i32,
    pub content: i32,
    pub power_mw: Option<i64>,
    pub voltage_mv: Option<i64>,
    pub current_ma: Option<i64>,
    pub energy_total_mwh: Option<i64>,
    pub energy_added_mwh: Option<i64>,
    pub relay_on: Option<bool>,
    pub online: Option<bool>,
}

impl Row {
    pub fn of(socket: Uuid, reading: &Reading) -> Self {
        let energy = |wanted: fn(Energy) -> Option<i64>| reading.energy.and_then(wanted);
        Self {
            socket,
            at_us: reading.at.timestamp_micros(),
            sequence: reading.sequence,
            content: content::hash(reading),
            power_mw: reading.power_mw,
            voltage_mv: reading.voltage_mv,
            current_ma: reading.current_ma,
            energy_total_mwh: energy(|energy| if let Energy::Total(mwh) = energy { Some(mwh) } else { None }),
            energy_added_mwh: energy(|energy| if let Energy::Added(mwh) = energy { Some(mwh) } else { None }),
            relay_on: reading.relay_on,
            online: reading.online,
        }
    }

    pub fn key(&self) -> Key {
        (self.socket, self.at_us, self.sequence, self.content)
    }
}
