//! The worker: claims, runs, and decides between done, later and dead. What a kind of job does is given by the app, so
//! that the platform knows no business area.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::queue::{Job, Kinds, finish, next, put_back};
use super::schedule::{Recurring, plan};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::system_tx;

/// How a job ended when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its effect's transaction also ended it.
    Finished,
    /// It had an effect outside, or none; the worker ends it.
    Done,
}

/// How a job failed.
#[derive(Debug)]
pub enum JobError {
    /// Try again after the usual back-off, or after so many seconds.
    Later(String, Option<i64>),
    /// Never again.
    Dead(String),
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        Self::Later(error.to_string(), None)
    }
}

/// What the app does for a kind of job.
pub type Run = for<'a> fn(&'a App, &'a Job) -> Pin<Box<dyn Future<Output = Result<Outcome, JobError>> + 'a>>;

/// Waits between attempts, seconds; after the last a job is dead.
const BACK_OFF_S: [i64; 6] = [2, 10, 60, 300, 1800, 7200];
/// How often a job is tried with the usual back-off; one that asks for waits of its own must count for itself.
pub const ATTEMPTS_MAX: i32 = BACK_OFF_S.len() as i32 + 1;
pub(super) const POLL: Duration = Duration::from_millis(500);
/// Wait between two looks at what recurs: how long a new tenant or a new period may go unnoticed.
const PLAN_AGAIN_S: i64 = 60;

/// Takes jobs one after the other until told to stop, and finishes the one in hand. Kinds that wait for strangers are
/// [`super::Beside`]'s.
pub struct Worker {
    app: App,
    run: Run,
    schedule: &'static [Recurring],
    plan_at: Option<DateTime<Utc>>,
    kinds: Kinds,
    stop: Arc<AtomicBool>,
}

impl Worker {
    /// A worker over the app's queue.
    pub fn new(app: App, run: Run, schedule: &'static [Recurring], stop: Arc<AtomicBool>) -> Self {
        Self { app, run, schedule, plan_at: None, kinds: Kinds::All, stop }
    }

    /// The same, leaving some kinds of jobs to others.
    pub fn leaving(mut self, kinds: &'static [&'static str]) -> Self {
        self.kinds = Kinds::Except(kinds);
        self
    }

    /// Plans what recurs, if it is time to look, and runs the job that is due longest; says whether there was one.
    ///
    /// # Errors
    /// If the queue cannot be read.
    pub async fn turn(&mut self) -> Result<bool> {
        let now = self.app.clock.now();
        if self.plan_at.is_none_or(|at| at <= now) {
            self.plan_at = Some(now + chrono::Duration::seconds(PLAN_AGAIN_S));
            if let Err(error) = plan(&self.app, self.schedule).await {
                tracing::error!(cause = %error, "what recurs could not be planned");
            }
        }
        step(&self.app, self.run, self.kinds).await
    }

    /// Works until `stop` is set.
    pub async fn work(mut self) {
        while !self.stop.load(Ordering::Relaxed) {
            match self.turn().await {
                Ok(true) => {}
                Ok(false) => {
                    let _ = tokio::time::timeout(POLL, self.app.jobs_wake.notified()).await;
                }
                Err(error) => {
                    tracing::error!(cause = %error, "the job queue could not be read");
                    let _ = tokio::time::timeout(POLL, self.app.jobs_wake.notified()).await;
                }
            }
        }
    }
}

/// Runs every job that is due now, and those that they cause, in this task. For tests and commands.
///
/// # Errors
/// If the queue cannot be read.
pub async fn drain(app: &App, run: Run) -> Result<u32> {
    let mut count = 0;
    while step(app, run, Kinds::All).await? {
        count += 1;
    }
    Ok(count)
}

async fn step(app: &App, run: Run, kinds: Kinds) -> Result<bool> {
    let Some(job) = next(&app.db, app.clock.now(), kinds).await? else { return Ok(false) };
    carry_out(app, run, job).await?;
    Ok(true)
}

/// Runs a claimed job, and ends it or sets it aside.
pub(super) async fn carry_out(app: &App, run: Run, job: Job) -> Result<()> {
    let outcome = run(app, &job).await;
    let label = match &outcome {
        Ok(_) => "done",
        Err(JobError::Later(..)) => "later",
        Err(JobError::Dead(_)) => "dead",
    };
    metrics::counter!("zhidan_jobs_total", "kind" => job.kind.clone(), "outcome" => label).increment(1);
    match outcome {
        Ok(Outcome::Finished) => {}
        Ok(Outcome::Done) => {
            let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
            finish(&tx, &job).await?;
            tx.commit_bookkeeping().await?;
        }
        Err(error) => set_aside(app, &job, error).await?,
    }
    Ok(())
}

async fn set_aside(app: &App, job: &Job, error: JobError) -> Result<()> {
    let (why, wait_s) = match error {
        JobError::Later(why, Some(seconds)) => (why, Some(seconds)),
        JobError::Later(why, None) => {
            let index = usize::try_from(job.attempt.saturating_sub(1)).unwrap_or(0);
            (why, BACK_OFF_S.get(index).copied())
        }
        JobError::Dead(why) => (why, None),
    };
    tracing::warn!(job = %job.id, kind = %job.kind, attempt = job.attempt, wait_s, %why, "job failed");
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    put_back(&tx, job, wait_s.map(|s| tx.now() + chrono::Duration::seconds(s)), &why).await?;
    tx.commit_bookkeeping().await
}
