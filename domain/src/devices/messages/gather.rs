//! Collects what a message says, value by value, into readings: one per device, channel and instant. Platforms send
//! properties one by one; those of one instant belong together.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::fault::{ItemFault, ItemFaultKind, MessageFault, Nothing};
use super::json::Node;
use super::moment::{Moment, Timing};
use super::number::Unit;
use super::topic::Device;
use super::{Decoded, Envelope, Heard, ITEMS_MAX};
use crate::devices::reading::{Energy, Reading};

/// Beyond these a value is a mistake of unit or a broken meter: 10 MW, 100 kV, 100 kA, a thousand GWh.
const POWER_MW_MAX: i64 = 10_000_000_000;
const VOLTAGE_MV_MAX: i64 = 100_000_000;
const CURRENT_MA_MAX: i64 = 100_000_000;
const ENERGY_MWH_MAX: i64 = 1_000_000_000_000_000;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Power,
    Voltage,
    Current,
    Total,
    Added,
}

impl Quantity {
    /// The fact of so many thousandths; nothing when out of range.
    pub(super) fn fact(self, value: i64) -> Option<Fact> {
        let within = |max: i64| (-max..=max).contains(&value);
        let counted = (0..=ENERGY_MWH_MAX).contains(&value);
        let (possible, fact) = match self {
            Self::Power => (within(POWER_MW_MAX), Fact::Power(value)),
            Self::Voltage => (within(VOLTAGE_MV_MAX), Fact::Voltage(value)),
            Self::Current => (within(CURRENT_MA_MAX), Fact::Current(value)),
            Self::Total => (counted, Fact::Energy(Energy::Total(value))),
            Self::Added => (counted, Fact::Energy(Energy::Added(value))),
        };
        possible.then_some(fact)
    }
}

/// One thing that a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Power(i64),
    Voltage(i64),
    Current(i64),
    Energy(Energy),
    Relay(bool),
    Online(bool),
}

impl Fact {
    /// Writes it down; false when something else stands there already.
    pub(super) fn write(self, reading: &mut Reading) -> bool {
        fn set<T: PartialEq + Copy>(place: &mut Option<T>, value: T) -> bool {
            *place.get_or_insert_with(|| value) == value
        }
        match self {
            Self::Power(value) => set(&mut reading.power_mw, value),
            Self::Voltage(value) => set(&mut reading.voltage_mv, value),
            Self::Current(value) => set(&mut reading.current_ma, value),
            Self::Energy(value) => set(&mut reading.energy, value),
            Self::Relay(value) => set(&mut reading.relay_on, value),
            Self::Online(value) => set(&mut reading.online, value),
        }
    }
}

/// Whose reading, and when.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) device: Device,
    pub(super) when: Timing,
    pub(super) sequence: i32,
}

impl Subject {
    pub(super) fn new(device: Device, when: Timing) -> Self {
        Self { device, when, sequence: 0 }
    }
}

type Key = (Option<String>, i16, Option<DateTime<Utc>>, i32);

struct Entry {
    device: Device,
    channel: i16,
    when: Timing,
    reading: Reading,
    pointer: String,
    fault: Option<(ItemFaultKind, String)>,
}

/// The readings of a message as they come together.
pub(super) struct Gather<'e> {
    envelope: &'e Envelope<'e>,
    /// Whether two values for one thing at one instant are two readings, one after the other.
    in_order: bool,
    entries: Vec<Entry>,
    places: BTreeMap<Key, usize>,
    too_many: bool,
}

impl<'e> Gather<'e> {
    /// For messages that say each thing once.
    pub(super) fn new(envelope: &'e Envelope<'e>) -> Self {
        Self { envelope, in_order: false, entries: Vec::new(), places: BTreeMap::new(), too_many: false }
    }

    /// For messages that are a list of values in the order in which they were measured.
    pub(super) fn in_order(envelope: &'e Envelope<'e>) -> Self {
        Self { in_order: true, ..Self::new(envelope) }
    }

    /// How the message came.
    pub(super) fn envelope(&self) -> &'e Envelope<'e> {
        self.envelope
    }

    /// The moment of a message that says none.
    pub(super) fn received(&self) -> Moment {
        Moment::received(self.envelope.received_at)
    }

    /// Takes one fact, or the fault that stands in its place.
    pub(super) fn put(&mut self, of: &Subject, channel: i16, pointer: &str, fact: Result<Fact, ItemFaultKind>) {
        let at = of.when.ok().map(|when| when.at);
        let key = (of.device.clone().ok(), channel, at, of.sequence);
        let known = self.places.get(&key).copied();
        let Some(index) = known.or_else(|| self.open(key.clone(), of, pointer, of.sequence)) else { return };
        let Some(entry) = self.entries.get_mut(index) else { return };
        match fact {
            Err(kind) => {
                entry.fault.get_or_insert_with(|| (kind, pointer.to_owned()));
            }
            Ok(fact) if fact.write(&mut entry.reading) => {}
            Ok(fact) if self.in_order => {
                let next = entry.reading.sequence.saturating_add(1);
                let entry = self.open(key, of, pointer, next).and_then(|index| self.entries.get_mut(index));
                if let Some(entry) = entry {
                    fact.write(&mut entry.reading);
                }
            }
            Ok(_) => {
                entry.fault.get_or_insert_with(|| (ItemFaultKind::Ambiguous, pointer.to_owned()));
            }
        }
    }

    fn open(&mut self, key: Key, of: &Subject, pointer: &str, sequence: i32) -> Option<usize> {
        if self.entries.len() >= ITEMS_MAX {
            self.too_many = true;
            return None;
        }
        let (channel, at) = (key.1, key.2.unwrap_or(self.envelope.received_at));
        self.places.insert(key, self.entries.len());
        self.entries.push(Entry {
            device: of.device.clone(),
            channel,
            when: of.when,
            reading: Reading { sequence, ..Reading::at(at) },
            pointer: pointer.to_owned(),
            fault: None,
        });
        self.entries.len().checked_sub(1)
    }

    /// Takes a measured value, where there is one.
    pub(super) fn measure(&mut self, of: &Subject, channel: i16, node: Option<Node<'_>>, what: Quantity, unit: Unit) {
        if let Some(node) = node {
            self.put(of, channel, &node.pointer, node.measure(what, unit));
        }
    }

    /// Takes the state of a relay, where there is one; other words than on and off say nothing about it.
    pub(super) fn relay(&mut self, of: &Subject, channel: i16, node: Option<Node<'_>>) {
        if let Some((node, on)) = node.and_then(|node| node.on_off().map(|on| (node, on))) {
            self.put(of, channel, &node.pointer, Ok(Fact::Relay(on)));
        }
    }

    /// The message as read; `nothing` says why if there is nothing in it.
    pub(super) fn finish(self, nothing: Nothing) -> Result<Decoded, MessageFault> {
        if self.too_many {
            return Err(MessageFault::TooManyItems);
        }
        let retained = self.envelope.retained;
        let items: Vec<_> =
            self.entries.into_iter().enumerate().map(|(index, entry)| entry.judged(index, retained)).collect();
        let empty_reason = items.is_empty().then_some(nothing);
        Ok(Decoded { items, empty_reason })
    }
}

impl Entry {
    fn judged(self, index: usize, retained: bool) -> Result<Heard, ItemFault> {
        let Self { device, channel, when, reading, pointer, fault } = self;
        let known = device.clone().ok();
        let fail = |kind, pointer| Err(ItemFault { kind, index, pointer, device: known });
        if let Some((kind, pointer)) = fault {
            return fail(kind, pointer);
        }
        let increment = matches!(reading.energy, Some(Energy::Added(_)));
        match (device, when) {
            (Err(kind), _) | (_, Err(kind)) => fail(kind, pointer),
            (_, Ok(when)) if retained && !when.stated => fail(ItemFaultKind::Retained, pointer),
            (_, Ok(when)) if increment && !when.stated => fail(ItemFaultKind::IncrementUntimed, pointer),
            (Ok(device), Ok(when)) => Ok(Heard { device, channel, reading, timed_by: when.timed_by }),
        }
    }
}
