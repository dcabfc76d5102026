//! The broker EMQX by its webhook or its rules: what a device published, and when its client connected or went. Inside
//! a publication is the device's own message, read by its own format, else by the [usual names](super::names) with the
//! client's id for a device. Times of receipt are the broker's, so that a webhook sent again says the same.
//!
//! `flags.retain` is what the publisher asked for; the event itself is fresh, so nothing is refused for it.

use serde_json::Value;

use super::fault::{ItemFault, ItemFaultKind, MessageFault, Nothing};
use super::gather::{Fact, Gather, Subject};
use super::json::{Node, parse};
use super::topic::device;
use super::{Decoded, Envelope, Format, decode as decode_format, moment, names, recognise};

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let event = root.first(&["event", "action"]).and_then(|event| event.text()).map(|event| event.replace('_', "."));
    match event.as_deref() {
        Some("client.connected") => connection(true, &root, envelope),
        Some("client.disconnected") => {
            let reason = root.get("reason").and_then(|reason| reason.text()).unwrap_or_default();
            // the broker drops the older of two connections of one client
            if matches!(reason, "takenover" | "takeovered" | "discarded") {
                return Ok(Decoded::nothing(Nothing::TakenOver));
            }
            connection(false, &root, envelope)
        }
        Some("message.publish") => published(&root, envelope),
        Some(_) => Ok(Decoded::nothing(Nothing::Event)),
        // a rule may select only these two
        None if root.get("topic").is_some() && root.get("payload").is_some() => published(&root, envelope),
        None => Err(MessageFault::WrongShape),
    }
}

fn client(root: &Node<'_>) -> Option<String> {
    root.first(&["clientid", "from_client_id"]).and_then(|client| client.id())
}

fn connection(online: bool, root: &Node<'_>, envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let mut gather = Gather::new(envelope);
    let named = if online { "connected_at" } else { "disconnected_at" };
    let time = root.first(&[named, "timestamp", "ts"]);
    let when = time.map_or(Ok(gather.received()), |time| moment::by_server(moment::epoch(&time)));
    gather.put(&Subject::new(device(client(root), None, envelope), when), 0, "", Ok(Fact::Online(online)));
    gather.finish(Nothing::Event)
}

fn published(root: &Node<'_>, envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let Some(payload) = root.get("payload") else { return Ok(Decoded::nothing(Nothing::NoElectricity)) };
    let bytes = match payload.value {
        Value::String(text) => text.clone().into_bytes(),
        structure => structure.to_string().into_bytes(),
    };
    let client = client(root).or_else(|| envelope.device.map(str::to_owned));
    let time = root.first(&["publish_received_at", "timestamp", "ts"]);
    let received_at = time.and_then(|time| moment::epoch(&time)).unwrap_or(envelope.received_at);
    let topic = root.get("topic").and_then(|topic| topic.text());
    let inner = Envelope { received_at, topic, device: client.as_deref(), retained: false, ..*envelope };
    let format = recognise(topic, &bytes).filter(|format| *format != Format::Emqx);
    let decoded = match format {
        Some(format) => decode_format(format, &bytes, &inner),
        None => by_names(&bytes, &inner),
    };
    Ok(decoded.map_or_else(|_| unreadable(&payload, client), |decoded| inside(decoded, &payload)))
}

/// Payloads of a customer's own making; what is not JSON says nothing.
fn by_names(bytes: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let Ok(value) = parse(bytes) else { return Ok(Decoded::nothing(Nothing::NoElectricity)) };
    let mut gather = Gather::new(envelope);
    let of = Subject::new(device(None, None, envelope), Ok(gather.received()));
    names::put_all(&mut gather, &of, &Node::root(&value));
    gather.finish(Nothing::NoElectricity)
}

fn unreadable(payload: &Node<'_>, client: Option<String>) -> Decoded {
    let (kind, pointer) = (ItemFaultKind::PayloadUnreadable, payload.pointer.clone());
    Decoded { items: vec![Err(ItemFault { kind, index: 0, pointer, device: client })], empty_reason: None }
}

/// Faults inside stand below the payload.
fn inside(mut decoded: Decoded, payload: &Node<'_>) -> Decoded {
    for fault in decoded.items.iter_mut().filter_map(|item| item.as_mut().err()) {
        fault.pointer.insert_str(0, &payload.pointer);
    }
    decoded
}
