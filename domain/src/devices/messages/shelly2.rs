//! Shelly's second generation and later: `NotifyStatus` and `NotifyFullStatus`, the answers of `Shelly.GetStatus` and
//! `Switch.GetStatus`, `<prefix>/status/<component>` and `<prefix>/online`. A notification says only what changed.
//! Energy is in watt-hours; `by_minute` is in milliwatt-hours, a part of the total, and left out.
//!
//! A component's number is the channel. A three-phase meter (`em`) has the sum of its phases as channel 0 and the
//! phases as channels 1 to 3. A notification is timed by `ts`, a full status by `sys.unixtime`; a single component has
//! no time, for `minute_ts` is when a minute began.

use std::str::from_utf8;

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Quantity, Subject};
use super::json::{Node, parse, switched};
use super::number::Unit;
use super::topic::{channel_from_zero, device, parts};
use super::{Decoded, Envelope, moment};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let parts = parts(envelope);
    let (by_topic, component) = named(&parts);
    let mut gather = Gather::new(envelope);
    if let Some(online) = from_utf8(body).ok().filter(|text| text.trim().len() > 1).and_then(switched) {
        let of = Subject::new(device(None, by_topic, envelope), Ok(gather.received()));
        gather.put(&of, 0, "", Ok(Fact::Online(online)));
        return gather.finish(Nothing::Event);
    }
    let value = parse(body)?;
    let root = Node::root(&value);
    if !value.is_object() {
        return Err(MessageFault::WrongShape);
    }
    let said = root.get("src").and_then(|src| src.id());
    let notified = root.get("method").and_then(|method| method.text());
    let status = match notified {
        Some("NotifyStatus" | "NotifyFullStatus") => root.get("params"),
        Some(_) => return Ok(Decoded::nothing(Nothing::Event)),
        None => Some(root.get("result").unwrap_or(root)),
    };
    let status = status.ok_or(MessageFault::WrongShape)?;
    let mac = status.deep(&["sys", "mac"]).and_then(|mac| mac.id());
    let time = if notified.is_some() { status.get("ts") } else { status.deep(&["sys", "unixtime"]) };
    let when = time.map_or(Ok(gather.received()), |time| moment::by_device(moment::seconds(&time)));
    let of = Subject::new(device(said, by_topic.or(mac), envelope), when);
    for (kind, channel, node) in components(&status, component) {
        match kind {
            "em" | "emdata" => phases(&mut gather, &of, &node),
            _ => single(&mut gather, &of, channel, &node),
        }
    }
    gather.finish(Nothing::NoElectricity)
}

/// The device, which a topic's beginning is, and the component at its end.
fn named<'a>(parts: &[&'a str]) -> (Option<String>, Option<&'a str>) {
    let (prefix, component) = match parts {
        [prefix @ .., "events", "rpc"] | [prefix @ .., "online"] => (prefix, None),
        [prefix @ .., "status", component] => (prefix, Some(*component)),
        _ => return (None, None),
    };
    (Some(prefix.join("/")), component)
}

/// The components of a status; the status itself where it is only one.
fn components<'a>(status: &Node<'a>, by_topic: Option<&'a str>) -> Vec<(&'a str, i16, Node<'a>)> {
    let measuring = |name: &'a str| {
        let (kind, number) = name.split_once(':')?;
        let known = ["switch", "pm1", "cover", "light", "em", "em1", "emdata", "em1data"].contains(&kind);
        known.then(|| channel_from_zero(number).map(|channel| (kind, channel))).flatten()
    };
    if let Some(name) = by_topic {
        return measuring(name).map(|(kind, channel)| (kind, channel, status.clone())).into_iter().collect();
    }
    let named: Vec<_> = status
        .fields()
        .filter_map(|(name, node)| measuring(name).map(|(kind, channel)| (kind, channel, node)))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let id = status.get("id").and_then(|id| channel_from_zero(&id.integer()?.to_string())).unwrap_or_default();
    let kind = if status.first(&["total_act_power", "total_act"]).is_some() { "em" } else { "switch" };
    vec![(kind, id, status.clone())]
}

fn single(gather: &mut Gather<'_>, of: &Subject, channel: i16, node: &Node<'_>) {
    let total = node.deep(&["aenergy", "total"]).or_else(|| node.get("total_act_energy"));
    gather.relay(of, channel, node.get("output"));
    gather.measure(of, channel, node.first(&["apower", "act_power"]), Quantity::Power, Unit::ONE);
    gather.measure(of, channel, node.get("voltage"), Quantity::Voltage, Unit::ONE);
    gather.measure(of, channel, node.get("current"), Quantity::Current, Unit::ONE);
    gather.measure(of, channel, total, Quantity::Total, Unit::ONE);
}

fn phases(gather: &mut Gather<'_>, of: &Subject, node: &Node<'_>) {
    gather.measure(of, 0, node.get("total_act_power"), Quantity::Power, Unit::ONE);
    gather.measure(of, 0, node.get("total_current"), Quantity::Current, Unit::ONE);
    gather.measure(of, 0, node.get("total_act"), Quantity::Total, Unit::ONE);
    for (channel, phase) in (1..).zip(["a", "b", "c"]) {
        let field = |name: &str| node.get(&format!("{phase}_{name}"));
        gather.measure(of, channel, field("act_power"), Quantity::Power, Unit::ONE);
        gather.measure(of, channel, field("voltage"), Quantity::Voltage, Unit::ONE);
        gather.measure(of, channel, field("current"), Quantity::Current, Unit::ONE);
        gather.measure(of, channel, field("total_act_energy"), Quantity::Total, Unit::ONE);
    }
}
