//! Limits and approvals against their entries, their parts and each other.

use super::{COLUMNS, Check, NO_FIGURES, Table, each};

pub(super) fn checks() -> Vec<Check> {
    let check = |says, sql| Check { table: Table::Limits, says, sql };
    vec![
        check("its columns are not what its entries add up to", columns()),
        check("an amount is below 0, or more is in use than was granted", amounts()),
        check("what is allocated is not what its open parts were granted", children()),
        check("its place in the tree is not possible", place()),
        check("its state is not what its entries say", state()),
        check("what is reserved is not the rest of its open reservations", reserved()),
        check("what is drawn is not what is outstanding of its drawdowns", drawn()),
        Check {
            table: Table::Approvals,
            says: "what is granted of it is not what its limits were granted, or more than was approved",
            sql: approvals(),
        },
    ]
}

fn columns() -> String {
    let sums = COLUMNS.map(|column| format!("CAST(sum({column}) AS BIGINT) AS {column}")).join(", ");
    let differ = each(&[&COLUMNS[..], &["entries"]].concat(), |column| {
        format!(
            "SELECT l.id, '{column}' AS what, l.{column} AS found, coalesce(s.{column}, 0) AS due \
             FROM limits l LEFT JOIN s ON s.limit_id = l.id \
             WHERE l.tenant_id = $1 AND l.{column} <> coalesce(s.{column}, 0)"
        )
    });
    format!(
        "WITH s AS (SELECT limit_id, count(*) AS entries, {sums} FROM limit_entries WHERE tenant_id = $1 \
         GROUP BY limit_id) {differ}"
    )
}

fn amounts() -> String {
    let below = each(&COLUMNS, |column| {
        format!(
            "SELECT id, '{column}' AS what, {column} AS found, CAST(0 AS BIGINT) AS due FROM limits \
             WHERE tenant_id = $1 AND {column} < 0"
        )
    });
    format!(
        "{below} UNION ALL SELECT id, 'in use' AS what, allocated_fen + reserved_fen + drawn_fen + spent_fen AS found, \
         granted_fen AS due FROM limits \
         WHERE tenant_id = $1 AND allocated_fen + reserved_fen + drawn_fen + spent_fen > granted_fen \
         UNION ALL SELECT id, 'spent_fen of a revolving limit' AS what, spent_fen AS found, CAST(0 AS BIGINT) AS due \
         FROM limits WHERE tenant_id = $1 AND revolving AND spent_fen <> 0 \
         UNION ALL SELECT id, 'closed with something in use' AS what, granted_fen AS found, spent_fen AS due \
         FROM limits WHERE tenant_id = $1 AND state = 'closed' \
         AND (granted_fen <> spent_fen OR allocated_fen <> 0 OR reserved_fen <> 0 OR drawn_fen <> 0)"
    )
}

fn children() -> String {
    "WITH c AS (SELECT parent_id, CAST(sum(granted_fen) AS BIGINT) AS granted FROM limits \
     WHERE tenant_id = $1 AND parent_id IS NOT NULL AND state <> 'closed' GROUP BY parent_id) \
     SELECT l.id, 'allocated_fen' AS what, l.allocated_fen AS found, coalesce(c.granted, 0) AS due \
     FROM limits l LEFT JOIN c ON c.parent_id = l.id \
     WHERE l.tenant_id = $1 AND l.allocated_fen <> coalesce(c.granted, 0)"
        .to_owned()
}

fn place() -> String {
    let joined = "FROM limits l LEFT JOIN limits p ON p.tenant_id = $1 AND p.id = l.parent_id WHERE l.tenant_id = $1";
    format!(
        "SELECT l.id, 'depth' AS what, CAST(l.depth AS BIGINT) AS found, CAST(coalesce(p.depth + 1, 0) AS BIGINT) AS due \
         {joined} AND (l.depth <> coalesce(p.depth + 1, 0) OR l.depth > 6) \
         UNION ALL SELECT l.id, 'parent' AS what, {NO_FIGURES} {joined} AND l.parent_id IS NOT NULL AND p.id IS NULL \
         UNION ALL SELECT l.id, 'root' AS what, {NO_FIGURES} {joined} AND l.root_id <> coalesce(p.root_id, l.id) \
         UNION ALL SELECT l.id, 'approval' AS what, {NO_FIGURES} {joined} AND l.approval_id <> p.approval_id \
         UNION ALL SELECT l.id, 'period' AS what, {NO_FIGURES} {joined} \
         AND (l.valid_from >= l.valid_to OR l.valid_from < p.valid_from OR l.valid_to > p.valid_to) \
         UNION ALL SELECT l.id, 'revolving' AS what, {NO_FIGURES} {joined} AND l.revolving AND NOT p.revolving"
    )
}

/// The last entry that turned a limit says its state. When a part is closed, its parent's entry is of the same kind and
/// does not close the parent; then the operation has another entry, on the part.
fn state() -> String {
    format!(
        "WITH turned AS (SELECT e.limit_id, e.kind, row_number() OVER (PARTITION BY e.limit_id ORDER BY e.seq DESC) AS place \
         FROM limit_entries e WHERE e.tenant_id = $1 AND e.kind IN ('frozen', 'thawed', 'expired', 'closed') \
         AND (e.kind <> 'closed' OR NOT EXISTS (SELECT 1 FROM limit_entries o \
         JOIN limits c ON c.tenant_id = $1 AND c.id = o.limit_id \
         WHERE o.tenant_id = $1 AND o.operation_id = e.operation_id AND c.parent_id = e.limit_id))) \
         SELECT l.id, l.state AS what, {NO_FIGURES} FROM limits l LEFT JOIN turned t ON t.limit_id = l.id AND t.place = 1 \
         WHERE l.tenant_id = $1 \
         AND l.state <> CASE WHEN t.kind IN ('frozen', 'expired', 'closed') THEN t.kind ELSE 'active' END"
    )
}

fn reserved() -> String {
    "WITH r AS (SELECT limit_id, CAST(sum(amount_fen - drawn_fen - released_fen) AS BIGINT) AS rest \
     FROM limit_reservations WHERE tenant_id = $1 AND state = 'open' GROUP BY limit_id) \
     SELECT l.id, 'reserved_fen' AS what, l.reserved_fen AS found, coalesce(r.rest, 0) AS due \
     FROM limits l LEFT JOIN r ON r.limit_id = l.id WHERE l.tenant_id = $1 AND l.reserved_fen <> coalesce(r.rest, 0)"
        .to_owned()
}

fn drawn() -> String {
    "WITH d AS (SELECT limit_id, CAST(sum(amount_fen - repaid_fen) AS BIGINT) AS outstanding \
     FROM limit_drawdowns WHERE tenant_id = $1 AND NOT reversed GROUP BY limit_id) \
     SELECT l.id, 'drawn_fen' AS what, l.drawn_fen AS found, coalesce(d.outstanding, 0) AS due \
     FROM limits l LEFT JOIN d ON d.limit_id = l.id WHERE l.tenant_id = $1 AND l.drawn_fen <> coalesce(d.outstanding, 0)"
        .to_owned()
}

/// A limit that was closed took up its part of the approval: what goes back to nobody is not granted again.
fn approvals() -> String {
    "WITH g AS (SELECT l.approval_id, CAST(sum(e.granted_fen) AS BIGINT) AS granted FROM limit_entries e \
     JOIN limits l ON l.tenant_id = $1 AND l.id = e.limit_id \
     WHERE e.tenant_id = $1 AND l.parent_id IS NULL AND e.kind <> 'closed' GROUP BY l.approval_id) \
     SELECT a.id, 'granted_fen' AS what, a.granted_fen AS found, coalesce(g.granted, 0) AS due \
     FROM limit_approvals a LEFT JOIN g ON g.approval_id = a.id \
     WHERE a.tenant_id = $1 AND a.granted_fen <> coalesce(g.granted, 0) \
     UNION ALL SELECT id, 'granted_fen above approved_fen' AS what, granted_fen AS found, approved_fen AS due \
     FROM limit_approvals WHERE tenant_id = $1 AND granted_fen > approved_fen"
        .to_owned()
}
