//! The SQL of dated parameters. A value is never changed: what a decision writes is the state, who decided and when.

use chrono::NaiveDate;
use domain::limits::parameters::Parameter;
use entity::firm_parameters::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use crate::error::Result;
use crate::limits::proposal::{ProposalState, state_of};
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::firm_parameters::Model as Row;

/// Which keys are asked for.
pub(super) enum KeyFilter {
    /// This one.
    Is(String),
    /// Those that begin so.
    Under(String),
}

/// Which parameters are asked for.
pub(super) struct Filter {
    pub(super) key: Option<KeyFilter>,
    pub(super) state: Option<ProposalState>,
    /// Those that begin by this day.
    pub(super) begun_by: Option<NaiveDate>,
}

/// A row as the rules know it.
pub(super) fn parameter(row: &Row) -> Result<Parameter> {
    Ok(Parameter {
        id: row.id,
        value: serde_json::from_value(row.value.clone())?,
        effective_from: row.effective_from,
        state: state_of(&row.state)?,
        proposed_by: row.proposed_by,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    })
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.lock::<Entity>(id).await
}

/// Parameters, newest first.
pub(super) async fn page(tx: &TenantTx, filter: &Filter, cursor: &Cursor) -> Result<Vec<Row>> {
    let mut rows = tx.all::<Entity>().order_by_desc(Column::Id).limit(cursor.fetch());
    rows = match &filter.key {
        Some(KeyFilter::Is(key)) => rows.filter(Column::Key.eq(key.as_str())),
        Some(KeyFilter::Under(start)) => rows.filter(Column::Key.starts_with(start.as_str())),
        None => rows,
    };
    if let Some(state) = filter.state {
        rows = rows.filter(Column::State.eq(state.key()));
    }
    if let Some(day) = filter.begun_by {
        rows = rows.filter(Column::EffectiveFrom.lte(day));
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

/// Of every key, or of one, the approved parameter that holds on a day: the one that began last, and of those the one
/// approved last, as `domain::limits::parameters::in_force` has it.
pub(super) async fn in_force(tx: &TenantTx, day: NaiveDate, key: Option<&str>) -> Result<Vec<Row>> {
    let sql = "SELECT tenant_id, id, key, value, effective_from, state, source, proposed_by, proposed_at, decided_by, \
               decided_at, version FROM (SELECT p.*, row_number() OVER (PARTITION BY key \
               ORDER BY effective_from DESC, decided_at DESC, id DESC) AS place FROM firm_parameters p \
               WHERE tenant_id = $1 AND state = 'approved' AND effective_from <= $2 \
               AND (CAST($3 AS TEXT) IS NULL OR key = $3)) newest \
               WHERE place = 1 ORDER BY key, effective_from, decided_at";
    let values = [tx.tenant().into(), day.into(), key.map(str::to_owned).into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(Row::find_by_statement(statement).all(tx.raw()).await?)
}

/// Enters a parameter that is still without effect.
pub(super) async fn insert(tx: &TenantTx, parameter: &Parameter, source: &str) -> Result<Row> {
    let row = Row {
        tenant_id: tx.tenant(),
        id: parameter.id,
        key: parameter.value.key(),
        value: serde_json::to_value(&parameter.value)?,
        effective_from: parameter.effective_from,
        state: parameter.state.code().to_owned(),
        source: source.to_owned(),
        proposed_by: parameter.proposed_by,
        proposed_at: tx.now(),
        decided_by: parameter.decided_by,
        decided_at: parameter.decided_at,
        version: 1,
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a decision on a row that was locked; gives the row as it is now.
pub(super) async fn decide(tx: &TenantTx, row: Row, decided: &Parameter) -> Result<Row> {
    let row = Row {
        state: decided.state.code().to_owned(),
        decided_by: decided.decided_by,
        decided_at: decided.decided_at,
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
