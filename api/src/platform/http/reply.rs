//! Answers with their version and, where something was made, its address.

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use crate::platform::db::Act;

/// An answer: status, body, and the version that `If-Match` will want.
#[derive(Debug)]
pub struct Reply<T> {
    pub(super) status: u16,
    pub(super) version: Option<i64>,
    pub(super) location: Option<String>,
    pub(super) body: T,
}

impl<T: Serialize> Reply<T> {
    /// 200 with a body.
    pub fn ok(body: T) -> Self {
        Self { status: 200, version: None, location: None, body }
    }

    /// 201 with a body and the new thing's address.
    pub fn created(location: String, body: T) -> Self {
        Self { status: 201, version: None, location: Some(location), body }
    }

    /// 202: taken on, to be done.
    pub fn accepted(body: T) -> Self {
        Self { status: 202, version: None, location: None, body }
    }

    /// Names the version shown.
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// What is answered, with what was done, for an idempotent operation.
    pub fn done(self, act: Act) -> Done<T> {
        Done { reply: self, act, keep: true }
    }
}

/// An answer and the act that it reports.
pub struct Done<T> {
    pub(super) reply: Reply<T>,
    pub(super) act: Act,
    pub(super) keep: bool,
}

impl<T> Done<T> {
    /// The answer holds a secret and is not kept under its key: a repeat is refused instead of answered again.
    pub fn secret(mut self) -> Self {
        self.keep = false;
        self
    }
}

impl<T: Serialize> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.body) {
            Ok(json) => write(self.status, self.version, self.location.as_deref(), json),
            Err(error) => HttpResponse::from_error(crate::error::Error::internal(error)),
        }
    }
}

/// Writes an answer whose body is already JSON; `null` is an empty body.
pub(super) fn write(status: u16, version: Option<i64>, location: Option<&str>, json: Vec<u8>) -> HttpResponse {
    let empty = json == b"null";
    let status = match (StatusCode::from_u16(status), empty) {
        (Ok(StatusCode::OK), true) => StatusCode::NO_CONTENT,
        (Ok(status), _) => status,
        (Err(_), _) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut builder = HttpResponse::build(status);
    if let Some(version) = version {
        builder.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    if let Some(location) = location {
        builder.insert_header((header::LOCATION, location));
    }
    if empty {
        return builder.finish();
    }
    builder.insert_header((header::CONTENT_TYPE, "application/json")).body(json)
}
