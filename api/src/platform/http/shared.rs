//! What all processes on one PostgreSQL count together: requests of an address in a minute, those of the minute before by the part
//! of them that lies within sixty seconds. A process takes some at once and asks again when they are used up, so what all
//! together do too much is at most that many. Where there is one process (SQLite) there is nothing to share.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::PlatformTx;

const MINUTE_S: i64 = 60;
/// How long whoever may ask no more is refused without the database being asked again, seconds.
const REFUSED_S: i64 = 2;
/// Longest that the database is waited for; then the process's own bucket has judged.
const ASKED_MAX: Duration = Duration::from_millis(300);
/// Addresses that are remembered, those that asked last.
const ADDRESSES_MAX: u64 = 100_000;
/// How long one that does not ask is.
const REMEMBERED: Duration = Duration::from_secs(120);

/// One limit.
pub(super) struct Shared {
    /// With the limit in it: processes that were told another one count apart.
    kind: String,
    most: u32,
    at_once: u32,
    own: Cache<IpAddr, Arc<Source>>,
    tidied: AtomicI64,
}

/// What is remembered of an address.
#[derive(Default)]
struct Source {
    taken: Mutex<Taken>,
    /// Whoever holds it asks the database; others wait for what that brings.
    asks: tokio::sync::Mutex<()>,
}

/// What this process took of a minute.
#[derive(Clone, Copy, Default)]
struct Taken {
    minute: i64,
    left: u32,
    refused_until: i64,
}

impl Source {
    /// Whether one more may be asked, as far as that is known here.
    fn known(&self, minute: i64, now_s: i64) -> Option<bool> {
        let mut taken = self.taken.lock().ok()?;
        if taken.minute != minute {
            return None;
        }
        if let Some(left) = taken.left.checked_sub(1) {
            taken.left = left;
            return Some(true);
        }
        (now_s < taken.refused_until).then_some(false)
    }

    fn note(&self, fresh: Taken) {
        if let Ok(mut taken) = self.taken.lock() {
            *taken = fresh;
        }
    }
}

impl Shared {
    /// A limit of `most` a minute, of which a process takes `at_once`.
    pub(super) fn new(kind: &'static str, most: u32, at_once: u32) -> Self {
        let own = Cache::builder().max_capacity(ADDRESSES_MAX).time_to_idle(REMEMBERED).build();
        Self { kind: format!("{kind}/{most}"), most, at_once, own, tidied: AtomicI64::new(0) }
    }

    /// Counts one.
    ///
    /// # Errors
    /// `too_many_requests`. Where the database cannot be asked, the process's own bucket has judged, which is enough for that.
    pub(super) async fn check(&self, app: &App, from: IpAddr) -> Result<()> {
        if !app.db.is_postgres() {
            return Ok(());
        }
        let now = app.clock.now();
        let minute = now.timestamp().div_euclid(MINUTE_S);
        let source = self.own.get_with(from, Arc::default);
        if let Some(known) = source.known(minute, now.timestamp()) {
            return judged(known);
        }
        let _asks = source.asks.lock().await;
        if let Some(known) = source.known(minute, now.timestamp()) {
            return judged(known);
        }
        let taken = match tokio::time::timeout(ASKED_MAX, self.take(app, from, minute, now)).await {
            Ok(taken) => taken,
            Err(_) => Err(Error::new(Code::Unavailable)),
        };
        match taken {
            Ok(is_left) => {
                let (left, refused_until) = match is_left {
                    true => (self.at_once.saturating_sub(1), 0),
                    false => (0, now.timestamp().saturating_add(REFUSED_S)),
                };
                source.note(Taken { minute, left, refused_until });
                judged(is_left)
            }
            Err(error) => {
                tracing::warn!(cause = %error, kind = %self.kind, "what all processes count could not be asked");
                // and not again for each: who waits for the database is not to wait in a line as well
                source.note(Taken { minute, left: self.at_once, refused_until: 0 });
                Ok(())
            }
        }
    }

    /// Takes some of what all may do; says whether there was any left.
    async fn take(&self, app: &App, from: IpAddr, minute: i64, now: DateTime<Utc>) -> Result<bool> {
        let source = Sha256::digest(from.to_string()).to_vec();
        let begun = f64::from(u32::try_from(now.timestamp().rem_euclid(MINUTE_S)).unwrap_or(0));
        #[allow(clippy::cast_precision_loss, reason = "sixty seconds")]
        let weight = 1.0 - begun / MINUTE_S as f64;
        let before = "COALESCE((SELECT b.taken FROM rate_counts b WHERE b.kind = $1 AND b.source = $2 AND b.minute = $3 - 1), 0)";
        let sql = format!(
            "INSERT INTO rate_counts AS r (kind, source, minute, taken) \
             SELECT $1::text, $2::bytea, $3::bigint, $4::integer WHERE {before} * $5::float8 < $6::integer \
             ON CONFLICT (kind, source, minute) DO UPDATE SET taken = r.taken + $4::integer \
             WHERE r.taken + {before} * $5::float8 < $6::integer"
        );
        let at_once = i32::try_from(self.at_once).unwrap_or(i32::MAX);
        let most = i32::try_from(self.most).unwrap_or(i32::MAX);
        let tx = PlatformTx::begin(&app.db).await?;
        let values =
            [self.kind.clone().into(), source.into(), minute.into(), at_once.into(), weight.into(), most.into()];
        let taken = tx.run(&sql, values).await?;
        tx.commit().await?;
        Ok(taken == 1)
    }

    /// Forgets minutes that are over, once in each.
    pub(super) async fn tidy(&self, app: &App) {
        let minute = app.clock.now().timestamp().div_euclid(MINUTE_S);
        if !app.db.is_postgres() || self.tidied.swap(minute, Ordering::Relaxed) == minute {
            return;
        }
        if let Err(error) = self.remove(app, minute).await {
            tracing::warn!(cause = %error, kind = %self.kind, "minutes that are over could not be forgotten");
        }
    }

    async fn remove(&self, app: &App, minute: i64) -> Result<()> {
        let tx = PlatformTx::begin(&app.db).await?;
        tx.run("DELETE FROM rate_counts WHERE minute < $1", [minute.saturating_sub(1).into()]).await?;
        tx.commit().await
    }
}

fn judged(may: bool) -> Result<()> {
    if may { Ok(()) } else { Err(Error::new(Code::TooManyRequests).retry_after(REFUSED_S.unsigned_abs())) }
}
