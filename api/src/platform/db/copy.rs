//! The whole database as it was at one instant, and back: a file of its own on SQLite; on PostgreSQL every row as JSON, read by
//! the role that owns the tables tenant by tenant, since row-level security holds for that role too and none that may bypass it
//! is asked for.

use std::path::Path;

use anyhow::{Context, ensure};
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection, query};
use uuid::Uuid;

/// Rows that are read at once: one may be some megabytes.
const READ_AT_ONCE: u32 = 100;
/// Rows that are written at once, and their bytes: the database takes no value of a gigabyte.
const ROWS_AT_ONCE: usize = 1_000;
const BYTES_AT_ONCE: usize = 8 * 1024 * 1024;
/// Tables that are made by every migration anew.
const OWN: &str = "seaql_migrations";

/// A table's rows of one tenant, or of the platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Whose; none for rows that are no tenant's.
    pub tenant: Option<Uuid>,
    /// Which table.
    pub table: String,
}

/// Writes a SQLite database as it is now into a file that is not there yet.
///
/// # Errors
/// Whatever the database or the disk answers.
pub async fn dump_sqlite(url: &str, to: &Path) -> anyhow::Result<()> {
    let mut db = SqliteConnection::connect(url).await.context("opening the database")?;
    query("VACUUM INTO $1").bind(to.display().to_string()).execute(&mut db).await.context("copying the database")?;
    Ok(db.close().await?)
}

/// Says what does not hold in a SQLite database.
///
/// # Errors
/// If something does not.
pub async fn check_sqlite(file: &Path) -> anyhow::Result<()> {
    let mut db =
        SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.context("opening the copy")?;
    let said: String = db.fetch_one("PRAGMA integrity_check").await?.try_get(0)?;
    ensure!(said == "ok", "the database is damaged: {said}");
    let dangling = db.fetch_all("PRAGMA foreign_key_check").await?.len();
    ensure!(dangling == 0, "{dangling} rows of the database name others that are not there");
    Ok(db.close().await?)
}

/// The migrations that were applied, oldest first.
///
/// # Errors
/// If the database cannot be asked.
pub async fn migrations(url: &str) -> anyhow::Result<Vec<String>> {
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let names: Vec<String> = if url.starts_with("sqlite") {
        let mut db = SqliteConnection::connect(url).await.context("opening the database")?;
        db.fetch_all(sql).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?
    } else {
        let mut db = PgConnection::connect(url).await.context("connecting to the database")?;
        db.fetch_all(sql).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?
    };
    Ok(names)
}

/// The tables, and whether their rows are tenants'. Partitions are read through what they are part of.
async fn tables(db: &mut PgConnection) -> anyhow::Result<Vec<(String, bool)>> {
    let sql = "SELECT c.relname::text AS name, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid \
               AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS of_tenants \
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1";
    let mut all = vec![];
    for row in db.fetch_all(sql).await.context("reading the catalogue")? {
        let name: String = row.try_get("name")?;
        if name != OWN {
            all.push((name, row.try_get("of_tenants")?));
        }
    }
    Ok(all)
}

async fn bind(db: &mut PgConnection, tenant: Option<Uuid>) -> anyhow::Result<()> {
    let tenant = tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
    let sql = "SELECT set_config('app.tenant_id', $1, true), set_config('app.platform', 'on', true)";
    query(sql).bind(tenant).execute(db).await?;
    Ok(())
}

/// Hands over every row of a PostgreSQL as of one instant, as lines of JSON, some at once.
///
/// # Errors
/// Whatever the database or `take` answers.
pub async fn dump_postgres(
    url: &str,
    mut take: impl FnMut(&Part, Vec<String>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut db = PgConnection::connect(url).await.context("connecting as the role that owns the tables")?;
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    db.execute("SET LOCAL timezone TO 'UTC'").await?;
    bind(&mut db, None).await?;
    let mut tenants = vec![];
    for row in db.fetch_all("SELECT id FROM tenants ORDER BY id").await? {
        tenants.push(row.try_get::<Uuid, _>("id")?);
    }
    for (table, of_tenants) in tables(&mut db).await? {
        if !of_tenants {
            bind(&mut db, None).await?;
            let part = Part { tenant: None, table };
            let asked = format!("SELECT row_to_json(t)::text AS line FROM {} t", part.table);
            rows(&mut db, &part, &asked, &mut take).await?;
            continue;
        }
        for tenant in &tenants {
            bind(&mut db, Some(*tenant)).await?;
            let part = Part { tenant: Some(*tenant), table: table.clone() };
            let asked = format!("SELECT row_to_json(t)::text AS line FROM {table} t WHERE t.tenant_id = '{tenant}'");
            rows(&mut db, &part, &asked, &mut take).await?;
        }
    }
    db.execute("COMMIT").await?;
    Ok(db.close().await?)
}

async fn rows(
    db: &mut PgConnection,
    part: &Part,
    asked: &str,
    take: &mut impl FnMut(&Part, Vec<String>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let reading = || format!("reading {}", part.table);
    db.execute(AssertSqlSafe(format!("DECLARE part NO SCROLL CURSOR FOR {asked}"))).await.with_context(reading)?;
    loop {
        let some =
            db.fetch_all(AssertSqlSafe(format!("FETCH {READ_AT_ONCE} FROM part"))).await.with_context(reading)?;
        if some.is_empty() {
            break;
        }
        let lines = some.iter().map(|row| row.try_get("line")).collect::<Result<Vec<String>, _>>()?;
        take(part, lines)?;
    }
    db.execute("CLOSE part").await?;
    Ok(())
}

/// Writes rows into a PostgreSQL whose schema is there and which holds none, all of them or none. `give` is asked for the rows
/// of each part, some at once, until it has no more.
///
/// # Errors
/// If there are rows already, one does not fit, or names another that is not there.
pub async fn load_postgres(
    url: &str,
    parts: &[Part],
    mut give: impl FnMut(&Part) -> anyhow::Result<Box<dyn Iterator<Item = anyhow::Result<String>>>>,
) -> anyhow::Result<()> {
    let mut db = PgConnection::connect(url).await.context("connecting as the role that owns the tables")?;
    db.execute("BEGIN").await?;
    bind(&mut db, None).await?;
    let there: i64 = db.fetch_one("SELECT count(*) FROM tenants").await?.try_get(0)?;
    ensure!(there == 0, "the database holds {there} tenants: restore into an empty one");
    // what a server writes down by itself when it is started on an empty one
    db.execute("DELETE FROM signing_keys").await?;
    db.execute("DELETE FROM rate_counts").await?;
    let known: Vec<String> = tables(&mut db).await?.into_iter().map(|(name, _)| name).collect();
    // keys are checked when everything is there, which also says whether it is whole
    let keys = foreign_keys(&mut db).await?;
    for ForeignKey { table, name, .. } in &keys {
        db.execute(AssertSqlSafe(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"))).await?;
    }
    for part in parts {
        ensure!(known.contains(&part.table), "there is no table {:?} in this version", part.table);
        bind(&mut db, part.tenant).await?;
        let mut lines = give(part)?;
        loop {
            let (mut some, mut bytes): (Vec<String>, usize) = (vec![], 0);
            while some.len() < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE {
                let Some(line) = lines.next() else { break };
                let line = line?;
                bytes = bytes.saturating_add(line.len());
                some.push(line);
            }
            if some.is_empty() {
                break;
            }
            let table = &part.table;
            let sql =
                format!("INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, CAST($1 AS json))");
            let all = format!("[{}]", some.join(","));
            let written = query(AssertSqlSafe(sql)).bind(all).execute(&mut db).await;
            written.with_context(|| format!("writing {table}"))?;
        }
    }
    // the owner sees no more than a tenant's rows, by which nobody can tell that all keys hold
    let forced = forced(&mut db).await?;
    for table in &forced {
        db.execute(AssertSqlSafe(format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))).await?;
    }
    for ForeignKey { table, name, definition } in &keys {
        let added = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}");
        db.execute(AssertSqlSafe(added)).await.with_context(|| format!("{table}: {name} does not hold"))?;
    }
    for table in &forced {
        db.execute(AssertSqlSafe(format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))).await?;
    }
    db.execute("COMMIT").await?;
    Ok(db.close().await?)
}

/// Tables on which row-level security holds for their owner, too.
async fn forced(db: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    let sql = "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = 'public' AND c.relforcerowsecurity";
    Ok(db.fetch_all(sql).await?.iter().map(|row| row.try_get("name")).collect::<Result<_, _>>()?)
}

struct ForeignKey {
    table: String,
    name: String,
    definition: String,
}

async fn foreign_keys(db: &mut PgConnection) -> anyhow::Result<Vec<ForeignKey>> {
    let sql = "SELECT conrelid::regclass::text AS tab, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition \
               FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace";
    let mut all = vec![];
    for row in db.fetch_all(sql).await? {
        let (table, name, definition) = (row.try_get("tab")?, row.try_get("name")?, row.try_get("definition")?);
        all.push(ForeignKey { table, name, definition });
    }
    Ok(all)
}
