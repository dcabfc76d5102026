//! What a round brought in, put together for an evaluation and for staff. What was collected under an authorisation
//! that was revoked is blocked: it is shown to have been collected, and used for nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::assessments::admission::{Direction, SourceKind, Sources};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, PullRow};
use super::view::PullView;
use super::{invoice_rows, json_source, receive, source_of};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// A pull that an evaluation rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedPull {
    /// Its id.
    pub pull: Uuid,
    /// The source's code.
    pub source: String,
    /// What came of it.
    pub outcome: String,
    /// SHA-256 of what was kept, hexadecimal.
    pub sha256: Option<String>,
}

/// What a round brought in.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The data.
    pub sources: Sources,
    /// The pulls it came from, in the order of the sources.
    pub used: Vec<UsedPull>,
    /// When the last of them was answered.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Puts together what a round brought in: of each source the last complete answer, else the last one with gaps, else
/// what became of the last attempt.
///
/// # Errors
/// If the database fails.
pub async fn gather(tx: &TenantTx, application: Uuid, round: i32) -> Result<Gathered> {
    let revoked = store::revoked_of(tx, application).await?;
    let mut best: BTreeMap<SourceKind, PullRow> = BTreeMap::new();
    for row in store::pulls_of(tx, application, Some(round)).await? {
        let Some(kind) = source_of(&row.source) else { continue };
        let usable = !revoked.contains(&row.authorisation_id) && row.outcome != "refused";
        if usable && best.get(&kind).is_none_or(|old| rank(&row.outcome) >= rank(&old.outcome)) {
            best.insert(kind, row);
        }
    }
    let finished_at = best.values().map(|row| row.finished_at).max();
    let mut gathered = Gathered { sources: Sources::default(), used: Vec::new(), finished_at };
    for (kind, row) in best {
        fill(tx, &mut gathered.sources, kind, &row).await?;
        let sha256 = row.sha256.map(hex::encode);
        gathered.used.push(UsedPull { pull: row.id, source: row.source, outcome: row.outcome, sha256 });
    }
    Ok(gathered)
}

fn rank(outcome: &str) -> u8 {
    match outcome {
        "complete" => 2,
        "incomplete" => 1,
        _ => 0,
    }
}

/// The same from pulls named before, with whether all of it is still there and has the hashes named.
///
/// # Errors
/// If the database fails.
pub async fn gather_again(tx: &TenantTx, used: &[UsedPull]) -> Result<(Sources, bool)> {
    let rows = store::pulls_by_id(tx, used.iter().map(|used| used.pull).collect()).await?;
    let (mut sources, mut unchanged) = (Sources::default(), rows.len() == used.len());
    for row in &rows {
        let Some(kind) = source_of(&row.source) else { continue };
        let named = used.iter().find(|used| used.pull == row.id).and_then(|used| used.sha256.as_deref());
        let found = fill(tx, &mut sources, kind, row).await?;
        let found = match found {
            Kept::Nothing => None,
            Kept::Text(text) => Some(receive::digest(&text)),
            Kept::Invoices => match kind {
                SourceKind::InvoicesIn => sources.invoices_in.as_deref().map(invoice_rows::digest),
                _ => sources.invoices_out.as_deref().map(invoice_rows::digest),
            },
        };
        unchanged &= found.map(hex::encode).as_deref() == named;
    }
    Ok((sources, unchanged))
}

enum Kept {
    Nothing,
    Text(String),
    Invoices,
}

/// Puts one pull where it belongs.
async fn fill(tx: &TenantTx, sources: &mut Sources, kind: SourceKind, row: &PullRow) -> Result<Kept> {
    if row.outcome == "failed" {
        sources.failed.insert(kind, row.problem.clone().unwrap_or_default());
    }
    if rank(&row.outcome) == 0 {
        return Ok(Kept::Nothing);
    }
    match kind {
        SourceKind::InvoicesIn => sources.invoices_in = Some(store::read_invoices(tx, row.id, Direction::In).await?),
        SourceKind::InvoicesOut => sources.invoices_out = Some(store::read_invoices(tx, row.id, Direction::Out).await?),
        _ => {
            let Some(text) = store::content(tx, row.id).await? else { return Ok(Kept::Nothing) };
            json_source::fill(sources, kind, &text).map_err(|why| Error::internal(anyhow::anyhow!(why)))?;
            return Ok(Kept::Text(text));
        }
    }
    Ok(Kept::Invoices)
}

/// Every attempt at collecting for an application, oldest first, for staff.
///
/// # Errors
/// If the database fails.
pub async fn pulls_of(tx: &TenantTx, application: Uuid) -> Result<Vec<PullView>> {
    let marks: BTreeMap<Uuid, (String, bool)> = store::authorisations_of(tx, application)
        .await?
        .into_iter()
        .map(|row| (row.id, (row.mark, row.revoked_at.is_some())))
        .collect();
    let rows = store::pulls_of(tx, application, None).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (mark, blocked) = marks.get(&row.authorisation_id).cloned().unwrap_or_default();
            Some(PullView {
                id: Id::<kind::Pull>::from_uuid(row.id).to_string(),
                source: source_of(&row.source)?.into(),
                adapter: row.adapter,
                authorisation_mark: mark,
                round: row.round,
                attempt: row.attempt,
                outcome: row.outcome,
                row_count: row.row_count,
                sha256: row.sha256.map(hex::encode),
                problem: row.problem,
                started_at: row.started_at,
                finished_at: row.finished_at,
                blocked,
            })
        })
        .collect())
}
