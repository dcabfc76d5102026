//! A message's body as it is sent: read within a size and a time, and unpacked within a size, however small it was before.

use std::borrow::Cow;
use std::io::Read as _;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Payload};
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;

use crate::error::{Code, Error, Result};

/// Largest body as it is sent, bytes.
const SENT_BYTES_MAX: usize = 1024 * 1024;
/// Largest body unpacked, bytes.
const UNPACKED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A body as it was sent.
#[derive(Clone)]
pub(super) struct Sent {
    raw: Bytes,
    packed: bool,
}

impl Sent {
    /// Reads it.
    ///
    /// # Errors
    /// `unsupported_media_type`, `body_too_large`, `body_timeout`, or `malformed_body` where it breaks off.
    pub async fn read(request: &HttpRequest, mut payload: Payload, wait_max: Duration) -> Result<Self> {
        let packed = is_packed(request)?;
        must_be_known(request)?;
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        // nobody waits for what will be refused
        if length.is_some_and(|bytes| bytes > SENT_BYTES_MAX as u64) {
            return Err(too_large());
        }
        let all = async {
            let mut raw = BytesMut::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|e| Error::new(Code::MalformedBody).because(e))?;
                if raw.len() + chunk.len() > SENT_BYTES_MAX {
                    return Err(too_large());
                }
                raw.extend_from_slice(&chunk);
            }
            Ok(raw.freeze())
        };
        let raw = tokio::time::timeout(wait_max, all).await.map_err(|_| Error::new(Code::BodyTimeout))??;
        Ok(Self { raw, packed })
    }

    /// One that was kept since.
    pub fn kept(raw: Bytes, packed: bool) -> Self {
        Self { raw, packed }
    }

    /// Whether it is packed.
    pub fn is_packed(&self) -> bool {
        self.packed
    }

    /// As it was sent.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Unpacked.
    ///
    /// # Errors
    /// `body_too_large`, or `malformed_body` where it was not packed as it says.
    pub fn unpacked(&self) -> Result<Cow<'_, [u8]>> {
        if !self.packed {
            return Ok(Cow::Borrowed(&self.raw));
        }
        let mut unpacked = Vec::new();
        // one byte more than may be, to know that there is more
        let mut some = MultiGzDecoder::new(&self.raw[..]).take(UNPACKED_BYTES_MAX as u64 + 1);
        some.read_to_end(&mut unpacked).map_err(|cause| {
            let told = Error::new(Code::MalformedBody);
            told.detail("内容不是有效的gzip数据。", "The body is no gzip data.").because(cause)
        })?;
        if unpacked.len() > UNPACKED_BYTES_MAX {
            return Err(too_large());
        }
        Ok(Cow::Owned(unpacked))
    }
}

fn is_packed(request: &HttpRequest) -> Result<bool> {
    let told = Error::new(Code::UnsupportedMediaType);
    match request.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").trim()) {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(_) => Err(told.detail("内容只能用gzip压缩。", "A body may be packed with gzip, and not otherwise.")),
    }
}

/// JSON or text, also of a sender that says nothing of it.
fn must_be_known(request: &HttpRequest) -> Result<()> {
    let media = request.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"));
    let essence = media.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence.is_empty() || essence == "application/json" || essence.ends_with("+json") || essence.starts_with("text/")
    {
        return Ok(());
    }
    let told = Error::new(Code::UnsupportedMediaType);
    Err(told.detail("请发送application/json或text/plain。", "Send application/json or text/plain."))
}

fn too_large() -> Error {
    Error::new(Code::BodyTooLarge)
        .detail("内容最多1MiB，解压后最多8MiB。", "At most 1 MiB as it is sent, and 8 MiB unpacked.")
}
