//! The database judges: the one place where a constraint's name becomes an error code.

use sea_orm::DbErr;

use crate::error::{Code, Error, FieldProblem};

/// A constraint, and what a caller who broke it is told.
struct Row {
    /// Its name on PostgreSQL.
    name: &'static str,
    /// Its columns as SQLite names them.
    columns: &'static str,
    code: Code,
    /// The field of the body that is to be changed, where it has one name wherever the constraint can be broken.
    field: Option<&'static str>,
    /// A sentence that says more than the code's own.
    words: Option<(&'static str, &'static str)>,
}

const fn row(name: &'static str, columns: &'static str, code: Code, field: Option<&'static str>) -> Row {
    Row { name, columns, code, field, words: None }
}

const KNOWN_ENTERPRISE: (&str, &str) =
    ("企业库中已有该企业，请修改已有记录。", "The enterprise is on record already; change that record.");

const TABLE: &[Row] = &[
    Row {
        name: "alarm_rules_of_machine",
        columns: "alarm_rules.tenant_id, alarm_rules.kind, alarm_rules.equipment_id",
        code: Code::NameTaken,
        field: Some("/rule/kind"),
        words: Some(("该范围已有同类规则，请直接修改。", "There is a rule of this kind for them; change it.")),
    },
    Row {
        name: "alarm_rules_of_category",
        columns: "alarm_rules.tenant_id, alarm_rules.kind, alarm_rules.category",
        code: Code::NameTaken,
        field: Some("/rule/kind"),
        words: Some(("该范围已有同类规则，请直接修改。", "There is a rule of this kind for them; change it.")),
    },
    Row {
        name: "alarm_rules_of_firm",
        columns: "alarm_rules.tenant_id, alarm_rules.kind",
        code: Code::NameTaken,
        field: Some("/rule/kind"),
        words: Some(("该范围已有同类规则，请直接修改。", "There is a rule of this kind for them; change it.")),
    },
    row("tenants_slug_key", "tenants.slug", Code::SlugTaken, Some("/slug")),
    row("staff_login_name_key", "staff.tenant_id, staff.login_name", Code::LoginNameTaken, Some("/login_name")),
    row("staff_email_key", "staff.tenant_id, staff.email_hash", Code::EmailTaken, Some("/email")),
    row("departments_name_key", "departments.tenant_id, departments.name", Code::NameTaken, Some("/name")),
    row("roles_name_key", "roles.tenant_id, roles.name", Code::NameTaken, Some("/name")),
    row("products_code_key", "products.tenant_id, products.code", Code::CodeTaken, Some("/code")),
    Row {
        words: Some(KNOWN_ENTERPRISE),
        ..row(
            "enterprises_credit_code_key",
            "enterprises.tenant_id, enterprises.credit_code",
            Code::CodeTaken,
            Some("/credit_code"),
        )
    },
    Row {
        words: Some(KNOWN_ENTERPRISE),
        ..row("enterprises_name_key", "enterprises.tenant_id, enterprises.name", Code::NameTaken, Some("/full_name"))
    },
    row(
        "glossary_entries_term_key",
        "glossary_entries.tenant_id, glossary_entries.term",
        Code::NameTaken,
        Some("/term"),
    ),
    row(
        "documents_version_key",
        "documents.tenant_id, documents.application_id, documents.item_key, documents.version_no",
        Code::Stale,
        None,
    ),
    row(
        "equipment_documents_version_key",
        "equipment_documents.tenant_id, equipment_documents.equipment_id, equipment_documents.kind, equipment_documents.version_no",
        Code::Stale,
        None,
    ),
    row("customers_identity_key", "customers.tenant_id, customers.identity_hash", Code::CustomerKnown, None),
    row("api_clients_name_key", "api_clients.tenant_id, api_clients.name", Code::NameTaken, Some("/name")),
    row("channels_name_key", "channels.tenant_id, channels.name", Code::NameTaken, Some("/name")),
    row("channel_members_pk", "channel_members.tenant_id, channel_members.staff_id", Code::Stale, None),
    row(
        "telemetry_sources_name_key",
        "telemetry_sources.tenant_id, telemetry_sources.name",
        Code::NameTaken,
        Some("/name"),
    ),
    row(
        "sockets_device_key",
        "sockets.tenant_id, sockets.source_id, sockets.device, sockets.channel",
        Code::SocketKnown,
        Some("/device"),
    ),
    row("scorecards_version_key", "scorecards.tenant_id, scorecards.kind, scorecards.version", Code::Stale, None),
];

/// What the caller is told of a broken constraint; `None` for every other failure.
pub fn error_of(error: &DbErr) -> Option<Error> {
    let sea_orm::SqlErr::UniqueConstraintViolation(message) = error.sql_err()? else {
        return None;
    };
    let broken = TABLE.iter().find(|row| {
        message.contains(&format!("\"{}\"", row.name)) || message.trim_end().ends_with(&format!(": {}", row.columns))
    })?;
    let mut told = Error::new(broken.code);
    let (zh, en) = broken.words.unwrap_or_else(|| broken.code.sentences());
    if broken.words.is_some() {
        told = told.detail(zh, en);
    }
    if let Some(field) = broken.field {
        let (zh, en) = (zh.trim_end_matches('。'), en.trim_end_matches('.'));
        told = told.with_fields(vec![FieldProblem::new(field, broken.code.key(), zh, en)]);
    }
    Some(told)
}
