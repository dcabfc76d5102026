//! The SQL of scores, which are only added, and of the days that they look at.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::devices::score::{Evidence, Score};
use domain::time::DayInterval;
use entity::equipment_days as days_table;
use entity::equipment_scores::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::Cause;
use super::usage::DaySums;
use crate::devices::equipment::store::Row as Machine;
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::equipment_scores::Model as ScoreRow;

/// Most days that hours are summed over: fifty years.
const DAYS_MAX: u64 = 18_300;

pub(super) async fn add(
    tx: &TenantTx,
    equipment: Uuid,
    scorecard: Option<Uuid>,
    evidence: &Evidence,
    score: &Score,
    cause: Cause,
) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        equipment_id: equipment,
        scorecard_id: scorecard,
        inputs: serde_json::to_value(evidence)?,
        result: serde_json::to_value(score)?,
        total_hundredths: i32::try_from(score.total_hundredths).map_err(Error::internal)?,
        verdict: score.verdict.code().to_owned(),
        cause: cause.code().to_owned(),
        scored_by: tx.actor().id,
        at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row).await?;
    Ok(id)
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<ScoreRow>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn some(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<ScoreRow>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(tx.all::<Entity>().filter(Column::Id.is_in(ids.iter().copied())).all(tx.raw()).await?)
}

/// A page of a machine's scores, the latest first.
pub(super) async fn page(tx: &TenantTx, equipment: Uuid, at: Cursor) -> Result<Vec<ScoreRow>> {
    let mut rows = tx.all::<Entity>().filter(Column::EquipmentId.eq(equipment));
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// A score as it was taken.
pub(super) fn result(row: &ScoreRow) -> Result<Score> {
    Ok(serde_json::from_value(row.result.clone())?)
}

/// A day as it was counted.
#[derive(Debug, FromQueryResult)]
struct Counted {
    day: NaiveDate,
    seconds_offline: i32,
    seconds_off: i32,
    seconds_standby: i32,
    seconds_working: i32,
    seconds_overload: i32,
}

/// The same with whose it is.
#[derive(Debug, FromQueryResult)]
struct Named {
    equipment_id: Uuid,
    thresholds_id: Uuid,
    #[sea_orm(nested)]
    counted: Counted,
}

impl Counted {
    fn sums(&self) -> DaySums {
        DaySums {
            offline: self.seconds_offline.into(),
            idle: i64::from(self.seconds_off) + i64::from(self.seconds_standby),
            working: self.seconds_working.into(),
            overload: self.seconds_overload.into(),
        }
    }

    fn busy(&self) -> i64 {
        i64::from(self.seconds_working) + i64::from(self.seconds_overload)
    }
}

/// By which thresholds a machine is read: its own, else the standard ones, which are no row.
fn thresholds(row: &Machine) -> Uuid {
    row.thresholds_id.unwrap_or_default()
}

/// A machine's days by its thresholds.
fn counted(tx: &TenantTx, row: &Machine) -> Select<days_table::Entity> {
    use days_table::Column as C;
    let days = tx.all::<days_table::Entity>().filter(C::EquipmentId.eq(row.id));
    let wanted = [C::Day, C::SecondsOffline, C::SecondsOff, C::SecondsStandby, C::SecondsWorking, C::SecondsOverload];
    let days = days.filter(C::ThresholdsId.eq(thresholds(row)));
    days.select_only().columns(wanted).order_by_asc(C::Day)
}

/// The days of a period.
pub(super) async fn days(tx: &TenantTx, row: &Machine, period: DayInterval) -> Result<Vec<DaySums>> {
    use days_table::Column as C;
    let days = counted(tx, row).filter(C::Day.gte(period.from())).filter(C::Day.lt(period.to()));
    let days: Vec<Counted> = days.into_model().all(tx.raw()).await?;
    Ok(days.iter().map(Counted::sums).collect())
}

/// The same of some machines at once, by machine.
pub(super) async fn days_of(
    tx: &TenantTx,
    rows: &[Machine],
    period: DayInterval,
) -> Result<HashMap<Uuid, Vec<DaySums>>> {
    use days_table::Column as C;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let days = tx.all::<days_table::Entity>().filter(C::EquipmentId.is_in(rows.iter().map(|row| row.id)));
    let days = days.filter(C::Day.gte(period.from())).filter(C::Day.lt(period.to()));
    let wanted = [C::EquipmentId, C::ThresholdsId, C::Day];
    let seconds = [C::SecondsOffline, C::SecondsOff, C::SecondsStandby, C::SecondsWorking, C::SecondsOverload];
    let days = days.select_only().columns(wanted).columns(seconds);
    let days: Vec<Named> = days.into_model().all(tx.raw()).await?;
    let mut found: HashMap<Uuid, Vec<DaySums>> = HashMap::new();
    let read_by: HashMap<Uuid, Uuid> = rows.iter().map(|row| (row.id, thresholds(row))).collect();
    for day in days.iter().filter(|day| read_by.get(&day.equipment_id) == Some(&day.thresholds_id)) {
        found.entry(day.equipment_id).or_default().push(day.counted.sums());
    }
    Ok(found)
}

/// The first day of a machine that was counted, and the seconds that it worked on all of them.
pub(super) async fn busy(tx: &TenantTx, row: &Machine) -> Result<Option<(NaiveDate, i64)>> {
    let days: Vec<Counted> = counted(tx, row).limit(DAYS_MAX).into_model().all(tx.raw()).await?;
    Ok(days.first().map(|first| (first.day, days.iter().map(Counted::busy).sum())))
}
