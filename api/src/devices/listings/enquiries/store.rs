//! The SQL of enquiries. Whoever answers one holds its machine and its listing first.

use domain::devices::listing::EnquiryState;
use entity::listing_enquiries::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::listing_enquiries::Model as EnquiryRow;

const QUESTION: &str = "listing_enquiries.question";
const ANSWER: &str = "listing_enquiries.answer";

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<EnquiryRow>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<EnquiryRow>> {
    tx.lock::<Entity>(id).await
}

/// What was asked.
pub(super) fn question(tx: &TenantTx, row: &EnquiryRow) -> Result<String> {
    tx.open(QUESTION, row.id, &row.question_sealed)
}

/// What was answered.
pub(super) fn answer(tx: &TenantTx, row: &EnquiryRow) -> Result<Option<String>> {
    row.answer_sealed.as_deref().map(|sealed| tx.open(ANSWER, row.id, sealed)).transpose()
}

/// Whose or about what.
pub(super) enum Of {
    /// Those about a listing.
    Listing(Uuid),
    /// Those that an applicant made.
    Applicant(Uuid),
}

/// A page of enquiries, the newest first.
pub(super) async fn page(tx: &TenantTx, of: &Of, at: Cursor) -> Result<Vec<EnquiryRow>> {
    let mut rows = tx.all::<Entity>().filter(match of {
        Of::Listing(id) => Column::ListingId.eq(*id),
        Of::Applicant(id) => Column::ApplicantId.eq(*id),
    });
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// How many questions of an applicant about a listing nobody has closed.
pub(super) async fn count_open(tx: &TenantTx, listing: Uuid, applicant: Uuid) -> Result<u64> {
    let rows = tx.all::<Entity>().filter(Column::ListingId.eq(listing)).filter(Column::ApplicantId.eq(applicant));
    Ok(rows.filter(Column::State.ne(EnquiryState::Closed.code())).count(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, listing: Uuid, applicant: Uuid, question: &str) -> Result<EnquiryRow> {
    let id = Uuid::now_v7();
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        listing_id: listing,
        applicant_id: applicant,
        question_sealed: tx.seal(QUESTION, id, question)?,
        answer_sealed: None,
        state: EnquiryState::Open.code().to_owned(),
        version: 1,
        created_at: tx.now(),
        answered_at: None,
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back in another state, with an answer where there is one.
pub(super) async fn save(tx: &TenantTx, row: &mut EnquiryRow, state: EnquiryState, answer: Option<&str>) -> Result<()> {
    state.code().clone_into(&mut row.state);
    if let Some(answer) = answer {
        row.answer_sealed = Some(tx.seal(ANSWER, row.id, answer)?);
        row.answered_at = Some(tx.now());
    }
    row.version = row.version.saturating_add(1);
    tx.update(row.clone().into_active_model().reset_all()).await
}
