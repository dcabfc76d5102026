//! An answer's body that holds something until it has gone out, or until nobody waits for it any longer.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

/// A body, and what is dropped with it.
pub(super) struct Holding<T> {
    body: BoxBody,
    _held: T,
}

impl<T: Unpin + 'static> Holding<T> {
    /// `body`, holding `held`, if there is anything to hold.
    pub(super) fn until_sent(body: BoxBody, held: Option<T>) -> BoxBody {
        match held {
            Some(held) => BoxBody::new(Self { body, _held: held }),
            None => body,
        }
    }
}

impl<T: Unpin> MessageBody for Holding<T> {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
