//! Every kind of job on one page.

use std::future::Future;
use std::pin::Pin;

use crate::app::App;
use crate::platform::jobs::{Job, JobError, Outcome, Recurring};

/// What comes back by itself, for every tenant. 19 o'clock UTC is three in the night in China, when applicants sleep.
/// 16 o'clock is midnight there, when limits end; reservations end at any time, and nobody waits for this job to say so.
pub static SCHEDULE: [Recurring; 6] = [
    Recurring::daily(crate::purge::PURGE, 19),
    Recurring::daily(crate::limits::EXPIRE, 16),
    Recurring::daily(crate::people::SIGN_HEAD, 17),
    Recurring::every_minutes(crate::limits::LAPSE, 15),
    Recurring::every_minutes(crate::devices::COUNT, 15),
    Recurring::every_minutes(crate::devices::WATCH, 5),
];

/// Kinds that call addresses of strangers, who may take as long as they are let to answer: they run beside all others.
pub static STRANGERS: [&str; 2] = [crate::webhooks::SEND, crate::devices::CALL];
/// How many of these run at once in a process.
pub const STRANGERS_AT_ONCE: usize = 16;

/// Runs a job of any kind.
pub fn run<'a>(app: &'a App, job: &'a Job) -> Pin<Box<dyn Future<Output = Result<Outcome, JobError>> + 'a>> {
    Box::pin(async move {
        match job.kind.as_str() {
            crate::messages::DELIVER => crate::messages::deliver(app, job).await,
            crate::webhooks::SEND => crate::webhooks::send_job(app, job).await,
            crate::webhooks::REPLAY => crate::webhooks::replay_job(app, job).await,
            crate::people::PASSWORD_RESET => crate::people::reset_password(app, job).await,
            crate::people::SIGN_HEAD => crate::people::sign_head(app, job).await,
            crate::people::LOCK_NOTICE => crate::people::tell_locked(app, job).await,
            crate::documents::CLEAN_UP | crate::documents::CLEAN_UP_EQUIPMENT => {
                crate::documents::clean_up(app, job).await
            }
            crate::documents::DELETE_OBJECT => crate::documents::delete_object(app, job).await,
            crate::applications::COLLECT => crate::applications::collect(app, job).await,
            crate::applications::SCREEN => crate::applications::screen(app, job).await,
            crate::devices::REPLAY => crate::devices::replay_job(app, job).await,
            crate::devices::COUNT => crate::devices::count_job(app, job).await,
            crate::devices::FOLLOW => crate::devices::follow_job(app, job).await,
            crate::devices::COUNT_ON => crate::devices::count_on_job(app, job).await,
            crate::devices::WATCH => crate::devices::watch_job(app, job).await,
            crate::devices::WATCH_ON => crate::devices::watch_on_job(app, job).await,
            crate::devices::TELL => crate::devices::tell_job(app, job).await,
            crate::devices::CALL => crate::devices::call_job(app, job).await,
            crate::limits::LAPSE => crate::limits::lapse_job(app, job).await,
            crate::limits::EXPIRE => crate::limits::expire_job(app, job).await,
            crate::customers::CLASS_CHANGED => crate::limits::class_changed(app, job).await,
            crate::privacy::EXPORT => crate::privacy::export_job(app, job).await,
            crate::privacy::SWEEP => crate::privacy::sweep_job(app, job).await,
            crate::purge::PURGE => crate::purge::purge(app, job).await,
            other => Err(JobError::Dead(format!("no such kind of job: {other}"))),
        }
    })
}
