//! Jobs that wait for strangers, several at once and apart from all others: whoever answers slowly, or never, takes time from
//! nobody who waits for an SMS or a score.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::task::JoinError;

use super::queue::{Kinds, next};
use super::worker::{POLL, Run, carry_out};
use crate::app::App;
use crate::error::Result;

/// Takes jobs of some kinds, so many at once, until told to stop; finishes those in hand.
pub struct Beside {
    app: App,
    run: Run,
    kinds: &'static [&'static str],
    at_once: usize,
    stop: Arc<AtomicBool>,
}

impl Beside {
    /// One for these kinds.
    pub fn new(app: App, run: Run, kinds: &'static [&'static str], at_once: usize, stop: Arc<AtomicBool>) -> Self {
        Self { app, run, kinds, at_once, stop }
    }

    /// Works until `stop` is set.
    pub async fn work(self) {
        let mut going = FuturesUnordered::new();
        while !self.stop.load(Ordering::Relaxed) {
            if going.len() < self.at_once {
                match next(&self.app.db, self.app.clock.now(), Kinds::Only(self.kinds)).await {
                    Ok(Some(job)) => {
                        // a task of its own: what holds the database's one writer must go on while the next is claimed
                        let (app, run) = (self.app.clone(), self.run);
                        going.push(actix_web::rt::spawn(async move { carry_out(&app, run, job).await }));
                        continue;
                    }
                    Ok(None) => {}
                    Err(error) => tracing::error!(cause = %error, "the job queue could not be read"),
                }
            }
            tokio::select! {
                Some(ended) = going.next(), if !going.is_empty() => note(ended),
                _ = tokio::time::timeout(POLL, self.app.jobs_wake.notified()) => {}
            }
        }
        while let Some(ended) = going.next().await {
            note(ended);
        }
    }
}

/// What could not be ended is leased again when its lease is over.
fn note(ended: Result<Result<()>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(cause = %error, "a job could not be ended"),
        Err(error) => tracing::error!(cause = %error, "a job was broken off"),
    }
}
