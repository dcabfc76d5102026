//! Balances by day. Who writes them holds the tenant's one lock for it, so that what is read here is the newest there is.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::limit_exposures::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Value};
use uuid::Uuid;

use super::rows_of;
use crate::error::Result;
use crate::platform::db::TenantTx;

pub(in crate::limits) use entity::limit_exposures::Model as Exposure;

/// Of whom: a dimension and a subject.
pub(in crate::limits) type Key = (&'static str, String);

/// The firm itself.
pub(in crate::limits) fn firm() -> Key {
    ("firm", "firm".to_owned())
}

/// A client.
pub(in crate::limits) fn client(id: Uuid) -> Key {
    ("client", id.simple().to_string())
}

/// Lets no other transaction of the tenant write balances, or judge by them, until this one ends.
pub(in crate::limits) async fn lock(tx: &TenantTx) -> Result<()> {
    tx.next_number("limit_exposures").await.map(|_| ())
}

/// The newest rows of some subjects up to a day, by weights; who never had a balance is not among them.
pub(in crate::limits) async fn newest(
    tx: &TenantTx,
    keys: &[Key],
    weights: Uuid,
    day: NaiveDate,
) -> Result<HashMap<Key, Exposure>> {
    const SUBJECTS_AT_ONCE: usize = 200;
    let mut found = HashMap::with_capacity(keys.len());
    for some in keys.chunks(SUBJECTS_AT_ONCE) {
        let mut values: Vec<Value> = vec![tx.tenant().into(), weights.into(), day.into()];
        let each: Vec<String> = some
            .iter()
            .map(|(dimension, subject)| {
                values.extend([Value::from(*dimension), subject.clone().into()]);
                let (d, s) = (values.len() - 1, values.len());
                format!(
                    "SELECT * FROM (SELECT * FROM limit_exposures WHERE tenant_id = $1 AND dimension = ${d} \
                     AND subject = ${s} AND weights_id = $2 AND day <= $3 ORDER BY day DESC LIMIT 1) AS one"
                )
            })
            .collect();
        for row in rows_of::<Exposure>(tx, &each.join(" UNION ALL "), values).await? {
            let key = some.iter().find(|(dimension, subject)| *dimension == row.dimension && *subject == row.subject);
            if let Some(key) = key {
                found.insert(key.clone(), row);
            }
        }
    }
    Ok(found)
}

/// The last day on which a balance was written, by whatever weights; nothing where none ever was.
pub(in crate::limits) async fn last_day(tx: &TenantTx) -> Result<Option<NaiveDate>> {
    let rows =
        tx.all::<Entity>().select_only().column_as(Column::Day.max(), "day").filter(Column::Dimension.eq("firm"));
    Ok(rows.into_tuple::<Option<NaiveDate>>().one(tx.raw()).await?.flatten())
}

/// Writes rows, over those of the same subject, weights and day.
pub(in crate::limits) async fn put(tx: &TenantTx, rows: Vec<Exposure>) -> Result<()> {
    const ROWS_AT_ONCE: usize = 1_000;
    let conflict =
        OnConflict::columns([Column::TenantId, Column::Dimension, Column::Subject, Column::WeightsId, Column::Day])
            .update_columns([
                Column::NominalFen,
                Column::InForceFen,
                Column::LiabilityFen,
                Column::ConcentrationFen,
                Column::InForceSmallFen,
                Column::Clients,
                Column::ClientsSmall,
                Column::Class,
            ])
            .to_owned();
    for some in rows.chunks(ROWS_AT_ONCE) {
        let models: Vec<ActiveModel> =
            some.iter().map(|row| Exposure { tenant_id: tx.tenant(), ..row.clone() }.into_active_model()).collect();
        Entity::insert_many(models).on_conflict(conflict.clone()).exec_without_returning(tx.raw()).await?;
    }
    Ok(())
}
