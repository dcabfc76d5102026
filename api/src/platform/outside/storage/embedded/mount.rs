//! The storage on the server's own port, for presigned requests and nothing else: uploads into quarantine, downloads
//! from documents. The product's own calls do not come this way, so everything that a presigned request cannot need is
//! closed here.

use super::{
    EmbeddedS3, HttpLimits,
    pump::{Ended, PIECES_MAX, pump},
};
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, StatusCode, header},
    web,
};
use futures_util::{
    StreamExt,
    future::{Either, select},
    stream,
};
use s3s::dto::StreamingBlob;
use std::{io, pin::pin};

/// What the names of all buckets begin with.
const BEGINS: &str = "/zhidan-";

/// Whether an address is the storage's and not the product's. Its requests are signed one by one and bring or fetch a
/// file byte for byte, so what is made for the product's own answers must leave them alone.
pub fn is_address(path: &str) -> bool {
    path.starts_with(BEGINS)
}

/// Mounts the storage on the names of its buckets.
pub fn configure(cfg: &mut web::ServiceConfig, s3: EmbeddedS3) {
    cfg.service(
        web::resource("/{bucket:zhidan-[a-z0-9-]+}/{key:.*}")
            .app_data(web::Data::new(s3))
            .route(web::route().to(answer)),
    );
}

async fn answer(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Payload,
    s3: web::Data<EmbeddedS3>,
) -> HttpResponse {
    let limits = &s3.inner.http;
    if request.method() == Method::OPTIONS {
        return preflight(&request, limits);
    }
    let announced = match admit(&request, &path.0, limits) {
        Ok(announced) => announced,
        Err((status, code, why)) => return refusal(limits, status, code, why),
    };
    let (sender, mut receiver) = tokio::sync::mpsc::channel(PIECES_MAX);
    // a request without a body must be given as one that has none, or the storage asks for its length
    let forwarded = if request.method() == Method::PUT {
        s3s::Body::from(StreamingBlob::wrap(stream::poll_fn(move |cx| receiver.poll_recv(cx))))
    } else {
        s3s::Body::empty()
    };
    let Some(forwarded) = forward(&request, forwarded) else {
        return refusal(limits, StatusCode::BAD_REQUEST, "InvalidRequest", "the request cannot be read");
    };
    // both run in this task, so that a client that goes away ends both
    let call = pin!(s3.inner.service.call(forwarded));
    let carried = pin!(pump(body, sender, announced, limits));
    let (response, ended) = match select(call, carried).await {
        Either::Left((response, _)) => (response, None),
        Either::Right((ended, call)) => (call.await, Some(ended)),
    };
    match (response, ended) {
        (_, Some(Ended::Slow)) => {
            refusal(limits, StatusCode::REQUEST_TIMEOUT, "RequestTimeout", "the body came too slowly")
        }
        (Ok(response), ended) => pass_on(response, limits, ended == Some(Ended::Whole)),
        (Err(_), _) => refusal(limits, StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "the storage failed"),
    }
}

type Refusal = (StatusCode, &'static str, &'static str);

/// Whether the request may reach the storage at all. Answers the length of its body.
fn admit(request: &HttpRequest, bucket: &str, limits: &HttpLimits) -> Result<u64, Refusal> {
    let put = request.method() == Method::PUT;
    if !put && request.method() != Method::GET {
        return Err((
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "only PUT, GET and OPTIONS are answered here",
        ));
    }
    if bucket != if put { &limits.quarantine } else { &limits.documents } {
        return Err((StatusCode::FORBIDDEN, "AccessDenied", "this bucket does not take such a request"));
    }
    let signed = signed_headers(request).ok_or((
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "only presigned requests are answered here",
    ))?;
    // A header that nobody signed must not change what the request does: x-amz-copy-source, added to an upload's
    // address, would turn it into a copy of any object whose key is known. S3 itself refuses these too.
    if request
        .headers()
        .keys()
        .any(|name| name.as_str().starts_with("x-amz-") && !signed.iter().any(|s| s == name.as_str()))
    {
        return Err((
            StatusCode::FORBIDDEN,
            "AccessDenied",
            "there were headers present in the request which were not signed",
        ));
    }
    if !put {
        return Ok(0);
    }
    if !signed.iter().any(|s| s == "content-length") {
        return Err((StatusCode::FORBIDDEN, "AccessDenied", "the length of an upload must be signed"));
    }
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let announced =
        announced.ok_or((StatusCode::LENGTH_REQUIRED, "MissingContentLength", "the length of the body is missing"))?;
    if announced > limits.object_bytes_max {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "EntityTooLarge", "the body is larger than what is stored"));
    }
    Ok(announced)
}

/// The names of the signed headers, if this is a request presigned by signature version 4 and none other.
fn signed_headers(request: &HttpRequest) -> Option<Vec<String>> {
    let mut signed = None;
    let mut signature = false;
    for pair in request.query_string().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            "X-Amz-Signature" => signature = true,
            "X-Amz-SignedHeaders" => signed = Some(value.replace("%3B", ";").replace("%3b", ";")),
            // signature version 2
            "Signature" => return None,
            _ => {}
        }
    }
    signed.filter(|_| signature).map(|names| names.split(';').map(str::to_ascii_lowercase).collect())
}

/// The request as the storage takes it, without what is meant for the rest of the server.
fn forward(request: &HttpRequest, body: s3s::Body) -> Option<http::Request<s3s::Body>> {
    let mut out = http::Request::builder().method(request.method().as_str()).uri(request.uri().to_string());
    for (name, value) in request.headers() {
        if *name != header::AUTHORIZATION && *name != header::COOKIE {
            out = out.header(name.as_str(), value.as_bytes());
        }
    }
    out.body(body).ok()
}

/// The storage's answer as the server gives it.
fn pass_on(response: http::Response<s3s::Body>, limits: &HttpLimits, whole: bool) -> HttpResponse {
    let (parts, body) = response.into_parts();
    let status = StatusCode::from_u16(parts.status.as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut out = HttpResponse::build(status);
    let mut length = None;
    for (name, value) in &parts.headers {
        if name == http::header::CONTENT_LENGTH {
            length = value.to_str().ok().and_then(|v| v.parse::<u64>().ok());
        } else {
            out.append_header((name.as_str(), value.as_bytes()));
        }
    }
    open_to_browsers(&mut out, limits);
    if !status.is_success() && !whole {
        // the rest of the body is not waited for
        out.force_close();
    }
    match length {
        Some(length) => out.no_chunking(length),
        None => &mut out,
    };
    out.streaming(body.map(|piece| piece.map_err(io::Error::other)))
}

/// Headers that every answer carries: readable by scripts of the allowed origin, and harmless if opened in a browser,
/// as documents come from the same origin as the product.
fn open_to_browsers(out: &mut HttpResponseBuilder, limits: &HttpLimits) {
    out.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, limits.allow_origin.as_str()))
        .insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Content-Length, Content-Disposition"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"));
}

fn preflight(request: &HttpRequest, limits: &HttpLimits) -> HttpResponse {
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let mut out = HttpResponse::NoContent();
    out.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, limits.allow_origin.as_str()))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "3600"))
        .insert_header((header::VARY, "Access-Control-Request-Headers"));
    if let Some(wanted) = wanted {
        out.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, wanted));
    }
    out.finish()
}

/// An answer of this side, in S3's form. What is left of the body is not waited for.
fn refusal(limits: &HttpLimits, status: StatusCode, code: &str, why: &str) -> HttpResponse {
    let mut out = HttpResponse::build(status);
    open_to_browsers(&mut out, limits);
    out.force_close().content_type("application/xml").body(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{why}</Message></Error>"
    ))
}
