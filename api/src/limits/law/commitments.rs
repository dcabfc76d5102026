//! What a client has drawn, and what it was promised and has not drawn: each limit and part by what it has left for itself.

use std::collections::HashMap;

use domain::limits::balances::Position;
use domain::limits::sharing::Shares;
use domain::money::Fen;
use uuid::Uuid;

use super::Frame;
use super::standing::{Placed, under};
use crate::error::Result;
use crate::limits::agreements;
use crate::limits::store::{LimitRow, rows, uses};
use crate::platform::db::TenantTx;

/// What a client has drawn and not repaid.
pub(in crate::limits) async fn drawn(tx: &TenantTx, client: Uuid) -> Result<Vec<Placed>> {
    uses::outstanding_of(tx, &[client]).await?.iter().map(Placed::of).collect()
}

/// What a client can still draw under limits that can be used today or later.
pub(in crate::limits) async fn undrawn(tx: &TenantTx, frame: &Frame, client: Uuid) -> Result<Vec<Placed>> {
    let mut known: HashMap<(Option<Uuid>, Uuid), Shares> = HashMap::new();
    let mut placed = vec![];
    for row in uses::usable_of(tx, client, frame.day).await? {
        let amounts = rows::amounts(&row);
        let left = amounts.free().plus(amounts.reserved).unwrap_or(amounts.granted);
        if left <= Fen::ZERO {
            continue;
        }
        let key = (row.bank_id, row.product_id);
        let shares = match known.get(&key) {
            Some(shares) => *shares,
            None => *known.entry(key).or_insert(shares_for(tx, &row, frame).await?.1),
        };
        placed.push(place(&row, left, shares)?);
    }
    Ok(placed)
}

/// Who bears what of a draw under a limit today, and by which agreement.
pub(in crate::limits) async fn shares_for(
    tx: &TenantTx,
    row: &LimitRow,
    frame: &Frame,
) -> Result<(Option<Uuid>, Shares)> {
    let found = agreements::agreement_for(tx, row.bank_id, row.product_id, frame.day).await?;
    Ok(found.map_or((None, Shares::FIRM_ALONE), |(id, agreement)| (Some(id), agreement.shares)))
}

/// An amount under a limit, as though it were drawn.
pub(in crate::limits) fn place(row: &LimitRow, amount: Fen, shares: Shares) -> Result<Placed> {
    Ok(Placed {
        position: Position { outstanding: amount, shares, business: rows::business(&row.business)? },
        under: under(row.product_id, row.bank_id, row.region.as_deref(), row.industry.as_deref()),
    })
}
