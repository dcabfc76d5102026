//! Very many consistent entries of a limit at once, put into the tables by their owner: what a firm's books are like after
//! years, for what must be fast all the same.

use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};
use uuid::Uuid;

use crate::support::{Firm, Server, on_postgres};

/// Entries of one use of a limit: a fen is reserved, drawn and repaid.
pub const ENTRIES_PER_USE: u32 = 3;

/// Adds `uses` uses to the history of a revolving limit that has something free.
pub async fn db_fill(server: &Server, firm: &Firm, limit: Uuid, uses: u32) {
    let (ids, tenant, limit) = if on_postgres() {
        let ids = format!(
            "CREATE TEMP TABLE fill AS SELECT n, gen_random_uuid() AS r, gen_random_uuid() AS d, gen_random_uuid() AS e1, \
             gen_random_uuid() AS e2, gen_random_uuid() AS e3, gen_random_uuid() AS o1, gen_random_uuid() AS o2, \
             gen_random_uuid() AS o3 FROM generate_series(CAST(1 AS BIGINT), {uses}) AS n"
        );
        (ids, format!("'{}'", firm.tenant), format!("'{limit}'"))
    } else {
        let ids = format!(
            "CREATE TEMP TABLE fill AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {uses}) \
             SELECT n, randomblob(16) AS r, randomblob(16) AS d, randomblob(16) AS e1, randomblob(16) AS e2, \
             randomblob(16) AS e3, randomblob(16) AS o1, randomblob(16) AS o2, randomblob(16) AS o3 FROM s"
        );
        (ids, format!("x'{}'", firm.tenant.simple()), format!("x'{}'", limit.simple()))
    };
    let mut statements = vec!["DROP TABLE IF EXISTS fill".to_owned(), ids];
    statements.extend(rows().into_iter().map(|sql| sql.replace("$tenant", &tenant).replace("$limit", &limit)));
    if on_postgres() {
        let mut db = server.db_owner().await;
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(AssertSqlSafe(bind)).await.expect("the tenant");
        for sql in statements {
            db.execute(AssertSqlSafe(sql.clone())).await.expect(&sql);
        }
        return;
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    for sql in statements {
        db.execute(AssertSqlSafe(sql.clone())).await.expect(&sql);
    }
}

/// Reservations, drawdowns, the three kinds of entries, and what they come to on the limit.
fn rows() -> Vec<String> {
    let from = "FROM fill f, limits l JOIN limit_entries g ON g.tenant_id = l.tenant_id AND g.limit_id = l.id AND g.seq = 1 \
                WHERE l.tenant_id = $tenant AND l.id = $limit";
    let mut all = vec![
        format!(
            "INSERT INTO limit_reservations (tenant_id, id, limit_id, root_id, amount_fen, drawn_fen, released_fen, state, \
             lapses_at, by_applicant, version, created_at, ended_at) SELECT l.tenant_id, f.r, l.id, l.root_id, 1, 1, 0, \
             'closed', g.at, false, 2, g.at, g.at {from}"
        ),
        format!(
            "INSERT INTO limit_drawdowns (tenant_id, id, reservation_id, limit_id, customer_id, amount_fen, repaid_fen, \
             reversed, settled, business, product_id, bank_id, region, industry, bank_bp, firm_bp, reguarantor_bp, \
             government_bp, drawn_on, version, created_at) SELECT l.tenant_id, f.d, f.r, l.id, l.customer_id, 1, 1, false, \
             true, l.business, l.product_id, l.bank_id, l.region, l.industry, 0, 10000, 0, 0, g.day, 2, g.at {from}"
        ),
    ];
    // what each adds to reserved and drawn, and what both are after it beyond what they were before
    let kinds = [
        (1, "reserved", "f.r", "NULL", (1, 0), (1, 0)),
        (2, "drawn", "f.r", "f.d", (-1, 1), (0, 1)),
        (3, "repaid", "NULL", "f.d", (0, -1), (0, 0)),
    ];
    for (number, kind, reservation, drawdown, adds, after) in kinds {
        all.push(format!(
            "INSERT INTO limit_entries (tenant_id, id, operation_id, limit_id, seq, kind, granted_fen, allocated_fen, \
             reserved_fen, drawn_fen, spent_fen, granted_after_fen, allocated_after_fen, reserved_after_fen, drawn_after_fen, \
             spent_after_fen, reservation_id, drawdown_id, reason_sealed, actor_kind, actor_id, request_id, day, at) \
             SELECT l.tenant_id, f.e{number}, f.o{number}, l.id, l.entries + {ENTRIES_PER_USE} * (f.n - 1) + {number}, \
             '{kind}', 0, 0, {}, {}, 0, l.granted_fen, l.allocated_fen, l.reserved_fen + {}, l.drawn_fen + {}, l.spent_fen, \
             {reservation}, {drawdown}, g.reason_sealed, g.actor_kind, g.actor_id, g.request_id, g.day, g.at {from}",
            adds.0, adds.1, after.0, after.1,
        ));
    }
    all.push(format!(
        "UPDATE limits SET entries = entries + {ENTRIES_PER_USE} * (SELECT count(*) FROM fill), \
         version = version + {ENTRIES_PER_USE} * (SELECT count(*) FROM fill) WHERE tenant_id = $tenant AND id = $limit"
    ));
    all
}
