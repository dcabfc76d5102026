//! The packets of MQTT 3.1.1 that a listener sends and gets (OASIS Standard, 29 October 2014; section numbers are its).

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Largest message that is read; of a larger one only its topic is.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;
/// Topic and packet id of a message, at most.
const HEAD_BYTES_MAX: usize = 2 + 65_535 + 2;

/// A message as the broker hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Under which topic it was published.
    pub topic: String,
    /// What was published; nothing where it was larger than [`MESSAGE_BYTES_MAX`].
    pub payload: Option<Bytes>,
    /// Whether the broker had kept it and hands it out again.
    pub retained: bool,
    /// By what it is acknowledged; nothing where the broker does not wait for that.
    pub(super) id: Option<u16>,
}

/// What a broker sends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// It takes us in, or not (3.2).
    Connected { code: u8 },
    /// What it made of our subscriptions (3.9).
    Subscribed { codes: Vec<u8> },
    /// A message (3.3).
    Published(Message),
    /// It is there (3.13).
    Pong,
}

/// A packet that cannot be what it says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Takes the first whole packet out of what came; nothing while it is not whole. What is to be left unread of a message
/// that is too large is put into `skip`.
pub(super) fn take(buffer: &mut BytesMut, skip: &mut usize) -> Result<Option<Incoming>, Malformed> {
    let Some((kind, length, before)) = head(buffer)? else { return Ok(None) };
    let too_large = length > MESSAGE_BYTES_MAX + HEAD_BYTES_MAX;
    if too_large && kind >> 4 != PUBLISH {
        return Err(Malformed);
    }
    let wanted = if too_large { HEAD_BYTES_MAX } else { length };
    if buffer.len() < before + wanted {
        return Ok(None);
    }
    buffer.advance(before);
    let mut body = buffer.split_to(wanted).freeze();
    *skip = length - wanted;
    let incoming = match kind >> 4 {
        CONNACK if body.len() == 2 => Incoming::Connected { code: body[1] },
        SUBACK if body.len() > 2 => Incoming::Subscribed { codes: body[2..].to_vec() },
        PUBLISH => Incoming::Published(published(kind, &mut body, too_large)?),
        PINGRESP if body.is_empty() => Incoming::Pong,
        _ => return Err(Malformed),
    };
    Ok(Some(incoming))
}

const CONNACK: u8 = 2;
const PUBLISH: u8 = 3;
const SUBACK: u8 = 9;
const PINGRESP: u8 = 13;

/// Kind with flags, length of the rest, and how many bytes say so (2.2).
fn head(buffer: &[u8]) -> Result<Option<(u8, usize, usize)>, Malformed> {
    let Some(kind) = buffer.first() else { return Ok(None) };
    let mut length = 0;
    for place in 0..4 {
        let Some(byte) = buffer.get(1 + place) else { return Ok(None) };
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(Some((*kind, length, 2 + place)));
        }
    }
    Err(Malformed)
}

fn published(kind: u8, body: &mut Bytes, too_large: bool) -> Result<Message, Malformed> {
    let topic = text(body)?;
    let id = match (kind >> 1) & 3 {
        0 => None,
        1 if body.remaining() >= 2 => Some(body.get_u16()),
        // we asked for no more than once acknowledged
        _ => return Err(Malformed),
    };
    let fits = !too_large && body.len() <= MESSAGE_BYTES_MAX;
    Ok(Message { topic, payload: fits.then(|| body.clone()), retained: kind & 1 == 1, id })
}

fn text(body: &mut Bytes) -> Result<String, Malformed> {
    if body.remaining() < 2 {
        return Err(Malformed);
    }
    let length = usize::from(body.get_u16());
    if body.remaining() < length {
        return Err(Malformed);
    }
    String::from_utf8(body.split_to(length).to_vec()).map_err(|_| Malformed)
}

/// CONNECT (3.1): with a session that the broker keeps while we are away.
pub(super) fn connect(client: &str, keep_alive_s: u16, username: Option<&str>, password: Option<&str>) -> Bytes {
    let mut body = BytesMut::new();
    put_text(&mut body, "MQTT");
    body.put_u8(4);
    let flags = if username.is_some() { 0x80 } else { 0 } | if password.is_some() { 0x40 } else { 0 };
    body.put_u8(flags);
    body.put_u16(keep_alive_s);
    put_text(&mut body, client);
    for one in [username, password].into_iter().flatten() {
        put_text(&mut body, one);
    }
    packet(0x10, &body)
}

/// SUBSCRIBE (3.8) to messages that are acknowledged.
pub(super) fn subscribe(filters: &[String]) -> Bytes {
    let mut body = BytesMut::new();
    body.put_u16(1);
    for filter in filters {
        put_text(&mut body, filter);
        body.put_u8(1);
    }
    packet(0x82, &body)
}

/// PUBACK (3.4).
pub(super) fn acknowledge(id: u16) -> Bytes {
    packet(0x40, &id.to_be_bytes())
}

/// PINGREQ (3.12).
pub(super) fn ping() -> Bytes {
    packet(0xc0, &[])
}

/// Texts are cut where the protocol's length ends; settings that long are refused before.
fn put_text(body: &mut BytesMut, text: &str) {
    let bytes = text.as_bytes();
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    body.put_u16(length);
    body.put_slice(bytes.get(..usize::from(length)).unwrap_or(bytes));
}

fn packet(kind: u8, body: &[u8]) -> Bytes {
    let mut whole = BytesMut::with_capacity(body.len() + 5);
    whole.put_u8(kind);
    let mut length = body.len();
    loop {
        let more = length >> 7;
        let low = u8::try_from(length & 0x7f).unwrap_or_default();
        whole.put_u8(if more > 0 { low | 0x80 } else { low });
        length = more;
        if more == 0 {
            break;
        }
    }
    whole.put_slice(body);
    whole.freeze()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn publish(flags: u8, topic: &str, id: Option<u16>, payload: &[u8]) -> Vec<u8> {
        let mut body = BytesMut::new();
        put_text(&mut body, topic);
        if let Some(id) = id {
            body.put_u16(id);
        }
        body.put_slice(payload);
        packet(0x30 | flags, &body).to_vec()
    }

    #[test]
    fn what_brokers_send_is_read_however_it_is_cut() {
        let whole = [
            vec![0x20, 2, 0, 0],
            vec![0x90, 3, 0, 1, 1],
            publish(0x02, "tele/x/SENSOR", Some(7), b"{}"),
            publish(0x01, "a", None, b""),
            vec![0xd0, 0],
        ]
        .concat();
        let message = |topic: &str, payload: &'static [u8], retained, id| {
            Incoming::Published(Message {
                topic: topic.into(),
                payload: Some(Bytes::from_static(payload)),
                retained,
                id,
            })
        };
        let expected = [
            Incoming::Connected { code: 0 },
            Incoming::Subscribed { codes: vec![1] },
            message("tele/x/SENSOR", b"{}", false, Some(7)),
            message("a", b"", true, None),
            Incoming::Pong,
        ];
        for cut in 1..whole.len() {
            let (mut buffer, mut found, mut skip) = (BytesMut::new(), vec![], 0);
            for part in whole.chunks(cut) {
                buffer.extend_from_slice(part);
                while let Some(one) = take(&mut buffer, &mut skip).unwrap() {
                    found.push(one);
                }
            }
            assert_eq!((found.as_slice(), skip), (&expected[..], 0), "cut at {cut}");
        }
    }

    #[test]
    fn a_message_that_is_too_large_is_named_and_passed_over() {
        let whole = publish(0x02, "big", Some(1), &vec![b'x'; 2 * MESSAGE_BYTES_MAX]);
        let (mut buffer, mut skip) = (BytesMut::from(&whole[..]), 0);
        let found = take(&mut buffer, &mut skip).unwrap();
        assert!(
            matches!(&found, Some(Incoming::Published(m)) if m.topic == "big" && m.payload.is_none() && m.id == Some(1))
        );
        assert_eq!(skip, buffer.len());
        let just = publish(0, "a", None, &vec![b'x'; MESSAGE_BYTES_MAX]);
        let found = take(&mut BytesMut::from(&just[..]), &mut skip).unwrap();
        assert!(
            matches!(found, Some(Incoming::Published(m)) if m.payload.as_ref().map(Bytes::len) == Some(MESSAGE_BYTES_MAX))
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for wrong in [
            &[0x20, 1, 0][..],
            &[0x00, 0],
            &[0x30, 1, 0],
            &[0x30, 3, 0, 9, b'x'],
            &[0x32, 3, 0, 1, b'x'],
            &[0x34, 5, 0, 1, b'x', 0, 1],
            &[0x30, 0xff, 0xff, 0xff, 0xff, 1],
            &[0x90, 0xff, 0xff, 0xff, 0x7f],
        ] {
            assert_eq!(take(&mut BytesMut::from(wrong), &mut 0), Err(Malformed), "{wrong:?}");
        }
    }

    #[test]
    fn what_we_send_is_as_the_standard_has_it() {
        assert_eq!(connect("c", 60, None, None)[..], *b"\x10\x0d\x00\x04MQTT\x04\x00\x00\x3c\x00\x01c");
        let named = connect("c", 60, Some("u"), Some("p"));
        assert_eq!(named[..], *b"\x10\x13\x00\x04MQTT\x04\xc0\x00\x3c\x00\x01c\x00\x01u\x00\x01p");
        assert_eq!(subscribe(&["a/#".into(), "b".into()])[..], *b"\x82\x0c\x00\x01\x00\x03a/#\x01\x00\x01b\x01");
        assert_eq!((&acknowledge(258)[..], &ping()[..]), (&[0x40, 2, 1, 2][..], &[0xc0, 0][..]));
        assert_eq!(packet(0x30, &[0; 200])[..3], [0x30, 0xc8, 1]);
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let (mut buffer, mut skip) = (BytesMut::from(&bytes[..]), 0);
            while let Ok(Some(_)) = take(&mut buffer, &mut skip) {}
        }
    }
}
