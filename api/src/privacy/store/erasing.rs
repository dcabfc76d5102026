//! What erasure does to rows: frames stay where others refer to them, what is in them goes. Tables that are only added to are
//! changed through doors that open for what `erasures` names alone.

use chrono::{DateTime, NaiveDate, Utc};
use domain::applications::state::ApplicationState;
use domain::privacy::LimitFact;
use domain::time::TenantZone;
use entity::erasures;
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::person::{Person, ids, run};
use super::reading::{literal, query};
use crate::documents;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// An application as far as its fate asks.
pub(in crate::privacy) struct Standing {
    pub state: ApplicationState,
    pub since: NaiveDate,
    /// The customer that its approval is of, if it is a person.
    pub restricted: Option<String>,
}

/// How an application stands.
pub(in crate::privacy) async fn standing(tx: &TenantTx, application: Uuid) -> Result<Standing> {
    let (tenant, id) = (literal(tx, Some(tx.tenant())), literal(tx, Some(application)));
    let sql =
        format!("SELECT state, state_since, restricted FROM applications WHERE tenant_id = {tenant} AND id = {id}");
    let rows = query(tx, sql).await?;
    let row = rows.first().ok_or_else(Error::not_found)?;
    let state = ApplicationState::from_code(&row.try_get::<String>("", "state")?);
    let since: DateTime<Utc> = row.try_get("", "state_since")?;
    Ok(Standing {
        state: state.ok_or_else(|| Error::new(Code::Internal))?,
        since: TenantZone::default().date_of(since),
        restricted: row.try_get("", "restricted")?,
    })
}

/// Limits that came of something: of an approval's application, or of a customer.
pub(in crate::privacy) async fn limits(tx: &TenantTx, of: &str, subject: Uuid) -> Result<Vec<LimitFact>> {
    let (tenant, id) = (literal(tx, Some(tx.tenant())), literal(tx, Some(subject)));
    let sql = format!(
        "SELECT l.state AS state, l.updated_at AS last_at, (SELECT COUNT(*) FROM limit_drawdowns d \
         WHERE d.tenant_id = l.tenant_id AND d.limit_id = l.id AND NOT d.settled) AS unsettled \
         FROM limits l JOIN limit_approvals a ON a.tenant_id = l.tenant_id AND a.id = l.approval_id \
         WHERE l.tenant_id = {tenant} AND {of} = {id}"
    );
    let fact = |row: &sea_orm::QueryResult| -> Result<LimitFact> {
        let (state, unsettled): (String, i64) = (row.try_get("", "state")?, row.try_get("", "unsettled")?);
        let last_at: DateTime<Utc> = row.try_get("", "last_at")?;
        let is_open = matches!(state.as_str(), "active" | "frozen") || unsettled > 0;
        Ok(LimitFact { is_open, last_on: TenantZone::default().date_of(last_at) })
    };
    query(tx, sql).await?.iter().map(fact).collect()
}

/// Whether a customer stands beside another, by a relation in force, whose limit is open: as guarantor, spouse, controller. Then
/// the firm must know who it is.
pub(in crate::privacy) async fn is_surety(tx: &TenantTx, customer: Uuid) -> Result<bool> {
    let sql = "SELECT r.id AS id FROM customer_relations r JOIN limits l ON l.tenant_id = r.tenant_id \
               AND (l.customer_id = r.a_id OR l.customer_id = r.b_id) AND l.state IN ('active', 'frozen') \
               WHERE r.tenant_id = {T} AND (r.a_id = {A} OR r.b_id = {A}) AND r.valid_to IS NULL LIMIT 1";
    Ok(!ids(tx, subject(customer), sql).await?.is_empty())
}

/// When a customer's application was last approved; none where none was.
pub(in crate::privacy) async fn approved_at(tx: &TenantTx, customer: Uuid) -> Result<Option<DateTime<Utc>>> {
    let (tenant, id) = (literal(tx, Some(tx.tenant())), literal(tx, Some(customer)));
    let sql = format!(
        "SELECT approved_at FROM limit_approvals WHERE tenant_id = {tenant} AND customer_id = {id} ORDER BY approved_at DESC LIMIT 1"
    );
    let rows = query(tx, sql).await?;
    Ok(rows.first().map(|row| row.try_get("", "approved_at")).transpose()?)
}

/// Whether a machine is encumbered.
pub(in crate::privacy) async fn is_encumbered(tx: &TenantTx, equipment: Uuid) -> Result<bool> {
    let sql = "SELECT e.id AS id FROM equipment e WHERE e.tenant_id = {T} AND e.id = {A} AND e.encumbrance IS NOT NULL";
    Ok(!ids(tx, subject(equipment), sql).await?.is_empty())
}

/// The one thing that a statement is about, as `{A}`.
fn subject(id: Uuid) -> Person {
    Person { applicant: Some(id), customer: None }
}

async fn write(tx: &TenantTx, sql: &str, values: Vec<Value>) -> Result<()> {
    tx.raw().execute_raw(Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Notes that something is erased, once; says whether it was not before.
async fn mark(tx: &TenantTx, kind: &str, what: Uuid) -> Result<bool> {
    let sql =
        format!("SELECT subject AS id FROM erasures WHERE tenant_id = {{T}} AND kind = '{kind}' AND subject = {{A}}");
    if !ids(tx, subject(what), &sql).await?.is_empty() {
        return Ok(false);
    }
    let row = erasures::Model { tenant_id: tx.tenant(), kind: kind.to_owned(), subject: what, at: tx.now() };
    tx.insert::<_, erasures::ActiveModel>(row).await?;
    Ok(true)
}

/// Says of an application or a customer that it is kept and used for nothing.
pub(in crate::privacy) async fn block(tx: &TenantTx, table: &str, id: Uuid) -> Result<()> {
    let sql = format!(
        "UPDATE {table} SET restricted = 'blocked', version = version + 1 \
         WHERE tenant_id = {{T}} AND id = {{A}} AND restricted IS NULL"
    );
    run(tx, subject(id), &sql).await.map(|_| ())
}

/// What is gone of something, for the audit chain: ids whose entries lose their words.
pub(in crate::privacy) type Gone = Vec<Uuid>;

/// Files of a table under an owner: their objects are deleted by jobs, and their rows now.
async fn erase_files(tx: &TenantTx, table: &str, owner: &str, of: Uuid) -> Result<Gone> {
    let (tenant, id) = (literal(tx, Some(tx.tenant())), literal(tx, Some(of)));
    let sql = format!("SELECT id, version_no FROM {table} WHERE tenant_id = {tenant} AND {owner} = {id} ORDER BY id");
    let mut gone = vec![];
    for row in query(tx, sql).await? {
        let (file, version): (Uuid, i32) = (row.try_get("", "id")?, row.try_get("", "version_no")?);
        documents::plan_object_deletion(tx, file, u32::try_from(version).unwrap_or(1)).await?;
        gone.push(file);
    }
    run(tx, subject(of), &format!("DELETE FROM {table} WHERE tenant_id = {{T}} AND {owner} = {{A}}")).await?;
    Ok(gone)
}

/// Erases an application: an empty frame stays, with number, state and amounts, which are nobody's.
pub(in crate::privacy) async fn erase_application(tx: &TenantTx, id: Uuid) -> Result<Gone> {
    if !mark(tx, "application", id).await? {
        return Ok(vec![]);
    }
    let of = subject(id);
    let mut gone = erase_files(tx, "documents", "application_id", id).await?;
    for table in ["application_events", "application_submissions", "return_items", "inbox_messages", "deliveries"] {
        let sql = format!("DELETE FROM {table} WHERE tenant_id = {{T}} AND application_id = {{A}}");
        run(tx, of, &sql).await?;
    }
    let pulls = "SELECT p.id FROM pulls p WHERE p.tenant_id = {T} AND p.application_id = {A}";
    run(tx, of, &format!("DELETE FROM invoices WHERE tenant_id = {{T}} AND pull_id IN ({pulls})")).await?;
    gone.extend(ids(tx, of, "SELECT id FROM assessments WHERE tenant_id = {T} AND application_id = {A}").await?);
    if tx.is_postgres() {
        run(tx, of, "SELECT erase_application_content({A})").await?;
    } else {
        run(
            tx,
            of,
            "UPDATE pulls SET content_sealed = NULL, problem = NULL WHERE tenant_id = {T} AND application_id = {A}",
        )
        .await?;
        let sql = "UPDATE assessments SET inputs = '{\"erased\": true}', result = '{\"erased\": true}' \
                   WHERE tenant_id = {T} AND application_id = {A}";
        run(tx, of, sql).await?;
    }
    let granted = "SELECT id FROM authorisations WHERE tenant_id = {T} AND application_id = {A} ORDER BY id";
    for authorisation in ids(tx, of, granted).await? {
        erase_consenter(tx, authorisation).await?;
        gone.push(authorisation);
    }
    let empty = tx.seal_json("applications.form_sealed", id, &serde_json::json!({}))?;
    let sql = "UPDATE applications SET form_sealed = $3, subject_hash = NULL, enterprise_id = NULL, enterprise_name = NULL, \
               credit_code = NULL, approved_conditions = NULL, restricted = 'erased', version = version + 1 \
               WHERE tenant_id = $1 AND id = $2";
    write(tx, sql, vec![tx.tenant().into(), id.into(), empty.into()]).await?;
    gone.push(id);
    Ok(gone)
}

/// Who consented is gone; that somebody did, when and to what stays as proof.
async fn erase_consenter(tx: &TenantTx, id: Uuid) -> Result<()> {
    let (name, number) = (tx.seal("authorisations.person_name", id, "")?, tx.seal("authorisations.person_id", id, "")?);
    let nobody: [u8; 32] = rand::random();
    let sql = "UPDATE authorisations SET person_name_sealed = $3, person_id_sealed = $4, person_hash = $5, subject = '', \
               version = version + 1 WHERE tenant_id = $1 AND id = $2";
    let values = vec![tx.tenant().into(), id.into(), name.into(), number.into(), nobody.to_vec().into()];
    write(tx, sql, values).await
}

/// Erases a customer's record: an empty frame stays, since links and balances refer to it.
pub(in crate::privacy) async fn erase_customer(tx: &TenantTx, id: Uuid) -> Result<Gone> {
    if !mark(tx, "customer", id).await? {
        return Ok(vec![]);
    }
    let nobody: [u8; 32] = rand::random();
    let (name, number) = (tx.seal("customers.name", id, "已删除")?, tx.seal("customers.identity", id, "")?);
    let sql = "UPDATE customers SET name_sealed = $3, name_hash = NULL, identity_sealed = $4, identity_hash = $5, \
               phone_sealed = NULL, phone_hash = NULL, address_sealed = NULL, address_hash = NULL, restricted = 'erased', \
               version = version + 1 WHERE tenant_id = $1 AND id = $2";
    let values = vec![tx.tenant().into(), id.into(), name.into(), number.into(), nobody.to_vec().into()];
    write(tx, sql, values).await?;
    let mut gone = vec![id];
    for (table, column, place, of) in [
        ("customer_classes", "source_sealed", "customer_classes.source", "customer_id = {A}"),
        ("customer_shares", "purpose_sealed", "customer_shares.purpose", "customer_id = {A}"),
    ] {
        let sql = format!("SELECT id FROM {table} WHERE tenant_id = {{T}} AND {of} ORDER BY id");
        for row in ids(tx, subject(id), &sql).await? {
            let sql = format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND id = $2");
            write(tx, &sql, vec![tx.tenant().into(), row.into(), tx.seal(place, row, "")?.into()]).await?;
            gone.push(row);
        }
    }
    let sql = "UPDATE customer_shares SET document_sealed = NULL, revoked_reason_sealed = NULL \
               WHERE tenant_id = {T} AND customer_id = {A}";
    run(tx, subject(id), sql).await?;
    // the ledger itself is only added to; what was written beside it goes
    for (table, columns) in
        [("limit_approvals", "conditions_sealed = NULL"), ("limits", "conditions_sealed = NULL, label_sealed = NULL")]
    {
        let sql = format!("UPDATE {table} SET {columns} WHERE tenant_id = {{T}} AND customer_id = {{A}}");
        run(tx, subject(id), &sql).await?;
    }
    let linked = "SELECT id FROM customer_relations WHERE tenant_id = {T} AND (a_id = {A} OR b_id = {A})";
    gone.extend(ids(tx, subject(id), linked).await?);
    let sql =
        "UPDATE customer_relations SET document_sealed = NULL WHERE tenant_id = {T} AND (a_id = {A} OR b_id = {A})";
    run(tx, subject(id), sql).await?;
    Ok(gone)
}

/// Ties a machine to nobody: its readings stay, and say nothing of a person any more.
pub(in crate::privacy) async fn erase_equipment(tx: &TenantTx, id: Uuid) -> Result<Gone> {
    if !mark(tx, "equipment", id).await? {
        return Ok(vec![]);
    }
    let of = subject(id);
    let mut gone = erase_files(tx, "equipment_documents", "equipment_id", id).await?;
    if tx.is_postgres() {
        run(tx, of, "SELECT erase_equipment_notes({A})").await?;
    } else {
        run(tx, of, "UPDATE equipment_events SET note_sealed = NULL WHERE tenant_id = {T} AND equipment_id = {A}")
            .await?;
    }
    let offered = "SELECT id FROM listings WHERE tenant_id = {T} AND equipment_id = {A}";
    gone.extend(ids(tx, of, offered).await?);
    run(tx, of, &format!("DELETE FROM listing_enquiries WHERE tenant_id = {{T}} AND listing_id IN ({offered})"))
        .await?;
    let sql = "UPDATE listings SET title = '—', description = '', applicant_id = NULL, enquiry_id = NULL, \
               state = CASE WHEN state = 'sold' THEN 'sold' ELSE 'withdrawn' END, version = version + 1 \
               WHERE tenant_id = {T} AND equipment_id = {A}";
    run(tx, of, sql).await?;
    let sql = "UPDATE equipment SET name = '—', place_sealed = NULL, applicant_id = NULL, customer_id = NULL, \
               state = 'retired', monitoring = CASE WHEN monitoring = 'on' THEN 'stopped' ELSE monitoring END, \
               version = version + 1 WHERE tenant_id = {T} AND id = {A}";
    run(tx, of, sql).await?;
    gone.push(id);
    Ok(gone)
}

/// Erases what belongs to an account by itself: messages, questions to others, kept replies, copies.
pub(in crate::privacy) async fn erase_account_rows(tx: &TenantTx, applicant: Uuid) -> Result<Gone> {
    let of = subject(applicant);
    mark(tx, "applicant", applicant).await?;
    let mut gone = vec![applicant];
    for (table, owner) in
        [("inbox_messages", "applicant_id"), ("listing_enquiries", "applicant_id"), ("idempotency_keys", "principal")]
    {
        run(tx, of, &format!("DELETE FROM {table} WHERE tenant_id = {{T}} AND {owner} = {{A}}")).await?;
    }
    let sent = "DELETE FROM deliveries WHERE tenant_id = {T} AND application_id IN \
                (SELECT p.id FROM applications p WHERE p.tenant_id = {T} AND p.applicant_id = {A})";
    run(tx, of, sent).await?;
    let copies =
        "SELECT id FROM data_exports WHERE tenant_id = {T} AND applicant_id = {A} AND state <> 'expired' ORDER BY id";
    for copy in ids(tx, of, copies).await? {
        documents::plan_object_deletion(tx, copy, 1).await?;
        gone.push(copy);
    }
    run(tx, of, "UPDATE data_exports SET state = 'expired' WHERE tenant_id = {T} AND applicant_id = {A}").await?;
    Ok(gone)
}
