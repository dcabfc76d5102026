//! Work that happens after an answer: enqueued in the transaction that causes it, leased with a fencing token, retried
//! with back-off, finished in the transaction of its effect. Outside effects (SMS, mail, pulls) happen only in jobs. What recurs is planned
//! by the workers themselves.

mod beside;
mod queue;
mod schedule;
mod worker;

pub use beside::Beside;
pub use queue::{Job, LEASE_S, enqueue, enqueue_at, finish, is_another, purge};
pub use schedule::{Recurring, enqueue_within, plan};
pub use worker::{ATTEMPTS_MAX, JobError, Outcome, Worker, drain};
