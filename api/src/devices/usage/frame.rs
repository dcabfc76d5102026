//! A machine with the thresholds by which its power is read.

use chrono::NaiveDate;
use domain::devices::utilisation::Thresholds;
use domain::id::{Id, kind};
use domain::time::TenantZone;
use uuid::Uuid;

use super::store::thresholds;
use crate::devices::equipment::store::Row as MachineRow;
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// A machine with its thresholds.
pub(in crate::devices) struct Frame {
    /// The machine.
    pub machine: MachineRow,
    /// The thresholds in force.
    pub thresholds: Thresholds,
    /// Which they are; nil for the standard ones.
    pub thresholds_id: Uuid,
}

/// The machine with the thresholds that hold for it.
pub(super) async fn of(tx: &TenantTx, machine: MachineRow) -> Result<Frame> {
    let thresholds_id = thresholds_id(&machine);
    let thresholds = match machine.thresholds_id {
        None => Thresholds::standard(),
        Some(id) => serde_json::from_value(thresholds::find(tx, id).await?.body)?,
    };
    Ok(Frame { machine, thresholds, thresholds_id })
}

/// Under which thresholds a machine's days are kept; nil for the standard ones.
pub(super) fn thresholds_id(machine: &MachineRow) -> Uuid {
    machine.thresholds_id.unwrap_or(Uuid::nil())
}

/// The thresholds that a caller asks for, else those in force.
pub(super) fn asked_thresholds(machine: &MachineRow, asked: Option<&str>) -> Result<Uuid> {
    match asked {
        None => Ok(thresholds_id(machine)),
        Some("standard") => Ok(Uuid::nil()),
        Some(text) => Id::<kind::Thresholds>::parse(text)
            .map(|id| id.uuid())
            .ok_or_else(|| Error::parameter("thresholds", "unknown", "没有这组阈值", "no such thresholds")),
    }
}

/// Thresholds as others name them: their id, or `standard`.
pub(super) fn shown(id: Uuid) -> String {
    if id.is_nil() { "standard".to_owned() } else { Id::<kind::Thresholds>::from_uuid(id).to_string() }
}

/// The business date of a transaction.
pub(super) fn today(tx: &TenantTx) -> NaiveDate {
    TenantZone::default().date_of(tx.now())
}
