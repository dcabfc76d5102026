//! How much of what was granted is used, under each product, bank, region, industry or customer.

use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};

use super::{rows_of, scope_sql};
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// Sums of what limits and parts keep for themselves.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub(in crate::limits) struct Sums {
    /// The column's text or UUID in simple text; nothing where the limits have none.
    pub subject: Option<String>,
    pub limits: i64,
    pub granted_fen: i64,
    pub allocated_fen: i64,
    pub reserved_fen: i64,
    pub drawn_fen: i64,
    pub spent_fen: i64,
    pub usable_fen: i64,
}

/// By what it is summed up.
#[derive(Clone, Copy, Debug)]
pub(in crate::limits) enum By {
    Uuid(&'static str),
    Text(&'static str),
    Nothing,
}

/// The sums under each subject, the largest granted amount first. Of every limit and part that is not closed what it keeps
/// for itself counts, so that nothing counts twice and the whole is what was granted at the top.
pub(in crate::limits) async fn sums(
    tx: &TenantTx,
    scope: &ScopeFilter,
    by: By,
    today: NaiveDate,
    rows_max: i64,
) -> Result<Vec<Sums>> {
    let subject = match by {
        By::Uuid(column) => simple(tx, column),
        By::Text(column) => format!("l.{column}"),
        By::Nothing => "CAST(NULL AS TEXT)".to_owned(),
    };
    let mut values: Vec<Value> = vec![tx.tenant().into(), today.into(), rows_max.into()];
    let seen = scope_sql(scope, "l", &mut values);
    let own = "l.granted_fen - l.allocated_fen";
    let free = "l.granted_fen - l.allocated_fen - l.reserved_fen - l.drawn_fen - l.spent_fen";
    let usable =
        format!("CASE WHEN l.state = 'active' AND l.valid_from <= $2 AND l.valid_to > $2 THEN {free} ELSE 0 END");
    let sum = |what: &str, name: &str| format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT) AS {name}");
    let columns = [
        "CAST(COUNT(*) AS BIGINT) AS limits".to_owned(),
        sum(own, "granted_fen"),
        sum(&format!("CASE WHEN l.depth > 0 THEN {own} ELSE 0 END"), "allocated_fen"),
        sum("l.reserved_fen", "reserved_fen"),
        sum("l.drawn_fen", "drawn_fen"),
        sum("l.spent_fen", "spent_fen"),
        sum(&usable, "usable_fen"),
    ];
    let sql = format!(
        "SELECT * FROM (SELECT {subject} AS subject, {} FROM limits l \
         WHERE l.tenant_id = $1 AND l.state <> 'closed' AND {seen} GROUP BY 1) AS sums \
         ORDER BY granted_fen DESC, subject LIMIT $3",
        columns.join(", ")
    );
    rows_of(tx, &sql, values).await
}

/// A UUID's column as balances name it: hexadecimal digits without hyphens.
pub(super) fn simple(tx: &TenantTx, column: &str) -> String {
    if tx.is_postgres() {
        format!("replace(CAST(l.{column} AS TEXT), '-', '')")
    } else {
        // what SQLite makes of nothing is an empty text
        format!("NULLIF(lower(hex(l.{column})), '')")
    }
}
