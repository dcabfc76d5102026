//! Taking back what an earlier operation wrote, by new entries that name the old ones.

use domain::limits::operation::{self, Entry as DomainEntry, Line};
use domain::limits::refusal::LimitRefusal;
use domain::limits::tree::Limit;
use domain::money::Fen;
use uuid::Uuid;

use super::book::Book;
use super::grant::{larger, moment};
use super::part::hand_over;
use super::refusal::refused;
use super::uses::Moves;
use super::{By, Outcome, Why};
use crate::customers::clients;
use crate::error::{Error, Result};
use crate::limits::law::Frame;
use crate::limits::store::{self, Entry, LimitRow, approvals, entries, rows, uses};
use crate::platform::db::TenantTx;

/// Takes an operation back.
pub(super) async fn correct(tx: &TenantTx, by: &By<'_>, operation: Uuid, why: &Why) -> Result<Outcome> {
    let written = entries::of_operation(tx, operation).await?;
    let (first, last) = written.first().zip(written.last()).ok_or_else(Error::not_found)?;
    let path = store::paths(tx, first.limit_id, last.limit_id, true).await?;
    if let Some(scope) = by.scope()
        && !path.iter().all(|row| store::sees(scope, row.department_id, row.officer_id))
    {
        return Err(Error::not_found());
    }
    let limits = written.iter().map(|entry| limit_of(&path, entry)).collect::<Result<Vec<_>>>()?;
    // looked for under the lock, so that of two who take the same back the second finds it done
    let taken = entries::corrected(tx, &written.iter().map(|entry| entry.id).collect::<Vec<_>>()).await?;
    let old = written.iter().map(|entry| domain_entry(entry, &taken)).collect::<Result<Vec<_>>>()?;
    let lines: Vec<Line<'_>> = limits.iter().zip(&old).map(|(limit, entry)| Line { limit, entry }).collect();
    let reservation = match first.reservation_id {
        Some(id) => Some(uses::reservation(tx, id).await?),
        None => None,
    };
    let drawdown = match first.drawdown_id {
        Some(id) => Some(uses::drawdown(tx, id).await?),
        None => None,
    };
    let plain = reservation.as_ref().map(rows::reservation).transpose()?;
    let drawn = drawdown.as_ref().map(rows::drawdown);
    let postings = operation::correct(&lines, plain.as_ref(), drawn.as_ref(), moment(tx)).map_err(refused)?;
    // the approval's row before the firm's lock, as whoever grants from it takes them: else the two would wait for each other
    give_back(tx, &path, &written).await?;
    let figures = promised_again(tx, by, &path, &written).await?;
    let mut book = Book::new(tx, why, &path).correcting(written.iter().map(|entry| entry.id).collect());
    if let Some(row) = reservation {
        book = book.with_reservation(row);
    }
    let mut around = None;
    if let Some(row) = drawdown {
        let frame = Frame::locked(tx).await?;
        let client = clients::client(tx, row.customer_id).await?;
        let moves = Moves::begin(tx, client).await?;
        book = book.on(frame.day).with_drawdown(row);
        around = Some((frame, moves));
    }
    let operation = book.operation();
    let (written, reservation, drawdown) = book.write(&postings).await?;
    if let Some((frame, moves)) = around {
        moves.end(tx, &frame, drawdown.as_ref()).await?;
    }
    let limit = written.limit(last.limit_id)?;
    Ok(Outcome { operation, limit, written, reservation, drawdown, figures })
}

/// What grows where an amount is taken back is promised again, and the law is asked as for any promise: of a granted limit
/// that was cut, and of what goes back to another member of the group.
async fn promised_again(
    tx: &TenantTx,
    by: &By<'_>,
    path: &[LimitRow],
    written: &[Entry],
) -> Result<Vec<domain::limits::rules::Figure>> {
    for entry in written.iter().filter(|entry| entry.granted_fen < 0) {
        let Some(row) = path.iter().find(|row| row.id == entry.limit_id) else { continue };
        let more = Fen(entry.granted_fen.saturating_neg());
        let Some(parent) = row.parent_id else {
            return larger(tx, by, row, more, Fen(row.granted_fen)).await;
        };
        let from = written.iter().find(|other| other.limit_id != row.id).map(|other| other.limit_id);
        let from = path.iter().find(|other| other.id == from.unwrap_or(parent));
        if let Some(from) = from.filter(|from| from.customer_id != row.customer_id) {
            return hand_over(tx, row, from.customer_id, more, "").await;
        }
    }
    Ok(vec![])
}

fn limit_of(path: &[LimitRow], entry: &Entry) -> Result<Limit> {
    rows::limit(path.iter().find(|row| row.id == entry.limit_id).ok_or_else(Error::not_found)?)
}

fn domain_entry(entry: &Entry, taken: &[Uuid]) -> Result<DomainEntry> {
    Ok(DomainEntry {
        limit: entry.limit_id,
        kind: rows::kind(&entry.kind)?,
        deltas: rows::deltas(entry),
        corrected: taken.contains(&entry.id),
    })
}

/// A resizing of a granted limit that is taken back also changes how much of the approval is granted.
async fn give_back(tx: &TenantTx, path: &[LimitRow], written: &[Entry]) -> Result<()> {
    let [only] = written else { return Ok(()) };
    let root = path.iter().find(|row| row.id == only.limit_id && row.depth == 0);
    let Some(root) = root.filter(|_| only.granted_fen != 0) else { return Ok(()) };
    let approval = approvals::lock(tx, root.approval_id).await?;
    let granted_fen = approval.granted_fen.saturating_sub(only.granted_fen);
    if granted_fen > approval.approved_fen {
        // what a reduction gave back to the approval was granted elsewhere meanwhile
        let asked = Fen(root.granted_fen.saturating_sub(only.granted_fen));
        let approved = Fen(root.granted_fen.saturating_add(approval.approved_fen).saturating_sub(approval.granted_fen));
        return Err(refused(LimitRefusal::AboveApproved { asked, approved }));
    }
    approvals::set_granted(tx, &approval, granted_fen).await
}
