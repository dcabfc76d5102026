//! The SQL of customers' classes over time: only added to, so that balances of past days can be told again.

use domain::limits::weights::ClientClass;
use domain::time::TenantZone;
use entity::customer_classes::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::customers::clients) use entity::customer_classes::Model as ClassRow;

const SOURCE: &str = "customer_classes.source";

/// What class a customer has from today on.
pub(in crate::customers::clients) async fn add_class(
    tx: &TenantTx,
    customer: Uuid,
    class: ClientClass,
    source: &str,
) -> Result<()> {
    let id = Uuid::now_v7();
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        customer_id: customer,
        class: class.code().to_owned(),
        source_sealed: tx.seal(SOURCE, id, source)?,
        valid_from: TenantZone::default().date_of(tx.now()),
        set_by: tx.actor().id,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row).await
}

/// A page of a customer's classes, the latest first.
pub(in crate::customers::clients) async fn classes(tx: &TenantTx, customer: Uuid, at: Cursor) -> Result<Vec<Model>> {
    let mut rows = tx.all::<Entity>().filter(Column::CustomerId.eq(customer));
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// Where a class is known from.
pub(in crate::customers::clients) fn class_source(tx: &TenantTx, row: &Model) -> Result<String> {
    tx.open(SOURCE, row.id, &row.source_sealed)
}

/// The classes of some customers up to a day, in the order of their days.
pub(in crate::customers::clients) async fn classes_until(
    tx: &TenantTx,
    ids: &[Uuid],
    day: chrono::NaiveDate,
) -> Result<Vec<(Uuid, String)>> {
    const IDS_AT_ONCE: usize = 10_000;
    let mut all = vec![];
    for some in ids.chunks(IDS_AT_ONCE) {
        let rows = tx.all::<Entity>().select_only().column(Column::CustomerId).column(Column::Class);
        let rows = rows.filter(Column::CustomerId.is_in(some.iter().copied())).filter(Column::ValidFrom.lte(day));
        let rows = rows.order_by_asc(Column::ValidFrom).order_by_asc(Column::Id).into_tuple();
        all.extend(rows.all(tx.raw()).await?);
    }
    Ok(all)
}
