//! Our own format, for senders that can choose. A body is one reading, or an object `{"readings": […]}` of at most
//! [`ITEMS_MAX`] readings; each is judged by itself and answered by its place in the list.
//!
//! | field | | meaning |
//! |---|---|---|
//! | `device` | required | the id of the device, at most 128 characters |
//! | `at` | required | when it was measured, RFC 3339 with offset: `2026-11-22T08:00:00+08:00` |
//! | `channel` | default 0 | the channel, 0 to 32767 |
//! | `sequence` | default 0 | which of several readings of one instant, 0 to 2147483647 |
//! | `power_w` | | active power, watts; negative when fed back |
//! | `voltage_v` | | voltage, volts |
//! | `current_a` | | current, amperes |
//! | `energy_kwh` | | what the counter stands at, kilowatt-hours |
//! | `energy_added_kwh` | | energy since the reading before, kilowatt-hours; not together with `energy_kwh` |
//! | `relay` | | whether the socket lets current through |
//! | `online` | | whether the device is connected |
//!
//! A reading has at least one of the last seven. What is not known is left out or null. Numbers may be texts; they are
//! kept to the thousandth of the unit, energy to the milliwatt-hour. A field of another name is refused, because a
//! mistyped `power_w` would otherwise look like a socket that does not measure.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::fault::{ItemFault, ItemFaultKind, MessageFault, Nothing};
use super::gather::Quantity;
use super::json::{Node, parse};
use super::number::Unit;
use super::{DEVICE_CHARS_MAX, Decoded, Heard, ITEMS_MAX, TimedBy, moment};
use crate::devices::reading::{Energy, Reading};
use crate::words::{TextFault, plain_text};

const FIELDS: [&str; 11] = [
    "device",
    "at",
    "channel",
    "sequence",
    "power_w",
    "voltage_v",
    "current_a",
    "energy_kwh",
    "energy_added_kwh",
    "relay",
    "online",
];

type Wrong = (ItemFaultKind, String);

pub(super) fn decode(body: &[u8]) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let fields = value.as_object().ok_or(MessageFault::WrongShape)?;
    let nodes: Vec<Node<'_>> = match fields.get("readings") {
        None => vec![root],
        Some(_) if fields.len() > 1 => return Err(MessageFault::UnknownField),
        Some(Value::Array(list)) if list.len() > ITEMS_MAX => return Err(MessageFault::TooManyItems),
        Some(Value::Array(_)) => root.get("readings").iter().flat_map(Node::items).collect(),
        Some(_) => return Err(MessageFault::WrongShape),
    };
    let fault = |index, node: &Node<'_>, (kind, pointer)| {
        let device = node.get("device").and_then(|device| plain_text(device.text()?, DEVICE_CHARS_MAX, false).ok());
        ItemFault { kind, index, pointer, device }
    };
    let judged = |(index, node): (usize, &Node<'_>)| heard(node).map_err(|wrong| fault(index, node, wrong));
    let items: Vec<_> = nodes.iter().enumerate().map(judged).collect();
    let empty_reason = items.is_empty().then_some(Nothing::NoElectricity);
    Ok(Decoded { items, empty_reason })
}

fn heard(node: &Node<'_>) -> Result<Heard, Wrong> {
    let here = |kind| (kind, node.pointer.clone());
    let fields = node.value.as_object().ok_or_else(|| here(ItemFaultKind::NotObject))?;
    if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        let place = format!("{}/{}", node.pointer, unknown.replace('~', "~0").replace('/', "~1"));
        return Err((ItemFaultKind::UnknownField, place));
    }
    let device = node.get("device").ok_or_else(|| here(ItemFaultKind::DeviceMissing))?;
    let name = plain_text(device.text().unwrap_or_default(), DEVICE_CHARS_MAX, false).map_err(|fault| match fault {
        TextFault::Empty => wrong(&device, ItemFaultKind::DeviceMissing),
        TextFault::TooLong | TextFault::Control => wrong(&device, ItemFaultKind::DeviceUnacceptable),
    })?;
    let at = node.get("at").ok_or_else(|| here(ItemFaultKind::TimeMissing))?;
    let instant = at.text().and_then(moment::rfc3339).ok_or_else(|| wrong(&at, ItemFaultKind::TimeUnreadable))?;
    let sequence = integer(node.get("sequence"), ItemFaultKind::SequenceUnacceptable)?;
    let mut reading = Reading { sequence, ..Reading::at(instant) };
    values(node, &mut reading)?;
    if !reading.says_something() {
        return Err(here(ItemFaultKind::SaysNothing));
    }
    let channel = integer(node.get("channel"), ItemFaultKind::ChannelUnacceptable)?;
    Ok(Heard { device: name, channel, reading, timed_by: TimedBy::Device })
}

fn values(node: &Node<'_>, reading: &mut Reading) -> Result<(), Wrong> {
    let measured = [
        ("power_w", Quantity::Power, Unit::ONE),
        ("voltage_v", Quantity::Voltage, Unit::ONE),
        ("current_a", Quantity::Current, Unit::ONE),
        ("energy_kwh", Quantity::Total, Unit::THOUSAND),
        ("energy_added_kwh", Quantity::Added, Unit::THOUSAND),
    ];
    for (field, what, unit) in measured {
        if let Some(value) = node.get(field) {
            let fact = value.measure(what, unit).map_err(|kind| wrong(&value, kind))?;
            if !fact.write(reading) {
                return Err(wrong(&value, ItemFaultKind::EnergyTwice));
            }
        }
    }
    reading.relay_on = boolean(node.get("relay"))?;
    reading.online = boolean(node.get("online"))?;
    Ok(())
}

fn boolean(node: Option<Node<'_>>) -> Result<Option<bool>, Wrong> {
    let Some(node) = node else { return Ok(None) };
    node.value.as_bool().map(Some).ok_or_else(|| wrong(&node, ItemFaultKind::NotBoolean))
}

fn integer<T: TryFrom<i64> + Default + PartialOrd>(node: Option<Node<'_>>, kind: ItemFaultKind) -> Result<T, Wrong> {
    let Some(node) = node else { return Ok(T::default()) };
    let number = node.value.as_i64().and_then(|number| T::try_from(number).ok());
    number.filter(|number| *number >= T::default()).ok_or_else(|| wrong(&node, kind))
}

fn wrong(node: &Node<'_>, kind: ItemFaultKind) -> Wrong {
    (kind, node.pointer.clone())
}

/// Writes readings in this format, for senders of ours and for examples. Read again they are the same, but for their
/// clock, which is then the device's.
pub fn encode<'a>(readings: impl IntoIterator<Item = &'a Heard>) -> Value {
    json!({ "readings": readings.into_iter().map(encoded).collect::<Vec<_>>() })
}

fn encoded(heard: &Heard) -> Value {
    let Heard { device, channel, reading, .. } = heard;
    let mut fields = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    // exact in the range that readings have: fifteen digits, of which a fraction keeps every one
    let per = |value: Option<i64>, unit: f64| value.map(|value| json!(value as f64 / unit));
    set("device", Some(json!(device)));
    set("at", Some(json!(reading.at.to_rfc3339_opts(SecondsFormat::Micros, true))));
    set("channel", (*channel != 0).then(|| json!(channel)));
    set("sequence", (reading.sequence != 0).then(|| json!(reading.sequence)));
    set("power_w", per(reading.power_mw, 1e3));
    set("voltage_v", per(reading.voltage_mv, 1e3));
    set("current_a", per(reading.current_ma, 1e3));
    match reading.energy {
        Some(Energy::Total(energy)) => set("energy_kwh", per(Some(energy), 1e6)),
        Some(Energy::Added(energy)) => set("energy_added_kwh", per(Some(energy), 1e6)),
        None => {}
    }
    set("relay", reading.relay_on.map(Value::Bool));
    set("online", reading.online.map(Value::Bool));
    Value::Object(fields)
}
