//! How the firm's liability and what bounds it came about: its own rows of balances, and every approved figure that moved the
//! bound, newest or not.

use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::parameters::{Parameter, ParameterState};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::rows_of;
use crate::error::Result;
use crate::limits::store::exposures::Exposure;
use crate::platform::db::TenantTx;

#[derive(FromQueryResult)]
struct Approved {
    id: Uuid,
    value: serde_json::Value,
    effective_from: NaiveDate,
    proposed_by: Uuid,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
}

/// Every approved net assets, bounds and weights that began by a day, the latest first; at most `rows_max`.
pub(in crate::limits) async fn parameters(tx: &TenantTx, until: NaiveDate, rows_max: i64) -> Result<Vec<Parameter>> {
    let sql = "SELECT id, value, effective_from, proposed_by, decided_by, decided_at FROM firm_parameters \
               WHERE tenant_id = $1 AND state = 'approved' AND key IN ('net_assets', 'bounds', 'weights') \
               AND effective_from <= $2 ORDER BY effective_from DESC, decided_at DESC, id DESC LIMIT $3";
    let rows: Vec<Approved> = rows_of(tx, sql, [tx.tenant().into(), until.into(), rows_max.into()]).await?;
    let read = |row: Approved| {
        Ok(Parameter {
            id: row.id,
            value: serde_json::from_value(row.value)?,
            effective_from: row.effective_from,
            state: ParameterState::Approved,
            proposed_by: row.proposed_by,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The firm's rows after `from` up to `to`, and by each weights the newest up to `from`; at most `rows_max`.
pub(in crate::limits) async fn of_firm(
    tx: &TenantTx,
    (from, to): (NaiveDate, NaiveDate),
    rows_max: i64,
) -> Result<Vec<Exposure>> {
    let sql = "SELECT e.* FROM limit_exposures e WHERE e.tenant_id = $1 AND e.dimension = 'firm' AND e.subject = 'firm' \
               AND e.day <= $3 AND (e.day > $2 OR e.day = (SELECT MAX(o.day) FROM limit_exposures o \
               WHERE o.tenant_id = $1 AND o.dimension = 'firm' AND o.subject = 'firm' \
               AND o.weights_id = e.weights_id AND o.day <= $2)) ORDER BY e.day, e.weights_id LIMIT $4";
    rows_of(tx, sql, [tx.tenant().into(), from.into(), to.into(), rows_max.into()]).await
}
