//! Connections that wait for slow heads only so long. The framework times the head of a connection's first request alone:
//! who sends one whole request could send the head of the next byte by byte, for ever. So each stream knows whether a
//! request is in hand; from the first byte that comes while none is, the next head has as long as the first one had.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol, Request};
use actix_service::{ServiceFactory, ServiceFactoryExt, map_config};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Service, ServiceResponse, fn_service};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// Longest wait for a client to close its side after ours is closed.
const DISCONNECT_WAIT: Duration = Duration::from_secs(1);
/// What a cut connection is told, in the framework's words for a first head.
const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Serves `service` on connections whose every head has `head_wait_max`; those in hand are told by `stopping` that the
/// server stops.
pub fn service<S, Stopping, Told>(
    service: S,
    head_wait_max: Duration,
    stopping: Stopping,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + 'static,
    S::Future: 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    Stopping: Fn() -> Told + 'static,
    Told: Future<Output = ()> + 'static,
{
    let service = service.map_err(|error| error.error_response());
    let http = HttpService::<Timed<TcpStream>, _, BoxBody>::build()
        .client_request_timeout(head_wait_max)
        .client_disconnect_timeout(DISCONNECT_WAIT)
        .graceful_shutdown_signal(stopping)
        .on_connect_ext(|stream: &Timed<TcpStream>, data| {
            data.insert(stream.requests.clone());
        })
        .finish(map_config(service, |()| AppConfig::default()));
    fn_service(move |stream: TcpStream| async move {
        // Small answers go out at once. A socket that cannot be set so still works.
        let _ = stream.set_nodelay(true);
        let peer = stream.peer_addr().ok();
        Ok::<_, DispatchError>((Timed::new(stream, head_wait_max), Protocol::Http1, peer))
    })
    .and_then(http)
}

/// The requests of one connection, counted by the outermost middleware and read by the stream.
#[derive(Clone, Default)]
pub(super) struct Requests(Rc<Count>);

#[derive(Default)]
struct Count {
    /// Requests whose head was complete.
    begun: Cell<u64>,
    /// Requests whose answer has gone out, or never will.
    ended: Cell<u64>,
}

impl Requests {
    /// A request is in hand until what this gives is dropped.
    pub(super) fn begin(&self) -> InHand {
        self.0.begun.set(self.0.begun.get() + 1);
        InHand(Rc::clone(&self.0))
    }
}

/// A request in hand; an answer's body holds it until it has gone out.
pub(super) struct InHand(Rc<Count>);

impl Drop for InHand {
    fn drop(&mut self) {
        self.0.ended.set(self.0.ended.get() + 1);
    }
}

/// A stream that ends when a head takes too long.
struct Timed<S> {
    stream: S,
    requests: Requests,
    head_wait_max: Duration,
    /// Runs from the first byte of a head; the number of requests begun by then tells whether it is still that head.
    head: Option<(u64, Pin<Box<Sleep>>)>,
    is_cut: bool,
    is_told: bool,
}

impl<S> Timed<S> {
    fn new(stream: S, head_wait_max: Duration) -> Self {
        Self { stream, requests: Requests::default(), head_wait_max, head: None, is_cut: false, is_told: false }
    }

    /// Whether the head that is coming has had its time. Asks to be woken when it will have.
    fn is_late(&mut self, came: bool, cx: &mut Context<'_>) -> bool {
        let (begun, ended) = (self.requests.0.begun.get(), self.requests.0.ended.get());
        if begun > ended || self.head.as_ref().is_some_and(|(before, _)| *before != begun) {
            self.head = None;
        }
        if came && begun == ended && self.head.is_none() {
            self.head = Some((begun, Box::pin(sleep(self.head_wait_max))));
        }
        self.head.as_mut().is_some_and(|(_, timer)| timer.as_mut().poll(cx).is_ready())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_cut {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if this.is_late(buffer.filled().len() > before, cx) {
            // An end instead of an error: the framework closes in order and logs nothing.
            this.is_cut = true;
            buffer.set_filled(before);
            return Poll::Ready(Ok(()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_cut && !self.is_told {
            // A courtesy: no answer is under way, and where even these bytes do not fit, closing says it too.
            self.is_told = true;
            let _ = Pin::new(&mut self.stream).poll_write(cx, TOO_SLOW);
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
