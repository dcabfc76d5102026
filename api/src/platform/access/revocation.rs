//! Access tokens that ended before their time: a person disabled, a session logged out, a tenant suspended. The few
//! that matter (younger than a token's life) are held in memory and read anew from the database every second, so that
//! every replica knows within about a second without a query per request.

use std::collections::HashMap;
use std::sync::RwLock;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{ACCESS_LIFETIME_S, Principal};
use crate::error::Result;
use crate::platform::db::{Db, PlatformTx};

/// How long a revocation matters, seconds: as long as the longest-lived token that it could end, and a minute for clocks
/// that differ. Older ones are neither read nor kept.
pub const REVOCATION_LIFETIME_S: i64 = ACCESS_LIFETIME_S + 60;

/// What no longer counts: subject, session or tenant → tokens issued up to this instant.
#[derive(Default)]
pub struct Revocations(RwLock<HashMap<Uuid, DateTime<Utc>>>);

impl Revocations {
    /// Whether a token for `principal` issued at `issued_at` has ended. Tokens carry whole seconds, so one issued in
    /// the very second of the revocation has ended too.
    pub fn covers(&self, principal: &Principal, issued_at: DateTime<Utc>) -> bool {
        let Ok(map) = self.0.read() else { return true };
        [principal.id, principal.session, principal.tenant]
            .iter()
            .any(|subject| map.get(subject).is_some_and(|at| issued_at.timestamp() <= at.timestamp()))
    }

    /// Notes one at once in this process; the row in the database tells the others.
    pub fn note(&self, subject: Uuid, at: DateTime<Utc>) {
        if let Ok(mut map) = self.0.write() {
            let entry = map.entry(subject).or_insert(at);
            *entry = (*entry).max(at);
        }
    }

    /// Forgets one, when a tenant is resumed.
    pub fn forget(&self, subject: Uuid) {
        if let Ok(mut map) = self.0.write() {
            map.remove(&subject);
        }
    }

    /// Reads what is young enough to matter, and forgets the rest.
    ///
    /// # Errors
    /// If the database fails; what was known stays.
    pub async fn refresh(&self, db: &Db, now: DateTime<Utc>) -> Result<()> {
        let since = now - Duration::seconds(REVOCATION_LIFETIME_S);
        let tx = PlatformTx::read(db).await?;
        let rows = tx.rows("SELECT subject, revoked_at FROM revocations WHERE revoked_at > $1", [since.into()]).await?;
        let mut fresh = HashMap::with_capacity(rows.len());
        for row in rows {
            let (subject, at): (Uuid, DateTime<Utc>) = (row.try_get("", "subject")?, row.try_get("", "revoked_at")?);
            let entry = fresh.entry(subject).or_insert(at);
            *entry = at.max(*entry);
        }
        tx.commit().await?;
        if let Ok(mut map) = self.0.write() {
            *map = fresh;
        }
        Ok(())
    }
}
