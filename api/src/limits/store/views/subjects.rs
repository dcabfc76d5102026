//! Balances of many subjects of one dimension on a day, the largest first.

use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::utilisation::simple;
use super::{rows_of, scope_sql};
use crate::error::Result;
use crate::limits::store::exposures::Exposure;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// Which subjects of which day.
pub(in crate::limits) struct Ask<'a> {
    pub dimension: &'static str,
    pub weights: Uuid,
    pub day: NaiveDate,
    /// Clients are shown within it; what products, banks, regions and industries stand for is the firm's.
    pub scope: &'a ScopeFilter,
}

/// The statement that finds the newest row of each subject, and its values.
fn newest(tx: &TenantTx, ask: &Ask<'_>) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![tx.tenant().into(), ask.dimension.into(), ask.weights.into(), ask.day.into()];
    let seen = if ask.dimension == "client" && *ask.scope != ScopeFilter::All {
        let seen = scope_sql(ask.scope, "l", &mut values);
        let customer = simple(tx, "customer_id");
        format!("e.subject IN (SELECT {customer} FROM limits l WHERE l.tenant_id = $1 AND {seen})")
    } else {
        "TRUE".to_owned()
    };
    let sql = format!(
        "SELECT e.* FROM limit_exposures e JOIN (SELECT subject, MAX(day) AS day FROM limit_exposures \
         WHERE tenant_id = $1 AND dimension = $2 AND weights_id = $3 AND day <= $4 GROUP BY subject) AS newest \
         ON e.subject = newest.subject AND e.day = newest.day \
         WHERE e.tenant_id = $1 AND e.dimension = $2 AND e.weights_id = $3 AND e.nominal_fen > 0 AND {seen}"
    );
    (sql, values)
}

/// Subjects with something outstanding, the largest in-force balance first, after a balance and a subject.
pub(in crate::limits) async fn by_in_force(
    tx: &TenantTx,
    ask: &Ask<'_>,
    after: Option<(i64, &str)>,
    rows_max: i64,
) -> Result<Vec<Exposure>> {
    let (mut sql, mut values) = newest(tx, ask);
    if let Some((in_force, subject)) = after {
        values.extend([in_force.into(), subject.into()]);
        let (a, b) = (values.len() - 1, values.len());
        sql.push_str(&format!(" AND (e.in_force_fen < ${a} OR (e.in_force_fen = ${a} AND e.subject > ${b}))"));
    }
    values.push(rows_max.into());
    sql.push_str(&format!(" ORDER BY e.in_force_fen DESC, e.subject LIMIT ${}", values.len()));
    rows_of(tx, &sql, values).await
}

/// What a client counts for the bounds on one client and on its group.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(in crate::limits) struct Concentration {
    pub subject: String,
    pub concentration_fen: i64,
}

/// Every client with something outstanding, the largest concentration first.
pub(in crate::limits) async fn concentrations(
    tx: &TenantTx,
    ask: &Ask<'_>,
    rows_max: i64,
) -> Result<Vec<Concentration>> {
    let (sql, mut values) = newest(tx, ask);
    values.push(rows_max.into());
    let sql = format!(
        "SELECT subject, concentration_fen FROM ({sql}) AS found ORDER BY concentration_fen DESC, subject LIMIT ${}",
        values.len()
    );
    rows_of(tx, &sql, values).await
}

/// Whether a scope takes in a limit of this customer.
pub(in crate::limits) async fn has_limit_within(tx: &TenantTx, scope: &ScopeFilter, customer: Uuid) -> Result<bool> {
    use entity::limits::{Column as C, Entity};
    use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
    let rows = tx.all::<Entity>().filter(C::CustomerId.eq(customer)).filter(super::visible(scope));
    Ok(rows.limit(1).one(tx.raw()).await?.is_some())
}

/// Of some customers those of whom a scope takes in a limit.
pub(in crate::limits) async fn with_limit_within(
    tx: &TenantTx,
    scope: &ScopeFilter,
    customers: &[Uuid],
) -> Result<Vec<Uuid>> {
    use entity::limits::{Column as C, Entity};
    use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
    const IDS_AT_ONCE: usize = 10_000;
    let mut found = vec![];
    for some in customers.chunks(IDS_AT_ONCE) {
        let rows = tx.all::<Entity>().select_only().column(C::CustomerId).distinct();
        let rows = rows.filter(C::CustomerId.is_in(some.iter().copied())).filter(super::visible(scope));
        found.extend(rows.into_tuple::<Uuid>().all(tx.raw()).await?);
    }
    Ok(found)
}
