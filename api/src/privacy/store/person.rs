//! Which rows are somebody's: one table of tables, which copies go by.

use std::collections::BTreeSet;

use domain::id::{Id, kind};
use domain::privacy::Class;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use uuid::Uuid;

use super::reading::{Ask, Row, columns, literal, query, rows};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Somebody: their account, or their record among the customers, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::privacy) struct Person {
    pub applicant: Option<Uuid>,
    pub customer: Option<Uuid>,
}

/// `{T}`, `{A}` and `{C}` stand for the tenant, the account and the customer's record. Who somebody is is known of those whom staff
/// approved: nobody gets at another's record by typing their ID number. An account that applied for several people (a family's
/// telephone, a helper) is nobody's of them: of their records each asks by themselves, on paper.
const APPLICATIONS: &str = "SELECT id FROM applications WHERE tenant_id = {T} AND applicant_id = {A}";
const CUSTOMERS: &str = "SELECT c.id FROM customers c WHERE c.tenant_id = {T} AND c.kind = 'person' AND (c.id = {C} OR c.id IN \
     (SELECT a.customer_id FROM limit_approvals a WHERE a.tenant_id = {T} AND a.applicant_id = {A}) AND 1 = \
     (SELECT COUNT(DISTINCT b.customer_id) FROM limit_approvals b JOIN customers p ON p.tenant_id = b.tenant_id \
     AND p.id = b.customer_id WHERE b.tenant_id = {T} AND b.applicant_id = {A} AND p.kind = 'person'))";
/// Machines of theirs, not those of an enterprise or of somebody else that they only look after.
const EQUIPMENT: &str = "SELECT e.id FROM equipment e WHERE e.tenant_id = {T} AND ((e.applicant_id = {A} AND e.customer_id IS NULL) \
     OR e.customer_id IN ({CUSTOMERS}))";
/// Applications of theirs as people. What was collected of an enterprise is the enterprise's, and is told to nobody who only
/// says that they speak for it.
const AS_PEOPLE: &str =
    "SELECT id FROM applications WHERE tenant_id = {T} AND applicant_id = {A} AND subject_kind = 'person'";
const LIMITS: &str =
    "SELECT l.id FROM limits l WHERE l.tenant_id = {T} AND (l.applicant_id = {A} OR l.customer_id IN ({CUSTOMERS}))";

/// Tables with rows of people, and which rows are one person's.
const SOURCES: &[(Class, &str, &str)] = &[
    (Class::Account, "applicants", "id = {A}"),
    (Class::LogIns, "sessions", "subject_id = {A}"),
    (Class::Consents, "acceptances", "applicant_id = {A}"),
    (Class::Consents, "authorisations", "application_id IN ({APPLICATIONS})"),
    (Class::Applications, "applications", "applicant_id = {A}"),
    (Class::Applications, "application_events", "application_id IN ({APPLICATIONS}) AND for_applicant"),
    (Class::Applications, "application_submissions", "application_id IN ({APPLICATIONS})"),
    (Class::Applications, "return_items", "application_id IN ({APPLICATIONS})"),
    (Class::Documents, "documents", "application_id IN ({APPLICATIONS})"),
    (Class::Collected, "pulls", "application_id IN ({AS_PEOPLE})"),
    (
        Class::Collected,
        "invoices",
        "pull_id IN (SELECT p.id FROM pulls p WHERE p.tenant_id = {T} AND p.application_id IN ({AS_PEOPLE}))",
    ),
    (Class::Scores, "assessments", "application_id IN ({APPLICATIONS})"),
    (Class::Customers, "customers", "id IN ({CUSTOMERS})"),
    (Class::Customers, "customer_classes", "customer_id IN ({CUSTOMERS})"),
    (Class::Customers, "customer_relations", "a_id IN ({CUSTOMERS}) OR b_id IN ({CUSTOMERS})"),
    (Class::Customers, "customer_shares", "customer_id IN ({CUSTOMERS})"),
    (Class::Customers, "customer_accesses", "customer_id IN ({CUSTOMERS})"),
    (Class::Limits, "limit_approvals", "applicant_id = {A} OR customer_id IN ({CUSTOMERS})"),
    (Class::Limits, "limits", "id IN ({LIMITS})"),
    (Class::Limits, "limit_reservations", "limit_id IN ({LIMITS})"),
    (Class::Limits, "limit_drawdowns", "limit_id IN ({LIMITS})"),
    (Class::Limits, "limit_entries", "limit_id IN ({LIMITS})"),
    (Class::Machines, "equipment", "id IN ({EQUIPMENT})"),
    (Class::Machines, "equipment_documents", "equipment_id IN ({EQUIPMENT})"),
    (Class::Machines, "equipment_events", "equipment_id IN ({EQUIPMENT})"),
    (Class::Machines, "equipment_scores", "equipment_id IN ({EQUIPMENT})"),
    (Class::Machines, "equipment_months", "equipment_id IN ({EQUIPMENT})"),
    (Class::Machines, "alarms", "equipment_id IN ({EQUIPMENT})"),
    (Class::Machines, "listings", "applicant_id = {A} OR equipment_id IN ({EQUIPMENT})"),
    (Class::Machines, "listing_enquiries", "applicant_id = {A}"),
    (Class::Inbox, "inbox_messages", "applicant_id = {A}"),
    (Class::Deliveries, "deliveries", "application_id IN ({APPLICATIONS})"),
    (Class::Requests, "privacy_requests", "applicant_id = {A} OR customer_id IN ({CUSTOMERS})"),
    (Class::Requests, "data_exports", "applicant_id = {A} OR customer_id IN ({CUSTOMERS})"),
];

/// What of a row is the firm's and not the person's: who of its people did something, and what only works inside.
const INTERNAL: [&str; 24] = [
    "tenant_id",
    "department_id",
    "officer_id",
    "investigator_id",
    "reviewer_id",
    "approver_id",
    "approved_by",
    "confirmed_by",
    "cleared_by",
    "acknowledged_by",
    "set_by",
    "recorded_by",
    "ended_by",
    "granted_by",
    "revoked_by",
    "decided_by",
    "scored_by",
    "staff_id",
    "actor_id",
    "uploaded_by",
    "facts",
    "dedupe_key",
    "successor_sealed",
    "proof",
];

/// A condition with its places filled in.
pub(in crate::privacy) fn filled(tx: &TenantTx, who: Person, condition: &str) -> String {
    condition
        .replace("{EQUIPMENT}", EQUIPMENT)
        .replace("{LIMITS}", LIMITS)
        .replace("{APPLICATIONS}", APPLICATIONS)
        .replace("{AS_PEOPLE}", AS_PEOPLE)
        .replace("{CUSTOMERS}", CUSTOMERS)
        .replace("{T}", &literal(tx, Some(tx.tenant())))
        .replace("{A}", &literal(tx, who.applicant))
        .replace("{C}", &literal(tx, who.customer))
}

/// Everything that is kept of somebody, table by table, in clear.
pub(in crate::privacy) async fn everything(tx: &TenantTx, who: Person) -> Result<Vec<(Class, &'static str, Vec<Row>)>> {
    let people = ids(tx, who, "SELECT id FROM staff WHERE tenant_id = {T}").await?;
    let shown = |id: Uuid| [id.to_string(), Id::<kind::Staff>::from_uuid(id).to_string()];
    let staff: BTreeSet<String> = people.into_iter().flat_map(shown).collect();
    let mut all = vec![];
    for (class, table, condition) in SOURCES {
        let of = columns(tx, table).await?;
        let shown: Vec<_> =
            of.iter().filter(|c| !c.name.ends_with("_hash") && !is_internal(&c.name)).cloned().collect();
        let condition = filled(tx, who, condition);
        let (mut found, _) = rows(tx, &Ask { table, columns: &shown, condition: &condition, page: None }).await?;
        found.iter_mut().for_each(|row| row.values_mut().for_each(|value| conceal(value, &staff)));
        all.push((*class, *table, found));
    }
    Ok(all)
}

/// Takes the firm's people out of what is told: what a row says in its words may name who did it, too.
fn conceal(value: &mut Value, staff: &BTreeSet<String>) {
    match value {
        Value::String(text) if staff.contains(text.as_str()) => *value = Value::Null,
        Value::Array(items) => items.iter_mut().for_each(|item| conceal(item, staff)),
        Value::Object(members) => members.values_mut().for_each(|member| conceal(member, staff)),
        _ => {}
    }
}

fn is_internal(column: &str) -> bool {
    INTERNAL.contains(&column)
}

/// Ids that a query gives.
pub(in crate::privacy) async fn ids(tx: &TenantTx, who: Person, sql: &str) -> Result<Vec<Uuid>> {
    let rows = query(tx, filled(tx, who, sql)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Their applications, oldest first.
pub(in crate::privacy) async fn applications(tx: &TenantTx, who: Person) -> Result<Vec<Uuid>> {
    ids(tx, who, &format!("{APPLICATIONS} ORDER BY id")).await
}

/// Their records among the customers.
pub(in crate::privacy) async fn customers(tx: &TenantTx, who: Person) -> Result<Vec<Uuid>> {
    ids(tx, who, &format!("{CUSTOMERS} ORDER BY 1")).await
}

/// Their machines.
pub(in crate::privacy) async fn equipment(tx: &TenantTx, who: Person) -> Result<Vec<Uuid>> {
    ids(tx, who, &format!("{EQUIPMENT} ORDER BY 1")).await
}

/// The accounts under which a customer's applications were approved.
pub(in crate::privacy) async fn accounts_of(tx: &TenantTx, customer: Uuid) -> Result<Vec<Uuid>> {
    let who = Person { customer: Some(customer), applicant: None };
    let sql =
        "SELECT DISTINCT a.applicant_id AS id FROM limit_approvals a WHERE a.tenant_id = {T} AND a.customer_id = {C}";
    ids(tx, who, sql).await
}

/// Whether an account applied for other people than this customer, too.
pub(in crate::privacy) async fn is_for_others(tx: &TenantTx, account: Uuid, customer: Uuid) -> Result<bool> {
    let who = Person { customer: Some(customer), applicant: Some(account) };
    let sql = "SELECT a.customer_id AS id FROM limit_approvals a JOIN customers p ON p.tenant_id = a.tenant_id \
               AND p.id = a.customer_id WHERE a.tenant_id = {T} AND a.applicant_id = {A} AND a.customer_id <> {C} \
               AND p.kind = 'person' LIMIT 1";
    Ok(!ids(tx, who, sql).await?.is_empty())
}

/// Whether there is such a customer, and it is a person.
pub(in crate::privacy) async fn is_person(tx: &TenantTx, customer: Uuid) -> Result<bool> {
    let who = Person { customer: Some(customer), applicant: None };
    let sql = "SELECT c.id FROM customers c WHERE c.tenant_id = {T} AND c.id = {C} AND c.kind = 'person'";
    Ok(!ids(tx, who, sql).await?.is_empty())
}

/// Files of somebody that are there: id, version, and the sealed name with its table.
pub(in crate::privacy) struct FileRow {
    pub id: Uuid,
    pub version_no: i32,
    pub name: String,
}

/// The files that are part of a copy.
pub(in crate::privacy) async fn files(tx: &TenantTx, who: Person) -> Result<Vec<FileRow>> {
    let mut all = vec![];
    for (table, of) in
        [("documents", "application_id IN ({APPLICATIONS})"), ("equipment_documents", "equipment_id IN ({EQUIPMENT})")]
    {
        let sql = format!(
            "SELECT id, version_no, file_name_sealed FROM {table} WHERE tenant_id = {{T}} AND state = 'ready' AND {of} ORDER BY id"
        );
        for row in query(tx, filled(tx, who, &sql)).await? {
            let (id, sealed): (Uuid, Vec<u8>) = (row.try_get("", "id")?, row.try_get("", "file_name_sealed")?);
            let name = tx.open(&format!("{table}.file_name"), id, &sealed).unwrap_or_default();
            all.push(FileRow { id, version_no: row.try_get("", "version_no")?, name });
        }
    }
    Ok(all)
}

/// Runs a statement with its places filled in; says how many rows it touched.
pub(in crate::privacy) async fn run(tx: &TenantTx, who: Person, sql: &str) -> Result<u64> {
    let sql = filled(tx, who, sql);
    let statement = Statement::from_string(tx.raw().get_database_backend(), sql);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected())
}
