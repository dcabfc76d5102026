//! `POST /v1/t/{tenant}/telemetry/{id}`: takes a message of a source in.
//!
//! Our own scheme (`hmac`): the sender makes a time (unix seconds, with up to six digits after a point), a nonce (8 to 64
//! letters, digits, `-` and `_`) and the keyed hash HMAC-SHA256 over `time.nonce.body`, or, where the address has a query,
//! over `time.nonce?query`, a line feed and the body; the key is the secret as it was shown, the body is as it is sent, so
//! after packing. They travel in `Zhidan-Timestamp`, `Zhidan-Nonce` and `Zhidan-Signature: v1=…` (hexadecimal; several
//! signatures, one blank apart, where the secret is being changed). Times may differ from ours by five minutes.
//!
//! Nonces are not remembered. Whoever sends a message again that was taken in changes nothing: its readings are there
//! already, those without a time of their own got that of the signature, and what was set aside is so once.

use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, post};
use domain::devices::intake::Verification;
use domain::devices::messages::MessageFault;
use domain::id::kind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::kept::KeptMessage;
use super::read::Read;
use super::sent::Sent;
use super::view::Receipt;
use super::{door, proof};
use crate::app::App;
use crate::devices::buffer::{Buffer, Kept};
use crate::devices::quarantine::Room;
use crate::devices::readings::{Handed, expected, perhaps_aside, take, take_unreadable};
use crate::devices::sources::KnownSource;
use crate::error::{Code, Error, FieldProblem, Language, ProblemBody, Result};
use crate::platform::http::{At, Context, Params, Reply, Slug};

/// What a message may not say itself.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Beside {
    /// The device, for formats that do not name it.
    #[param(max_length = 128, example = "tasmota_4B2C11")]
    pub(super) device: Option<String>,
    /// The MQTT topic that the message was published under, for formats that name the device there.
    #[param(max_length = 512, example = "tele/tasmota_4B2C11/SENSOR")]
    pub(super) topic: Option<String>,
}

/// Takes a message of a source in, of at most 1 MiB as it is sent and 8 MiB unpacked, with at most 5,000 readings.
///
/// The source proves that the message is its own, as it was set up. `hmac`: `Zhidan-Timestamp` (unix seconds), `Zhidan-Nonce`
/// (8 to 64 letters, digits, `-` and `_`), `Zhidan-Signature: v1=` + hexadecimal HMAC-SHA256 under the secret over
/// `timestamp.nonce.body` (with a query in the address, `timestamp.nonce?query`, a line feed and the body), the body as it is
/// sent. `token`: `Authorization: Bearer` with the secret, or `Zhidan-Token`. `onenet`: as OneNET signs.
///
/// The body is a message in the source's format, packed with gzip or not. The answer comes when all is committed, or, where a
/// stream stands between, when it is kept there for good; sending the same again does no harm. One item that cannot be counted
/// loses none of the others.
#[utoipa::path(
    tag = "telemetry-in",
    params(
        Beside,
        ("Zhidan-Timestamp" = Option<String>, Header, description = "Unix seconds, within five minutes of ours (hmac)", example = "1790000000"),
        ("Zhidan-Nonce" = Option<String>, Header, description = "8 to 64 letters, digits, - and _ (hmac)", example = "b1946ac92492d234"),
        ("Zhidan-Signature" = Option<String>, Header, description = "v1= and 64 hexadecimal digits; several one blank apart (hmac)"),
        ("Zhidan-Token" = Option<String>, Header, description = "The secret (token)"),
        ("Content-Encoding" = Option<String>, Header, description = "gzip, if packed", example = "gzip")
    ),
    request_body(content(
        (serde_json::Value = "application/json", example = json!({ "readings": [{
            "device": "tasmota_4B2C11", "at": "2026-07-01T08:00:00+08:00", "power_w": 1427.5, "energy_kwh": 6.294
        }] })),
        (String = "text/plain", example = "Online")
    ), description = "A message in the source's format"),
    responses(
        (status = 200, description = "What became of each item; committed", body = Receipt),
        (status = 202, description = "Kept, where a stream stands between this and the tables: no reading is lost from here on, and each is counted soon", body = Receipt),
        (status = 401, description = "Not the source's own, or no such active source", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The message cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Stopping, the database or the stream is away, or the stream or the quarantine is full", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/telemetry/{id}")]
pub async fn receive_telemetry(
    slug: Slug,
    id: At<kind::Source>,
    app: Data<App>,
    context: Context,
    Params(beside): Params<Beside>,
    request: HttpRequest,
    payload: Payload,
) -> Result<Reply<Receipt>> {
    let known = door::source(&app, &slug.0, id.0, &context).await?;
    let sent = Sent::read(&request, payload, app.config.body_wait_max).await?;
    let proven = proof::verify(known.as_deref(), &request, &sent, app.clock.now());
    let (Some(source), Some(received_at)) = (known, proven) else { return Err(door::refused(&app, &context).await) };
    let _turn = app.intake.turn(&source).await?;
    let read = Read::of(&source, sent.clone(), beside.clone(), received_at, None).await?;
    if let Some(buffer) = app.buffer.as_ref().filter(|_| has_room(&app, &source, &read)) {
        let message = KeptMessage::write(&source, &sent, &beside, &read.basis, received_at, &context.request_id)?;
        if let Some(reply) = kept(buffer, &source, &read, message, context.language).await? {
            return Ok(reply);
        }
    }
    let handed = Handed { source: &source, body: &read.body, request: &context.request_id, room: Room::Bounded };
    match read.decoded {
        Ok(decoded) => {
            let nothing = decoded.empty_reason;
            let outcomes = take(&app, &handed, decoded).await?;
            Ok(Reply::ok(Receipt::of(outcomes, nothing, context.language)))
        }
        Err(fault) => {
            let outcome = take_unreadable(&app, &handed, fault).await?;
            // OneNET sends until it is told 200, and would send this for ever
            if source.verification == Verification::OneNet {
                return Ok(Reply::ok(Receipt::of(vec![outcome], None, context.language)));
            }
            Err(unreadable(fault))
        }
    }
}

fn unreadable(fault: MessageFault) -> Error {
    let words = fault.words();
    let problem = FieldProblem::new("", fault.code(), words.zh, words.en);
    Error::new(Code::TelemetryUnreadable).with_fields(vec![problem])
}

/// Whether all that a message may have to be set aside of has room in the source's quarantine. Where it may have none the message
/// goes straight into the tables, so that its sender hears what was not kept; once accepted, it would have to be.
fn has_room(app: &App, source: &KnownSource, read: &Read) -> bool {
    match &read.decoded {
        Ok(decoded) => source.take_room(perhaps_aside(app, source.id, decoded)),
        // its sender hears that it cannot be read, and it is not kept for certain
        Err(_) => true,
    }
}

/// Has the stream keep a message, and says so; nothing where the message is larger than it takes, and has to go straight into
/// the tables.
async fn kept(
    buffer: &Buffer,
    source: &KnownSource,
    read: &Read,
    message: Bytes,
    language: Language,
) -> Result<Option<Reply<Receipt>>> {
    let nothing = read.decoded.as_ref().ok().and_then(|decoded| decoded.empty_reason);
    let outcomes = expected(&read.decoded);
    // there is nothing in it to be kept
    if outcomes.is_empty() {
        return Ok(Some(Reply::ok(Receipt::of(outcomes, nothing, language))));
    }
    if let Kept::TooLarge = buffer.keep(source.tenant, message).await? {
        return Ok(None);
    }
    let receipt = Receipt::of(outcomes, nothing, language);
    match read.decoded {
        // OneNET knows one answer that is well
        _ if source.verification == Verification::OneNet => Ok(Some(Reply::ok(receipt))),
        Ok(_) => Ok(Some(Reply::accepted(receipt))),
        Err(fault) => Err(unreadable(fault)),
    }
}
