//! The product's clock: real, or set by a test. Everything that asks for the time asks this.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds added to real time; a test moves it.
    ahead_us: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the microsecond (PostgreSQL keeps no more, and an answer must equal the later read).
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now().timestamp_micros().saturating_add(self.ahead_us.load(Ordering::Relaxed));
        DateTime::from_timestamp_micros(now).unwrap_or_default()
    }

    /// Moves the clock ahead.
    pub fn advance(&self, by: chrono::Duration) {
        self.ahead_us.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }
}
