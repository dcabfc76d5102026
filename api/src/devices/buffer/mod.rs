//! The stream between the webhook and the tables, where the settings name one: what a source has proven is kept there before
//! it is answered, and taken in by workers, each partition by its own. What is acknowledged to a sender is lost by no
//! process's end, of ours or of the stream's; and a firm that floods fills its own part of the stream, and waits for itself.

mod beside;
mod lanes;
mod passed;
mod take;
mod work;

pub use work::{Takers, start};

use bytes::Bytes;
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::outside::nats::{Nats, Refused, StreamSettings};

/// When to come back for a firm that has as much in the stream as it may, seconds.
const FULL_AGAIN_S: u64 = 5;
/// When to come back if the stream is away or full, seconds.
const AWAY_AGAIN_S: u64 = 10;

/// The stream, as this process knows it.
pub struct Buffer(Nats);

/// Whether the stream has it.
pub(super) enum Kept {
    /// It has.
    Yes,
    /// It takes none of this size, and never will.
    TooLarge,
}

impl Buffer {
    /// Begins to connect.
    ///
    /// # Errors
    /// If the servers' addresses are none.
    pub async fn open(settings: StreamSettings) -> anyhow::Result<Self> {
        Ok(Self(Nats::open(settings).await?))
    }

    /// Keeps a firm's message until it is taken in.
    ///
    /// # Errors
    /// `too_many_requests` where as much of the firm lies there as may, `unavailable` where the stream has no room or does
    /// not say in time that it has the message; each with the seconds to wait.
    pub(super) async fn keep(&self, firm: Uuid, message: Bytes) -> Result<Kept> {
        let (outcome, answer) = match self.0.keep(firm, message).await {
            Ok(()) => ("kept", Ok(Kept::Yes)),
            Err(Refused::TooLarge) => ("too_large", Ok(Kept::TooLarge)),
            Err(Refused::TenantFull) => {
                let told = Error::new(Code::TooManyRequests).detail(
                    "贵机构待入库的消息已达上限，请稍后重新发送。",
                    "As many messages of your firm wait to be taken in as may; send this one again later.",
                );
                ("firm_full", Err(told.retry_after(FULL_AGAIN_S)))
            }
            Err(Refused::Away(cause)) => {
                tracing::warn!(%cause, "the stream does not keep a message");
                let told = Error::new(Code::Unavailable).detail(
                    "消息暂时无法保存，请稍后重新发送。",
                    "The message cannot be kept at the moment; send it again later.",
                );
                ("away", Err(told.retry_after(AWAY_AGAIN_S).because(cause)))
            }
        };
        metrics::counter!("zhidan_buffer_kept_total", "outcome" => outcome).increment(1);
        answer
    }
}
