//! One application's row. Staff reach it only through what they may see, applicants only through what is theirs.

use domain::applications::form::Form;
use domain::applications::state::ApplicationState;
use entity::applications::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::NotSet;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::lists::{visible, visible_or_erased};
use crate::error::{Code, Error, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

const FORM: &str = "applications.form_sealed";
const CONDITIONS: &str = "applications.approved_conditions";

pub(in crate::applications) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Model>> {
    tx.get::<Entity>(id).await
}

pub(in crate::applications) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Model>> {
    tx.lock::<Entity>(id).await
}

/// The row, if it is within `scope`.
pub(in crate::applications) async fn find_visible(
    tx: &TenantTx,
    scope: &ScopeFilter,
    id: Uuid,
) -> Result<Option<Model>> {
    Ok(tx.all::<Entity>().filter(Column::Id.eq(id)).filter(visible(scope)).one(tx.raw()).await?)
}

/// The id, if it is within `scope` or the frame of something erased within it.
pub(in crate::applications) async fn find_frame(tx: &TenantTx, scope: &ScopeFilter, id: Uuid) -> Result<Option<Uuid>> {
    let row = tx.all::<Entity>().filter(Column::Id.eq(id)).filter(visible_or_erased(scope));
    Ok(row.select_only().column(Column::Id).into_tuple().one(tx.raw()).await?)
}

/// The same, locked until the transaction ends.
pub(in crate::applications) async fn lock_visible(
    tx: &TenantTx,
    scope: &ScopeFilter,
    id: Uuid,
) -> Result<Option<Model>> {
    let row = tx.all::<Entity>().filter(Column::Id.eq(id)).filter(visible(scope)).lock_exclusive();
    Ok(row.one(tx.raw()).await?)
}

pub(in crate::applications) async fn insert(tx: &TenantTx, row: Model) -> Result<()> {
    tx.insert::<_, ActiveModel>(row).await
}

/// Writes the whole row, but only over the version that was read.
pub(in crate::applications) async fn replace(tx: &TenantTx, row: Model, seen: i64) -> Result<()> {
    let id = row.id;
    let mut active = row.into_active_model().reset_all();
    active.tenant_id = NotSet;
    active.id = NotSet;
    let done = tx
        .update_all::<Entity>()
        .set(active)
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(seen))
        .exec(tx.raw())
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::new(Code::Stale)) }
}

pub(in crate::applications) async fn count_drafts(tx: &TenantTx, applicant: Uuid) -> Result<u64> {
    let drafts = tx
        .all::<Entity>()
        .filter(Column::ApplicantId.eq(applicant))
        .filter(Column::State.eq(ApplicationState::Draft.code()));
    Ok(drafts.count(tx.raw()).await?)
}

/// The form as it is stored: whole, and as ciphertext.
pub(in crate::applications) fn seal_form(tx: &TenantTx, id: Uuid, form: &Form) -> Result<Vec<u8>> {
    tx.seal_json(FORM, id, &form.expose())
}

pub(in crate::applications) fn open_form(tx: &TenantTx, row: &Model) -> Result<Form> {
    let stored: serde_json::Value = tx.open_json(FORM, row.id, &row.form_sealed)?;
    Ok(Form::from_stored(&stored))
}

/// Conditions name guarantors and what they own, so they are kept as ciphertext, in hexadecimal since the column is a text.
pub(in crate::applications) fn seal_conditions(tx: &TenantTx, id: Uuid, lines: &[String]) -> Result<Option<String>> {
    if lines.is_empty() {
        return Ok(None);
    }
    Ok(Some(hex::encode(tx.seal_json(CONDITIONS, id, &lines)?)))
}

pub(in crate::applications) fn open_conditions(tx: &TenantTx, row: &Model) -> Result<Vec<String>> {
    let Some(text) = &row.approved_conditions else { return Ok(vec![]) };
    tx.open_json(CONDITIONS, row.id, &hex::decode(text).map_err(Error::internal)?)
}
