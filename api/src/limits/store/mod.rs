//! The SQL of limits: rows are locked from the granted limit down, entries are only added.

pub(super) mod approvals;
pub(super) mod entries;
pub(super) mod exposures;
pub(super) mod rows;
pub(super) mod uses;
pub(super) mod verify;
pub(super) mod views;

use std::collections::HashMap;

use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, Statement, Value};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

pub(super) use rows::{Drawdown, Entry, LimitRow, Reservation};

/// Rows of a statement that names the tenant itself.
async fn rows_of<M: FromQueryResult>(
    tx: &TenantTx,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<M>> {
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(M::find_by_statement(statement).all(tx.raw()).await?)
}

/// What a statement counts as `n` of the tenant, its `$1`.
async fn run_count(tx: &TenantTx, sql: &str) -> Result<i64> {
    let values = [tx.tenant().into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    let row = tx.raw().query_one_raw(statement).await?.ok_or_else(Error::not_found)?;
    Ok(row.try_get("", "n")?)
}

/// The limit and everything above it, the granted limit first; locked until the transaction ends where `lock` says so. Who
/// changes anything in a tree locks it from the top, so that no two wait for each other.
pub(super) async fn path(tx: &TenantTx, id: Uuid, lock: bool) -> Result<Vec<LimitRow>> {
    paths(tx, id, id, lock).await
}

/// The same of two limits at once, each row once.
pub(super) async fn paths(tx: &TenantTx, a: Uuid, b: Uuid, lock: bool) -> Result<Vec<LimitRow>> {
    let end = if lock && tx.is_postgres() { " FOR NO KEY UPDATE" } else { "" };
    let sql = format!(
        "WITH RECURSIVE up (id, parent_id) AS (\
         SELECT id, parent_id FROM limits WHERE tenant_id = $1 AND id IN ($2, $3) \
         UNION SELECT l.id, l.parent_id FROM limits l JOIN up ON l.tenant_id = $1 AND l.id = up.parent_id) \
         SELECT * FROM limits WHERE tenant_id = $1 AND id IN (SELECT id FROM up) ORDER BY depth, id{end}"
    );
    rows_of(tx, &sql, [tx.tenant().into(), a.into(), b.into()]).await
}

/// The path of a limit within what somebody sees; `not_found` where there is none.
pub(super) async fn visible_path(tx: &TenantTx, scope: &ScopeFilter, id: Uuid, lock: bool) -> Result<Vec<LimitRow>> {
    let rows = path(tx, id, lock).await?;
    let is_seen = rows.last().is_some_and(|row| sees(scope, row.department_id, row.officer_id));
    if is_seen { Ok(rows) } else { Err(Error::not_found()) }
}

/// Whether a scope takes in what belongs to a department and an officer.
pub(super) fn sees(scope: &ScopeFilter, department: Option<Uuid>, officer: Option<Uuid>) -> bool {
    match scope {
        ScopeFilter::All => true,
        ScopeFilter::Departments(seen) => department.is_some_and(|one| seen.contains(&one)),
        ScopeFilter::Own(id) => officer == Some(*id),
    }
}

/// The same as a condition of a list.
pub(super) fn visible(scope: &ScopeFilter) -> Condition {
    use entity::limits::Column as C;
    match scope {
        ScopeFilter::All => Condition::all(),
        ScopeFilter::Departments(seen) => Condition::all().add(C::DepartmentId.is_in(seen.iter().copied())),
        ScopeFilter::Own(id) => Condition::all().add(C::OfficerId.eq(*id)),
    }
}

/// Most limits and parts that are read of one applicant.
const OWN_MAX: u64 = 2_000;

/// An applicant's limits and their parts, in the order in which they were made.
pub(super) async fn mine(tx: &TenantTx, applicant: Uuid) -> Result<Vec<LimitRow>> {
    use entity::limits::{Column as C, Entity};
    use sea_orm::{QueryOrder, QuerySelect};
    let rows = tx.all::<Entity>().filter(C::ApplicantId.eq(applicant)).order_by_desc(C::Id);
    let mut rows = rows.limit(OWN_MAX).all(tx.raw()).await?;
    rows.reverse();
    let holders: HashMap<Uuid, Uuid> =
        rows.iter().filter(|row| row.parent_id.is_none()).map(|row| (row.id, row.customer_id)).collect();
    // what was handed to another member of the group is that member's
    rows.retain(|row| holders.get(&row.root_id) == Some(&row.customer_id));
    Ok(rows)
}

/// How many parts a limit has: those not closed, and all there ever were.
pub(super) async fn children(tx: &TenantTx, parent: Uuid) -> Result<(u32, u32)> {
    use entity::limits::{Column as C, Entity};
    use sea_orm::QuerySelect;
    let states: Vec<String> = tx
        .all::<Entity>()
        .select_only()
        .column(C::State)
        .filter(C::ParentId.eq(parent))
        .into_tuple()
        .all(tx.raw())
        .await?;
    let open = states.iter().filter(|state| *state != "closed").count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok((count(open), count(states.len())))
}

/// The limit of a reservation, and that of a drawdown, without a lock: neither ever moves to another limit.
pub(super) async fn limit_of_reservation(tx: &TenantTx, id: Uuid) -> Result<Uuid> {
    let row = tx.get::<entity::limit_reservations::Entity>(id).await?;
    row.map(|row| row.limit_id).ok_or_else(Error::not_found)
}

/// Limits whose last day has passed and that do not say so yet, a batch of them.
pub(super) async fn past_their_day(
    tx: &TenantTx,
    today: chrono::NaiveDate,
    after: Uuid,
    rows_max: u64,
) -> Result<Vec<Uuid>> {
    use entity::limits::{Column as C, Entity};
    use sea_orm::{QueryOrder, QuerySelect};
    let ids = tx.all::<Entity>().select_only().column(C::Id).filter(C::State.is_in(["active", "frozen"]));
    let ids = ids.filter(C::Id.gt(after)).order_by_asc(C::Id);
    Ok(ids.filter(C::ValidTo.lte(today)).limit(rows_max).into_tuple().all(tx.raw()).await?)
}
