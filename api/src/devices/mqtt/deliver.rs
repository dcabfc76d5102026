//! One message of a broker into the tables, tried again until it is there: it is not acknowledged before, and nothing after
//! it is. What can never be kept is said in the log and counted, since there is nobody to answer.

use std::time::Duration;

use domain::devices::messages::{Decoded, Envelope, MessageFault};

use crate::app::App;
use crate::devices::quarantine::Room;
use crate::devices::readings::{Handed, take, take_unreadable};
use crate::devices::sources::KnownSource;
use crate::devices::webhook::decoded;
use crate::error::{Code, Error, Result};
use crate::platform::outside::mqtt::Message;

/// Wait between two tries while the database is away.
const AGAIN: Duration = Duration::from_secs(1);

/// Takes a message in; says what became of it, in a word for counting.
pub(super) async fn surely(app: &App, source: &KnownSource, message: &Message, name: &str) -> &'static str {
    let Some(body) = &message.payload else {
        tracing::warn!(source = %name, "a message was larger than any may be and is lost");
        return "too_large";
    };
    // how a kept message is taken back from a broker
    if body.is_empty() {
        return "empty";
    }
    let envelope = Envelope {
        topic: Some(&message.topic),
        zone: source.zone,
        retained: message.retained,
        ..Envelope::received(app.clock.now())
    };
    let handed = Handed { source, body, request: name, room: Room::Bounded };
    let read = decoded(source, body, &envelope);
    loop {
        match once(app, &handed, read.clone()).await {
            Ok(outcome) => return outcome,
            Err(error) if error.code() == Code::QuarantineFull => {
                tracing::warn!(source = %name, "the quarantine is full, and part of a message is lost");
                return "quarantine_full";
            }
            Err(error) => {
                tracing::warn!(source = %name, cause = %error, "a message could not be kept yet");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

async fn once(app: &App, handed: &Handed<'_>, read: Result<Decoded, MessageFault>) -> Result<&'static str, Error> {
    let _turn = app.intake.turn_in_time(handed.source).await?;
    match read {
        Ok(decoded) => take(app, handed, decoded).await.map(|_| "taken"),
        Err(fault) => take_unreadable(app, handed, fault).await.map(|_| "unreadable"),
    }
}
