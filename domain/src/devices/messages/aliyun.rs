//! Alibaba Cloud IoT: properties posted by a device, each with its own time, and devices going online and offline. A
//! device is known by `iotId`, which is one in the whole platform, else by `deviceName`. Names are the
//! [usual ones](super::names).

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Subject};
use super::json::{Node, connected, parse};
use super::moment::{self, Timing};
use super::topic::device;
use super::{Decoded, Envelope, names};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let said = root.first(&["iotId", "deviceName"]).and_then(|id| id.id());
    if said.is_none() {
        return Err(MessageFault::WrongShape);
    }
    let name = device(said, None, envelope);
    let mut gather = Gather::new(envelope);
    let created = root.get("gmtCreate");
    let received: Timing = created.map_or(Ok(gather.received()), |created| moment::by_server(moment::millis(&created)));
    for (property, item) in root.get("items").iter().flat_map(Node::fields) {
        let when = item.get("time").map_or(received, |time| moment::by_device(moment::millis(&time)));
        if let Some(value) = item.get("value") {
            names::put(&mut gather, &Subject::new(name.clone(), when), property, &value);
        }
    }
    if let Some((online, when)) = status(&root) {
        gather.put(&Subject::new(name, when.unwrap_or(received)), 0, "/status", Ok(Fact::Online(online)));
    }
    gather.finish(Nothing::NoElectricity)
}

/// `action` with `status.{value, time}`, or `status` as a word with `utcTime`.
fn status(root: &Node<'_>) -> Option<(bool, Option<Timing>)> {
    let status = root.get("status")?;
    if let Some(online) = status.text().and_then(connected) {
        let time = root.get("utcTime").map(|time| moment::by_server(time.text().and_then(moment::rfc3339)));
        return Some((online, time));
    }
    let action = root.get("action").and_then(|action| connected(action.text()?));
    let online = action.or_else(|| status.get("value")?.on_off())?;
    Some((online, status.get("time").map(|time| moment::by_server(moment::millis(&time)))))
}
