//! The database judges: the one place where a constraint's name becomes an error code.

use sea_orm::DbErr;

use crate::error::Code;

/// (constraint as PostgreSQL names it, columns as SQLite names them, code).
const TABLE: &[(&str, &str, Code)] = &[
    ("tenants_slug_key", "tenants.slug", Code::SlugTaken),
    ("staff_login_name_key", "staff.tenant_id, staff.login_name", Code::LoginNameTaken),
    ("staff_email_key", "staff.tenant_id, staff.email_hash", Code::EmailTaken),
    ("departments_name_key", "departments.tenant_id, departments.name", Code::NameTaken),
    ("roles_name_key", "roles.tenant_id, roles.name", Code::NameTaken),
    ("products_code_key", "products.tenant_id, products.code", Code::CodeTaken),
    ("enterprises_credit_code_key", "enterprises.tenant_id, enterprises.credit_code", Code::CodeTaken),
    ("enterprises_name_key", "enterprises.tenant_id, enterprises.name", Code::NameTaken),
    ("glossary_entries_term_key", "glossary_entries.tenant_id, glossary_entries.term", Code::NameTaken),
    (
        "documents_version_key",
        "documents.tenant_id, documents.application_id, documents.item_key, documents.version_no",
        Code::Stale,
    ),
    ("scorecards_version_key", "scorecards.tenant_id, scorecards.kind, scorecards.version", Code::Stale),
];

/// The code for a broken constraint; `None` for every other failure.
pub fn code_of(error: &DbErr) -> Option<Code> {
    let sea_orm::SqlErr::UniqueConstraintViolation(message) = error.sql_err()? else {
        return None;
    };
    TABLE
        .iter()
        .find(|(name, columns, _)| {
            message.contains(&format!("\"{name}\"")) || message.trim_end().ends_with(&format!(": {columns}"))
        })
        .map(|(_, _, code)| *code)
}
