//! Shelly's first generation: the status over HTTP (or as `info` over MQTT) and the single values below
//! `shellies/<device>/`. Meters count watt-minutes, energy meters (EM, 3EM) watt-hours. `unixtime` is UTC and 0 before
//! the clock is set; a meter's own `timestamp` is local time as unix seconds, used only where `unixtime` is missing.
//!
//! Over MQTT the topic names the device, also where a status inside has a `mac`: the single values have no other name.

use std::str::from_utf8;

use super::fault::{ItemFaultKind, MessageFault, Nothing};
use super::gather::{Fact, Gather, Quantity, Subject};
use super::json::{Node, parse};
use super::moment::Timing;
use super::number::Unit;
use super::topic::{Device, channel_from_zero, device, parts};
use super::{CHANNELS_MAX, Decoded, Envelope, moment};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let parts = parts(envelope);
    let Some(("shellies", [id, rest @ ..])) = parts.split_first().map(|(first, rest)| (*first, rest)) else {
        return status(body, None, envelope);
    };
    if rest.last().is_some_and(|leaf| *leaf == "command") {
        return Ok(Decoded::nothing(Nothing::Command));
    }
    if rest == ["info"] {
        return status(body, Some((*id).to_owned()), envelope);
    }
    let mut gather = Gather::new(envelope);
    let of = Subject::new(device(None, Some((*id).to_owned()), envelope), Ok(gather.received()));
    if let Some((channel, fact)) = single(rest, from_utf8(body).unwrap_or_default().trim()) {
        gather.put(&of, channel, "", fact);
    }
    gather.finish(Nothing::NoElectricity)
}

/// A value that has a topic of its own.
fn single(rest: &[&str], text: &str) -> Option<(i16, Result<Fact, ItemFaultKind>)> {
    let value = serde_json::Value::from(text);
    let measure = |what, unit| Node::root(&value).measure(what, unit);
    match rest {
        ["online"] => Node::root(&value).on_off().map(|online| (0, Ok(Fact::Online(online)))),
        // a relay that opened by itself because of too much power is open
        ["relay", channel] if text == "overpower" => Some((channel_from_zero(channel)?, Ok(Fact::Relay(false)))),
        ["relay", channel] => Some((channel_from_zero(channel)?, Ok(Fact::Relay(Node::root(&value).on_off()?)))),
        [kind, channel, what] => {
            let (what, unit) = match (*kind, *what) {
                ("relay" | "light" | "roller" | "emeter", "power") => (Quantity::Power, Unit::ONE),
                ("relay" | "light" | "roller", "energy") => (Quantity::Total, Unit::WATT_MINUTE),
                ("emeter", "total") => (Quantity::Total, Unit::ONE),
                ("emeter", "voltage") => (Quantity::Voltage, Unit::ONE),
                ("emeter", "current") => (Quantity::Current, Unit::ONE),
                _ => return None,
            };
            Some((channel_from_zero(channel)?, measure(what, unit)))
        }
        _ => None,
    }
}

fn status(body: &[u8], by_topic: Option<String>, envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let parts = ["relays", "meters", "emeters"];
    if !parts.iter().any(|part| value.get(part).is_some()) {
        return if value.is_object() {
            Ok(Decoded::nothing(Nothing::NoElectricity))
        } else {
            Err(MessageFault::WrongShape)
        };
    }
    let mac = root.get("mac").and_then(|mac| mac.id());
    let name = device(by_topic.or(mac), None, envelope);
    let mut gather = Gather::new(envelope);
    let clock = root.get("unixtime").filter(is_set).map(|time| moment::by_device(moment::seconds(&time)));
    for part in parts {
        for (channel, node) in (0..CHANNELS_MAX).zip(root.get(part).iter().flat_map(Node::items)) {
            let when = clock.or_else(|| meter_clock(&root, channel, envelope)).unwrap_or(Ok(gather.received()));
            component(&mut gather, &name, when, channel, part, &node);
        }
    }
    gather.finish(Nothing::NoElectricity)
}

fn is_set(time: &Node<'_>) -> bool {
    time.integer() != Some(0)
}

/// The meter's time for a channel, so that its relay and its meter have the same one.
fn meter_clock(root: &Node<'_>, channel: i16, envelope: &Envelope<'_>) -> Option<Timing> {
    let meter = root.get("meters")?.items().nth(usize::try_from(channel).ok()?)?;
    let time = meter.get("timestamp").filter(is_set)?;
    Some(moment::by_device(moment::local_seconds(&time, envelope.zone)))
}

fn component(gather: &mut Gather<'_>, name: &Device, when: Timing, channel: i16, part: &str, node: &Node<'_>) {
    let of = Subject::new(name.clone(), when);
    if part == "relays" {
        return gather.relay(&of, channel, node.get("ison"));
    }
    if node.get("is_valid").is_some_and(|valid| valid.value.as_bool() == Some(false)) {
        return;
    }
    let total = if part == "meters" { Unit::WATT_MINUTE } else { Unit::ONE };
    gather.measure(&of, channel, node.get("power"), Quantity::Power, Unit::ONE);
    gather.measure(&of, channel, node.get("voltage"), Quantity::Voltage, Unit::ONE);
    gather.measure(&of, channel, node.get("current"), Quantity::Current, Unit::ONE);
    gather.measure(&of, channel, node.get("total"), Quantity::Total, total);
}
