//! Huawei Cloud IoTDA: reports of properties, one list per service, and changes of a device's status. Times are UTC in
//! basic ISO. Names are the [usual ones](super::names). Services of one instant that say the same thing belong to one
//! reading; where they contradict one another the reading is refused, because nobody can tell which is the machine's.

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Subject};
use super::json::{Node, connected, parse};
use super::moment::{self, Timing};
use super::topic::device;
use super::{Decoded, Envelope, names};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let data = root.get("notify_data").ok_or(MessageFault::WrongShape)?;
    // the maker's own example has the body beside the data
    let content = data.get("body").or_else(|| root.get("body"));
    let Some(content) = content else { return Ok(Decoded::nothing(Nothing::Event)) };
    let mut gather = Gather::new(envelope);
    let name = device(data.deep(&["header", "device_id"]).and_then(|id| id.id()), None, envelope);
    let text = |node: Node<'_>| node.text().and_then(moment::basic_iso);
    let event = root.first(&["event_time_ms", "event_time"]);
    let sent: Timing = event.map_or(Ok(gather.received()), |time| moment::by_server(text(time)));
    match root.get("resource").and_then(|resource| resource.text()) {
        Some("device.property") => {
            for service in content.get("services").iter().flat_map(Node::items) {
                let when = service.get("event_time").map_or(sent, |time| moment::by_device(text(time)));
                if let Some(properties) = service.get("properties") {
                    names::put_all(&mut gather, &Subject::new(name.clone(), when), &properties);
                }
            }
            gather.finish(Nothing::NoElectricity)
        }
        Some("device.status") => {
            let when = content.get("status_update_time").map_or(sent, |time| moment::by_server(text(time)));
            if let Some((status, online)) =
                content.get("status").and_then(|s| s.text().and_then(connected).map(|o| (s, o)))
            {
                gather.put(&Subject::new(name, when), 0, &status.pointer, Ok(Fact::Online(online)));
            }
            gather.finish(Nothing::Event)
        }
        _ => Ok(Decoded::nothing(Nothing::Event)),
    }
}
