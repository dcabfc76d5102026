//! One message out of the stream into the tables, as if it came just now through the webhook: the same decoding, the same
//! instant at which it counts as received, the same quarantine. It is acknowledged when that is committed.

use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::devices::quarantine::Room;
use crate::devices::readings::{Handed, take, take_unreadable};
use crate::devices::webhook::KeptMessage;
use crate::error::Result;
use crate::platform::outside::nats::{Body, Hand, Lying, Waiting};

/// Waits before a message is tried again while the database is away, doubled each time up to the longest.
const AGAIN_MIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(60);

/// Takes a message in and lets the stream forget it, or gives it back; says what became of it, in a word for counting.
pub(super) async fn one(app: &App, hand: &Hand, firm: Uuid, waiting: &Waiting) -> &'static str {
    let body = match hand.body(waiting).await {
        Ok(Body::Here(body)) => body,
        Ok(Body::Gone) => {
            // Another has taken it in; or a server that was killed says so of what it holds until it is started again. What was
            // not taken in here is not acknowledged: it comes again, if it is there.
            waiting.again(Some(AGAIN_MAX)).await;
            return "gone";
        }
        Err(cause) => {
            tracing::warn!(sequence = waiting.sequence, %cause, "a message of the stream could not be read yet");
            waiting.again(Some(AGAIN_MIN)).await;
            return "again";
        }
    };
    let wait = match into_tables(app, firm, waiting.sequence, body).await {
        Ok(outcome) => return done(hand, waiting, outcome).await,
        Err(error) => {
            tracing::warn!(sequence = waiting.sequence, cause = %error, "a message could not be taken in yet");
            let doubled = AGAIN_MIN.saturating_mul(1 << waiting.delivered.saturating_sub(1).min(10));
            doubled.min(AGAIN_MAX)
        }
    };
    waiting.again(Some(wait)).await;
    "again"
}

async fn done(hand: &Hand, waiting: &Waiting, outcome: &'static str) -> &'static str {
    if let Err(cause) = hand.done(waiting).await {
        // it comes again, and changes nothing
        tracing::info!(sequence = waiting.sequence, %cause, "the stream did not hear that a message was taken in");
    }
    outcome
}

/// Takes in what the consumer has passed over, and removes it: taken in twice it changes nothing, and whether it was once
/// nobody can say. Says whether it is gone.
pub(super) async fn passed_over(app: &App, hand: &Hand, firm: Uuid, lying: &Lying) -> bool {
    let taken = into_tables(app, firm, lying.sequence, lying.body.clone()).await;
    if let Err(error) = &taken {
        tracing::warn!(sequence = lying.sequence, cause = %error, "a message that was passed over could not be taken in yet");
    }
    let removed = taken.is_ok() && hand.remove(lying).await.is_ok();
    let outcome = if removed { "passed_over" } else { "again" };
    metrics::counter!("zhidan_buffer_taken_total", "outcome" => outcome).increment(1);
    removed
}

async fn into_tables(app: &App, firm: Uuid, sequence: u64, body: Bytes) -> Result<&'static str> {
    let Some(message) = KeptMessage::parse(body) else {
        tracing::error!(sequence, "something that is no message of ours lies in the stream and is lost");
        return Ok("foreign");
    };
    let request = &message.request;
    let Some(source) = app.intake.sources.once_known(app, firm, message.source, request).await? else {
        tracing::error!(%request, "the source of a message is gone from the tables, and the message with it");
        return Ok("no_source");
    };
    let read = message.read(&source).await?;
    // it was accepted, and the quarantine may have filled since
    let handed = Handed { source: &source, body: &read.body, request, room: Room::Always };
    match read.decoded {
        Ok(decoded) => take(app, &handed, decoded).await.map(|_| "taken"),
        Err(fault) => take_unreadable(app, &handed, fault).await.map(|_| "unreadable"),
    }
}
