//! How a source is shown; its secret only where it is new.

use chrono::{DateTime, Utc};
use domain::devices::intake::Verification;
use domain::devices::messages::Format;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::SourceRow;
use crate::devices::words::{FormatWord, VerificationWord};
use crate::error::{Code, Error, Language, Result};

/// A source of readings.
#[derive(Debug, Serialize, ToSchema)]
pub struct TelemetrySourceView {
    /// Its id.
    #[schema(example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its name.
    #[schema(example = "车间网关")]
    pub name: String,
    /// Whose messages it sends.
    pub format: FormatWord,
    /// The same in words.
    #[schema(example = "Tasmota 固件")]
    pub format_label: String,
    /// How it proves that a message is its own.
    pub verification: VerificationWord,
    /// The same in words.
    #[schema(example = "签名（HMAC-SHA256）")]
    pub verification_label: String,
    /// The zone of times that are said without one.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    /// Where its messages go.
    #[schema(example = "https://zhidan.example.com/v1/t/demo/telemetry/src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub address: String,
    /// Whether its messages are taken in.
    pub active: bool,
    /// Until when the secret before this one goes on holding.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A source with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub struct SourceSecret {
    /// The source.
    pub source: TelemetrySourceView,
    /// The secret. Keep it where only the sender can read it.
    #[schema(example = "kX0b1u3YtV9m2hQf7cZr5Lw8sNd4pGjA6eTiBoRyHvM")]
    pub secret: String,
}

impl TelemetrySourceView {
    pub(super) fn of(row: &SourceRow, address: &str, language: Language) -> Result<Self> {
        let broken = || Error::new(Code::Internal);
        let format = Format::from_code(&row.format).ok_or_else(broken)?;
        let verification = Verification::from_code(&row.verification).ok_or_else(broken)?;
        let (format_words, verification_words) = (format.words(), verification.words());
        Ok(Self {
            id: Id::<kind::Source>::from_uuid(row.id).to_string(),
            name: row.name.clone(),
            format: FormatWord(format),
            format_label: language.choose(format_words.zh, format_words.en),
            verification: VerificationWord(verification),
            verification_label: language.choose(verification_words.zh, verification_words.en),
            zone: row.zone.clone(),
            address: address.to_owned(),
            active: row.active,
            previous_secret_until: row.previous_until,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What the audit chain keeps of a source.
pub(super) fn for_audit(row: &SourceRow) -> serde_json::Value {
    serde_json::json!({
        "name": row.name, "format": row.format, "verification": row.verification, "zone": row.zone, "active": row.active,
    })
}
