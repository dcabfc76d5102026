//! The Things Stack (LoRaWAN): uplinks with a payload that the network's formatter has decoded, by the
//! [usual names](super::names). A LoRaWAN device has no clock that it sends; its time is when the network received it.

use super::fault::{MessageFault, Nothing};
use super::gather::{Gather, Subject};
use super::json::{Node, parse};
use super::topic::device;
use super::{Decoded, Envelope, moment, names};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let ids = root.get("end_device_ids").ok_or(MessageFault::WrongShape)?;
    let Some(uplink) = root.get("uplink_message") else { return Ok(Decoded::nothing(Nothing::Event)) };
    let Some(payload) = uplink.get("decoded_payload") else { return Ok(Decoded::nothing(Nothing::Undecoded)) };
    let mut gather = Gather::new(envelope);
    let time = uplink.get("received_at").or_else(|| root.get("received_at"));
    let when = time.map_or(Ok(gather.received()), |time| moment::by_server(time.text().and_then(moment::rfc3339)));
    let name = device(ids.get("device_id").and_then(|id| id.id()), None, envelope);
    names::put_all(&mut gather, &Subject::new(name, when), &payload);
    gather.finish(Nothing::NoElectricity)
}
