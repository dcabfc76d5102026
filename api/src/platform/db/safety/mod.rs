//! An unsafe PostgreSQL is refused at the start: row-level security protects nobody from a superuser, from a role that
//! may bypass it, from the tables' owner, or on a table where it was forgotten. This file reads the catalogue; what is
//! unsafe is judged in `facts`.

mod facts;

use anyhow::Context;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

use super::Db;
use facts::{Facts, RoleFacts, TableFacts, judge};

/// The role that logged in and every role that it can become (SET ROLE, RESET ROLE): each could read around a policy.
const ROLES: &str = "SELECT r.rolname::text AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypasses, \
     r.rolname = current_user AS serves FROM pg_roles r \
     WHERE pg_has_role(current_user, r.oid, 'MEMBER') OR pg_has_role(session_user, r.oid, 'MEMBER') \
     ORDER BY serves DESC, r.rolname";
const TABLES: &str = "SELECT c.relname::text AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, \
     pg_has_role(current_user, c.relowner, 'MEMBER') OR pg_has_role(session_user, c.relowner, 'MEMBER') AS owned, \
     EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS policy \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1";

/// Checks the role that serves and every table it can see.
///
/// # Errors
/// The first thing that is unsafe, in words that say what to change.
pub async fn refuse_if_unsafe(db: &Db) -> anyhow::Result<()> {
    if !db.is_postgres() {
        return Ok(());
    }
    let roles = rows(db, ROLES, role).await.context("reading the roles")?;
    let tables = rows(db, TABLES, table).await.context("reading the tables")?;
    match judge(&Facts { roles, tables }) {
        None => Ok(()),
        Some(reason) => Err(anyhow::anyhow!(reason)),
    }
}

async fn rows<T>(db: &Db, sql: &str, read: fn(&QueryResult) -> Result<T, DbErr>) -> Result<Vec<T>, DbErr> {
    let found = db.read.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    found.iter().map(read).collect()
}

fn role(row: &QueryResult) -> Result<RoleFacts, DbErr> {
    Ok(RoleFacts {
        name: row.try_get("", "name")?,
        serves: row.try_get("", "serves")?,
        superuser: row.try_get("", "superuser")?,
        bypasses: row.try_get("", "bypasses")?,
    })
}

fn table(row: &QueryResult) -> Result<TableFacts, DbErr> {
    Ok(TableFacts {
        name: row.try_get("", "name")?,
        owned: row.try_get("", "owned")?,
        enabled: row.try_get("", "enabled")?,
        forced: row.try_get("", "forced")?,
        policy: row.try_get("", "policy")?,
    })
}

/// The role that a PostgreSQL URL logs in as.
///
/// # Errors
/// If the URL names none.
pub fn role_name(url: &str) -> anyhow::Result<String> {
    let rest = url.split_once("://").map(|(_, rest)| rest).context("not a database URL")?;
    let (user, _) =
        rest.split_once('@').context("ZHIDAN_DATABASE__URL names no role: postgres://ROLE:PASSWORD@HOST/DATABASE")?;
    Ok(user.split(':').next().unwrap_or_default().to_owned())
}
