//! OneNET's HTTP push: data points and devices going online and offline, one or several in `msg`, which may also be
//! JSON in a text. `at` is the platform's time in milliseconds; pushes are repeated until they are answered, with the
//! same time. Names are the [usual ones](super::names); a point whose value is an object is read by the names inside.

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Subject};
use super::json::{Node, parse};
use super::topic::device;
use super::{Decoded, Envelope, moment, names};

/// Kinds of `msg`.
const DATA_POINT: i64 = 1;
const CONNECTION: i64 = 2;

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let Some(message) = root.get("msg") else {
        let encrypted = root.get("enc_msg").is_some();
        return Err(if encrypted { MessageFault::Encrypted } else { MessageFault::WrongShape });
    };
    let inner = message.text().map(|text| parse(text.as_bytes())).transpose()?;
    let message = inner.as_ref().map_or_else(|| message.clone(), |inner| Node::under(inner, &message.pointer));
    let mut gather = Gather::in_order(envelope);
    if message.value.is_array() {
        message.items().for_each(|item| put(&mut gather, &item));
    } else if message.value.is_object() {
        put(&mut gather, &message);
    } else {
        return Err(MessageFault::WrongShape);
    }
    gather.finish(Nothing::NoElectricity)
}

fn put(gather: &mut Gather<'_>, item: &Node<'_>) {
    let envelope = gather.envelope();
    let when = match item.get("at") {
        Some(time) => moment::by_server(moment::millis(&time)),
        None => Ok(gather.received()),
    };
    let of = Subject::new(device(item.get("dev_id").and_then(|id| id.id()), None, envelope), when);
    match item.get("type").and_then(|kind| kind.integer()) {
        Some(DATA_POINT) => {
            let Some(value) = item.get("value") else { return };
            match item.get("ds_id").and_then(|stream| stream.text()) {
                Some(stream) if !value.value.is_object() => names::put(gather, &of, stream, &value),
                _ => names::put_all(gather, &of, &value),
            }
        }
        Some(CONNECTION) => {
            if let Some(status) = item.get("status")
                && let Some(online) = status.on_off()
            {
                gather.put(&of, 0, &status.pointer, Ok(Fact::Online(online)));
            }
        }
        _ => {}
    }
}
