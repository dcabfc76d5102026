//! From bytes to readings: unpacking, decryption, decoding. A large message is read on a thread of its own, so that others
//! of this worker are answered meanwhile.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::devices::messages::{Decoded, Envelope, Format, MessageFault, decode};

use super::receive::Beside;
use super::sent::Sent;
use super::tuya;
use crate::devices::sources::KnownSource;
use crate::error::{Error, Result};

/// From this size on a message is read apart, bytes: about a millisecond's work.
const APART_BYTES_MIN: usize = 32 * 1024;

/// A message as it was read.
pub(in crate::devices) struct Read {
    /// Unpacked, for what of it has to be shown.
    pub body: Vec<u8>,
    /// Its readings, or why there are none.
    pub decoded: Result<Decoded, MessageFault>,
}

impl Read {
    /// Reads a message.
    ///
    /// # Errors
    /// Where it cannot be unpacked.
    pub(super) async fn of(
        source: &Arc<KnownSource>,
        sent: Sent,
        beside: Beside,
        received_at: DateTime<Utc>,
    ) -> Result<Self> {
        if sent.raw().len() < APART_BYTES_MIN {
            return read(source, &sent, &beside, received_at);
        }
        let source = Arc::clone(source);
        let apart = move || read(&source, &sent, &beside, received_at);
        actix_web::web::block(apart).await.map_err(|cause| Error::internal(anyhow::anyhow!("{cause}")))?
    }
}

fn read(source: &KnownSource, sent: &Sent, beside: &Beside, received_at: DateTime<Utc>) -> Result<Read> {
    let body = sent.unpacked()?.into_owned();
    let envelope = Envelope {
        topic: beside.topic.as_deref(),
        device: beside.device.as_deref(),
        zone: source.zone,
        ..Envelope::received(received_at)
    };
    let decoded = decoded(source, &body, &envelope);
    Ok(Read { body, decoded })
}

/// The readings of a message of a source.
///
/// # Errors
/// [`MessageFault`] where nothing of it can be read.
pub(in crate::devices) fn decoded(
    source: &KnownSource,
    body: &[u8],
    envelope: &Envelope<'_>,
) -> Result<Decoded, MessageFault> {
    let hidden = if source.format == Format::Tuya { tuya::decrypted(source.newest_secret(), body) } else { None };
    decode(source.format, hidden.as_deref().unwrap_or(body), envelope)
}
