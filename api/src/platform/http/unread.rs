//! A body that nobody read to its end. The framework goes on reading an unannounced (chunked) one for as long as the client
//! sends, long after the answer; it closes the connection only where the body is still in somebody's hands when the answer
//! has been written. So the handler gets the body on loan, and the answer holds it until it has gone out.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::Stream;

use super::holding::Holding;

/// A request's body, and whether it was read to its end.
struct Rest {
    payload: Payload,
    ended: bool,
}

/// What is left of a request's body, if it has one.
pub(super) struct Unread(Option<Rc<RefCell<Rest>>>);

impl Unread {
    /// Lends the body of `request` to whoever handles it.
    pub(super) fn lend(request: &mut ServiceRequest) -> Self {
        let payload = request.take_payload();
        if matches!(payload, Payload::None) {
            return Self(None);
        }
        let rest = Rc::new(RefCell::new(Rest { payload, ended: false }));
        request.set_payload(Payload::Stream { payload: Box::pin(Lent(Rc::clone(&rest))) });
        Self(Some(rest))
    }

    /// `body`, holding what is left until it has been written.
    pub(super) fn held_by(self, body: BoxBody) -> BoxBody {
        match self.0 {
            Some(rest) if !rest.borrow().ended => Holding::until_sent(body, Some(rest)),
            _ => body,
        }
    }
}

struct Lent(Rc<RefCell<Rest>>);

impl Stream for Lent {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut rest = self.0.borrow_mut();
        let next = Pin::new(&mut rest.payload).poll_next(cx);
        rest.ended |= matches!(next, Poll::Ready(None));
        next
    }
}
