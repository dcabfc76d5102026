//! What older data keys of a tenant closed is closed anew by the one that seals now: row by row, each only if it is still what
//! was read, and none that somebody else has locked. So nobody waits for it, nothing that is written meanwhile is lost, and it
//! can be broken off and begun again.

use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::keys::TenantKeys;

/// A column of closed values.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The column that names the row that a value is bound to.
    row: &'static str,
    /// The name that a value is bound to.
    bound_to: &'static str,
    /// Whether the column is a text, of hexadecimal digits.
    is_text: bool,
}

const fn at(table: &'static str, column: &'static str, bound_to: &'static str) -> Place {
    Place { table, column, row: "id", bound_to, is_text: false }
}

/// Every column that is closed anew.
pub const PLACES: [Place; 39] = [
    at("applicants", "phone_sealed", "applicants.phone_sealed"),
    at("application_events", "detail_sealed", "application_events.detail_sealed"),
    at("application_submissions", "form_sealed", "application_submissions.form_sealed"),
    Place { is_text: true, ..at("applications", "approved_conditions", "applications.approved_conditions") },
    at("applications", "form_sealed", "applications.form_sealed"),
    at("authorisations", "person_id_sealed", "authorisations.person_id"),
    at("authorisations", "person_name_sealed", "authorisations.person_name"),
    at("customer_classes", "source_sealed", "customer_classes.source"),
    at("customer_relations", "document_sealed", "customer_relations.document"),
    at("customer_shares", "document_sealed", "customer_shares.document"),
    at("customer_shares", "purpose_sealed", "customer_shares.purpose"),
    at("customer_shares", "revoked_reason_sealed", "customer_shares.revoked_reason"),
    at("customers", "address_sealed", "customers.address"),
    at("customers", "identity_sealed", "customers.identity"),
    at("customers", "name_sealed", "customers.name"),
    at("customers", "phone_sealed", "customers.phone"),
    at("deliveries", "content_sealed", "deliveries.content_sealed"),
    at("deliveries", "to_sealed", "deliveries.to_sealed"),
    at("documents", "file_name_sealed", "documents.file_name"),
    at("enterprises", "legal_representative_sealed", "enterprises.legal_representative"),
    at("equipment", "place_sealed", "equipment.place"),
    at("equipment_documents", "file_name_sealed", "equipment_documents.file_name"),
    at("inbox_messages", "content_sealed", "inbox_messages.content_sealed"),
    at("limit_approvals", "conditions_sealed", "limit_approvals.conditions"),
    at("limits", "conditions_sealed", "limits.conditions"),
    at("limits", "label_sealed", "limits.label"),
    at("listing_enquiries", "answer_sealed", "listing_enquiries.answer"),
    at("listing_enquiries", "question_sealed", "listing_enquiries.question"),
    at("privacy_requests", "note_sealed", "privacy_requests.note"),
    at("privacy_requests", "reason_sealed", "privacy_requests.reason"),
    at("return_items", "reason_sealed", "return_items.reason_sealed"),
    Place { row: "staff_id", ..at("second_factors", "secret_sealed", "second_factors.secret_sealed") },
    at("staff", "email_sealed", "staff.email_sealed"),
    at("staff", "name_sealed", "staff.name_sealed"),
    at("telemetry_sources", "secret_sealed", "telemetry_sources.secret"),
    at("webhook_endpoints", "description_sealed", "webhook_endpoints.description_sealed"),
    at("webhook_endpoints", "previous_sealed", "webhook_endpoints.secret"),
    at("webhook_endpoints", "secret_sealed", "webhook_endpoints.secret"),
    at("webhook_endpoints", "url_sealed", "webhook_endpoints.url_sealed"),
];

/// Columns of closed values that stay as they are, and why.
pub const KEPT: [(&str, &str, &str); 9] = [
    ("equipment_events", "note_sealed", "rows of this table are only ever added"),
    ("limit_entries", "document_sealed", "rows of this table are only ever added"),
    ("limit_entries", "reason_sealed", "rows of this table are only ever added"),
    ("pulls", "content_sealed", "rows of this table are only ever added"),
    ("quarantined_readings", "raw_sealed", "removed when it was decided on, and holds no person's data"),
    ("sessions", "successor_sealed", "replaced at the next refresh"),
    ("telemetry_sources", "previous_sealed", "ends with its overlap"),
    ("webhook_deliveries", "excerpt_sealed", "removed after 30 days"),
    ("audit_entries", "detail", "the chain runs over it"),
];

/// Rows that are looked at in one transaction.
const ROWS_AT_ONCE: i64 = 100;

/// How far one batch came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resealed {
    /// The last row that was looked at; none when there was no more.
    pub last: Option<Uuid>,
    /// Rows whose value was closed anew.
    pub changed: u64,
}

/// Closes some rows of a place anew, after one of them, and commits.
///
/// # Errors
/// If a value does not open, or the database fails; then none of these rows is changed.
pub async fn reseal(tx: TenantTx, place: &Place, after: Uuid) -> Result<Resealed> {
    let Place { table, column, row, .. } = place;
    // of what others hold, none is waited for, so that nobody ever waits in a circle
    let lock = if tx.is_postgres() { "FOR NO KEY UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT {row} AS row, {column} AS value FROM {table} WHERE tenant_id = $1 AND {row} > $2 AND {column} IS NOT NULL \
         ORDER BY {row} LIMIT {ROWS_AT_ONCE} {lock}"
    );
    let backend = tx.raw().get_database_backend();
    let asked = Statement::from_sql_and_values(backend, sql, [tx.tenant().into(), after.into()]);
    let mut done = Resealed::default();
    for found in tx.raw().query_all_raw(asked).await? {
        let id: Uuid = found.try_get("", "row")?;
        done.last = Some(id);
        let Some((old, sealed)) = value(place, &found)? else { continue };
        if TenantKeys::version_of(&sealed)? == tx.keys().sealing() {
            continue;
        }
        let plain = tx.keys().open(place.bound_to, id, &sealed)?;
        let fresh = tx.keys().seal(place.bound_to, id, &plain)?;
        let fresh: Value = if place.is_text { hex::encode(fresh).into() } else { fresh.into() };
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE tenant_id = $2 AND {row} = $3 AND {column} = $4");
        let values = [fresh, tx.tenant().into(), id.into(), old];
        let change = Statement::from_sql_and_values(backend, sql, values);
        done.changed += tx.raw().execute_raw(change).await?.rows_affected();
    }
    tx.commit_bookkeeping().await?;
    Ok(done)
}

/// The value as it is compared with, and as bytes; none where it was taken away.
fn value(place: &Place, found: &QueryResult) -> Result<Option<(Value, Vec<u8>)>> {
    if place.is_text {
        let text: String = found.try_get("", "value")?;
        let bytes = hex::decode(&text).map_err(Error::internal)?;
        return Ok(Some((text.into(), bytes)));
    }
    let bytes: Vec<u8> = found.try_get("", "value")?;
    Ok((!bytes.is_empty()).then(|| (bytes.clone().into(), bytes)))
}
