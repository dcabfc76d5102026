//! Work that happens after an answer: enqueued in the transaction that causes it, leased with a fencing token, retried
//! with back-off, finished in the transaction of its effect. Outside effects (SMS, mail, pulls) happen only in jobs.

mod queue;
mod worker;

pub use queue::{Job, enqueue, enqueue_at, finish};
pub use worker::{ATTEMPTS_MAX, JobError, Outcome, Worker, drain};
