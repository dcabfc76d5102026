//! The SQL of machines' histories: rows are only added.

use domain::devices::life::LifeEvent;
use entity::equipment_events::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Sealed;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::equipment_events::Model as EventRow;

const NOTE: &str = "equipment_events.note";

pub(super) async fn add(
    tx: &TenantTx,
    equipment: Uuid,
    kind: LifeEvent,
    subject: Option<Uuid>,
    note: Option<&Sealed>,
) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        equipment_id: equipment,
        kind: kind.code().to_owned(),
        subject,
        note_sealed: note.map(|note| tx.seal_json(NOTE, id, note)).transpose()?,
        actor_kind: tx.actor().kind.key().to_owned(),
        actor_id: tx.actor().id,
        at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row).await?;
    Ok(id)
}

/// One row.
pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<EventRow>> {
    tx.get::<Entity>(id).await
}

/// A page of a machine's history, oldest first.
pub(super) async fn page(tx: &TenantTx, equipment: Uuid, at: Cursor) -> Result<Vec<EventRow>> {
    let mut rows = tx.all::<Entity>().filter(Column::EquipmentId.eq(equipment));
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// What a row's note says.
pub(super) fn note(tx: &TenantTx, row: &EventRow) -> Result<Option<Sealed>> {
    row.note_sealed.as_deref().map(|sealed| tx.open_json(NOTE, row.id, sealed)).transpose()
}
