//! The door for whoever audits the ledger: everything that must hold of a tenant's books, asked of the tables as they lie
//! there, and of each row of which it does not hold the name. It reads and changes nothing.

use std::collections::{BTreeSet, HashMap};

use domain::id::{Id, kind};
use domain::limits::weights::ClientClass;
use uuid::Uuid;

use super::law::{Frame, past, today};
use super::store::exposures::{self, Exposure, Key};
use super::store::verify::{self as store, Check, Table, Wrong};
use super::view::id_of;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::kept_replies;

/// Kept replies that are compared at once.
const REPLIES_AT_ONCE: u64 = 1_000;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Of which row: its kind and id.
    pub row: String,
    /// What is wrong with it.
    pub says: String,
}

/// What was looked at, and what was found.
#[derive(Debug)]
pub struct Verified {
    /// Entries of the ledger.
    pub entries: i64,
    /// Limits and their parts.
    pub limits: i64,
    /// What does not hold, of each check at most a hundred rows.
    pub findings: Vec<Finding>,
}

/// Checks a tenant's books. The transaction must see one instant, or what is written meanwhile looks like a fault.
///
/// # Errors
/// If the database fails, or a row cannot be read at all.
pub async fn verify(tx: &TenantTx) -> Result<Verified> {
    let (entries, limits) = store::size(tx).await?;
    let sizes = store::sizes();
    let mut findings = told(&sizes, store::wrong(tx, &sizes).await?);
    if findings.is_empty() {
        for check in store::checks() {
            findings.extend(told(&check, store::wrong(tx, &check).await?));
        }
        findings.extend(replies(tx).await?);
        findings.extend(balances(tx).await?);
    }
    Ok(Verified { entries, limits, findings })
}

fn told(check: &Check, rows: Vec<Wrong>) -> Vec<Finding> {
    rows.into_iter().map(|row| Finding { row: name(check.table, row.id), says: sentence(check.says, &row) }).collect()
}

fn sentence(says: &str, row: &Wrong) -> String {
    match (row.found, row.due) {
        (Some(found), Some(due)) => format!("{says} ({}: {found}, not {due})", row.what),
        _ => format!("{says} ({})", row.what),
    }
}

fn name(table: Table, id: Uuid) -> String {
    match table {
        Table::Limits => format!("limit {}", id_of::<kind::Limit>(id)),
        Table::Entries => format!("entry {}", id_of::<kind::LimitEntry>(id)),
        Table::Operations => format!("operation {}", id_of::<kind::LimitOperation>(id)),
        Table::Reservations => format!("reservation {}", id_of::<kind::Reservation>(id)),
        Table::Drawdowns => format!("drawdown {}", id_of::<kind::Drawdown>(id)),
        Table::Approvals => format!("approval {}", id_of::<kind::LimitApproval>(id)),
    }
}

/// A key that is kept had one effect: what its caller was told is in the books, and no other key was told the same.
async fn replies(tx: &TenantTx) -> Result<Vec<Finding>> {
    let (mut findings, mut told) = (vec![], BTreeSet::new());
    let mut last = None;
    loop {
        let page = kept_replies(tx, last.as_ref(), REPLIES_AT_ONCE).await?;
        let named: Vec<(Uuid, String)> = page
            .iter()
            .filter_map(|reply| {
                let operation = Id::<kind::LimitOperation>::parse(reply.body.get("operation")?.as_str()?)?;
                Some((operation.uuid(), format!("kept reply to {} under {:?}", reply.operation, reply.key)))
            })
            .collect();
        let ids: Vec<Uuid> = named.iter().map(|(id, _)| *id).collect();
        let known: BTreeSet<Uuid> = store::known_operations(tx, &ids).await?.into_iter().collect();
        for (id, row) in named {
            let operation = id_of::<kind::LimitOperation>(id);
            if !known.contains(&id) {
                findings.push(Finding { row, says: format!("operation {operation}, which it tells of, has no entry") });
            } else if !told.insert(id) {
                findings.push(Finding { row, says: format!("operation {operation} was told under another key too") });
            }
        }
        match page.into_iter().last() {
            Some(reply) if findings.len() < REPLIES_AT_ONCE as usize => last = Some(reply),
            _ => return Ok(findings),
        }
    }
}

/// The balances that are kept are those that the entries make.
async fn balances(tx: &TenantTx) -> Result<Vec<Finding>> {
    let Some((frame, kept)) = newest(tx).await? else { return Ok(vec![]) };
    let classes: HashMap<Uuid, ClientClass> = kept.iter().filter_map(booked_class).collect();
    let mut computed = past::from_entries_with(tx, &frame, &classes).await?;
    let mut findings = vec![];
    for row in &kept {
        let key: Option<Key> = past::key_of(row);
        let due = key.and_then(|key| computed.remove(&key)).unwrap_or_else(|| nothing(row));
        differ(row, &due, &mut findings);
    }
    for due in computed.values() {
        differ(&nothing(due), due, &mut findings);
    }
    findings.truncate(usize::try_from(store::ROWS_PER_CHECK).unwrap_or(usize::MAX));
    Ok(findings)
}

/// The newest rows by the weights of today; where nobody has asked since those began to hold, by those that held before.
async fn newest(tx: &TenantTx) -> Result<Option<(Frame, Vec<Exposure>)>> {
    let frame = Frame::on(tx, today(tx)).await?;
    let rows = store::balances(tx, frame.weights_id, frame.day).await?;
    if !rows.is_empty() {
        return Ok(Some((frame, rows)));
    }
    let Some(day) = store::last_day(tx).await? else { return Ok(Some((frame, vec![]))) };
    let before = Frame::on(tx, day).await?;
    let rows = store::balances(tx, before.weights_id, frame.day).await?;
    Ok((!rows.is_empty()).then_some((Frame { day: frame.day, ..before }, rows)))
}

fn booked_class(row: &Exposure) -> Option<(Uuid, ClientClass)> {
    let class = ClientClass::from_code(row.class.as_deref()?)?;
    Some((Uuid::try_parse(&row.subject).ok()?, class))
}

/// The same key with nothing in it.
fn nothing(row: &Exposure) -> Exposure {
    Exposure {
        nominal_fen: 0,
        in_force_fen: 0,
        liability_fen: 0,
        concentration_fen: 0,
        in_force_small_fen: 0,
        clients: 0,
        clients_small: 0,
        ..row.clone()
    }
}

fn differ(kept: &Exposure, due: &Exposure, findings: &mut Vec<Finding>) {
    let pairs = [
        ("nominal_fen", kept.nominal_fen, due.nominal_fen),
        ("in_force_fen", kept.in_force_fen, due.in_force_fen),
        ("liability_fen", kept.liability_fen, due.liability_fen),
        ("concentration_fen", kept.concentration_fen, due.concentration_fen),
        ("in_force_small_fen", kept.in_force_small_fen, due.in_force_small_fen),
        ("clients", kept.clients, due.clients),
        ("clients_small", kept.clients_small, due.clients_small),
    ];
    for (what, found, due_fen) in pairs.into_iter().filter(|(_, found, due)| found != due) {
        let row = format!("balance of {} {}", kept.dimension, subject(kept));
        let says = format!("it is not what the entries make ({what}: {found}, not {due_fen})");
        findings.push(Finding { row, says });
    }
}

/// Products and customers by the ids that callers know, the others by their codes.
fn subject(row: &Exposure) -> String {
    match (row.dimension.as_str(), Uuid::try_parse(&row.subject)) {
        ("product", Ok(id)) => id_of::<kind::Product>(id),
        (dimension, Ok(id)) if dimension == exposures::client(id).0 || dimension == "bank" => {
            id_of::<kind::Customer>(id)
        }
        _ => row.subject.clone(),
    }
}
