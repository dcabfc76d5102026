//! What is past its period, and what was sent to a phone.

use chrono::{DateTime, Utc};
use domain::applications::state::ApplicationState;
use entity::{applications, deliveries, inbox_messages};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// Removes some of the SMS and mails of up to `until` that are not on their way.
pub(in crate::privacy) async fn drop_deliveries(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    use deliveries::Column;
    let over = Condition::all().add(Column::CreatedAt.lte(until)).add(Column::State.ne("queued"));
    tx.delete_some::<deliveries::Entity>(over, rows_max).await
}

/// Removes some of the inbox's messages of up to `until`.
pub(in crate::privacy) async fn drop_inbox(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    tx.delete_some::<inbox_messages::Entity>(inbox_messages::Column::CreatedAt.lte(until), rows_max).await
}

/// Some drafts that nobody has touched since `until` and that hold something.
pub(in crate::privacy) async fn stale_drafts(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<Vec<Uuid>> {
    use applications::Column;
    Ok(tx
        .all::<applications::Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(ApplicationState::Draft.code()))
        .filter(Column::Restricted.is_null())
        .filter(Column::UpdatedAt.lte(until))
        .order_by_asc(Column::Id)
        .limit(rows_max)
        .into_tuple()
        .all(tx.raw())
        .await?)
}

/// A page of SMS after `after` that belong to no application, with the recipients in clear.
pub(in crate::privacy) async fn sent_to(tx: &TenantTx, after: Uuid, rows_max: u64) -> Result<Vec<(Uuid, String)>> {
    use deliveries::Column;
    let rows: Vec<(Uuid, Vec<u8>)> = tx
        .all::<deliveries::Entity>()
        .select_only()
        .columns([Column::Id, Column::ToSealed])
        .filter(Column::Channel.eq("sms"))
        .filter(Column::ApplicationId.is_null())
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(rows_max)
        .into_tuple()
        .all(tx.raw())
        .await?;
    let opened = |(id, sealed): (Uuid, Vec<u8>)| Ok((id, tx.open("deliveries.to_sealed", id, &sealed)?));
    rows.into_iter().map(opened).collect()
}

/// Removes deliveries by id.
pub(in crate::privacy) async fn forget_deliveries(tx: &TenantTx, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.delete_all::<deliveries::Entity>()
        .filter(deliveries::Column::Id.is_in(ids.iter().copied()))
        .exec(tx.raw())
        .await?;
    Ok(())
}
