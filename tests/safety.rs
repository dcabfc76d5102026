//! An unsafe PostgreSQL is refused at the start with the reason: run as the process that operators start. What a role
//! without a superuser's rights cannot set up is judged as a table in the product itself (`platform/db/safety/facts.rs`).

use sqlx::{Executor, Row};

use crate::support::{OWNER, Place, Ran, SERVER, db_admin, on_postgres, zhidan};

/// Starts the server with `role` serving. Its address is taken, so that it also ends where it was not refused.
async fn start(place: &Place, role: &str) -> Ran {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = taken.local_addr().expect("its address").to_string();
    zhidan(place.settings_as(role, &listen), &["serve"]).await
}

fn refused(ran: &Ran, reason: &str) {
    assert!(ran.code == 1 && ran.err.contains(reason), "expected {reason:?}: {ran:?}");
    assert!(!ran.err.contains("listening on"), "{ran:?}");
}

async fn db_run(db: &mut sqlx::PgConnection, sql: String) {
    db.execute(sqlx::AssertSqlSafe(sql.clone())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn new_role() -> String {
    format!("zhidan_test_{}", uuid::Uuid::now_v7().simple())
}

#[actix_web::test]
async fn who_owns_the_tables_may_not_serve() {
    if !on_postgres() {
        // SQLite has no roles: nothing to refuse, and nothing is.
        let place = Place::fresh().await;
        let ran = zhidan(place.settings("127.0.0.1:0"), &["audit", "verify"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        return place.remove().await;
    }
    let place = Place::fresh().await;
    refused(&start(&place, OWNER).await, &format!("role {OWNER} owns table"));
    // Who can become the owner is no better.
    let (member, mut admin) = (new_role(), db_admin().await);
    db_run(&mut admin, format!("CREATE ROLE {member} LOGIN PASSWORD '{member}' NOINHERIT; GRANT {OWNER} TO {member}"))
        .await;
    let ran = start(&place, &member).await;
    db_run(&mut admin, format!("DROP ROLE {member}")).await;
    refused(&ran, &format!("role {member} owns table"));
    place.remove().await;
}

#[actix_web::test]
async fn a_table_that_lost_its_protection_is_named() {
    if !on_postgres() {
        return;
    }
    let place = Place::fresh().await;
    let mut owner = place.db_owner().await;
    for (spoil, mend, reason) in [
        (
            "ALTER TABLE applications NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE applications FORCE ROW LEVEL SECURITY",
            "ALTER TABLE applications FORCE ROW LEVEL SECURITY",
        ),
        (
            "ALTER TABLE staff DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE staff ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE staff ENABLE ROW LEVEL SECURITY",
        ),
        ("CREATE TABLE added (tenant_id uuid)", "DROP TABLE added", "ALTER TABLE added ENABLE ROW LEVEL SECURITY"),
        (
            "CREATE TABLE parted (tenant_id uuid) PARTITION BY HASH (tenant_id)",
            "DROP TABLE parted",
            "ALTER TABLE parted ENABLE ROW LEVEL SECURITY",
        ),
        // The last: a policy is not so easily made again.
        ("DROP POLICY documents_tenant ON documents", "SELECT 1", "table documents has no policy"),
    ] {
        db_run(&mut owner, spoil.to_owned()).await;
        refused(&start(&place, SERVER).await, reason);
        db_run(&mut owner, mend.to_owned()).await;
    }
    // With the last one mended it is the address alone that stands against the start.
    db_run(&mut owner, "CREATE POLICY documents_tenant ON documents USING (false)".to_owned()).await;
    let ran = start(&place, SERVER).await;
    assert!(ran.code == 1 && ran.err.contains("listening on"), "{ran:?}");
    place.remove().await;
}

#[actix_web::test]
async fn a_database_without_the_schema_is_refused() {
    if !on_postgres() {
        return;
    }
    let place = Place::fresh().await;
    let mut owner = place.db_owner().await;
    db_run(&mut owner, "ALTER SCHEMA public RENAME TO elsewhere; CREATE SCHEMA public".to_owned()).await;
    refused(&start(&place, SERVER).await, "the schema is missing: run `zhidan migrate`");
    place.remove().await;
}

#[actix_web::test]
async fn a_role_that_policies_do_not_bind_may_not_serve() {
    if !on_postgres() {
        return;
    }
    let mut admin = db_admin().await;
    let row = admin.fetch_one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").await.expect("a row");
    if !row.get::<bool, _>("rolsuper") {
        // The judgement itself is tested in the product, by facts; only reading them needs such a role.
        println!("not run: roles with SUPERUSER and BYPASSRLS need a TEST_DATABASE_URL that is a superuser's");
        return;
    }
    let place = Place::fresh().await;
    for (right, reason) in [("SUPERUSER", "is a superuser"), ("BYPASSRLS", "has BYPASSRLS")] {
        let (role, member) = (new_role(), new_role());
        db_run(&mut admin, format!("CREATE ROLE {role} LOGIN PASSWORD '{role}' {right}")).await;
        db_run(&mut admin, format!("CREATE ROLE {member} LOGIN PASSWORD '{member}'; GRANT {role} TO {member}")).await;
        let (itself, through) = (start(&place, &role).await, start(&place, &member).await);
        db_run(&mut admin, format!("DROP ROLE {member}; DROP ROLE {role}")).await;
        refused(&itself, &format!("role {role} {reason}"));
        refused(&through, &format!("role {member} can become {role}, which {reason}"));
    }
    place.remove().await;
}
