//! Reservations and drawdowns. Both change only while the row of their limit is locked.

use chrono::{DateTime, Utc};
use entity::{limit_drawdowns as drawdowns, limit_reservations as reservations};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Drawdown, Reservation};
use crate::error::{Error, Result};
use crate::platform::db::{TenantTx, Together};

pub(in crate::limits) async fn reservation(tx: &TenantTx, id: Uuid) -> Result<Reservation> {
    tx.get::<reservations::Entity>(id).await?.ok_or_else(Error::not_found)
}

pub(in crate::limits) async fn drawdown(tx: &TenantTx, id: Uuid) -> Result<Drawdown> {
    tx.get::<drawdowns::Entity>(id).await?.ok_or_else(Error::not_found)
}

/// Adds a reservation, or writes what changed since its version `seen`.
pub(in crate::limits) fn put_reservation(written: Together, row: &Reservation, seen: i64) -> Result<Together> {
    match seen {
        0 => Ok(written.insert::<_, reservations::ActiveModel>(row.clone())),
        seen if seen == row.version => Ok(written),
        _ => written.update(reservations::ActiveModel {
            id: Set(row.id),
            drawn_fen: Set(row.drawn_fen),
            released_fen: Set(row.released_fen),
            state: Set(row.state.clone()),
            version: Set(row.version),
            ended_at: Set(row.ended_at),
            ..Default::default()
        }),
    }
}

/// Adds a drawdown, or writes what changed since its version `seen`.
pub(in crate::limits) fn put_drawdown(written: Together, row: &Drawdown, seen: i64) -> Result<Together> {
    match seen {
        0 => Ok(written.insert::<_, drawdowns::ActiveModel>(row.clone())),
        seen if seen == row.version => Ok(written),
        _ => written.update(drawdowns::ActiveModel {
            id: Set(row.id),
            repaid_fen: Set(row.repaid_fen),
            reversed: Set(row.reversed),
            settled: Set(row.settled),
            version: Set(row.version),
            ..Default::default()
        }),
    }
}

/// Everything that some customers have drawn and not repaid.
pub(in crate::limits) async fn outstanding_of(tx: &TenantTx, customers: &[Uuid]) -> Result<Vec<Drawdown>> {
    use drawdowns::Column as C;
    let rows = tx.all::<drawdowns::Entity>().filter(C::CustomerId.is_in(customers.iter().copied()));
    Ok(rows.filter(C::Settled.eq(false)).order_by_asc(C::Id).all(tx.raw()).await?)
}

/// Everything that anybody has drawn and not repaid.
pub(in crate::limits) async fn outstanding(tx: &TenantTx) -> Result<Vec<Drawdown>> {
    use drawdowns::Column as C;
    let rows = tx.all::<drawdowns::Entity>().filter(C::Settled.eq(false));
    Ok(rows.order_by_asc(C::CustomerId).order_by_asc(C::Id).all(tx.raw()).await?)
}

/// Open reservations whose time has run out, of one limit or of all, a batch of them.
pub(in crate::limits) async fn due(
    tx: &TenantTx,
    limit: Option<Uuid>,
    now: DateTime<Utc>,
    after: Uuid,
    rows_max: u64,
) -> Result<Vec<Reservation>> {
    use reservations::Column as C;
    let mut rows = tx.all::<reservations::Entity>().filter(C::State.eq("open")).filter(C::LapsesAt.lte(now));
    rows = rows.filter(C::Id.gt(after));
    if let Some(limit) = limit {
        rows = rows.filter(C::LimitId.eq(limit));
    }
    Ok(rows.order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}

/// A customer's limits and parts that can be used on a day or later.
pub(in crate::limits) async fn usable_of(
    tx: &TenantTx,
    customer: Uuid,
    day: chrono::NaiveDate,
) -> Result<Vec<super::LimitRow>> {
    use entity::limits::{Column as C, Entity};
    let rows = tx.all::<Entity>().filter(C::CustomerId.eq(customer)).filter(C::State.is_in(["active", "frozen"]));
    Ok(rows.filter(C::ValidTo.gt(day)).order_by_asc(C::Id).all(tx.raw()).await?)
}

/// What was outstanding of every drawdown at the end of a day, from the entries alone.
pub(in crate::limits) async fn outstanding_on(tx: &TenantTx, day: chrono::NaiveDate) -> Result<Vec<(Uuid, i64)>> {
    use entity::limit_entries::{Column as C, Entity};
    use sea_orm::sea_query::{Alias, Expr, ExprTrait};
    let sum = Expr::col(C::DrawnFen).sum().cast_as(Alias::new("BIGINT"));
    let rows = tx.all::<Entity>().select_only().column(C::DrawdownId).column_as(sum, "outstanding");
    let rows = rows.filter(C::DrawdownId.is_not_null()).filter(C::Day.lte(day)).group_by(C::DrawdownId);
    let all: Vec<(Uuid, i64)> = rows.into_tuple().all(tx.raw()).await?;
    Ok(all.into_iter().filter(|(_, outstanding)| *outstanding != 0).collect())
}

/// Drawdowns by their ids.
pub(in crate::limits) async fn drawdowns(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Drawdown>> {
    const IDS_AT_ONCE: usize = 10_000;
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let rows = tx.all::<drawdowns::Entity>().filter(drawdowns::Column::Id.is_in(some.iter().copied()));
        all.extend(rows.all(tx.raw()).await?);
    }
    Ok(all)
}

/// Most rows that are shown under a limit at once.
const SHOWN_MAX: u64 = 200;

/// What is set aside under some limits, the newest first.
pub(in crate::limits) async fn reservations_under(tx: &TenantTx, limits: &[Uuid]) -> Result<Vec<Reservation>> {
    use reservations::Column as C;
    let rows = tx.all::<reservations::Entity>().filter(C::LimitId.is_in(limits.iter().copied()));
    Ok(rows.order_by_desc(C::Id).limit(SHOWN_MAX).all(tx.raw()).await?)
}

/// What was drawn under some limits, the newest first.
pub(in crate::limits) async fn drawdowns_under(tx: &TenantTx, limits: &[Uuid]) -> Result<Vec<Drawdown>> {
    use drawdowns::Column as C;
    let rows = tx.all::<drawdowns::Entity>().filter(C::LimitId.is_in(limits.iter().copied()));
    Ok(rows.order_by_desc(C::Id).limit(SHOWN_MAX).all(tx.raw()).await?)
}

/// How many amounts an applicant has set aside under a limit themselves, up to `most`.
pub(in crate::limits) async fn open_own(tx: &TenantTx, limit: Uuid, most: u64) -> Result<u64> {
    use reservations::Column as C;
    let rows = tx.all::<reservations::Entity>().select_only().column(C::Id).filter(C::LimitId.eq(limit));
    let rows = rows.filter(C::State.eq("open")).filter(C::ByApplicant.eq(true)).limit(most);
    Ok(rows.into_tuple::<Uuid>().all(tx.raw()).await?.len() as u64)
}
