//! Splitting a limit over products, banks or members of the group, and moving between parts.

use domain::limits::operation::{self, Opening};
use domain::limits::rules::{Authority, Figure};
use domain::limits::tree::LimitState;
use domain::money::Fen;
use uuid::Uuid;

use super::book::{Book, split_path};
use super::grant::{bank, moment, unknown};
use super::hold::locked;
use super::refusal::{broken, refused};
use super::{By, Outcome, PartOrder, Why};
use crate::customers::clients;
use crate::error::{Error, Result};
use crate::limits::law::{Frame, commitments, judge};
use crate::limits::store::{self, LimitRow, entries, rows};
use crate::limits::subject;
use crate::platform::db::TenantTx;

/// Splits a part off.
pub(super) async fn split(tx: &TenantTx, by: &By<'_>, id: Uuid, order: &PartOrder, why: &Why) -> Result<Outcome> {
    let path = locked(tx, by, id).await?;
    let (above, whole) = split_path(&path)?;
    let row = path.last().ok_or_else(Error::not_found)?;
    let opening = Opening {
        id: Uuid::now_v7(),
        amount: order.amount,
        revolving: order.revolving,
        valid_from: order.valid_from.unwrap_or(row.valid_from),
        valid_to: order.valid_to.unwrap_or(row.valid_to),
    };
    let (open, ever) = store::children(tx, id).await?;
    let postings = operation::split(&above, &whole, open, &opening, moment(tx)).map_err(refused)?;
    let part = new_part(tx, row, order, &opening, ever).await?;
    let figures = match order.member {
        Some(member) if member != row.customer_id => {
            hand_over(tx, &part, row.customer_id, order.amount, "/member").await?
        }
        _ => vec![],
    };
    let book = Book::new(tx, why, &path).with_new(part);
    let operation = book.operation();
    let (written, ..) = book.write(&postings).await?;
    let limit = written.limit(opening.id)?;
    Ok(Outcome { operation, limit, written, reservation: None, drawdown: None, figures })
}

/// A part for another member: it must be one of the client's group, and the law is asked for it as for any promise.
pub(super) async fn hand_over(
    tx: &TenantTx,
    part: &LimitRow,
    holder: Uuid,
    amount: Fen,
    pointer: &str,
) -> Result<Vec<Figure>> {
    let member = part.customer_id;
    let frame = Frame::locked(tx).await?;
    let group = clients::group_of(tx, holder, &frame.counted(), frame.day).await?;
    if !group.contains(&member) {
        let words = (
            "该客户不在额度持有人的关联方之内，请先登记关联关系",
            "This customer is not in the holder's group; record how they are related first",
        );
        return Err(unknown(pointer, "not_in_group", words));
    }
    let client = clients::client(tx, member).await?;
    let (_, shares) = commitments::shares_for(tx, part, &frame).await?;
    let promised = commitments::place(part, amount, shares)?;
    let verdict = judge::handed(tx, &frame, &client, &promised, Authority::NotNeeded).await?;
    verdict.map_err(|refusal| broken(&refusal))
}

async fn new_part(
    tx: &TenantTx,
    whole: &LimitRow,
    order: &PartOrder,
    opening: &Opening,
    ever: u32,
) -> Result<LimitRow> {
    bank(tx, order.bank).await?;
    if let Some(product) = order.product
        && !subject::is_product(tx, product).await?
    {
        return Err(unknown("/product", "product_unknown", subject::NO_PRODUCT));
    }
    // another member's part counts where that member does business
    let place = match order.member {
        Some(member) if member != whole.customer_id => {
            let client = clients::client(tx, member).await?;
            (client.region, client.industry)
        }
        _ => (whole.region.clone(), whole.industry.clone()),
    };
    let kind = match order {
        PartOrder { member: Some(_), .. } => "member",
        PartOrder { bank: Some(_), .. } => "bank",
        PartOrder { product: Some(_), .. } => "product",
        _ => "other",
    };
    Ok(LimitRow {
        id: opening.id,
        number: format!("{}-{:02}", whole.number, ever.saturating_add(1)),
        parent_id: Some(whole.id),
        depth: whole.depth.saturating_add(1),
        customer_id: order.member.unwrap_or(whole.customer_id),
        part_kind: Some(kind.to_owned()),
        product_id: order.product.unwrap_or(whole.product_id),
        bank_id: order.bank.or(whole.bank_id),
        region: place.0,
        industry: place.1,
        label_sealed: order.label.as_deref().map(|text| tx.seal(entries::LABEL, opening.id, text)).transpose()?,
        conditions_sealed: None,
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
        ..whole.clone()
    })
}

/// Hands what one part has free to another part of the same limit.
pub(super) async fn move_between(
    tx: &TenantTx,
    by: &By<'_>,
    (from, to): (Uuid, Uuid),
    amount: Fen,
    why: &Why,
) -> Result<Outcome> {
    let all = store::paths(tx, from, to, true).await?;
    let find = |id: Uuid| all.iter().find(|row| row.id == id).ok_or_else(Error::not_found);
    let (source, target) = (find(from)?, find(to)?);
    if let Some(scope) = by.scope() {
        let seen = |row: &LimitRow| store::sees(scope, row.department_id, row.officer_id);
        if ![source, target].into_iter().all(seen) {
            return Err(Error::not_found());
        }
    }
    if let By::Staff { seen: Some(seen), .. } = by {
        seen.check(source.version, Some(&source.state))?;
    }
    let above: Vec<_> = all.iter().filter(|row| row.id != from && row.id != to && row.depth < source.depth).collect();
    let above = above.into_iter().map(rows::limit).collect::<Result<Vec<_>>>()?;
    let (a, b) = (rows::limit(source)?, rows::limit(target)?);
    let postings = operation::move_between(&above, &a, &b, amount, moment(tx)).map_err(refused)?;
    let figures = if source.customer_id == target.customer_id {
        vec![]
    } else {
        hand_over(tx, target, source.customer_id, amount, "/to").await?
    };
    let book = Book::new(tx, why, &all);
    let operation = book.operation();
    let (written, ..) = book.write(&postings).await?;
    let limit = written.limit(from)?;
    Ok(Outcome { operation, limit, written, reservation: None, drawdown: None, figures })
}
