//! From bytes to readings: unpacking, decryption, decoding. A large message is read on a thread of its own, so that others
//! of this worker are answered meanwhile.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::devices::messages::{Decoded, Envelope, Format, MessageFault, decode};
use domain::time::TenantZone;

use super::receive::Beside;
use super::sent::Sent;
use super::tuya;
use crate::devices::sources::KnownSource;
use crate::error::{Error, Result};

/// From this size on a message is read apart, bytes: about a millisecond's work.
const APART_BYTES_MIN: usize = 32 * 1024;

/// What reading a message takes of its source, which may change: it stays what it was when the message was accepted, however
/// late that is taken in.
#[derive(Clone, Debug)]
pub(super) struct Basis {
    /// The zone of times without one.
    pub zone: TenantZone,
    /// What was inside, where the message was encrypted and could be opened.
    pub opened: Option<Vec<u8>>,
}

impl Basis {
    fn now(source: &KnownSource, body: &[u8]) -> Self {
        Self { zone: source.zone, opened: opened(source, body) }
    }
}

/// A message as it was read.
pub(in crate::devices) struct Read {
    /// Unpacked, for what of it has to be shown.
    pub body: Vec<u8>,
    /// By what.
    pub(super) basis: Basis,
    /// Its readings, or why there are none.
    pub decoded: Result<Decoded, MessageFault>,
}

impl Read {
    /// Reads a message, by what the source is now unless something else is said.
    ///
    /// # Errors
    /// Where it cannot be unpacked.
    pub(super) async fn of(
        source: &Arc<KnownSource>,
        sent: Sent,
        beside: Beside,
        received_at: DateTime<Utc>,
        basis: Option<Basis>,
    ) -> Result<Self> {
        if sent.raw().len() < APART_BYTES_MIN {
            return read(source, &sent, &beside, received_at, basis);
        }
        let source = Arc::clone(source);
        let apart = move || read(&source, &sent, &beside, received_at, basis);
        actix_web::web::block(apart).await.map_err(|cause| Error::internal(anyhow::anyhow!("{cause}")))?
    }
}

fn read(
    source: &KnownSource,
    sent: &Sent,
    beside: &Beside,
    received_at: DateTime<Utc>,
    basis: Option<Basis>,
) -> Result<Read> {
    let body = sent.unpacked()?.into_owned();
    let basis = basis.unwrap_or_else(|| Basis::now(source, &body));
    let envelope = Envelope {
        topic: beside.topic.as_deref(),
        device: beside.device.as_deref(),
        zone: basis.zone,
        ..Envelope::received(received_at)
    };
    let decoded = decode(source.format, basis.opened.as_deref().unwrap_or(&body), &envelope);
    Ok(Read { body, basis, decoded })
}

/// What is inside a message that is encrypted under the source's secret.
fn opened(source: &KnownSource, body: &[u8]) -> Option<Vec<u8>> {
    if source.format == Format::Tuya { tuya::decrypted(source.newest_secret(), body) } else { None }
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
    decode(source.format, opened(source, body).as_deref().unwrap_or(body), envelope)
}
