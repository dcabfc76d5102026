//! `zhidan audit verify`: whole chains are said to be whole; a row that was tampered with is named and fails the command.

use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::support::{Firm, Server, on_postgres, zhidan};

/// Changes the tenant's rows behind the product's back: as the owner of the tables, on PostgreSQL.
async fn db_tamper(server: &Server, firm: &Firm, sql: &str) {
    let done = if on_postgres() {
        let mut db = server.db_owner().await;
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant");
        db.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect(sql).rows_affected()
    } else {
        let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
        let tenant = format!("{sql} AND tenant_id = x'{}'", firm.tenant.simple());
        db.execute(sqlx::AssertSqlSafe(tenant)).await.expect(sql).rows_affected()
    };
    assert_eq!(done, 1, "{sql}");
}

#[actix_web::test]
async fn a_tampered_row_is_named_and_the_other_chains_are_read_on() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create(&server, "tampered").await, Firm::create(&server, "untouched").await);
    for n in 0..5 {
        let department = json!({ "name": format!("部门{n}") });
        firm.staff("administrator").post("/v1/departments", &department, 201).await;
    }
    let verify = async |arguments: &[&str]| {
        let all = [&["audit", "verify"], arguments].concat();
        zhidan(server.settings(), &all).await
    };
    let whole = verify(&[]).await;
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.contains("tampered: whole, ") && whole.out.contains("untouched: whole, "), "{whole:?}");
    for (spoil, mend, row, reason) in [
        (
            "UPDATE audit_entries SET action = 'x' || action WHERE seq = 5",
            Some("UPDATE audit_entries SET action = substr(action, 2) WHERE seq = 5"),
            5,
            "its content was changed",
        ),
        (
            "UPDATE audit_entries SET request_id = request_id || 'x' WHERE seq = 7",
            Some("UPDATE audit_entries SET request_id = substr(request_id, 1, length(request_id) - 1) WHERE seq = 7"),
            7,
            "its content was changed",
        ),
        ("DELETE FROM audit_entries WHERE seq = 3", None, 3, "the row is missing"),
    ] {
        db_tamper(&server, &firm, spoil).await;
        let broken = verify(&[]).await;
        assert_eq!(broken.code, 1, "{spoil}: {broken:?}");
        assert!(broken.out.contains(&format!("tampered: broken at row {row}: {reason}")), "{spoil}: {broken:?}");
        assert!(broken.out.contains("untouched: whole, "), "{broken:?}");
        assert!(broken.err.contains("1 audit chain(s) do not hold"), "{broken:?}");
        if let Some(mend) = mend {
            db_tamper(&server, &firm, mend).await;
            assert_eq!(verify(&[]).await.code, 0, "{mend}");
        }
    }
    // A cut tail leaves no row that is wrong, but the head knows how many there were.
    let tail = "seq = (SELECT max(seq) FROM audit_entries e WHERE e.tenant_id = audit_entries.tenant_id)";
    db_tamper(&server, &other, &format!("DELETE FROM audit_entries WHERE {tail}")).await;
    let both = verify(&[]).await;
    assert!(both.code == 1 && both.err.contains("2 audit chain(s) do not hold"), "{both:?}");
    assert!(both.out.contains("its tail was cut or changed"), "{both:?}");
    let one = verify(&["--tenant", "untouched"]).await;
    assert!(one.code == 1 && !one.out.contains("tampered:"), "{one:?}");
    let unknown = verify(&["--tenant", "nobody"]).await;
    assert!(unknown.code == 1 && unknown.err.contains("there is no tenant \"nobody\""), "{unknown:?}");
    server.stop().await;
}
