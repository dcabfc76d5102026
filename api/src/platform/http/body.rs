//! Request bodies: read within a size and a time (actix itself waits for a slow body for ever), then strictly as JSON,
//! with a pointer to what does not fit.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::web::{BytesMut, Data};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::{given, strict_json};
use crate::app::App;
use crate::error::{Code, Error, FieldProblem, Result};

/// Largest body, bytes. Documents do not come this way.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// A JSON body read as `T`.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        let wait_max = request.app_data::<Data<App>>().map_or(Duration::ZERO, |app| app.config.body_wait_max);
        let mut payload = payload.take();
        Box::pin(async move {
            // nobody waits for what will be refused
            if announced.is_some_and(|bytes| bytes > BODY_BYTES_MAX as u64) {
                return Err(too_large(BODY_BYTES_MAX));
            }
            let is_json = media.as_deref().is_some_and(|media| {
                let essence = media.split(';').next().unwrap_or_default().trim();
                essence.eq_ignore_ascii_case("application/json")
                    || essence.eq_ignore_ascii_case("application/merge-patch+json")
            });
            let bytes = match tokio::time::timeout(wait_max, read(&mut payload, BODY_BYTES_MAX)).await {
                Ok(bytes) => bytes?,
                Err(_) => return Err(Error::new(Code::BodyTimeout)),
            };
            if !is_json {
                return Err(
                    Error::new(Code::UnsupportedMediaType).detail("请发送application/json。", "Send application/json.")
                );
            }
            parse(&bytes).map(Body)
        })
    }
}

/// Reads a body of at most `bytes_max`.
pub(super) async fn read(payload: &mut Payload, bytes_max: usize) -> Result<BytesMut> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::new(Code::MalformedBody).because(e))?;
        if bytes.len() + chunk.len() > bytes_max {
            return Err(too_large(bytes_max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large(bytes_max: usize) -> Error {
    let kilobytes = bytes_max / 1024;
    Error::new(Code::BodyTooLarge).detail(format!("内容不能超过{kilobytes}KB。"), format!("At most {kilobytes} kB."))
}

/// Reads `bytes` as `T`.
///
/// # Errors
/// `malformed_body` where it is no JSON, `invalid_fields` with a pointer where it does not fit.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let value =
        strict_json::parse(bytes).map_err(|fault| Error::new(Code::MalformedBody).detail(fault.zh, fault.en))?;
    if !value.is_object() {
        // serde would read an array as the fields of a structure in order.
        let (zh, en) = ("内容应为JSON对象", "The body is a JSON object");
        return Err(Error::fields(vec![FieldProblem::new("", "type", zh, en)]));
    }
    given::read(value, "").map_err(|problem| Error::fields(vec![problem]))
}
