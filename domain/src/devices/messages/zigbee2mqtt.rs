//! Zigbee2MQTT: `zigbee2mqtt/<name>` with W, V, A and kWh, and `…/availability`. A message has no time unless the
//! bridge is set to write `last_seen` (ISO or milliseconds). Two-channel plugs write `power_l1`, `state_left` and so
//! on.

use std::str::from_utf8;

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Quantity, Subject};
use super::json::{Node, connected, parse};
use super::number::Unit;
use super::topic::{channel_from_one, device, parts};
use super::{Decoded, Envelope, moment};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let parts = parts(envelope);
    let named = match parts.iter().position(|part| *part == "zigbee2mqtt") {
        Some(base) => parts.get(base.saturating_add(1)..).unwrap_or_default(),
        None => parts.get(1..).unwrap_or_default(),
    };
    let (named, availability) = match named {
        ["bridge", ..] => return Ok(Decoded::nothing(Nothing::Event)),
        [.., "set" | "get"] | [.., "set" | "get", _] => return Ok(Decoded::nothing(Nothing::Command)),
        [rest @ .., "availability"] => (rest, true),
        rest => (rest, false),
    };
    let name = device(None, Some(named.join("/")), envelope);
    let mut gather = Gather::new(envelope);
    let received = Subject::new(name.clone(), Ok(gather.received()));
    if let Some(online) = from_utf8(body).ok().filter(|_| availability).and_then(connected) {
        gather.put(&received, 0, "", Ok(Fact::Online(online)));
        return gather.finish(Nothing::Event);
    }
    let value = parse(body)?;
    let root = Node::root(&value);
    if !value.is_object() {
        return Err(MessageFault::WrongShape);
    }
    let seen = root.get("last_seen").filter(|seen| seen.text() != Some("disable"));
    let when = seen.map(|seen| {
        let text = seen.text().and_then(|text| moment::iso_or_local(text, envelope.zone));
        moment::by_device(text.or_else(|| moment::millis(&seen)))
    });
    let of = Subject::new(name, when.unwrap_or(received.when));
    for (field, node) in root.fields() {
        let (base, channel) = endpoint(field);
        match base {
            "power" => gather.measure(&of, channel, Some(node), Quantity::Power, Unit::ONE),
            "voltage" => gather.measure(&of, channel, Some(node), Quantity::Voltage, Unit::ONE),
            "current" => gather.measure(&of, channel, Some(node), Quantity::Current, Unit::ONE),
            "energy" => gather.measure(&of, channel, Some(node), Quantity::Total, Unit::THOUSAND),
            "state" => match node.text().and_then(connected) {
                Some(online) => gather.put(&received, channel, &node.pointer, Ok(Fact::Online(online))),
                None => gather.relay(&of, channel, Some(node)),
            },
            _ => {}
        }
    }
    gather.finish(Nothing::NoElectricity)
}

/// A field and the endpoint at its end.
fn endpoint(field: &str) -> (&str, i16) {
    let Some((base, end)) = field.rsplit_once('_') else { return (field, 0) };
    match end {
        "left" => (base, 0),
        "right" => (base, 1),
        _ => end.strip_prefix('l').and_then(channel_from_one).map_or((field, 0), |channel| (base, channel)),
    }
}
