//! Third parties are told of every alarm, muted or not: what they make of it is theirs.

use domain::id::{Id, kind};
use domain::webhooks::event::EventType;

use super::store::AlarmRow;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::webhooks;
use crate::webhooks::data::AlarmEventData;

/// Has third parties told that an alarm is there, or there again.
pub(super) async fn raised(tx: &TenantTx, row: &AlarmRow) -> Result<()> {
    webhooks::tell(tx, EventType::AlarmRaised, &data(row)).await
}

/// Has them told that it is over.
pub(super) async fn cleared(tx: &TenantTx, row: &AlarmRow) -> Result<()> {
    webhooks::tell(tx, EventType::AlarmCleared, &data(row)).await
}

fn data(row: &AlarmRow) -> AlarmEventData {
    AlarmEventData {
        alarm: Id::<kind::Alarm>::from_uuid(row.id).to_string(),
        equipment: Id::<kind::Equipment>::from_uuid(row.equipment_id).to_string(),
        rule: Id::<kind::AlarmRule>::from_uuid(row.rule_id).to_string(),
        kind: row.kind.clone(),
        began_at: row.began_at,
        raised_at: row.raised_at,
        cleared_at: row.cleared_at,
    }
}
