//! Row-level security on PostgreSQL: what a tenant's transaction can see is decided by the database, not by care.

use sea_orm_migration::prelude::*;

/// Tables that the platform's own door may see across tenants, beside each tenant its own rows. Nothing in them is
/// personal data in clear.
pub const PLATFORM_TABLES: [&str; 4] = ["tenants", "jobs", "revocations", "tenant_keys"];

/// Tables of the platform alone: no tenant has rows in them, and no tenant's transaction sees any.
pub const PLATFORM_ALONE: [&str; 2] = ["signing_keys", "rate_counts"];

/// Rows of these are only ever added: the application role gets neither UPDATE nor DELETE on them.
pub const APPEND_ONLY_TABLES: [&str; 12] = [
    "audit_entries",
    "pulls",
    "assessments",
    "acceptances",
    "notice_texts",
    "limit_entries",
    "customer_accesses",
    "equipment_scores",
    "equipment_events",
    "signed_heads",
    "erasures",
    "audit_erasures",
];

const TENANT: &str = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)";
const PLATFORM: &str = "(SELECT current_setting('app.platform', true) = 'on')";

/// Enables and forces row-level security on `tables` with one policy each.
///
/// # Errors
/// Whatever the database answers.
pub async fn enforce(manager: &SchemaManager<'_>, tables: &[String]) -> Result<(), DbErr> {
    for table in tables {
        let key = if table == "tenants" { "id" } else { "tenant_id" };
        let rule = if PLATFORM_ALONE.contains(&table.as_str()) {
            PLATFORM.to_owned()
        } else if PLATFORM_TABLES.contains(&table.as_str()) {
            format!("{key} = {TENANT} OR {PLATFORM}")
        } else {
            format!("{key} = {TENANT}")
        };
        manager
            .get_connection()
            .execute_unprepared(&format!(
                "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; \
                 CREATE POLICY {table}_tenant ON {table} USING ({rule}) WITH CHECK ({rule})"
            ))
            .await?;
    }
    Ok(())
}

/// The statements that let `role` serve: data rights on every table, no more than adding on append-only ones. Run after
/// every migration, so that new tables are covered too.
pub fn grants(role: &str) -> Vec<String> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let mut all = vec![
        format!("GRANT USAGE ON SCHEMA public TO {role}"),
        format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
    ];
    for table in APPEND_ONLY_TABLES {
        all.push(format!("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"));
    }
    let functions = crate::machine_sums::FUNCTIONS.iter().chain(&crate::privacy::FUNCTIONS);
    all.extend(functions.map(|function| format!("GRANT EXECUTE ON FUNCTION {function} TO {role}")));
    all.push(format!("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON seaql_migrations FROM {role}"));
    all
}
