//! This area's SQL.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::assessments::admission::{Direction, Invoice};
use entity::{authorisations, invoices, pulls};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::invoice_rows;
use crate::error::Result;
use crate::platform::db::TenantTx;

pub(super) type AuthorisationRow = authorisations::Model;

const CONTENT: &str = "pulls.content";

pub(super) async fn add_authorisation(tx: &TenantTx, row: AuthorisationRow) -> Result<()> {
    tx.insert::<_, authorisations::ActiveModel>(row).await
}

pub(super) async fn authorisation(tx: &TenantTx, id: Uuid) -> Result<Option<AuthorisationRow>> {
    tx.get::<authorisations::Entity>(id).await
}

pub(super) async fn lock_authorisation(tx: &TenantTx, id: Uuid) -> Result<Option<AuthorisationRow>> {
    tx.lock::<authorisations::Entity>(id).await
}

/// Newest first.
pub(super) async fn authorisations_of(tx: &TenantTx, application: Uuid) -> Result<Vec<AuthorisationRow>> {
    Ok(tx
        .all::<authorisations::Entity>()
        .filter(authorisations::Column::ApplicationId.eq(application))
        .order_by_desc(authorisations::Column::Id)
        .all(tx.raw())
        .await?)
}

/// Those of some applications that an authorisation of was revoked, in no order and perhaps more than once.
pub(super) async fn with_revocation(tx: &TenantTx, applications: &[Uuid]) -> Result<Vec<Uuid>> {
    use authorisations::Column as C;
    Ok(tx
        .all::<authorisations::Entity>()
        .select_only()
        .column(C::ApplicationId)
        .filter(C::ApplicationId.is_in(applications.iter().copied()))
        .filter(C::RevokedAt.is_not_null())
        .into_tuple()
        .all(tx.raw())
        .await?)
}

/// Those of them that were revoked.
pub(super) async fn revoked_of(tx: &TenantTx, application: Uuid) -> Result<BTreeSet<Uuid>> {
    let rows = authorisations_of(tx, application).await?;
    Ok(rows.into_iter().filter(|row| row.revoked_at.is_some()).map(|row| row.id).collect())
}

pub(super) async fn revoke(tx: &TenantTx, id: Uuid, at: DateTime<Utc>, version: i64) -> Result<()> {
    tx.update(authorisations::ActiveModel {
        id: Set(id),
        revoked_at: Set(Some(at)),
        version: Set(version),
        ..Default::default()
    })
    .await
}

/// Notes how it stands with the entitlement, and who confirmed it.
pub(super) async fn entitle(
    tx: &TenantTx,
    row: &AuthorisationRow,
    entitlement: &str,
    confirmed_by: Option<Uuid>,
) -> Result<()> {
    tx.update(authorisations::ActiveModel {
        id: Set(row.id),
        entitlement: Set(entitlement.to_owned()),
        confirmed_by: Set(confirmed_by),
        confirmed_at: Set(confirmed_by.map(|_| tx.now())),
        version: Set(row.version + 1),
        ..Default::default()
    })
    .await
}

/// Credit codes of the enterprises for which an account has consented since then.
pub(super) async fn subjects_since(tx: &TenantTx, applicant: Uuid, since: DateTime<Utc>) -> Result<Vec<String>> {
    use authorisations::Column as C;
    Ok(tx
        .all::<authorisations::Entity>()
        .filter(C::ApplicantId.eq(applicant))
        .filter(C::CreatedAt.gte(since))
        .select_only()
        .column(C::Subject)
        .distinct()
        .into_tuple()
        .all(tx.raw())
        .await?)
}

/// Ends an authorisation that another takes the place of; what was collected under it stays usable.
pub(super) async fn end(tx: &TenantTx, id: Uuid, at: DateTime<Utc>, version: i64) -> Result<()> {
    tx.update(authorisations::ActiveModel {
        id: Set(id),
        valid_to: Set(at),
        version: Set(version),
        ..Default::default()
    })
    .await
}

/// A pull without its content.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct PullRow {
    pub(super) id: Uuid,
    pub(super) authorisation_id: Uuid,
    pub(super) adapter: String,
    pub(super) source: String,
    pub(super) round: i32,
    pub(super) attempt: i32,
    pub(super) outcome: String,
    pub(super) row_count: i64,
    pub(super) sha256: Option<Vec<u8>>,
    pub(super) problem: Option<String>,
    pub(super) started_at: DateTime<Utc>,
    pub(super) finished_at: DateTime<Utc>,
}

/// An application's pulls without their contents, oldest first; of one round where it is named.
pub(super) async fn pulls_of(tx: &TenantTx, application: Uuid, round: Option<i32>) -> Result<Vec<PullRow>> {
    use pulls::Column as C;
    let mut query = tx.all::<pulls::Entity>().filter(C::ApplicationId.eq(application));
    if let Some(round) = round {
        query = query.filter(C::Round.eq(round));
    }
    Ok(without_content(query).order_by_asc(C::Id).into_model::<PullRow>().all(tx.raw()).await?)
}

/// Pulls by id without their contents.
pub(super) async fn pulls_by_id(tx: &TenantTx, ids: Vec<Uuid>) -> Result<Vec<PullRow>> {
    use pulls::Column as C;
    let query = tx.all::<pulls::Entity>().filter(C::Id.is_in(ids));
    Ok(without_content(query).order_by_asc(C::Id).into_model::<PullRow>().all(tx.raw()).await?)
}

fn without_content(query: sea_orm::Select<pulls::Entity>) -> sea_orm::Select<pulls::Entity> {
    use pulls::Column as C;
    query.select_only().columns([
        C::Id,
        C::AuthorisationId,
        C::Adapter,
        C::Source,
        C::Round,
        C::Attempt,
        C::Outcome,
        C::RowCount,
        C::Sha256,
        C::Problem,
        C::StartedAt,
        C::FinishedAt,
    ])
}

/// The content of a pull of JSON; `None` where nothing was kept or it was erased.
pub(super) async fn content(tx: &TenantTx, pull: Uuid) -> Result<Option<String>> {
    let sealed: Option<Option<Vec<u8>>> = tx
        .all::<pulls::Entity>()
        .filter(pulls::Column::Id.eq(pull))
        .select_only()
        .column(pulls::Column::ContentSealed)
        .into_tuple()
        .one(tx.raw())
        .await?;
    sealed.flatten().map(|sealed| tx.open(CONTENT, pull, &sealed)).transpose()
}

/// An attempt to be kept.
pub(super) struct NewPull<'a> {
    pub(super) application: Uuid,
    pub(super) authorisation: Uuid,
    pub(super) adapter: &'a str,
    pub(super) source: &'a str,
    pub(super) round: i32,
    pub(super) attempt: i32,
    pub(super) outcome: &'a str,
    pub(super) row_count: usize,
    pub(super) sha256: Option<Vec<u8>>,
    pub(super) content: Option<&'a str>,
    pub(super) problem: Option<String>,
    pub(super) started_at: DateTime<Utc>,
    pub(super) finished_at: DateTime<Utc>,
}

pub(super) async fn add_pull(tx: &TenantTx, new: NewPull<'_>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    tx.insert::<_, pulls::ActiveModel>(pulls::Model {
        tenant_id: tx.tenant(),
        id,
        application_id: new.application,
        authorisation_id: new.authorisation,
        adapter: new.adapter.to_owned(),
        source: new.source.to_owned(),
        round: new.round,
        attempt: new.attempt,
        outcome: new.outcome.to_owned(),
        row_count: i64::try_from(new.row_count).unwrap_or(i64::MAX),
        sha256: new.sha256,
        content_sealed: new.content.map(|text| tx.seal(CONTENT, id, text)).transpose()?,
        problem: new.problem,
        started_at: new.started_at,
        finished_at: new.finished_at,
    })
    .await?;
    Ok(id)
}

pub(super) async fn add_invoices(tx: &TenantTx, pull: Uuid, rows: Vec<Invoice>) -> Result<()> {
    let models = rows.into_iter().zip(1_i64..).map(|(row, row_no)| invoices::Model {
        tenant_id: tx.tenant(),
        pull_id: pull,
        row_no,
        number: row.number.into_string(),
        issued_on: row.issued_on,
        counterparty: row.counterparty.into_string(),
        amount_fen: row.amount_fen,
        tax_fen: row.tax_fen,
        total_fen: row.total_fen,
        void: row.void.unwrap_or(false),
        flaw: invoice_rows::flaws_text(&row.flaws),
    });
    tx.insert_all::<_, invoices::ActiveModel>(models.collect()).await
}

/// The invoices of a pull in the order in which they came, with the columns that evaluation needs.
///
/// # Errors
/// If the database fails.
pub async fn read_invoices(tx: &TenantTx, pull: Uuid, direction: Direction) -> Result<Vec<Invoice>> {
    use invoices::Column as C;
    type Row = (String, Option<NaiveDate>, String, Option<i64>, Option<i64>, Option<i64>, bool, Option<String>);
    let rows: Vec<Row> = tx
        .all::<invoices::Entity>()
        .filter(C::PullId.eq(pull))
        .select_only()
        .columns([C::Number, C::IssuedOn, C::Counterparty, C::AmountFen, C::TaxFen, C::TotalFen, C::Void, C::Flaw])
        .order_by_asc(C::RowNo)
        .into_tuple()
        .all(tx.raw())
        .await?;
    Ok(rows.into_iter().map(|row| invoice_rows::from_columns(direction, row)).collect())
}
