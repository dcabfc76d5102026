//! Entries: none is missing, each goes on from the one before, and each is of a shape that its kind can have.

use domain::limits::tree::GRANT_FEN_MAX;

use super::{COLUMNS, Check, NO_FIGURES, Table, each};

pub(super) fn sizes() -> Check {
    let most = GRANT_FEN_MAX.0;
    let sql = each(&COLUMNS, |column| {
        let after = column.replace("_fen", "_after_fen");
        format!(
            "SELECT id, '{column}' AS what, {column} AS found, {after} AS due FROM limit_entries WHERE tenant_id = $1 \
             AND ({column} NOT BETWEEN -{most} AND {most} OR {after} NOT BETWEEN -{most} AND {most})"
        )
    });
    Check { table: Table::Entries, says: "an amount is beyond the largest limit; nothing was added up", sql }
}

pub(super) fn checks() -> Vec<Check> {
    let check = |says, sql| Check { table: Table::Entries, says, sql };
    vec![
        check("it does not go on from the entry before", chain()),
        check("no entry of its kind adds this", shapes()),
        check("it does not take back the entry that it names", corrections()),
        check("an entry was taken back more than once", twice()),
        check("it names the reservation or drawdown of another limit, or another day", named()),
        Check { table: Table::Operations, says: "its entries are not those of one operation", sql: operations() },
    ]
}

fn chain() -> String {
    let afters = COLUMNS.map(|column| column.replace("_fen", "_after_fen"));
    let before = afters.each_ref().map(|after| format!("lag({after}) OVER w AS before_{after}")).join(", ");
    let differ = each(&COLUMNS, |column| {
        let after = column.replace("_fen", "_after_fen");
        format!(
            "SELECT id, '{after}' AS what, {after} AS found, coalesce(before_{after}, 0) + {column} AS due FROM e \
             WHERE {after} <> coalesce(before_{after}, 0) + {column}"
        )
    });
    format!(
        "WITH e AS (SELECT id, seq, {}, {}, lag(seq) OVER w AS before_seq, {before} FROM limit_entries \
         WHERE tenant_id = $1 WINDOW w AS (PARTITION BY limit_id ORDER BY seq)) \
         SELECT id, 'seq' AS what, seq AS found, coalesce(before_seq, 0) + 1 AS due FROM e \
         WHERE seq <> coalesce(before_seq, 0) + 1 UNION ALL {differ}",
        COLUMNS.join(", "),
        afters.join(", "),
    )
}

/// What each kind adds, and which reservation and drawdown it names.
const SHAPES: [(&str, &str); 13] = [
    ("granted", "seq = 1 AND granted_fen > 0 AND allocated_fen = 0 AND NOTHING_USED"),
    ("split", "((granted_fen > 0 AND allocated_fen = 0) OR (granted_fen = 0 AND allocated_fen > 0)) AND NOTHING_USED"),
    ("moved", "granted_fen <> 0 AND allocated_fen = 0 AND NOTHING_USED"),
    ("resized", "(granted_fen = 0) <> (allocated_fen = 0) AND NOTHING_USED"),
    ("frozen", "granted_fen = 0 AND allocated_fen = 0 AND NOTHING_USED"),
    ("thawed", "granted_fen = 0 AND allocated_fen = 0 AND NOTHING_USED"),
    ("expired", "granted_fen = 0 AND allocated_fen = 0 AND NOTHING_USED"),
    ("closed", "granted_fen <= 0 AND allocated_fen <= 0 AND spent_fen >= 0 AND reserved_fen = 0 AND drawn_fen = 0"),
    ("reserved", "SAME_SIZE AND reserved_fen > 0 AND drawn_fen = 0 AND spent_fen = 0 AND reservation_id IS NOT NULL"),
    (
        "drawn",
        "SAME_SIZE AND drawn_fen > 0 AND reserved_fen = -drawn_fen AND spent_fen = 0 \
         AND reservation_id IS NOT NULL AND drawdown_id IS NOT NULL",
    ),
    ("released", "SAME_SIZE AND reserved_fen < 0 AND drawn_fen = 0 AND spent_fen = 0 AND reservation_id IS NOT NULL"),
    ("lapsed", "SAME_SIZE AND reserved_fen < 0 AND drawn_fen = 0 AND spent_fen = 0 AND reservation_id IS NOT NULL"),
    (
        "repaid",
        "SAME_SIZE AND drawn_fen < 0 AND reserved_fen = 0 AND spent_fen IN (0, -drawn_fen) AND drawdown_id IS NOT NULL",
    ),
];

fn shapes() -> String {
    let cases: String = SHAPES
        .iter()
        .map(|(kind, shape)| {
            let shape = shape
                .replace("NOTHING_USED", "reserved_fen = 0 AND drawn_fen = 0 AND spent_fen = 0")
                .replace("SAME_SIZE", "granted_fen = 0 AND allocated_fen = 0");
            format!("WHEN '{kind}' THEN {shape} AND corrects_id IS NULL ")
        })
        .collect();
    format!(
        "SELECT id, kind AS what, {NO_FIGURES} FROM limit_entries WHERE tenant_id = $1 \
         AND NOT (CASE kind {cases} WHEN 'corrected' THEN corrects_id IS NOT NULL ELSE 1 = 0 END)"
    )
}

/// The opposite of what the old one added; of a draw whose reservation has ended the amount goes back to what is free.
fn corrections() -> String {
    format!(
        "SELECT c.id, o.kind AS what, {NO_FIGURES} FROM limit_entries c \
         JOIN limit_entries o ON o.tenant_id = $1 AND o.id = c.corrects_id WHERE c.tenant_id = $1 \
         AND NOT (o.limit_id = c.limit_id AND o.seq < c.seq \
         AND o.kind IN ('reserved', 'drawn', 'repaid', 'split', 'moved', 'resized') \
         AND c.granted_fen = -o.granted_fen AND c.allocated_fen = -o.allocated_fen AND c.drawn_fen = -o.drawn_fen \
         AND c.spent_fen = -o.spent_fen AND (c.reserved_fen = -o.reserved_fen OR (o.kind = 'drawn' AND c.reserved_fen = 0)))"
    )
}

fn twice() -> String {
    "SELECT corrects_id AS id, 'corrections' AS what, count(*) AS found, CAST(1 AS BIGINT) AS due FROM limit_entries \
     WHERE tenant_id = $1 AND corrects_id IS NOT NULL GROUP BY corrects_id HAVING count(*) > 1"
        .to_owned()
}

fn named() -> String {
    format!(
        "SELECT e.id, 'reservation' AS what, {NO_FIGURES} FROM limit_entries e \
         JOIN limit_reservations r ON r.tenant_id = $1 AND r.id = e.reservation_id \
         WHERE e.tenant_id = $1 AND r.limit_id <> e.limit_id \
         UNION ALL SELECT e.id, 'drawdown' AS what, {NO_FIGURES} FROM limit_entries e \
         JOIN limit_drawdowns d ON d.tenant_id = $1 AND d.id = e.drawdown_id \
         WHERE e.tenant_id = $1 AND (d.limit_id <> e.limit_id OR (e.kind = 'drawn' AND d.drawn_on <> e.day))"
    )
}

/// One operation writes one entry, or two where an amount goes from one row to another.
fn operations() -> String {
    format!(
        "SELECT operation_id AS id, min(kind) AS what, {NO_FIGURES} FROM limit_entries WHERE tenant_id = $1 \
         GROUP BY operation_id HAVING count(*) > 2 OR count(DISTINCT limit_id) < count(*) OR min(kind) <> max(kind) \
         OR min(request_id) <> max(request_id) OR count(DISTINCT actor_id) > 1 OR min(at) <> max(at) \
         OR (count(*) = 2 AND min(kind) <> 'closed' AND sum(granted_fen) <> sum(allocated_fen)) \
         OR (count(*) = 1 AND min(kind) IN ('split', 'moved'))"
    )
}
