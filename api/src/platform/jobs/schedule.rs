//! Work that comes back by itself, without a scheduler outside: every worker plans it, and the database lets only one plan
//! count. The job of a period has an id that follows from kind and period, so a second plan of it adds nothing.

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::queue::{DONE_KEPT_DAYS, enqueue_once};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::{PlatformTx, TenantTx};

/// Tenants that are asked for at once.
const TENANTS_AT_ONCE: i64 = 200;
const DAY_S: i64 = 86_400;

/// A kind of job that every tenant has once in each period.
#[derive(Debug)]
pub struct Recurring {
    kind: &'static str,
    period_s: i64,
    offset_s: i64,
}

impl Recurring {
    /// Once a day, from `hour` o'clock UTC on. A day that no worker saw is not made up for.
    pub const fn daily(kind: &'static str, hour: i64) -> Self {
        // The done job must outlast its period, or it would be planned again.
        const { assert!(DONE_KEPT_DAYS > 1) };
        Self { kind, period_s: DAY_S, offset_s: hour * 3600 }
    }

    /// Every so many minutes.
    pub const fn every_minutes(kind: &'static str, minutes: i64) -> Self {
        Self { kind, period_s: minutes * 60, offset_s: 0 }
    }

    /// When the period that `now` lies in began.
    fn began(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let periods = (now.timestamp() - self.offset_s).div_euclid(self.period_s);
        let began = DateTime::from_timestamp(periods * self.period_s + self.offset_s, 0);
        began.ok_or_else(|| Error::internal(anyhow::anyhow!("the clock is out of range")))
    }

    /// The id of the job of the period that began then: a UUIDv7 of that instant, whose other bits are the kind's.
    fn id(&self, began: DateTime<Utc>) -> Uuid {
        let hash = Sha256::digest(self.kind.as_bytes());
        let bits = hash.first_chunk::<10>().copied().unwrap_or_default();
        let millis = u64::try_from(began.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &bits).into_uuid()
    }
}

/// Adds the present period's job to every tenant that does not have it yet, and says how many were added here.
///
/// # Errors
/// If the tenants cannot be read; what was added stays.
pub async fn plan(app: &App, schedule: &[Recurring]) -> Result<u32> {
    let mut added = 0;
    for recurring in schedule {
        let began = recurring.began(app.clock.now())?;
        let id = recurring.id(began);
        let mut after = Uuid::nil();
        loop {
            let tenants = without(app, id, after).await?;
            let Some(last) = tenants.last() else { break };
            after = *last;
            for tenant in tenants {
                match add(app, tenant, recurring.kind, id, began).await {
                    Ok(is_new) => added += u32::from(is_new),
                    // One tenant whose key does not open must not stand in the way of the others.
                    Err(error) => tracing::error!(%tenant, kind = recurring.kind, cause = %error, "not planned"),
                }
            }
        }
    }
    Ok(added)
}

/// Adds a job to run at the end of the present stretch of `period_s` seconds, unless this stretch has it already: however
/// often something happens, what follows from it is done once in each.
///
/// # Errors
/// If the database fails.
pub async fn enqueue_within(tx: &TenantTx, kind: &'static str, period_s: i64) -> Result<bool> {
    let stretch = Recurring { kind, period_s, offset_s: 0 };
    let began = stretch.began(tx.now())?;
    enqueue_once(tx, kind, stretch.id(began), began + Duration::seconds(period_s)).await
}

async fn add(app: &App, tenant: Uuid, kind: &str, id: Uuid, began: DateTime<Utc>) -> Result<bool> {
    let tx = system_tx(app, tenant, &id.to_string(), true).await?;
    let is_new = enqueue_once(&tx, kind, id, began).await?;
    tx.commit_bookkeeping().await?;
    Ok(is_new)
}

/// Tenants after `after` that do not have job `id`.
async fn without(app: &App, id: Uuid, after: Uuid) -> Result<Vec<Uuid>> {
    let tx = PlatformTx::read(&app.db).await?;
    let sql = "SELECT t.id FROM tenants t WHERE t.id > $1 AND t.name <> '' AND NOT EXISTS \
               (SELECT 1 FROM jobs j WHERE j.tenant_id = t.id AND j.id = $2) ORDER BY t.id LIMIT $3";
    let rows = tx.rows(sql, [after.into(), id.into(), TENANTS_AT_ONCE.into()]).await?;
    tx.commit().await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_one_id_and_the_next_another() {
        let daily = Recurring::daily("some.kind", 19);
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (now, began) in [
            ("2026-03-01T18:59:59Z", "2026-02-28T19:00:00Z"),
            ("2026-03-01T19:00:00Z", "2026-03-01T19:00:00Z"),
            ("2026-03-02T18:59:59.999Z", "2026-03-01T19:00:00Z"),
        ] {
            assert_eq!(daily.began(at(now)).unwrap(), at(began), "{now}");
        }
        let (first, second) = (at("2026-03-01T19:00:00Z"), at("2026-03-02T19:00:00Z"));
        assert_eq!(daily.id(first), Recurring::daily("some.kind", 19).id(first));
        assert_ne!(daily.id(first), daily.id(second));
        assert_ne!(daily.id(first), Recurring::daily("other.kind", 19).id(first));
    }
}
