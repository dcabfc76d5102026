//! A stand-in for both operators. It shares no signing code with the product: other crates, its own parsing, and it
//! rebuilds what was signed from the raw request.
use super::{NOW, SECRET_ID, SECRET_KEY};
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const SKEW_S_MAX: i64 = 300;

/// What the server does with a request whose signature is right.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    Accept,
    RateLimit,
    TooManyRequests,
    Refuse,
    Broken,
    Garbage,
    Huge,
    Hang,
}

#[derive(Clone)]
struct State {
    mode: Mode,
    accepted: Arc<Mutex<Vec<Value>>>,
}

/// A running server; it stops when dropped.
pub struct Gate {
    pub endpoint: String,
    accepted: Arc<Mutex<Vec<Value>>>,
    handle: ServerHandle,
}

impl Gate {
    pub fn start(mode: Mode) -> Self {
        let accepted = Arc::new(Mutex::new(Vec::new()));
        let state = State { mode, accepted: accepted.clone() };
        let server = HttpServer::new(move || {
            App::new().app_data(web::Data::new(state.clone())).default_service(web::to(answer))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
        let endpoint = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { endpoint, accepted, handle }
    }

    /// The parameters of every request that passed the signature check.
    pub fn accepted(&self) -> Vec<Value> {
        self.accepted.lock().unwrap().clone()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn answer(request: HttpRequest, body: web::Bytes, state: web::Data<State>) -> HttpResponse {
    let tencent = header(&request, "authorization").starts_with("TC3");
    let checked = if tencent { check_tc3(&request, &body) } else { check_acs3(&request, &body) };
    match checked {
        Ok(params) => state.accepted.lock().unwrap().push(params),
        Err(code) => return failure(tencent, code, "refused"),
    }
    let pad = if matches!(state.mode, Mode::Huge) { "x".repeat(1_000_000) } else { String::new() };
    match state.mode {
        Mode::Accept | Mode::Huge if tencent => HttpResponse::Ok().json(json!({"Response": {
            "SendStatusSet": [{"SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": "+86", "Fee": 1,
                               "SessionContext": pad, "Code": "Ok", "Message": "send success", "IsoCode": "CN"}],
            "RequestId": "a0aabda6-cf91-4f3e-a81f-9198114a2279"}})),
        Mode::Accept | Mode::Huge => HttpResponse::Ok()
            .json(json!({"Code": "OK", "Message": pad, "BizId": "9006197469364984400", "RequestId": "F655A8D5"})),
        Mode::RateLimit if tencent => HttpResponse::Ok().json(json!({"Response": {"RequestId": "r", "SendStatusSet":
            [{"Code": "LimitExceeded.PhoneNumberOneHourLimit", "Message": "limit", "SerialNo": ""}]}})),
        Mode::RateLimit => failure(false, "isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5"),
        Mode::TooManyRequests => HttpResponse::TooManyRequests().insert_header(("retry-after", "7")).finish(),
        Mode::Refuse if tencent => {
            failure(true, "FailedOperation.PhoneNumberInBlacklist", "+8613800138012 in blacklist")
        }
        Mode::Refuse => failure(false, "isv.MOBILE_NUMBER_ILLEGAL", "13800138012 illegal"),
        Mode::Broken => HttpResponse::BadGateway().body("<html>502</html>"),
        Mode::Garbage => HttpResponse::Ok().body("{\"Response\": [1, 2"),
        Mode::Hang => std::future::pending().await,
    }
}

fn failure(tencent: bool, code: &str, message: &str) -> HttpResponse {
    if tencent {
        HttpResponse::Ok().json(json!({"Response": {"Error": {"Code": code, "Message": message}, "RequestId": "r"}}))
    } else {
        let status = if code.starts_with("isv.") { 200 } else { 400 };
        let status = actix_web::http::StatusCode::from_u16(status).unwrap();
        HttpResponse::build(status).json(json!({"Code": code, "Message": message, "RequestId": "r"}))
    }
}

/// TC3: the body is signed by its hash; the query must be empty.
fn check_tc3(request: &HttpRequest, body: &[u8]) -> Result<Value, &'static str> {
    let auth = fields(&header(request, "authorization"));
    let at: i64 = header(request, "x-tc-timestamp").parse().map_err(|_| "MissingParameter")?;
    fresh(at).map_err(|()| "AuthFailure.SignatureExpire")?;
    let (id, scope) = auth["Credential"].split_once('/').ok_or("AuthFailure.InvalidAuthorization")?;
    let date = DateTime::from_timestamp(at, 0).unwrap().date_naive().to_string();
    if id != SECRET_ID || scope != format!("{date}/sms/tc3_request") || request.query_string() != "" {
        return Err("AuthFailure.SecretIdNotFound");
    }
    let canonical = canonical(request, "", &auth["SignedHeaders"], &sha256(body));
    let to_sign = format!("TC3-HMAC-SHA256\n{at}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let mut key = format!("TC3{SECRET_KEY}").into_bytes();
    for step in [date.as_str(), "sms", "tc3_request"] {
        key = mac(&key, step);
    }
    let named = ["x-tc-action", "x-tc-version", "x-tc-region"].map(|name| header(request, name));
    if hex::encode(mac(&key, &to_sign)) != auth["Signature"] || named != ["SendSms", "2021-01-11", "ap-guangzhou"] {
        return Err("AuthFailure.SignatureFailure");
    }
    serde_json::from_slice(body).map_err(|_| "InvalidParameter")
}

/// ACS3: every parameter is in the query; the body is signed by its hash.
fn check_acs3(request: &HttpRequest, body: &[u8]) -> Result<Value, &'static str> {
    let auth = fields(&header(request, "authorization"));
    let at: DateTime<Utc> = header(request, "x-acs-date").parse().map_err(|_| "InvalidTimeStamp.Format")?;
    fresh(at.timestamp()).map_err(|()| "InvalidTimeStamp.Expired")?;
    let hash = sha256(body);
    if auth["Credential"] != SECRET_ID || header(request, "x-acs-content-sha256") != hash {
        return Err("InvalidAccessKeyId.NotFound");
    }
    let params: BTreeMap<String, String> = request
        .query_string()
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let query: Vec<String> = params.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    let canonical = canonical(request, &query.join("&"), &auth["SignedHeaders"], &hash);
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256(canonical.as_bytes()));
    let named = ["x-acs-action", "x-acs-version"].map(|name| header(request, name));
    let signed = hex::encode(mac(SECRET_KEY.as_bytes(), &to_sign)) == auth["Signature"];
    if !signed || named != ["SendSms", "2017-05-25"] || header(request, "x-acs-signature-nonce").len() < 16 {
        return Err("SignatureDoesNotMatch");
    }
    Ok(json!(params))
}

fn canonical(request: &HttpRequest, query: &str, signed: &str, body_hash: &str) -> String {
    let lines: Vec<String> =
        signed.split(';').map(|name| format!("{name}:{}\n", header(request, name).trim())).collect();
    [request.method().as_str(), request.path(), query, &lines.concat(), signed, body_hash].join("\n")
}

fn fresh(at_s: i64) -> Result<(), ()> {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    if (now.timestamp() - at_s).abs() <= SKEW_S_MAX { Ok(()) } else { Err(()) }
}

/// `ALGORITHM A=1, B=2` with or without the space.
fn fields(authorization: &str) -> BTreeMap<String, String> {
    let pairs = authorization.split_once(' ').map_or("", |(_, rest)| rest);
    let mut found: BTreeMap<String, String> =
        ["Credential", "SignedHeaders", "Signature"].map(|n| (n.into(), String::new())).into();
    found.extend(pairs.split(',').filter_map(|pair| pair.trim().split_once('=')).map(|(n, v)| (n.into(), v.into())));
    found
}

fn header(request: &HttpRequest, name: &str) -> String {
    if name == "host" {
        return request.connection_info().host().to_owned();
    }
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            bytes.extend(hex::decode(&tail[..2]).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn encode(text: &str) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.~".contains(b);
    text.bytes().map(|b| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
