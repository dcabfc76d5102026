//! A message as it lies in the stream: as it was sent, and before it, in a line of its own, what decoding needs beside it. It is
//! decoded anew when it is taken in, by the same code: so what comes of it is the same as without a stream, also where the
//! source's zone or secret is another by then, and however often it is taken in.

use std::sync::Arc;

use actix_web::web::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::read::{Basis, Read};
use super::receive::Beside;
use super::sent::Sent;
use crate::devices::sources::KnownSource;
use crate::error::Result;

/// What stands before the body. Members may be added, each with a default, and none taken away: the stream holds those of
/// versions before, and other processes may be of one.
#[derive(Serialize, Deserialize)]
struct Head {
    source: Uuid,
    /// When it counts as received, microseconds since 1970.
    received_us: i64,
    packed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    /// Of the source as it was when the message was accepted. Without this, which versions before did not write, nor is what
    /// was inside, and both are the source's of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<TenantZone>,
    /// What was inside an encrypted message, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opened: Option<String>,
    request: String,
}

/// A message of the stream.
pub(in crate::devices) struct KeptMessage {
    /// Who sent it.
    pub source: Uuid,
    /// The request that it came with.
    pub request: String,
    received_at: DateTime<Utc>,
    beside: Beside,
    sent: Sent,
    basis: Option<Basis>,
}

impl KeptMessage {
    /// What the stream is to hold.
    ///
    /// # Errors
    /// None: all of it can be written.
    pub(super) fn write(
        source: &KnownSource,
        sent: &Sent,
        beside: &Beside,
        basis: &Basis,
        received_at: DateTime<Utc>,
        request: &str,
    ) -> Result<Bytes> {
        let head = Head {
            source: source.id,
            received_us: received_at.timestamp_micros(),
            packed: sent.is_packed(),
            device: beside.device.clone(),
            topic: beside.topic.clone(),
            zone: Some(basis.zone),
            opened: basis.opened.as_ref().map(|opened| STANDARD.encode(opened)),
            request: request.to_owned(),
        };
        let mut all = serde_json::to_vec(&head).map_err(crate::error::Error::internal)?;
        all.push(b'\n');
        all.extend_from_slice(sent.raw());
        Ok(all.into())
    }

    /// What the stream holds; nothing where that is none of ours.
    pub fn parse(mut all: Bytes) -> Option<Self> {
        let end = all.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&all.split_to(end)).ok()?;
        let raw = all.split_off(1);
        let opened = head.opened.map(|opened| STANDARD.decode(opened)).transpose().ok()?;
        Some(Self {
            source: head.source,
            request: head.request,
            received_at: DateTime::from_timestamp_micros(head.received_us)?,
            beside: Beside { device: head.device, topic: head.topic },
            sent: Sent::kept(raw, head.packed),
            basis: head.zone.map(|zone| Basis { zone, opened }),
        })
    }

    /// Decodes it.
    ///
    /// # Errors
    /// Where it cannot be unpacked, which it could when it came.
    pub async fn read(&self, source: &Arc<KnownSource>) -> Result<Read> {
        Read::of(source, self.sent.clone(), self.beside.clone(), self.received_at, self.basis.clone()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_none_of_ours_is_none() {
        let head = r#"{"source":"00000000-0000-0000-0000-000000000001","received_us":5,"packed":false,"request":"r","later":1}"#;
        for (text, body) in [
            (format!("{head}\nON\n2"), Some("ON\n2")),
            (format!("{head}\n"), Some("")),
            (head.to_owned(), None),
            ("{}\nx".to_owned(), None),
            (String::new(), None),
        ] {
            let read = KeptMessage::parse(text.clone().into());
            assert_eq!(read.as_ref().map(|read| read.sent.raw()), body.map(str::as_bytes), "{text}");
        }
    }
}
