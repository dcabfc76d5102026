//! The SQL of listings. Whoever moves one holds its machine's row first, so that one machine has one listing that lasts.

use chrono::{DateTime, Utc};
use domain::devices::listing::ListingState;
use entity::equipment;
use entity::listings::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::form::NewListing;
use crate::devices::equipment::store::{Row as Machine, visible};
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::listings::Model as ListingRow;

/// Those that last.
const OPEN: [ListingState; 3] = [ListingState::Draft, ListingState::Published, ListingState::Reserved];

fn open() -> Condition {
    Condition::all().add(Column::State.is_in(OPEN.map(ListingState::code)))
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<ListingRow>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<ListingRow>> {
    tx.lock::<Entity>(id).await
}

/// Whether a machine has a listing that lasts.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn has_open(tx: &TenantTx, equipment: Uuid) -> Result<bool> {
    let rows = tx.all::<Entity>().filter(Column::EquipmentId.eq(equipment)).filter(open());
    Ok(rows.count(tx.raw()).await? > 0)
}

/// The listings of some machines that last.
pub(super) async fn open_of(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<ListingRow>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows = tx.all::<Entity>().filter(Column::EquipmentId.is_in(ids.iter().copied())).filter(open());
    Ok(rows.order_by_asc(Column::Id).all(tx.raw()).await?)
}

/// From when to when a machine was offered and not sold: what lasts has no end.
pub(super) async fn offered(tx: &TenantTx, equipment: Uuid) -> Result<Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>> {
    let rows = tx
        .all::<Entity>()
        .filter(Column::EquipmentId.eq(equipment))
        .filter(Column::PublishedAt.is_not_null())
        .filter(Column::State.ne(ListingState::Sold.code()))
        .all(tx.raw())
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.published_at?, row.ended_at))).collect())
}

/// What a list is narrowed by.
#[derive(Default)]
pub(super) struct Narrow {
    pub(super) state: Option<ListingState>,
    pub(super) equipment: Option<Uuid>,
}

/// Whose machines' listings.
pub(super) enum Whose<'a> {
    /// Of those within a scope of staff.
    Seen(&'a ScopeFilter),
    /// Of one applicant's own.
    Own(Uuid),
    /// Of all that secure no guarantee.
    Free,
}

/// A page of listings, the newest first.
pub(super) async fn page(tx: &TenantTx, whose: &Whose<'_>, narrow: &Narrow, at: Cursor) -> Result<Vec<ListingRow>> {
    let machines = match whose {
        Whose::Free => Some(Condition::all().add(equipment::Column::Encumbrance.is_null())),
        Whose::Seen(ScopeFilter::All) => None,
        Whose::Seen(scope) => Some(visible(scope)),
        Whose::Own(applicant) => Some(Condition::all().add(equipment::Column::ApplicantId.eq(*applicant))),
    };
    let of = machines.map(|machines| {
        let ids = Query::select()
            .column(equipment::Column::Id)
            .from(equipment::Entity)
            .cond_where(equipment::Column::TenantId.eq(tx.tenant()))
            .cond_where(machines)
            .take();
        Column::EquipmentId.in_subquery(ids)
    });
    let wanted = Condition::all()
        .add_option(of)
        .add_option(narrow.state.map(|state| Column::State.eq(state.code())))
        .add_option(narrow.equipment.map(|id| Column::EquipmentId.eq(id)))
        .add_option(at.after.map(|after| Column::Id.lt(after)));
    let rows = tx.all::<Entity>().filter(wanted);
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, number: String, machine: &Machine, new: &NewListing) -> Result<ListingRow> {
    let row = Model {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        number,
        equipment_id: machine.id,
        applicant_id: machine.applicant_id,
        title: new.title.clone(),
        description: new.description.clone(),
        price_fen: new.price_fen,
        sold_fen: None,
        state: ListingState::Draft.code().to_owned(),
        enquiry_id: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        published_at: None,
        ended_at: None,
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back as its next version.
pub(super) async fn save(tx: &TenantTx, row: &mut ListingRow) -> Result<()> {
    row.version = row.version.saturating_add(1);
    row.updated_at = tx.now();
    tx.update(row.clone().into_active_model().reset_all()).await
}
