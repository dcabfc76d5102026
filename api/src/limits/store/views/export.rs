//! Rows of a workbook: limits in the order of their trees, and entries in the order in which they were written.

use chrono::NaiveDate;
use entity::{limit_entries as entries, limits};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::lists::{Wanted, wanted};
use super::visible;
use crate::error::Result;
use crate::limits::store::{Entry, LimitRow};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// The limits that a scope takes in, of those that are wanted; at most `rows_max`.
pub(in crate::limits) async fn limits(
    tx: &TenantTx,
    scope: &ScopeFilter,
    ask: &Wanted,
    rows_max: u64,
) -> Result<Vec<LimitRow>> {
    let rows = tx.all::<limits::Entity>().filter(visible(scope)).filter(wanted(ask));
    Ok(rows.order_by_asc(limits::Column::Number).limit(rows_max).all(tx.raw()).await?)
}

/// The entries of those limits from a day to a day, at most `rows_max`.
pub(in crate::limits) async fn entries(
    tx: &TenantTx,
    scope: &ScopeFilter,
    (from, to): (NaiveDate, NaiveDate),
    rows_max: u64,
) -> Result<Vec<Entry>> {
    use entries::Column as C;
    let ids = || tx.all::<limits::Entity>().filter(visible(scope)).select_only().column(limits::Column::Id);
    let seen = (*scope != ScopeFilter::All).then(|| C::LimitId.in_subquery(ids().into_query()));
    let rows = tx.all::<entries::Entity>().filter(C::Day.gte(from)).filter(C::Day.lte(to));
    let rows = rows.filter(Condition::all().add_option(seen));
    Ok(rows.order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}
