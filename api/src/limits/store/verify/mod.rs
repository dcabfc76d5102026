//! What must hold of the books at any time, as statements that find the rows of which it does not. They ask nothing of the
//! code that wrote the rows: what they add up is what lies in the tables.

mod entries;
mod limits;
mod uses;

use chrono::NaiveDate;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::exposures::Exposure;
use super::{rows_of, run_count};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Most rows that one check names: where everything is wrong, the first hundred say as much as all.
pub(in crate::limits) const ROWS_PER_CHECK: u64 = 100;

/// The columns of a limit, each of which is what the entries add to it.
const COLUMNS: [&str; 5] = ["granted_fen", "allocated_fen", "reserved_fen", "drawn_fen", "spent_fen"];

/// Of which table the rows are that a check names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::limits) enum Table {
    /// `limits`.
    Limits,
    /// `limit_entries`.
    Entries,
    /// Entries by what wrote them.
    Operations,
    /// `limit_reservations`.
    Reservations,
    /// `limit_drawdowns`.
    Drawdowns,
    /// `limit_approvals`.
    Approvals,
}

/// One thing that must hold.
pub(in crate::limits) struct Check {
    /// Of the rows of this table.
    pub table: Table,
    /// What is wrong with a row that is found.
    pub says: &'static str,
    /// Finds them, with the tenant as `$1`: `id`, `what`, and where there are two figures `found` and `due`.
    sql: String,
}

/// A row of which it does not hold.
#[derive(Debug, FromQueryResult)]
pub(in crate::limits) struct Wrong {
    /// Its id.
    pub id: Uuid,
    /// Which part of it.
    pub what: String,
    /// The figure that is there.
    pub found: Option<i64>,
    /// The one that should be.
    pub due: Option<i64>,
}

/// Every amount lies within what any limit can have, so that no sum of the other checks leaves 64 bits.
pub(in crate::limits) fn sizes() -> Check {
    entries::sizes()
}

/// All the others.
pub(in crate::limits) fn checks() -> Vec<Check> {
    [limits::checks(), entries::checks(), uses::checks()].into_iter().flatten().collect()
}

/// The rows that a check finds.
pub(in crate::limits) async fn wrong(tx: &TenantTx, check: &Check) -> Result<Vec<Wrong>> {
    let sql = format!("SELECT id, what, found, due FROM ({}) AS wrong ORDER BY id LIMIT {ROWS_PER_CHECK}", check.sql);
    rows_of(tx, &sql, [tx.tenant().into()]).await
}

/// How many entries and limits there are.
pub(in crate::limits) async fn size(tx: &TenantTx) -> Result<(i64, i64)> {
    let entries = run_count(tx, "SELECT count(*) AS n FROM limit_entries WHERE tenant_id = $1").await?;
    let limits = run_count(tx, "SELECT count(*) AS n FROM limits WHERE tenant_id = $1").await?;
    Ok((entries, limits))
}

/// The newest balance of everything up to a day, by weights.
pub(in crate::limits) async fn balances(tx: &TenantTx, weights: Uuid, day: NaiveDate) -> Result<Vec<Exposure>> {
    let sql = "SELECT e.* FROM limit_exposures e JOIN (\
               SELECT dimension, subject, max(day) AS day FROM limit_exposures \
               WHERE tenant_id = $1 AND weights_id = $2 AND day <= $3 GROUP BY dimension, subject) newest \
               ON newest.dimension = e.dimension AND newest.subject = e.subject AND newest.day = e.day \
               WHERE e.tenant_id = $1 AND e.weights_id = $2";
    rows_of(tx, sql, [tx.tenant().into(), weights.into(), day.into()]).await
}

/// The last day on which the firm's balance changed.
pub(in crate::limits) async fn last_day(tx: &TenantTx) -> Result<Option<NaiveDate>> {
    #[derive(FromQueryResult)]
    struct Day {
        day: NaiveDate,
    }
    let sql = "SELECT day FROM limit_exposures WHERE tenant_id = $1 AND dimension = 'firm' ORDER BY day DESC LIMIT 1";
    let rows: Vec<Day> = rows_of(tx, sql, [tx.tenant().into()]).await?;
    Ok(rows.into_iter().next().map(|row| row.day))
}

/// Which of some operations wrote entries.
pub(in crate::limits) async fn known_operations(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    use entity::limit_entries::{Column as C, Entity};
    use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
    let rows = tx.all::<Entity>().select_only().column(C::OperationId).distinct();
    Ok(rows.filter(C::OperationId.is_in(ids.iter().copied())).into_tuple().all(tx.raw()).await?)
}

/// The same statement of several columns, one under the other.
fn each(columns: &[&str], statement: impl Fn(&str) -> String) -> String {
    columns.iter().map(|column| statement(column)).collect::<Vec<_>>().join(" UNION ALL ")
}

/// Where a row has no two figures to show.
const NO_FIGURES: &str = "CAST(NULL AS BIGINT) AS found, CAST(NULL AS BIGINT) AS due";
