//! Reservations and drawdowns against their entries and each other.

use super::{Check, NO_FIGURES, Table};

pub(super) fn checks() -> Vec<Check> {
    let check = |table, says, sql| Check { table, says, sql };
    vec![
        check(Table::Reservations, "its amounts do not fit, or it has not ended exactly when nothing is left", ends()),
        check(Table::Reservations, "its amounts are not what its entries add up to", held()),
        check(Table::Reservations, "what is drawn of it is not what its drawdowns add up to", drawn()),
        check(Table::Reservations, "it is not of the tree of its limit", root()),
        check(
            Table::Drawdowns,
            "its amounts do not fit, or it is not settled exactly when nothing is outstanding",
            settled(),
        ),
        check(Table::Drawdowns, "its amounts are not what its entries add up to", owed()),
        check(Table::Drawdowns, "it is not of the limit and customer of its reservation", place()),
    ]
}

fn ends() -> String {
    format!(
        "SELECT id, state AS what, {NO_FIGURES} FROM limit_reservations WHERE tenant_id = $1 \
         AND (amount_fen <= 0 OR drawn_fen < 0 OR released_fen < 0 OR drawn_fen + released_fen > amount_fen \
         OR (state = 'open') <> (drawn_fen + released_fen < amount_fen) OR (state = 'open' AND released_fen <> 0) \
         OR (state = 'open') <> (ended_at IS NULL))"
    )
}

fn held() -> String {
    "WITH e AS (SELECT reservation_id, CAST(sum(CASE WHEN kind = 'reserved' THEN reserved_fen ELSE 0 END) AS BIGINT) AS amount, \
     CAST(sum(reserved_fen) AS BIGINT) AS rest FROM limit_entries \
     WHERE tenant_id = $1 AND reservation_id IS NOT NULL GROUP BY reservation_id) \
     SELECT r.id, 'amount_fen' AS what, r.amount_fen AS found, coalesce(e.amount, 0) AS due \
     FROM limit_reservations r LEFT JOIN e ON e.reservation_id = r.id \
     WHERE r.tenant_id = $1 AND r.amount_fen <> coalesce(e.amount, 0) \
     UNION ALL SELECT r.id, 'rest' AS what, r.amount_fen - r.drawn_fen - r.released_fen AS found, coalesce(e.rest, 0) AS due \
     FROM limit_reservations r LEFT JOIN e ON e.reservation_id = r.id \
     WHERE r.tenant_id = $1 AND r.amount_fen - r.drawn_fen - r.released_fen <> coalesce(e.rest, 0)"
        .to_owned()
}

fn drawn() -> String {
    "WITH d AS (SELECT reservation_id, CAST(sum(amount_fen) AS BIGINT) AS drawn FROM limit_drawdowns \
     WHERE tenant_id = $1 AND NOT reversed GROUP BY reservation_id) \
     SELECT r.id, 'drawn_fen' AS what, r.drawn_fen AS found, coalesce(d.drawn, 0) AS due \
     FROM limit_reservations r LEFT JOIN d ON d.reservation_id = r.id \
     WHERE r.tenant_id = $1 AND r.drawn_fen <> coalesce(d.drawn, 0)"
        .to_owned()
}

fn root() -> String {
    format!(
        "SELECT r.id, 'root' AS what, {NO_FIGURES} FROM limit_reservations r \
         JOIN limits l ON l.tenant_id = $1 AND l.id = r.limit_id WHERE r.tenant_id = $1 AND r.root_id <> l.root_id"
    )
}

fn settled() -> String {
    format!(
        "SELECT id, 'amounts' AS what, {NO_FIGURES} FROM limit_drawdowns WHERE tenant_id = $1 \
         AND (amount_fen <= 0 OR repaid_fen < 0 OR repaid_fen > amount_fen OR (reversed AND repaid_fen <> 0) \
         OR settled <> (reversed OR repaid_fen = amount_fen) \
         OR bank_bp + firm_bp + reguarantor_bp + government_bp <> 10000)"
    )
}

/// Repayments less those taken back are what was repaid; a draw that was taken back is reversed, and no other.
fn owed() -> String {
    let due = "LEFT JOIN e ON e.drawdown_id = d.id WHERE d.tenant_id = $1";
    format!(
        "WITH e AS (SELECT n.drawdown_id, \
         CAST(sum(CASE WHEN n.kind = 'drawn' THEN n.drawn_fen ELSE 0 END) AS BIGINT) AS amount, \
         CAST(-sum(CASE WHEN n.kind = 'repaid' OR o.kind = 'repaid' THEN n.drawn_fen ELSE 0 END) AS BIGINT) AS repaid, \
         CAST(sum(n.drawn_fen) AS BIGINT) AS outstanding, \
         CAST(sum(CASE WHEN o.kind = 'drawn' THEN 1 ELSE 0 END) AS BIGINT) AS reversals \
         FROM limit_entries n LEFT JOIN limit_entries o ON o.tenant_id = $1 AND o.id = n.corrects_id \
         WHERE n.tenant_id = $1 AND n.drawdown_id IS NOT NULL GROUP BY n.drawdown_id) \
         SELECT d.id, 'amount_fen' AS what, d.amount_fen AS found, coalesce(e.amount, 0) AS due \
         FROM limit_drawdowns d {due} AND d.amount_fen <> coalesce(e.amount, 0) \
         UNION ALL SELECT d.id, 'repaid_fen' AS what, d.repaid_fen AS found, coalesce(e.repaid, 0) AS due \
         FROM limit_drawdowns d {due} AND d.repaid_fen <> coalesce(e.repaid, 0) \
         UNION ALL SELECT d.id, 'outstanding' AS what, \
         CASE WHEN d.reversed THEN 0 ELSE d.amount_fen - d.repaid_fen END AS found, coalesce(e.outstanding, 0) AS due \
         FROM limit_drawdowns d {due} \
         AND CASE WHEN d.reversed THEN 0 ELSE d.amount_fen - d.repaid_fen END <> coalesce(e.outstanding, 0) \
         UNION ALL SELECT d.id, 'reversed' AS what, {NO_FIGURES} \
         FROM limit_drawdowns d {due} AND d.reversed <> (coalesce(e.reversals, 0) > 0)"
    )
}

fn place() -> String {
    format!(
        "SELECT d.id, 'limit' AS what, {NO_FIGURES} FROM limit_drawdowns d \
         JOIN limit_reservations r ON r.tenant_id = $1 AND r.id = d.reservation_id \
         JOIN limits l ON l.tenant_id = $1 AND l.id = d.limit_id \
         WHERE d.tenant_id = $1 AND (r.limit_id <> d.limit_id OR l.customer_id <> d.customer_id)"
    )
}
