//! The timeline's rows. What an event says is sealed, since opinions and reasons may name people.

use entity::application_events::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::applications::detail::Detail;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Most events that one answer shows.
const EVENTS_MAX: u64 = 500;
const DETAIL: &str = "application_events.detail_sealed";

/// One event, opened.
pub(in crate::applications) struct Event {
    pub row: Model,
    pub detail: Detail,
}

/// What is written of an event.
pub(in crate::applications) struct NewEvent<'a> {
    pub application: Uuid,
    pub kind: String,
    pub from: &'a str,
    pub to: &'a str,
    pub for_applicant: bool,
    pub detail: &'a Detail,
}

/// Adds an event in the name of the transaction's actor, and gives its id.
pub(in crate::applications) async fn add_event(tx: &TenantTx, new: NewEvent<'_>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let actor = tx.actor();
    tx.insert::<_, ActiveModel>(Model {
        tenant_id: tx.tenant(),
        id,
        application_id: new.application,
        kind: new.kind,
        from_state: new.from.to_owned(),
        to_state: new.to.to_owned(),
        actor_kind: actor.kind.key().to_owned(),
        actor_id: (!actor.id.is_nil()).then_some(actor.id),
        for_applicant: new.for_applicant,
        detail_sealed: tx.seal_json(DETAIL, id, new.detail)?,
        at: tx.now(),
    })
    .await?;
    Ok(id)
}

/// The last event of a kind.
pub(in crate::applications) async fn last_event(tx: &TenantTx, application: Uuid, kind: &str) -> Result<Option<Event>> {
    let query = tx.all::<Entity>().filter(Column::ApplicationId.eq(application)).filter(Column::Kind.eq(kind));
    let Some(row) = query.order_by_desc(Column::Id).one(tx.raw()).await? else { return Ok(None) };
    let detail = tx.open_json(DETAIL, row.id, &row.detail_sealed)?;
    Ok(Some(Event { row, detail }))
}

/// The timeline, oldest first; for the applicant only what concerns them.
pub(in crate::applications) async fn events_of(
    tx: &TenantTx,
    application: Uuid,
    applicant_only: bool,
) -> Result<Vec<Event>> {
    let mut query = tx.all::<Entity>().filter(Column::ApplicationId.eq(application));
    if applicant_only {
        query = query.filter(Column::ForApplicant.eq(true));
    }
    let rows = query.order_by_asc(Column::Id).limit(EVENTS_MAX).all(tx.raw()).await?;
    rows.into_iter()
        .map(|row| {
            let detail = tx.open_json(DETAIL, row.id, &row.detail_sealed)?;
            Ok(Event { row, detail })
        })
        .collect()
}
