//! Tasmota: `<prefix>/<topic>/SENSOR`, `STATE`, `RESULT`, `STATUS8`, `POWER`, `LWT`. Energy is in kWh. `Time` is local
//! unless its owner had an offset written. `Period` and `Today` are parts of `Total` and left out; `Switch1` is a push
//! button and no relay. PowerDelta does not report that power went off, and the default period is 300 seconds: a long
//! silence after a working reading is not an outage.
//!
//! Meters of several channels write some fields as arrays and others as one value. An array's element belongs to the
//! channel of its place. A single value beside arrays is shared if it is the voltage; any other (a `Total` of all
//! phases) is a sum that belongs to no channel, and is left out rather than charged to the first.
//!
//! STATE and SENSOR come in the same second, in this order; so SENSOR has sequence 1.

use std::str::from_utf8;

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Quantity, Subject};
use super::json::{Node, connected, parse, switched};
use super::number::Unit;
use super::topic::{Device, channel_from_one, device, parts};
use super::{CHANNELS_MAX, Decoded, Envelope, moment};

const MEASURED: [(&str, Quantity, Unit); 4] = [
    ("Power", Quantity::Power, Unit::ONE),
    ("Voltage", Quantity::Voltage, Unit::ONE),
    ("Current", Quantity::Current, Unit::ONE),
    ("Total", Quantity::Total, Unit::THOUSAND),
];

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let parts = parts(envelope);
    let leaf = parts.last().copied().unwrap_or_default();
    if parts.contains(&"cmnd") {
        return Ok(Decoded::nothing(Nothing::Command));
    }
    let name = device(None, device_of(&parts), envelope);
    let mut gather = Gather::new(envelope);
    let received = Subject::new(name.clone(), Ok(gather.received()));
    let plain = from_utf8(body).unwrap_or_default();
    let channel = relay_channel(leaf);
    if leaf == "LWT" {
        if let Some(online) = connected(plain) {
            gather.put(&received, 0, "", Ok(Fact::Online(online)));
        }
        return gather.finish(Nothing::Event);
    }
    if let (Some(channel), Some(on)) = (channel, switched(plain)) {
        gather.put(&received, channel, "", Ok(Fact::Relay(on)));
        return gather.finish(Nothing::Event);
    }
    let value = parse(body)?;
    let root = Node::root(&value);
    if !value.is_object() {
        return Err(MessageFault::WrongShape);
    }
    let nested: Vec<Node<'_>> = ["StatusSTS", "StatusSNS"].iter().filter_map(|key| root.get(key)).collect();
    for part in if nested.is_empty() { vec![root] } else { nested } {
        state_or_sensor(&mut gather, &name, &part, envelope);
    }
    gather.finish(Nothing::NoElectricity)
}

/// The device in `tele/<device>/SENSOR`, or in the other order that its owner may have chosen.
fn device_of(parts: &[&str]) -> Option<String> {
    let (_, before) = parts.split_last()?;
    let prefix = before.iter().position(|part| matches!(*part, "tele" | "stat"))?;
    let named: Vec<&str> =
        before.iter().enumerate().filter(|(place, _)| *place != prefix).map(|(_, part)| *part).collect();
    Some(named.join("/"))
}

/// `POWER` is the first relay or the only one, `POWER2` the second.
pub(super) fn relay_channel(name: &str) -> Option<i16> {
    let digits = name.strip_prefix("POWER")?;
    if digits.is_empty() { Some(0) } else { channel_from_one(digits) }
}

fn state_or_sensor(gather: &mut Gather<'_>, name: &Device, part: &Node<'_>, envelope: &Envelope<'_>) {
    let when = match part.get("Time") {
        Some(time) => moment::by_device(time.text().and_then(|text| moment::iso_or_local(text, envelope.zone))),
        None => Ok(gather.received()),
    };
    let energy = part.get("ENERGY");
    let sequence = i32::from(energy.is_some());
    let of = Subject { device: name.clone(), when, sequence };
    for (field, node) in part.fields() {
        if let Some(channel) = relay_channel(field) {
            gather.relay(&of, channel, Some(node));
        }
    }
    if let Some(energy) = energy {
        measured(gather, &of, &energy);
    }
}

fn measured(gather: &mut Gather<'_>, of: &Subject, energy: &Node<'_>) {
    let fields: Vec<_> =
        MEASURED.iter().filter_map(|(field, what, unit)| Some((energy.get(field)?, *what, *unit))).collect();
    let length = |node: &Node<'_>| node.value.as_array().map_or(1, Vec::len);
    let channels = fields.iter().map(|(node, _, _)| length(node)).max().unwrap_or_default();
    let channels = i16::try_from(channels).unwrap_or(CHANNELS_MAX).min(CHANNELS_MAX);
    for (node, what, unit) in fields {
        if node.value.is_array() {
            for (channel, element) in (0..channels).zip(node.items()) {
                let known = (!element.value.is_null()).then_some(element);
                gather.measure(of, channel, known, what, unit);
            }
        } else if channels == 1 {
            gather.measure(of, 0, Some(node), what, unit);
        } else if what == Quantity::Voltage {
            for channel in 0..channels {
                gather.measure(of, channel, Some(node.clone()), what, unit);
            }
        }
    }
}
