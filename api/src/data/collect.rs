//! One attempt at every source of a round. The order of things is the point: the registration is asked first and says
//! whether whoever consented may, before anything else is asked; consent is looked at before each pull, the source is
//! asked outside of any transaction, consent is looked at again under a lock before anything is kept, and
//! each answer is kept in a transaction of its own, so that a crash loses at most the answer in hand.

use std::collections::BTreeSet;

use domain::assessments::admission::SourceKind;
use domain::consent::ConsentState;
use domain::entitlement::Entitlement;
use domain::person::CreditCode;
use serde_json::json;
use uuid::Uuid;

use super::adapter::{Ask, DataSource, PullAnswer};
use super::authorise::{LiveAuthorisation, authorisation_of, live};
use super::entitle::settle;
use super::file_adapter::FileAdapter;
use super::receive::{Received, receive};
use super::store::{self, NewPull, PullRow};
use super::{source_code, source_of};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::{Act, PlatformTx, TenantTx};
use crate::platform::jobs::Job;

/// Attempts at each source in one round.
pub const ATTEMPTS_MAX: i32 = 4;
/// Waits after the first, second and third attempt, seconds.
const WAITS_S: [i64; 3] = [5, 30, 120];

/// How one attempt at a round ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collected {
    /// Every source answered.
    Complete {
        /// The names of the sources that have nothing.
        absent: Vec<String>,
    },
    /// Something is to be asked again with the next attempt number.
    Again {
        /// After so many seconds.
        wait_s: i64,
    },
    /// The last try is over and these sources (Chinese names) have a gap: an officer looks at it.
    Gap {
        /// The sources' names.
        missing: Vec<String>,
    },
    /// There is no authorisation in force: nothing more is asked.
    ConsentEnded,
    /// Whether whoever gave the authorisation may is not settled: nothing but the registration was asked.
    Doubted {
        /// What stands against it.
        doubt: Entitlement,
    },
}

/// Asks every source of a round that has not answered yet, as far as whoever consented may.
///
/// # Errors
/// If the database fails; then it can be run again, and asks only for what is not there yet.
pub async fn collect_round(app: &App, tenant: Uuid, application: Uuid, round: i32, job: &Job) -> Result<Collected> {
    let request = job.id.to_string();
    let tx = system_tx(app, tenant, &request, false).await?;
    let (consent, begun) = (live(&tx, application).await?, standing(&tx, application, round).await?);
    tx.commit_bookkeeping().await?;
    let Some(consent) = consent else { return Ok(Collected::ConsentEnded) };
    let adapter = FileAdapter::new(&app.config.sources_dir);
    let puller = Puller {
        app,
        adapter: &adapter,
        tenant,
        tenant_slug: slug_of(app, tenant).await?,
        request: &request,
        subject: CreditCode::parse(&consent.subject).map_err(|e| Error::internal(anyhow::anyhow!("{e}")))?,
        application,
        round,
        consent: &consent,
    };
    let mut hopeless = BTreeSet::new();
    let first: Vec<SourceKind> = named(&consent).filter(|kind| *kind == SourceKind::Registration).collect();
    match puller.ask(&first, &begun, &mut hopeless).await? {
        Collected::Complete { .. } | Collected::Gap { .. } => {}
        not_yet => return Ok(not_yet),
    }
    match settle(system_tx(app, tenant, &request, true).await?, consent.id, round).await? {
        None => return Ok(Collected::ConsentEnded),
        Some(doubt) if doubt.is_doubted() => return Ok(Collected::Doubted { doubt }),
        Some(_) => {}
    }
    let rest: Vec<SourceKind> = named(&consent).filter(|kind| *kind != SourceKind::Registration).collect();
    match puller.ask(&rest, &begun, &mut hopeless).await? {
        Collected::Complete { .. } | Collected::Gap { .. } => {}
        not_yet => return Ok(not_yet),
    }
    let named: Vec<SourceKind> = named(&consent).collect();
    puller.stands(&named, &hopeless).await
}

/// How it stands with sources of which these are open, the least often asked of them this often.
fn conclude(open: &[SourceKind], hopeless: &BTreeSet<SourceKind>, attempts: i32) -> Collected {
    if open.is_empty() {
        return Collected::Complete { absent: vec![] };
    }
    let wait_s = usize::try_from(attempts.saturating_sub(1)).ok().and_then(|at| WAITS_S.get(at)).copied();
    match wait_s {
        Some(wait_s) if open.iter().any(|kind| !hopeless.contains(kind)) => Collected::Again { wait_s },
        _ => Collected::Gap { missing: open.iter().map(|kind| kind.zh().to_owned()).collect() },
    }
}

fn named(consent: &LiveAuthorisation) -> impl Iterator<Item = SourceKind> + '_ {
    consent.authorisation.sources.iter().filter_map(|code| source_of(code))
}

async fn slug_of(app: &App, tenant: Uuid) -> Result<String> {
    let tx = PlatformTx::read(&app.db).await?;
    let row = tx.tenant(tenant).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    Ok(row.slug)
}

/// What a round has so far.
struct Standing {
    /// Sources that answered in full or have nothing, under an authorisation that was not revoked.
    settled: BTreeSet<SourceKind>,
    rows: Vec<PullRow>,
}

impl Standing {
    /// Names of the settled sources that were asked and had nothing.
    fn absent(&self) -> Vec<String> {
        let said = |kind: SourceKind, outcome: &str| {
            self.rows.iter().any(|row| row.source == source_code(kind) && row.outcome == outcome)
        };
        let empty = self.settled.iter().filter(|kind| said(**kind, "absent") && !said(**kind, "complete"));
        empty.map(|kind| kind.zh().to_owned()).collect()
    }

    /// Attempts on record, whatever became of them.
    fn attempts(&self, kind: SourceKind) -> i32 {
        let of_kind = self.rows.iter().filter(|row| row.source == source_code(kind));
        of_kind.map(|row| row.attempt).max().unwrap_or(0)
    }
}

async fn standing(tx: &TenantTx, application: Uuid, round: i32) -> Result<Standing> {
    let revoked = store::revoked_of(tx, application).await?;
    let rows = store::pulls_of(tx, application, Some(round)).await?;
    let answered = |row: &&PullRow| {
        ["complete", "absent"].contains(&row.outcome.as_str()) && !revoked.contains(&row.authorisation_id)
    };
    let settled = rows.iter().filter(answered).filter_map(|row| source_of(&row.source)).collect();
    Ok(Standing { settled, rows })
}

enum Pulled {
    Kept { permanent: bool },
    ConsentEnded,
}

/// What every pull of one run shares.
struct Puller<'a> {
    app: &'a App,
    adapter: &'a dyn DataSource,
    tenant: Uuid,
    tenant_slug: String,
    request: &'a str,
    subject: CreditCode,
    application: Uuid,
    round: i32,
    consent: &'a LiveAuthorisation,
}

impl Puller<'_> {
    /// Asks each of these that has not answered and may be asked again, and says how it stands with them.
    async fn ask(
        &self,
        kinds: &[SourceKind],
        begun: &Standing,
        hopeless: &mut BTreeSet<SourceKind>,
    ) -> Result<Collected> {
        for kind in kinds.iter().copied().filter(|kind| !begun.settled.contains(kind)) {
            let attempts = begun.attempts(kind);
            if attempts >= ATTEMPTS_MAX {
                continue;
            }
            match self.pull(kind, attempts + 1).await? {
                Pulled::ConsentEnded => return Ok(Collected::ConsentEnded),
                Pulled::Kept { permanent: true } => {
                    hopeless.insert(kind);
                }
                Pulled::Kept { permanent: false } => {}
            }
        }
        self.stands(kinds, hopeless).await
    }

    /// How it stands with these.
    async fn stands(&self, kinds: &[SourceKind], hopeless: &BTreeSet<SourceKind>) -> Result<Collected> {
        let tx = system_tx(self.app, self.tenant, self.request, false).await?;
        let now = standing(&tx, self.application, self.round).await?;
        tx.commit_bookkeeping().await?;
        let open: Vec<SourceKind> = kinds.iter().copied().filter(|kind| !now.settled.contains(kind)).collect();
        let attempts = open.iter().filter(|kind| !hopeless.contains(kind)).map(|kind| now.attempts(*kind)).min();
        Ok(match conclude(&open, hopeless, attempts.unwrap_or(ATTEMPTS_MAX)) {
            Collected::Complete { .. } => Collected::Complete { absent: now.absent() },
            other => other,
        })
    }

    async fn pull(&self, kind: SourceKind, attempt: i32) -> Result<Pulled> {
        let started_at = self.app.clock.now();
        let tx = system_tx(self.app, self.tenant, self.request, false).await?;
        let row = store::authorisation(&tx, self.consent.id).await?.ok_or_else(Error::not_found)?;
        let allowed = authorisation_of(&row)?.may_pull(tx.now(), source_code(kind));
        tx.commit_bookkeeping().await?;
        let (received, permanent) = match allowed {
            // not asked: `keep` finds the same under its lock and records the refusal
            Err(_) => (Received::nothing("refused", None), false),
            Ok(()) => {
                let ask = Ask {
                    tenant: self.tenant,
                    tenant_slug: self.tenant_slug.clone(),
                    subject: self.subject.clone(),
                    source: kind,
                    attempt,
                };
                self.understand(kind, self.adapter.pull(&ask).await).await?
            }
        };
        self.keep(kind, attempt, received, permanent, started_at).await
    }

    /// Reading a large file takes a while, so it is done off the event loop.
    async fn understand(&self, kind: SourceKind, answer: PullAnswer) -> Result<(Received, bool)> {
        Ok(match answer {
            PullAnswer::Absent => (Received::nothing("absent", None), false),
            PullAnswer::Failed { permanent, why } => (Received::nothing("failed", Some(why)), permanent),
            PullAnswer::Complete(bytes) => {
                let received = tokio::task::spawn_blocking(move || receive(kind, bytes)).await;
                (received.map_err(Error::internal)?, false)
            }
        })
    }

    async fn keep(
        &self,
        kind: SourceKind,
        attempt: i32,
        received: Received,
        permanent: bool,
        started_at: chrono::DateTime<chrono::Utc>,
    ) -> Result<Pulled> {
        let tx = system_tx(self.app, self.tenant, self.request, true).await?;
        let row = store::lock_authorisation(&tx, self.consent.id).await?.ok_or_else(Error::not_found)?;
        let (received, ended) = match authorisation_of(&row)?.may_pull(tx.now(), source_code(kind)) {
            Ok(()) => (received, false),
            Err(state) => (Received::nothing("refused", Some(refusal(state))), true),
        };
        let detail = json!({
            "application": self.application, "authorisation": row.mark, "source": source_code(kind),
            "round": self.round, "attempt": attempt, "outcome": received.outcome, "rows": received.rows,
        });
        let new = NewPull {
            application: self.application,
            authorisation: row.id,
            adapter: self.adapter.name(),
            source: source_code(kind),
            round: self.round,
            attempt,
            outcome: received.outcome,
            row_count: received.rows,
            sha256: received.sha256,
            content: received.text.as_deref(),
            problem: received.problem,
            started_at,
            finished_at: self.app.clock.now(),
        };
        let pull = store::add_pull(&tx, new).await?;
        if let Some(invoices) = received.invoices {
            store::add_invoices(&tx, pull, invoices).await?;
        }
        tx.commit(Act::new("data.pull", "pull", pull).detail(detail)).await?;
        Ok(if ended { Pulled::ConsentEnded } else { Pulled::Kept { permanent } })
    }
}

fn refusal(state: ConsentState) -> String {
    state.words().zh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_ends_after_the_last_try_or_when_trying_is_no_use() {
        use SourceKind::{InvoicesOut, Payments};
        let gap = |kinds: &[SourceKind]| Collected::Gap { missing: kinds.iter().map(|k| k.zh().to_owned()).collect() };
        let rows: &[(&[SourceKind], &[SourceKind], i32, Collected)] = &[
            (&[], &[], 1, Collected::Complete { absent: vec![] }),
            (&[Payments], &[], 1, Collected::Again { wait_s: 5 }),
            (&[Payments], &[], 2, Collected::Again { wait_s: 30 }),
            (&[Payments], &[], 3, Collected::Again { wait_s: 120 }),
            (&[Payments], &[], 4, gap(&[Payments])),
            (&[Payments], &[], 99, gap(&[Payments])),
            (&[Payments], &[Payments], 1, gap(&[Payments])),
            (&[Payments, InvoicesOut], &[Payments], 1, Collected::Again { wait_s: 5 }),
            (&[], &[], 4, Collected::Complete { absent: vec![] }),
        ];
        for (open, hopeless, attempt, expected) in rows {
            let hopeless = hopeless.iter().copied().collect();
            assert_eq!(conclude(open, &hopeless, *attempt), *expected, "{open:?} {attempt}");
        }
    }
}
