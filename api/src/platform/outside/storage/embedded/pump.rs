//! Carries a request's body from the HTTP server to the storage and gives up on it when it does not get on. The HTTP
//! server waits for a body for ever, so without this five hundred clients that send a byte a minute would be five
//! hundred open uploads.

use super::HttpLimits;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use std::io;
use tokio::{
    sync::mpsc::Sender,
    time::{Instant, timeout_at},
};

/// How many pieces may wait between the two sides.
pub(super) const PIECES_MAX: usize = 8;

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// With as many bytes as were announced.
    Whole,
    /// With fewer or more than announced, or with a broken connection.
    Broken,
    /// It was too slow.
    Slow,
    /// Nobody wanted the rest.
    Unwanted,
}

/// Pumps until the body ends, one way or another. The receiver sees an error unless it ended whole.
pub(super) async fn pump<S, E>(mut body: S, to: Sender<io::Result<Bytes>>, announced: u64, limits: &HttpLimits) -> Ended
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let begun = Instant::now();
    let (mut seen, mut window_end, mut window_seen) = (0u64, begun + limits.body_window, 0u64);
    loop {
        let Ok(piece) = timeout_at(window_end.min(begun + limits.body_time_max), body.next()).await else {
            return fail(&to, Ended::Slow, io::ErrorKind::TimedOut, "the body is too slow").await;
        };
        let piece = match piece {
            Some(Ok(piece)) => piece,
            Some(Err(e)) => {
                return fail(&to, Ended::Broken, io::ErrorKind::UnexpectedEof, &e.to_string()).await;
            }
            None if seen == announced => return Ended::Whole,
            None => {
                return fail(&to, Ended::Broken, io::ErrorKind::UnexpectedEof, "shorter than announced").await;
            }
        };
        let bytes = piece.len() as u64;
        seen = seen.saturating_add(bytes);
        if seen > announced {
            return fail(&to, Ended::Broken, io::ErrorKind::InvalidData, "longer than announced").await;
        }
        let handing_over = Instant::now();
        if to.send(Ok(piece)).await.is_err() {
            return Ended::Unwanted;
        }
        // a slow disk is not the client's fault
        window_end += handing_over.elapsed();
        window_seen = window_seen.saturating_add(bytes);
        if window_seen >= limits.body_window_bytes_min {
            (window_end, window_seen) = (Instant::now() + limits.body_window, 0);
        }
    }
}

async fn fail(to: &Sender<io::Result<Bytes>>, ended: Ended, kind: io::ErrorKind, why: &str) -> Ended {
    // if nobody listens any more there is nobody to be misled either
    let _ = to.send(Err(io::Error::new(kind, why.to_owned()))).await;
    ended
}
