//! What the API does not show and a test must know all the same: how many rows there are. And rows as they were written
//! before a rule that the API now holds.

use domain::id::{Id, kind};
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};

use super::{Firm, Server, on_postgres};

/// How many of a firm's rows there are in `table`, which may be followed by `WHERE` and a condition.
pub async fn db_count(server: &Server, firm: &Firm, table: &str) -> i64 {
    let (table, condition) = table.split_once(" WHERE ").unwrap_or((table, "true"));
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant is set");
        let sql = format!("SELECT count(*) AS n FROM {table} WHERE {condition}");
        return db.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("a count").get("n");
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    let tenant = firm.tenant.simple();
    let sql = format!("SELECT count(*) AS n FROM {table} WHERE tenant_id = x'{tenant}' AND ({condition})");
    db.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("a count").get("n")
}

/// Makes a role allow what no form lets it allow any more, as if it had been made before a rule of separation.
pub async fn db_set_permissions(server: &Server, firm: &Firm, role: &str, permissions: &[&str]) {
    let id = Id::<kind::Role>::parse(role).expect("a role's id").uuid();
    let permissions = serde_json::to_string(permissions).expect("a list");
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant is set");
        let sql = format!("UPDATE roles SET permissions = '{permissions}' WHERE id = '{id}'");
        assert_eq!(db.execute(sqlx::AssertSqlSafe(sql)).await.expect("the row").rows_affected(), 1);
        return;
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    let sql = format!("UPDATE roles SET permissions = '{permissions}' WHERE id = x'{}'", id.simple());
    assert_eq!(db.execute(sqlx::AssertSqlSafe(sql)).await.expect("the row").rows_affected(), 1);
}

/// Adds `count` revocations of nobody, as old as the real clock says.
pub async fn db_add_revocations(server: &Server, firm: &Firm, count: u32) {
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    let insert = "INSERT INTO revocations (id, tenant_id, subject, revoked_at)";
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        let tenant = firm.tenant;
        let bind = format!("SELECT set_config('app.tenant_id', '{tenant}', false)");
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant is set");
        let sql = format!("{insert} {numbers} SELECT gen_random_uuid(), '{tenant}', gen_random_uuid(), now() FROM n");
        db.execute(sqlx::AssertSqlSafe(sql)).await.expect("the rows");
        return;
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    let (tenant, now) = (firm.tenant.simple(), chrono::Utc::now().to_rfc3339());
    let sql = format!("{insert} {numbers} SELECT randomblob(16), x'{tenant}', randomblob(16), '{now}' FROM n");
    db.execute(sqlx::AssertSqlSafe(sql)).await.expect("the rows");
}

/// Runs a statement as the serving role, bound to the firm; says what the database says against it.
pub async fn db_try(server: &Server, firm: &Firm, sql: &str) -> Result<(), String> {
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant is set");
        return db.execute(sqlx::AssertSqlSafe(sql)).await.map(|_| ()).map_err(|error| error.to_string());
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    db.execute(sqlx::AssertSqlSafe(sql)).await.map(|_| ()).map_err(|error| error.to_string())
}

/// Adds a customer of a kind with this name, without anything else that a record has; gives its id.
pub async fn db_add_customer(server: &Server, firm: &Firm, kind: &str, name: &str) -> String {
    let id = uuid::Uuid::now_v7();
    let literal = |uuid: uuid::Uuid| if on_postgres() { format!("'{uuid}'") } else { format!("x'{}'", uuid.simple()) };
    let hash = if on_postgres() { format!("'\\x{}'", id.simple()) } else { format!("x'{}'", id.simple()) };
    let (tenant, row, now) = (literal(firm.tenant), literal(id), chrono::Utc::now().to_rfc3339());
    let sql = format!(
        "INSERT INTO customers (tenant_id, id, kind, name, identity_hash, class, controlling_party, version, created_at, \
         updated_at) VALUES ({tenant}, {row}, '{kind}', '{name}', {hash}, 'other', false, 1, '{now}', '{now}')"
    );
    db_try(server, firm, &sql).await.expect("the customer");
    domain::id::shown_as("customer", id)
}

/// A UUID as a literal of the database in use.
fn literal(id: uuid::Uuid) -> String {
    if on_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}

/// Adds a source with one socket that has said nothing yet; gives the socket's id.
pub async fn db_add_socket(server: &Server, firm: &Firm, device: &str) -> String {
    let (source, id) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let (tenant, now) = (literal(firm.tenant), server.app.clock.now().to_rfc3339());
    let secret = if on_postgres() { "'\\x00'" } else { "x'00'" };
    let sql = format!(
        "INSERT INTO telemetry_sources (tenant_id, id, name, format, verification, zone, secret_sealed, active, version, \
         created_at, updated_at) VALUES ({tenant}, {}, '{device}', 'own', 'hmac', 'Asia/Shanghai', {secret}, true, 1, \
         '{now}', '{now}')",
        literal(source)
    );
    db_try(server, firm, &sql).await.expect("the source");
    let sql = format!(
        "INSERT INTO sockets (tenant_id, id, source_id, device, channel, version, created_at) \
         VALUES ({tenant}, {}, {}, '{device}', 0, 1, '{now}')",
        literal(id),
        literal(source)
    );
    db_try(server, firm, &sql).await.expect("the socket");
    domain::id::shown_as("socket", id)
}

/// Adds an alarm as if it had been found; gives its id.
pub async fn db_add_alarm(server: &Server, firm: &Firm, rule: &str, machine: &str) -> String {
    use domain::id::{Id, kind};
    let id = uuid::Uuid::now_v7();
    let rule = Id::<kind::AlarmRule>::parse(rule).expect("a rule").uuid();
    let machine = Id::<kind::Equipment>::parse(machine).expect("a machine").uuid();
    let (tenant, now) = (literal(firm.tenant), server.app.clock.now().to_rfc3339());
    let sql = format!(
        "INSERT INTO alarms (tenant_id, id, rule_id, equipment_id, kind, began_at, raised_at, version, created_at) \
         VALUES ({tenant}, {}, {}, {}, 'idle_too_long', '{now}', '{now}', 1, '{now}')",
        literal(id),
        literal(rule),
        literal(machine)
    );
    db_try(server, firm, &sql).await.expect("the alarm");
    Id::<kind::Alarm>::from_uuid(id).to_string()
}

/// Adds a day of a machine as if it had been counted: so many seconds of work and idleness, the rest of it unknown.
pub async fn db_add_day(
    server: &Server,
    firm: &Firm,
    equipment: &str,
    day: chrono::NaiveDate,
    (work, idle): (i64, i64),
) {
    let machine = Id::<kind::Equipment>::parse(equipment).expect("a machine's id").uuid();
    let (tenant, now) = (literal(firm.tenant), server.app.clock.now().to_rfc3339());
    let sql = format!(
        "INSERT INTO equipment_days (tenant_id, equipment_id, day, thresholds_id, seconds_offline, seconds_off, \
         seconds_standby, seconds_working, seconds_overload, seconds_unknown, seconds_ahead, error_ppm, energy_basis, \
         spans, hours, readings, computed_at) VALUES ({tenant}, {}, '{day}', {}, 0, 0, {idle}, {work}, 0, {}, 0, 0, \
         'none', '[]', '[]', 1, '{now}')",
        literal(machine),
        literal(uuid::Uuid::nil()),
        86_400 - work - idle
    );
    db_try(server, firm, &sql).await.expect("the day");
}
