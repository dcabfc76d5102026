//! The SQL of sharing agreements. Shares and dates are never changed but for an end that comes earlier.

use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::parameters::ParameterState;
use domain::limits::sharing::{Agreement, Shares};
use entity::sharing_agreements::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::limits::proposal::ProposalState;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::sharing_agreements::Model as Row;

/// Which agreements are asked for.
pub(super) struct Filter {
    pub(super) state: Option<ProposalState>,
    pub(super) bank: Option<Uuid>,
    pub(super) product: Option<Uuid>,
    /// Those whose dates cover this day.
    pub(super) on: Option<NaiveDate>,
}

/// The rules' part of a row.
pub(super) fn agreement(row: &Row) -> Result<Agreement> {
    let share = |bp: i32| u16::try_from(bp).map_err(Error::internal);
    let shares =
        Shares::new(share(row.bank_bp)?, share(row.firm_bp)?, share(row.reguarantor_bp)?, share(row.government_bp)?)
            .map_err(Error::internal)?;
    Ok(Agreement { shares, valid_from: row.valid_from, valid_to: row.valid_to })
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.lock::<Entity>(id).await
}

fn covers(day: NaiveDate) -> Condition {
    let not_over = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(day));
    Condition::all().add(Column::ValidFrom.lte(day)).add(not_over)
}

/// Agreements, newest first.
pub(super) async fn page(tx: &TenantTx, filter: &Filter, cursor: &Cursor) -> Result<Vec<Row>> {
    let mut rows = tx.all::<Entity>().order_by_desc(Column::Id).limit(cursor.fetch());
    if let Some(state) = filter.state {
        rows = rows.filter(Column::State.eq(state.key()));
    }
    if let Some(bank) = filter.bank {
        rows = rows.filter(Column::BankId.eq(bank));
    }
    if let Some(product) = filter.product {
        rows = rows.filter(Column::ProductId.eq(product));
    }
    if let Some(day) = filter.on {
        rows = rows.filter(covers(day));
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

/// The approved agreement that says most exactly who bears what on a day: of bank and product, of the bank, of the
/// product, of neither; of equals the one that began last, and of those the one approved last, since it mends the other.
pub(super) async fn most_exact(
    tx: &TenantTx,
    bank: Option<Uuid>,
    product: Uuid,
    day: NaiveDate,
) -> Result<Option<Row>> {
    let fits = |column: Column, id: Option<Uuid>| match id {
        Some(id) => Condition::any().add(column.is_null()).add(column.eq(id)),
        None => Condition::all().add(column.is_null()),
    };
    let rows = tx
        .all::<Entity>()
        .filter(Column::State.eq(ParameterState::Approved.code()))
        .filter(covers(day))
        .filter(fits(Column::BankId, bank))
        .filter(fits(Column::ProductId, Some(product)))
        .order_by(Column::BankId.is_not_null(), Order::Desc)
        .order_by(Column::ProductId.is_not_null(), Order::Desc)
        .order_by_desc(Column::ValidFrom)
        .order_by_desc(Column::DecidedAt)
        .order_by_desc(Column::Id);
    Ok(rows.one(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, row: &Row) -> Result<()> {
    tx.insert::<_, ActiveModel>(row.clone()).await
}

/// Writes a decision on a row that was locked; gives the row as it is now.
pub(super) async fn decide(tx: &TenantTx, row: Row, state: ParameterState, by: Uuid, at: DateTime<Utc>) -> Result<Row> {
    let row = Row {
        state: state.code().to_owned(),
        decided_by: Some(by),
        decided_at: Some(at),
        version: row.version.saturating_add(1),
        ..row
    };
    tx.update(ActiveModel {
        id: Set(row.id),
        state: Set(row.state.clone()),
        decided_by: Set(row.decided_by),
        decided_at: Set(row.decided_at),
        version: Set(row.version),
        ..Default::default()
    })
    .await?;
    Ok(row)
}

/// Writes an end on a row that was locked; gives the row as it is now.
pub(super) async fn end(tx: &TenantTx, row: Row, ended: &Agreement) -> Result<Row> {
    let row = Row { valid_to: ended.valid_to, version: row.version.saturating_add(1), ..row };
    tx.update(ActiveModel {
        id: Set(row.id),
        valid_to: Set(row.valid_to),
        version: Set(row.version),
        ..Default::default()
    })
    .await?;
    Ok(row)
}
