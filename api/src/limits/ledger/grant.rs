//! Granting a limit from an approved application, and changing the size of one. Both are promises, so the law is asked.

use domain::limits::operation::{self, Opening};
use domain::limits::rules::Authority;
use domain::limits::tree::{LimitState, Moment};
use domain::money::Fen;
use domain::time::TenantZone;
use uuid::Uuid;

use super::book::{Book, split_path};
use super::part::hand_over;
use super::refusal::{broken, refused};
use super::{By, GrantOrder, Outcome, Why};
use crate::customers::clients;
use crate::error::{Error, FieldProblem, Result};
use crate::limits::law::standing::Placed;
use crate::limits::law::{Frame, commitments, judge};
use crate::limits::store::{self, LimitRow, approvals};
use crate::limits::subject;
use crate::people;
use crate::platform::db::TenantTx;

/// The moment of a transaction.
pub(in crate::limits) fn moment(tx: &TenantTx) -> Moment {
    Moment::new(tx.now(), TenantZone::default())
}

/// Up to what amount somebody may still decide, where `decided_fen` was decided before: granting in slices, or making larger
/// by and by, leads no further than at once.
async fn authority(tx: &TenantTx, by: &By<'_>, decided_fen: i64) -> Result<Authority> {
    let id = match by {
        By::Staff { id, .. } => id,
        By::Asking { .. } => return Ok(Authority::NotNeeded),
        By::Applicant(_) => return Ok(Authority::UpTo(Fen::ZERO)),
    };
    let brief = people::staff_brief(tx, &[*id]).await?;
    let most = brief.get(id).map_or(0, |brief| brief.authority_fen);
    Ok(Authority::UpTo(Fen(most.saturating_sub(decided_fen))))
}

/// Lets only a bank of the firm's customers be named.
pub(super) async fn bank(tx: &TenantTx, id: Option<Uuid>) -> Result<()> {
    match id {
        Some(id) if !subject::is_bank(tx, id).await? => Err(unknown("/bank", "bank_unknown", subject::NO_BANK)),
        _ => Ok(()),
    }
}

/// What is said of something that the firm does not have.
pub(super) fn unknown(pointer: &str, code: &str, (zh, en): (&str, &str)) -> Error {
    Error::fields(vec![FieldProblem::new(pointer, code, zh, en)])
}

/// Grants a limit, of at most what was approved and is not granted yet.
pub(super) async fn grant(tx: &TenantTx, by: &By<'_>, order: &GrantOrder, why: &Why) -> Result<Outcome> {
    let approval = approvals::lock(tx, order.approval).await?;
    if let Some(scope) = by.scope()
        && !store::sees(scope, approval.department_id, approval.officer_id)
    {
        return Err(Error::not_found());
    }
    bank(tx, order.bank).await?;
    let opening = Opening {
        id: Uuid::now_v7(),
        amount: order.amount,
        revolving: order.revolving,
        valid_from: order.valid_from,
        valid_to: order.valid_to,
    };
    let left = Fen(approval.approved_fen.saturating_sub(approval.granted_fen));
    let postings = operation::grant(&opening, left, moment(tx)).map_err(refused)?;
    let frame = Frame::locked(tx).await?;
    let client = clients::client(tx, approval.customer_id).await?;
    if client.restricted {
        return Err(Error::not_found());
    }
    let row = new_row(tx, &approval, order, &opening, frame.day).await?;
    let (_, shares) = commitments::shares_for(tx, &row, &frame).await?;
    let promised = commitments::place(&row, order.amount, shares)?;
    let verdict =
        judge::promise(tx, &frame, &client, &promised, authority(tx, by, approval.granted_fen).await?).await?;
    let figures = verdict.map_err(|refusal| broken(&refusal))?;
    approvals::set_granted(tx, &approval, approval.granted_fen.saturating_add(order.amount.0)).await?;
    let book = Book::new(tx, why, &[]).with_new(row);
    let operation = book.operation();
    let (written, ..) = book.write(&postings).await?;
    let limit = written.limit(opening.id)?;
    Ok(Outcome { operation, limit, written, reservation: None, drawdown: None, figures })
}

async fn new_row(
    tx: &TenantTx,
    approval: &approvals::Approval,
    order: &GrantOrder,
    opening: &Opening,
    day: chrono::NaiveDate,
) -> Result<LimitRow> {
    let day = day.format("%Y%m%d");
    let number = tx.next_number(&format!("limits/{day}")).await?;
    let conditions: Vec<&str> = order.conditions.iter().map(|one| one.as_str()).collect();
    let sealed = tx.seal_json(super::super::view::CONDITIONS, opening.id, &conditions)?;
    Ok(LimitRow {
        tenant_id: tx.tenant(),
        id: opening.id,
        number: format!("SX{day}-{number:04}"),
        root_id: opening.id,
        parent_id: None,
        depth: 0,
        approval_id: approval.id,
        customer_id: approval.customer_id,
        applicant_id: approval.applicant_id,
        part_kind: None,
        product_id: approval.product_id,
        bank_id: order.bank,
        business: order.business.code().to_owned(),
        region: approval.region.clone(),
        industry: approval.industry.clone(),
        department_id: approval.department_id,
        officer_id: approval.officer_id,
        label_sealed: None,
        conditions_sealed: (!conditions.is_empty()).then_some(sealed),
        currency: "CNY".to_owned(),
        revolving: opening.revolving,
        granted_fen: 0,
        allocated_fen: 0,
        reserved_fen: 0,
        drawn_fen: 0,
        spent_fen: 0,
        state: LimitState::Active.code().to_owned(),
        valid_from: opening.valid_from,
        valid_to: opening.valid_to,
        entries: 0,
        version: 0,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// Changes the size of a limit or a part.
pub(super) async fn resize(tx: &TenantTx, by: &By<'_>, id: Uuid, to: Fen, why: &Why) -> Result<Outcome> {
    let path = super::hold::locked(tx, by, id).await?;
    let (above, own) = split_path(&path)?;
    let row = path.last().cloned().ok_or_else(Error::not_found)?;
    let mut figures = vec![];
    let postings = if above.is_empty() {
        let approval = approvals::lock(tx, row.approval_id).await?;
        let others = approval.granted_fen.saturating_sub(own.amounts.granted.0);
        let most = Fen(approval.approved_fen.saturating_sub(others));
        let postings = operation::resize_grant(&own, to, most, moment(tx)).map_err(refused)?;
        let by_how_much = to.0.saturating_sub(own.amounts.granted.0);
        if by_how_much > 0 {
            figures = larger(tx, by, &row, Fen(by_how_much), own.amounts.granted).await?;
        }
        approvals::set_granted(tx, &approval, approval.granted_fen.saturating_add(by_how_much)).await?;
        postings
    } else {
        let postings = operation::resize_part(&above, &own, to, moment(tx)).map_err(refused)?;
        let holder = path.iter().rev().nth(1).map_or(row.customer_id, |parent| parent.customer_id);
        let more = to.0.saturating_sub(own.amounts.granted.0);
        if more > 0 && holder != row.customer_id {
            figures = hand_over(tx, &row, holder, Fen(more), "/amount_fen").await?;
        }
        postings
    };
    let book = Book::new(tx, why, &path);
    let operation = book.operation();
    let (written, ..) = book.write(&postings).await?;
    let limit = written.limit(id)?;
    Ok(Outcome { operation, limit, written, reservation: None, drawdown: None, figures })
}

/// Asks the law about what a limit grows by; the authority is for the whole limit, of which `decided` was decided before.
pub(super) async fn larger(
    tx: &TenantTx,
    by: &By<'_>,
    row: &LimitRow,
    more: Fen,
    decided: Fen,
) -> Result<Vec<domain::limits::rules::Figure>> {
    let frame = Frame::locked(tx).await?;
    let client = clients::client(tx, row.customer_id).await?;
    let (_, shares) = commitments::shares_for(tx, row, &frame).await?;
    let promised: Placed = commitments::place(row, more, shares)?;
    let authority = authority(tx, by, decided.0).await?;
    judge::promise(tx, &frame, &client, &promised, authority).await?.map_err(|refusal| broken(&refusal))
}
