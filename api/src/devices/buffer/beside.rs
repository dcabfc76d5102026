//! Several things at once in one task, of which none waits for another. What a worker does beside its work, to look for what was
//! passed over and to say what it has in hand, may take as long as it likes or not return at all: the work may hold locks in the
//! tables that it waits for, and goes on meanwhile. Done in the arm of a `select!` it would have the work stand still.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// Finishes `work`, with something endless beside it, which is dropped then.
pub(super) async fn beside<T>(work: impl Future<Output = T>, endless: impl Future<Output = Infallible>) -> T {
    tokio::select! {
        done = work => done,
        never = endless => match never {},
    }
}

/// Does something at an instant and then so often, one after the other.
pub(super) async fn every(first: Instant, time: Duration, mut something: impl AsyncFnMut()) -> Infallible {
    let mut tick = interval_at(first, time);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        something().await;
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::sync::{Mutex, Notify};
    use tokio::task::yield_now;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    /// After which something hangs.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[actix_web::test]
    async fn work_goes_on_while_a_hold_does_not_return() {
        let begun = Notify::new();
        let hold = every(Instant::now(), HOUR, async || {
            begun.notify_one();
            pending::<()>().await;
        });
        let work = async {
            begun.notified().await;
            for _ in 0..10 {
                yield_now().await;
            }
            "committed"
        };
        assert_eq!(tokio::time::timeout(PATIENCE, beside(work, hold)).await, Ok("committed"));
    }

    #[actix_web::test]
    async fn a_look_that_waits_for_what_the_work_holds_gets_it() {
        let (row, begun, looked) = (Mutex::new(0), Notify::new(), Notify::new());
        let look = every(Instant::now(), HOUR, async || {
            begun.notify_one();
            *row.lock().await += 1;
            looked.notify_one();
        });
        let work = async {
            let mut held = row.lock().await;
            begun.notified().await;
            yield_now().await;
            *held += 10;
            drop(held);
            looked.notified().await;
            *row.lock().await
        };
        assert_eq!(tokio::time::timeout(PATIENCE, beside(work, look)).await, Ok(11));
    }
}
