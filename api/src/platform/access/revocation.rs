//! Access tokens that ended before their time: a person disabled, a session logged out, a tenant suspended. The few
//! that matter (younger than a token's life) are held in memory and read anew from the database every second, so that
//! every replica knows within about a second without a query per request.

use std::collections::HashMap;
use std::sync::RwLock;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::lifetime::LEEWAY_S;
use super::{ACCESS_LIFETIME_S, Principal};
use crate::error::Result;
use crate::platform::db::{Db, PlatformTx};

/// How long a revocation matters, seconds: as long as the longest-lived token that it could end, and a minute for clocks
/// that differ. Older ones are neither read nor kept.
pub const REVOCATION_LIFETIME_S: i64 = ACCESS_LIFETIME_S + 60;

/// By how much a revocation of a person reaches beyond its instant, seconds: another replica's clock may be so much ahead.
/// A token that is issued later begins after it, which [`super::Tokens`] must not take for one of the future.
pub const OVERLAP_S: i64 = 3;
const _: () = assert!(OVERLAP_S < LEEWAY_S);

/// What no longer counts.
#[derive(Default)]
pub struct Revocations(RwLock<Known>);

#[derive(Default)]
struct Known {
    /// Person or tenant → tokens issued up to this instant; log-in → all of its tokens.
    ended: HashMap<Uuid, DateTime<Utc>>,
    /// What was noted here since the database was last asked, which that answer may not have yet.
    noted: HashMap<Uuid, DateTime<Utc>>,
}

impl Revocations {
    /// Whether a token for `principal` issued at `issued_at` has ended. A log-in that ended does not come back, so its
    /// tokens are dead whenever they were issued; a person or a tenant does, so theirs are dead up to an instant. Tokens
    /// carry whole seconds, so one issued in the very second of the revocation has ended too.
    pub fn covers(&self, principal: &Principal, issued_at: DateTime<Utc>) -> bool {
        let Ok(known) = self.0.read() else { return true };
        let until = |subject| known.ended.get(subject).is_some_and(|at| issued_at.timestamp() <= at.timestamp());
        known.ended.contains_key(&principal.session) || until(&principal.id) || until(&principal.tenant)
    }

    /// Notes one at once in this process; the row in the database tells the others.
    pub fn note(&self, subject: Uuid, at: DateTime<Utc>) {
        if let Ok(mut known) = self.0.write() {
            later(&mut known.ended, subject, at);
            later(&mut known.noted, subject, at);
        }
    }

    /// Forgets one, when a tenant is resumed.
    pub fn forget(&self, subject: Uuid) {
        if let Ok(mut known) = self.0.write() {
            known.ended.remove(&subject);
            known.noted.remove(&subject);
        }
    }

    /// Reads what is young enough to matter, and forgets the rest.
    ///
    /// # Errors
    /// If the database fails; what was known stays.
    pub async fn refresh(&self, db: &Db, now: DateTime<Utc>) -> Result<()> {
        if let Ok(mut known) = self.0.write() {
            known.noted.clear();
        }
        let since = now - Duration::seconds(REVOCATION_LIFETIME_S);
        let tx = PlatformTx::read(db).await?;
        let rows = tx.rows("SELECT subject, revoked_at FROM revocations WHERE revoked_at > $1", [since.into()]).await?;
        let mut fresh = HashMap::with_capacity(rows.len());
        for row in rows {
            let (subject, at): (Uuid, DateTime<Utc>) = (row.try_get("", "subject")?, row.try_get("", "revoked_at")?);
            later(&mut fresh, subject, at);
        }
        tx.commit().await?;
        if let Ok(mut known) = self.0.write() {
            for (subject, at) in &known.noted {
                later(&mut fresh, *subject, *at);
            }
            known.ended = fresh;
        }
        Ok(())
    }
}

fn later(map: &mut HashMap<Uuid, DateTime<Utc>>, subject: Uuid, at: DateTime<Utc>) {
    let entry = map.entry(subject).or_insert(at);
    *entry = (*entry).max(at);
}
