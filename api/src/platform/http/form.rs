//! Bodies as forms send them (`application/x-www-form-urlencoded`), for the one place where a standard asks for them: OAuth.

use std::future::Future;
use std::pin::Pin;

use actix_web::web::{Data, Query};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use super::body::read;
use crate::app::App;
use crate::error::{Code, Error, Result};

/// Largest form, bytes: a signed assertion and what stands beside it.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// A form's names and values in their order; nothing where the body is no form.
pub struct FormBody(pub Option<Vec<(String, String)>>);

impl FromRequest for FormBody {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let essence = media.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let wait_max = request.app_data::<Data<App>>().map(|app| app.config.body_wait_max).unwrap_or_default();
        let mut payload = payload.take();
        Box::pin(async move {
            let bytes = match tokio::time::timeout(wait_max, read(&mut payload, FORM_BYTES_MAX)).await {
                Ok(bytes) => bytes?,
                Err(_) => return Err(Error::new(Code::BodyTimeout)),
            };
            let pairs = std::str::from_utf8(&bytes).ok().filter(|_| is_form).and_then(pairs);
            Ok(Self(pairs))
        })
    }
}

/// The names and values of a form.
pub fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    Some(Query::<Vec<(String, String)>>::from_query(text).ok()?.into_inner())
}
