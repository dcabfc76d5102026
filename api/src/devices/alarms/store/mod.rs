//! The SQL of alarms.

pub(super) mod owners;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::devices::alarms::{Alarm, AlarmState, Rule, Watch};
use entity::{alarm_rules as rules, alarm_watches as watches, alarms, equipment};
use sea_orm::sea_query::{Condition, OnConflict, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::devices::equipment::store::visible;
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;
use owners::Whole;

pub(super) use alarms::Model as AlarmRow;
pub(super) use rules::Model as RuleRow;

/// Most rules of a firm.
pub(super) const RULES_MAX: u64 = 500;

/// Every rule of the firm, the oldest first.
pub(super) async fn rules(tx: &TenantTx) -> Result<Vec<RuleRow>> {
    Ok(tx.all::<rules::Entity>().order_by_asc(rules::Column::Id).limit(RULES_MAX).all(tx.raw()).await?)
}

/// A rule by id.
pub(super) async fn rule(tx: &TenantTx, id: Uuid) -> Result<Option<RuleRow>> {
    tx.get::<rules::Entity>(id).await
}

/// A rule by id, locked.
pub(super) async fn lock_rule(tx: &TenantTx, id: Uuid) -> Result<Option<RuleRow>> {
    tx.lock::<rules::Entity>(id).await
}

/// Adds a rule.
pub(super) async fn add_rule(tx: &TenantTx, row: RuleRow) -> Result<()> {
    tx.insert::<_, rules::ActiveModel>(row).await
}

/// Writes a locked rule back.
pub(super) async fn save_rule(tx: &TenantTx, row: RuleRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// A new row of a rule.
pub(super) fn new_rule(tx: &TenantTx, rule: &Rule) -> Result<RuleRow> {
    Ok(RuleRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        equipment_id: None,
        category: None,
        kind: rule.condition.kind().code().to_owned(),
        body: serde_json::to_value(rule)?,
        url: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// The last day before one that a rule looked at to its end, and how far it had come with a machine by then.
pub(super) async fn watch_before(
    tx: &TenantTx,
    rule: Uuid,
    machine: Uuid,
    day: NaiveDate,
) -> Result<Option<(NaiveDate, Watch)>> {
    use watches::Column as C;
    let rows = tx.all::<watches::Entity>().filter(C::RuleId.eq(rule)).filter(C::EquipmentId.eq(machine));
    let row = rows.filter(C::Day.lt(day)).order_by_desc(C::Day).one(tx.raw()).await?;
    Ok(row.map(|row| serde_json::from_value(row.body).map(|watch| (row.day, watch))).transpose()?)
}

/// Writes down how far a rule had come at the end of a day.
pub(super) async fn keep_watch(tx: &TenantTx, rule: Uuid, machine: Uuid, day: NaiveDate, watch: &Watch) -> Result<()> {
    use watches::Column as C;
    let there = OnConflict::columns([C::TenantId, C::RuleId, C::EquipmentId, C::Day]).update_column(C::Body).to_owned();
    let body = serde_json::to_value(watch)?;
    let row = watches::Model { tenant_id: tx.tenant(), rule_id: rule, equipment_id: machine, day, body };
    let row: watches::ActiveModel = row.into_active_model();
    watches::Entity::insert(row).on_conflict(there).exec_without_returning(tx.raw()).await?;
    Ok(())
}

/// Adds an alarm of a machine whose row is locked.
pub(super) async fn add_alarm(tx: &TenantTx, row: AlarmRow) -> Result<()> {
    tx.insert::<_, alarms::ActiveModel>(row).await
}

/// Alarms of a machine that are not over and are of none of these rules, in the order of their ids, locked.
pub(super) async fn lock_open_of_others(tx: &TenantTx, machine: Uuid, rules: &[Uuid]) -> Result<Vec<AlarmRow>> {
    use alarms::Column;
    let rows = tx.all::<alarms::Entity>().filter(Column::EquipmentId.eq(machine)).filter(Column::ClearedAt.is_null());
    let rows = rows.filter(Column::RuleId.is_not_in(rules.iter().copied()));
    Ok(rows.order_by_asc(Column::Id).lock_exclusive().all(tx.raw()).await?)
}

/// The alarm of a rule and a machine that began then, locked.
pub(super) async fn lock_begun(
    tx: &TenantTx,
    rule: Uuid,
    machine: Uuid,
    began: DateTime<Utc>,
) -> Result<Option<AlarmRow>> {
    use alarms::Column as C;
    let rows = tx.all::<alarms::Entity>().filter(C::RuleId.eq(rule)).filter(C::EquipmentId.eq(machine));
    Ok(rows.filter(C::BeganAt.eq(began)).lock_exclusive().one(tx.raw()).await?)
}

/// Alarms of a rule and a machine that were raised in a stretch of time, its end among it, and are not over, in the order of their ids, locked.
pub(super) async fn lock_open_within(
    tx: &TenantTx,
    rule: Uuid,
    machine: Uuid,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<AlarmRow>> {
    use alarms::Column;
    let rows = tx.all::<alarms::Entity>().filter(Column::RuleId.eq(rule)).filter(Column::EquipmentId.eq(machine));
    let rows =
        rows.filter(Column::RaisedAt.gt(from)).filter(Column::RaisedAt.lte(to)).filter(Column::ClearedAt.is_null());
    Ok(rows.order_by_asc(Column::Id).lock_exclusive().all(tx.raw()).await?)
}

/// Writes a locked alarm back.
pub(super) async fn save_alarm(tx: &TenantTx, row: AlarmRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// What a list of alarms is narrowed by. Where it is an applicant's, alarms stand as the owner has dealt with them.
#[derive(Default)]
pub(in crate::devices) struct Narrow {
    pub machine: Option<Uuid>,
    pub applicant: Option<Uuid>,
    pub kind: Option<String>,
    pub state: Option<AlarmState>,
}

/// A page of alarms of the machines within `scope`, the newest first.
pub(in crate::devices) async fn page(
    tx: &TenantTx,
    scope: &ScopeFilter,
    narrow: &Narrow,
    at: Cursor,
) -> Result<Vec<Whole>> {
    use alarms::Column as C;
    let mine = Query::select()
        .column(equipment::Column::Id)
        .from(equipment::Entity)
        .and_where(equipment::Column::TenantId.eq(tx.tenant()))
        .cond_where(visible(scope))
        .cond_where(Condition::all().add_option(narrow.applicant.map(|id| equipment::Column::ApplicantId.eq(id))))
        .take();
    let (open, seen) = match narrow.applicant {
        None => (C::AcknowledgedAt.is_null(), C::AcknowledgedAt.is_not_null()),
        Some(_) => {
            use entity::owners_alarms::Column;
            (Column::OwnerSeenAt.is_null(), Column::OwnerSeenAt.is_not_null())
        }
    };
    let state = narrow.state.map(|state| match state {
        AlarmState::Open => Condition::all().add(C::ClearedAt.is_null()).add(open),
        AlarmState::Acknowledged => Condition::all().add(C::ClearedAt.is_null()).add(seen),
        AlarmState::Cleared => Condition::all().add(C::ClearedAt.is_not_null()),
    });
    let wanted = Condition::all()
        .add_option(narrow.machine.map(|id| C::EquipmentId.eq(id)))
        .add_option(narrow.kind.as_deref().map(|kind| C::Kind.eq(kind)))
        .add_option(state)
        .add_option(at.after.map(|after| C::Id.lt(after)));
    let rows = owners::all(tx).filter(C::EquipmentId.in_subquery(mine)).filter(wanted);
    Ok(rows.order_by_desc(C::Id).limit(at.fetch()).into_model().all(tx.raw()).await?)
}

/// How many alarms of some machines are not over, by machine; of those without one nothing.
pub(in crate::devices) async fn not_over(tx: &TenantTx, machines: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    use alarms::Column as C;
    if machines.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx.all::<alarms::Entity>().select_only().column(C::EquipmentId).column_as(C::Id.count(), "alarms");
    let rows = rows.filter(C::EquipmentId.is_in(machines.iter().copied())).filter(C::ClearedAt.is_null());
    let rows: Vec<(Uuid, i64)> = rows.group_by(C::EquipmentId).into_tuple().all(tx.raw()).await?;
    Ok(rows.into_iter().collect())
}

/// When anybody was told of alarms of a rule and a machine since then.
pub(super) async fn told_since(
    tx: &TenantTx,
    rule: Uuid,
    machine: Uuid,
    since: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    use alarms::Column as C;
    let rows = tx.all::<alarms::Entity>().select_only().column(C::ToldAt).filter(C::RuleId.eq(rule));
    let rows = rows.filter(C::EquipmentId.eq(machine)).filter(C::ToldAt.gt(since));
    let told: Vec<Option<DateTime<Utc>>> = rows.into_tuple().all(tx.raw()).await?;
    Ok(told.into_iter().flatten().collect())
}

/// A row as the domain has it.
pub(super) fn domain_alarm(row: &AlarmRow) -> Alarm {
    let state = match (row.cleared_at, row.acknowledged_at) {
        (Some(_), _) => AlarmState::Cleared,
        (None, Some(_)) => AlarmState::Acknowledged,
        (None, None) => AlarmState::Open,
    };
    Alarm {
        rule: row.rule_id,
        began: row.began_at,
        raised_at: row.raised_at,
        state,
        acknowledged_by: row.acknowledged_by,
        acknowledged_at: row.acknowledged_at,
        cleared_at: row.cleared_at,
        cleared_by: row.cleared_by,
        muted_until: row.muted_until,
    }
}

/// The row with what the domain says of it now.
pub(super) fn with(row: AlarmRow, alarm: &Alarm) -> AlarmRow {
    AlarmRow {
        acknowledged_by: alarm.acknowledged_by,
        acknowledged_at: alarm.acknowledged_at,
        cleared_at: alarm.cleared_at,
        cleared_by: alarm.cleared_by,
        muted_until: alarm.muted_until,
        version: row.version.saturating_add(1),
        ..row
    }
}

/// Machines that are monitored, after an id, a batch of them.
pub(super) async fn monitored(tx: &TenantTx, after: Uuid, rows_max: u64) -> Result<Vec<Uuid>> {
    use equipment::Column as C;
    let rows = tx.all::<equipment::Entity>().select_only().column(C::Id).filter(C::Monitoring.eq("on"));
    let rows = rows.filter(C::Id.gt(after)).order_by_asc(C::Id).limit(rows_max);
    Ok(rows.into_tuple().all(tx.raw()).await?)
}
