//! The schema itself: keys that begin with the tenant, row-level security on every table, and an unsafe PostgreSQL
//! refused.

use sqlx::{Connection, Executor, PgConnection, Row};

use crate::support::{Server, on_postgres};

/// Every table of the migration, from the SQL itself.
pub fn tables() -> Vec<(String, String)> {
    let sql = [
        include_str!("../migration/src/ground/tenants.sql"),
        include_str!("../migration/src/ground/people.sql"),
        include_str!("../migration/src/ground/business.sql"),
        include_str!("../migration/src/ground/data.sql"),
        include_str!("../migration/src/notices/notice_texts.sql"),
        include_str!("../migration/src/limits/customers.sql"),
        include_str!("../migration/src/limits/limits.sql"),
        include_str!("../migration/src/devices/equipment.sql"),
        include_str!("../migration/src/devices/telemetry.sql"),
        include_str!("../migration/src/machine_files/equipment_documents.sql"),
        include_str!("../migration/src/machine_sums/sums.sql"),
        include_str!("../migration/src/webhooks/webhooks.sql"),
        include_str!("../migration/src/sign_in/sign_in.sql"),
        include_str!("../migration/src/keys/keys.sql"),
        include_str!("../migration/src/audit_heads/audit_heads.sql"),
        include_str!("../migration/src/rate_counts/rate_counts.sql"),
        include_str!("../migration/src/captcha/captcha.sql"),
        include_str!("../migration/src/clients/clients.sql"),
        include_str!("../migration/src/privacy/privacy.sql"),
    ]
    .concat();
    sql.split("CREATE TABLE ")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once(' ').expect("a name");
            (name.to_owned(), rest.split("\n)").next().expect("a body").to_owned())
        })
        .collect()
}

#[test]
fn every_tenant_tables_keys_begin_with_the_tenant() {
    let tables = tables();
    assert!(tables.len() > 30);
    for (table, body) in tables.iter().filter(|(_, body)| body.contains("tenant_id ")) {
        for line in body.lines().map(str::trim) {
            let judged =
                line.contains(" PRIMARY KEY (") || line.contains(" UNIQUE (") || line.contains(" FOREIGN KEY (");
            // Revocations are the platform's own and keyed by id alone.
            if judged && table != "revocations" {
                assert!(line.contains("(tenant_id"), "{table}: {line}");
            }
        }
    }
}

#[actix_web::test]
async fn on_postgresql_no_row_is_seen_without_a_tenant() {
    let server = Server::start().await;
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        let rows = db
            .fetch_all(
                "SELECT c.relname::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS safe, \
                 (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies \
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'seaql_migrations'",
            )
            .await
            .expect("the catalogue");
        // a month's readings are a table of their own
        let month = |name: &str| name.starts_with("readings_");
        let (months, whole): (Vec<_>, Vec<_>) = rows.iter().partition(|row| month(&row.get::<String, _>("name")));
        assert_eq!(whole.len(), tables().len());
        assert!(months.len() > 12, "{}", months.len());
        for row in rows {
            let name: String = row.get("name");
            assert!(row.get::<bool, _>("safe"), "{name} is not forced");
            assert_eq!(row.get::<i64, _>("policies"), 1, "{name}");
            let count =
                db.fetch_one(sqlx::AssertSqlSafe(format!("SELECT count(*) AS n FROM {name}"))).await.expect("a count");
            assert_eq!(count.get::<i64, _>("n"), 0, "{name} shows rows without a tenant");
        }
    }
    assert!(api::platform::db::refuse_if_unsafe(&server.app.db).await.is_ok());
    server.stop().await;
}

#[actix_web::test]
async fn what_must_not_change_cannot_be_changed_by_the_serving_role() {
    let server = Server::start().await;
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        for table in migration::tenancy::APPEND_ONLY_TABLES {
            for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET tenant_id = tenant_id")] {
                let error = db.execute(sqlx::AssertSqlSafe(sql.clone())).await.expect_err(&sql).to_string();
                assert!(error.contains("permission denied"), "{sql}: {error}");
            }
        }
    }
    server.stop().await;
}
