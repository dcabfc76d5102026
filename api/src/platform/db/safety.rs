//! An unsafe PostgreSQL is refused at the start: row-level security protects nobody from a superuser, from a role that
//! may bypass it, from the tables' owner, or on a table where it was forgotten.

use anyhow::{Context, bail};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::Db;

/// Checks the role that serves and every table it can see.
///
/// # Errors
/// The first thing that is unsafe, in words that say what to change.
pub async fn refuse_if_unsafe(db: &Db) -> anyhow::Result<()> {
    if !db.is_postgres() {
        return Ok(());
    }
    let one = |sql: &str| Statement::from_string(DbBackend::Postgres, sql);
    let role = db
        .read
        .query_one_raw(one(
            "SELECT rolname::text AS name, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user",
        ))
        .await?
        .context("the database does not know its current role")?;
    let name: String = role.try_get("", "name")?;
    if role.try_get::<bool>("", "rolsuper")? {
        bail!(
            "role {name} is a superuser, so tenants would not be kept apart: serve as a role with NOSUPERUSER NOBYPASSRLS"
        );
    }
    if role.try_get::<bool>("", "rolbypassrls")? {
        bail!("role {name} has BYPASSRLS, so tenants would not be kept apart: ALTER ROLE {name} NOBYPASSRLS");
    }
    let tables = db
        .read
        .query_all_raw(one(
            "SELECT c.relname::text AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, \
             pg_has_role(current_user, c.relowner, 'MEMBER') AS owned, \
             EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS policy \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1",
        ))
        .await?;
    if !tables.iter().any(|row| row.try_get::<String>("", "name").is_ok_and(|n| n == "tenants")) {
        bail!("the schema is missing: run `zhidan migrate` with ZHIDAN_DATABASE__OWNER_URL first");
    }
    for row in tables {
        let table: String = row.try_get("", "name")?;
        if row.try_get::<bool>("", "owned")? {
            bail!(
                "role {name} owns table {table}: migrate as another role (ZHIDAN_DATABASE__OWNER_URL) and serve as one that owns nothing"
            );
        }
        if table == "seaql_migrations" {
            continue;
        }
        for (column, remedy) in [("enabled", "ENABLE ROW LEVEL SECURITY"), ("forced", "FORCE ROW LEVEL SECURITY")] {
            if !row.try_get::<bool>("", column)? {
                bail!("table {table} is not protected: ALTER TABLE {table} {remedy}");
            }
        }
        if !row.try_get::<bool>("", "policy")? {
            bail!("table {table} has no policy, so no tenant could read it: run `zhidan migrate`");
        }
    }
    Ok(())
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
