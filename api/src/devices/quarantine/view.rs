//! How what was set aside is shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::devices::intake::{QuarantineReason, QuarantineState};
use domain::devices::messages::{ItemFaultKind, MessageFault};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::aside::KeptReading;
use super::store::{self, DeviceRow, QuarantinedRow};
use crate::devices::readings::ReadingView;
use crate::devices::words::{QuarantineReasonWord, QuarantineStateWord};
use crate::error::{Code, Error, Language, Result};
use crate::platform::db::TenantTx;

/// Something that was set aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedView {
    /// Its id.
    #[schema(example = "qrt_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The source that sent it.
    #[schema(example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub source: String,
    /// What the source is called.
    #[schema(example = "车间网关")]
    pub source_name: String,
    /// Why it was set aside.
    pub reason: QuarantineReasonWord,
    /// The same in words.
    #[schema(example = "未登记的设备或通道")]
    pub reason_label: String,
    /// What is wrong with what could not be read: a stable word.
    #[schema(example = "value_not_number")]
    pub code: Option<String>,
    /// The same in a sentence.
    #[schema(example = "数值应为数字")]
    pub message: Option<String>,
    /// Where in the message.
    #[schema(example = "/readings/3/power_w")]
    pub pointer: Option<String>,
    /// The device, where it is known.
    #[schema(example = "tasmota_4B2C11")]
    pub device: Option<String>,
    /// The channel, where it is known.
    #[schema(example = 0)]
    pub channel: Option<i32>,
    /// The reading, where it could be read.
    pub reading: Option<ReadingView>,
    /// The beginning of what was sent, where it could not; at most 4 KiB.
    pub raw: Option<String>,
    /// Whether somebody decided.
    pub state: QuarantineStateWord,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it was decided on.
    pub decided_at: Option<DateTime<Utc>>,
}

/// A device that readings were set aside of because no socket is known for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedDeviceView {
    /// The source.
    #[schema(example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub source: String,
    /// What the source is called.
    #[schema(example = "车间网关")]
    pub source_name: String,
    /// The device, as the source names it.
    #[schema(example = "tasmota_4B2C11")]
    pub device: String,
    /// The channel.
    #[schema(example = 0)]
    pub channel: i32,
    /// How many readings wait.
    #[schema(example = 288)]
    pub readings: i64,
    /// The earliest of them.
    pub first_at: DateTime<Utc>,
    /// The latest.
    pub last_at: DateTime<Utc>,
}

/// Devices that wait for a socket, those first that most readings wait of.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedDevices {
    /// The devices.
    pub items: Vec<QuarantinedDeviceView>,
    /// Whether these are all.
    pub complete: bool,
}

/// How many rows a decision is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineCount {
    /// Rows.
    #[schema(example = 288, minimum = 0)]
    pub rows: u64,
}

impl QuarantinedView {
    pub(super) fn of(
        tx: &TenantTx,
        row: QuarantinedRow,
        names: &HashMap<Uuid, String>,
        language: Language,
    ) -> Result<Self> {
        let broken = || Error::new(Code::Internal);
        let reason = QuarantineReason::from_code(&row.reason).ok_or_else(broken)?;
        let state = QuarantineState::from_code(&row.state).ok_or_else(broken)?;
        let raw = store::raw(tx, &row)?;
        let item = |code: &str| ItemFaultKind::from_code(code).map(ItemFaultKind::words);
        let message = |code: &str| MessageFault::from_code(code).map(MessageFault::words);
        let words = row.code.as_deref().and_then(|code| item(code).or_else(|| message(code)));
        let kept: Option<KeptReading> = row.reading.map(serde_json::from_value).transpose()?;
        let label = reason.words();
        Ok(Self {
            id: Id::<kind::Quarantined>::from_uuid(row.id).to_string(),
            source: Id::<kind::Source>::from_uuid(row.source_id).to_string(),
            source_name: names.get(&row.source_id).cloned().unwrap_or_default(),
            reason: QuarantineReasonWord(reason),
            reason_label: language.choose(label.zh, label.en),
            message: words.map(|words| language.choose(words.zh, words.en)),
            code: row.code,
            pointer: row.pointer,
            device: row.device,
            channel: row.channel,
            reading: kept.and_then(|kept| kept.reading()).map(|reading| ReadingView::of(&reading)),
            raw,
            state: QuarantineStateWord(state),
            received_at: row.received_at,
            decided_at: row.decided_at,
        })
    }
}

impl QuarantinedDeviceView {
    pub(super) fn of(row: DeviceRow, names: &HashMap<Uuid, String>) -> Result<Self> {
        let instant = |us| DateTime::from_timestamp_micros(us).ok_or_else(|| Error::new(Code::Internal));
        Ok(Self {
            source: Id::<kind::Source>::from_uuid(row.source_id).to_string(),
            source_name: names.get(&row.source_id).cloned().unwrap_or_default(),
            device: row.device,
            channel: row.channel,
            readings: row.readings,
            first_at: instant(row.first_us)?,
            last_at: instant(row.last_us)?,
        })
    }
}
