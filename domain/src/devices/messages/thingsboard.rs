//! ThingsBoard: telemetry as a device or a gateway posts it, and as its rule chain passes it on. `{"ts", "values"}`,
//! the plain `{name: value}`, a list of either, `{device: [list]}` of a gateway, or `{"msg", "metadata"}` with the
//! device's name in the metadata. Names are the [usual ones](super::names). `ts` is in milliseconds.

use super::fault::{MessageFault, Nothing};
use super::gather::{Gather, Subject};
use super::json::{Node, parse};
use super::moment::{self, Timing};
use super::topic::{Device, device};
use super::{Decoded, Envelope, names};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    if !value.is_object() && !value.is_array() {
        return Err(MessageFault::WrongShape);
    }
    let mut gather = Gather::new(envelope);
    let metadata = root.get("metadata").unwrap_or_else(|| root.clone());
    let said = metadata.get("deviceName").and_then(|name| name.id());
    let name = device(said, None, envelope);
    let telemetry = root.get("msg").unwrap_or_else(|| root.clone());
    let gateway = telemetry.get("values").is_none() && telemetry.fields().any(|(_, node)| node.value.is_array());
    if gateway {
        for (each, list) in telemetry.fields() {
            let name = device(Some(each.to_owned()), None, envelope);
            list.items().for_each(|entry| put(&mut gather, &name, &entry, None));
        }
    } else if telemetry.value.is_array() {
        telemetry.items().for_each(|entry| put(&mut gather, &name, &entry, None));
    } else {
        put(&mut gather, &name, &telemetry, metadata.get("ts"));
    }
    gather.finish(Nothing::NoElectricity)
}

fn put(gather: &mut Gather<'_>, name: &Device, entry: &Node<'_>, sent: Option<Node<'_>>) {
    let when: Timing = match entry.get("ts").or(sent) {
        Some(time) => moment::by_device(moment::millis(&time)),
        None => Ok(gather.received()),
    };
    let values = entry.get("values").unwrap_or_else(|| entry.clone());
    names::put_all(gather, &Subject::new(name.clone(), when), &values);
}
