//! Clients' use by day.

use chrono::NaiveDate;
use entity::client_days as table;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, Statement};
use uuid::Uuid;

use crate::clients::gate::DayCounts;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

pub(in crate::clients) use table::Model as DayRow;

const ADD: &str = "INSERT INTO client_days \
    (tenant_id, client_id, day, admitted, succeeded, refused, failed, held_back, bytes) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, client_id, day) DO UPDATE SET \
    admitted = client_days.admitted + excluded.admitted, succeeded = client_days.succeeded + excluded.succeeded, \
    refused = client_days.refused + excluded.refused, failed = client_days.failed + excluded.failed, \
    held_back = client_days.held_back + excluded.held_back, bytes = client_days.bytes + excluded.bytes \
    RETURNING admitted";

/// Adds to a day of a client; gives what was let in of it by all processes together.
pub(in crate::clients) async fn add(tx: &TenantTx, client: Uuid, day: NaiveDate, counts: &DayCounts) -> Result<i64> {
    let values = [
        tx.tenant().into(),
        client.into(),
        day.into(),
        counts.admitted.into(),
        counts.succeeded.into(),
        counts.refused.into(),
        counts.failed.into(),
        counts.held_back.into(),
        counts.bytes.into(),
    ];
    let backend = tx.raw().get_database_backend();
    let row = tx.raw().query_one_raw(Statement::from_sql_and_values(backend, ADD, values)).await?;
    Ok(row.ok_or_else(|| Error::new(Code::Internal))?.try_get("", "admitted")?)
}

/// What was let in of a day so far.
pub(in crate::clients) async fn admitted(tx: &TenantTx, client: Uuid, day: NaiveDate) -> Result<i64> {
    Ok(between(tx, client, day, day).await?.first().map_or(0, |row| row.admitted))
}

/// The days of a client from one to another, both included, in their order.
pub(in crate::clients) async fn between(
    tx: &TenantTx,
    client: Uuid,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DayRow>> {
    use table::Column as C;
    let rows = tx.all::<table::Entity>().filter(C::ClientId.eq(client)).filter(C::Day.between(from, to));
    Ok(rows.order_by_asc(C::Day).all(tx.raw()).await?)
}
