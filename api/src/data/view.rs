//! What this area shows.

use chrono::{DateTime, Utc};
use domain::assessments::admission::SourceKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::source_code;

/// A data source by code and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceView {
    /// The code.
    #[schema(example = "invoices_out", max_length = 40)]
    pub code: String,
    /// Its name in Chinese.
    #[schema(example = "销项发票", max_length = 40)]
    pub name: String,
    /// Its name in English.
    #[schema(example = "output invoices", max_length = 40)]
    pub name_en: String,
}

impl From<SourceKind> for SourceView {
    fn from(kind: SourceKind) -> Self {
        Self { code: source_code(kind).to_owned(), name: kind.zh().to_owned(), name_en: kind.en().to_owned() }
    }
}

/// Who gave an authorisation, masked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsenterView {
    /// The last character of the name.
    #[schema(example = "****甲", max_length = 50)]
    pub real_name: String,
    /// The first and last character of the ID number.
    #[schema(example = "1****************8", max_length = 18)]
    pub id_number: String,
}

/// An authorisation to collect data (授权标识).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorisationView {
    /// Id.
    #[schema(example = "aut_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The mark that people quote.
    #[schema(example = "SQ20261122-000001")]
    pub mark: String,
    /// Credit code of the enterprise whose data may be asked for.
    #[schema(example = "91350100M000100Y43")]
    pub subject: String,
    /// In which capacity it was given: `legal_representative` or `agent`.
    #[schema(example = "legal_representative")]
    pub capacity: String,
    /// Who gave it.
    pub person: ConsenterView,
    /// Whether it is settled that they may: `open` (not compared yet), `matched`, `confirmed` by a member of staff; or why a
    /// member of staff has to confirm it: `agent`, `record_differs`, `registration_differs`, `not_named`.
    #[schema(example = "matched")]
    pub entitlement: String,
    /// The same in words.
    #[schema(example = "授权人与法定代表人一致")]
    pub entitlement_zh: String,
    /// The same in English.
    #[schema(example = "They are the legal representative on record")]
    pub entitlement_en: String,
    /// When a member of staff confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// What the data may be used for: `admission` or `post_guarantee`.
    #[schema(example = "admission")]
    pub purpose: String,
    /// The sources that may be asked.
    pub sources: Vec<SourceView>,
    /// Version of the privacy notice it was given under.
    #[schema(example = "2026-01")]
    pub notice_version: String,
    /// First instant at which it holds.
    pub valid_from: DateTime<Utc>,
    /// First instant at which it no longer holds.
    pub valid_to: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Its state now, such as `consent_granted`, `consent_revoked` or `consent_expired`.
    #[schema(example = "consent_granted")]
    pub state: String,
    /// The state in words.
    #[schema(example = "数据授权有效")]
    pub state_zh: String,
    /// The state in English.
    #[schema(example = "The data authorisation is in force")]
    pub state_en: String,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was given.
    pub created_at: DateTime<Utc>,
}

/// One attempt at one source: what was asked, when, under which authorisation, and what came of it. Never changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PullView {
    /// Id.
    #[schema(example = "pul_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The source asked.
    pub source: SourceView,
    /// Which adapter asked.
    #[schema(example = "file")]
    pub adapter: String,
    /// Mark of the authorisation it was asked under.
    #[schema(example = "SQ20261122-000001")]
    pub authorisation_mark: String,
    /// Round of collection, from 1.
    #[schema(example = 1, minimum = 0)]
    pub round: i32,
    /// Attempt within the round, from 1.
    #[schema(example = 1, minimum = 1)]
    pub attempt: i32,
    /// `complete`, `incomplete` (needed fields are null), `absent` (the source has nothing), `failed`, or `refused`
    /// (the authorisation had ended).
    #[schema(example = "complete")]
    pub outcome: String,
    /// Rows received.
    #[schema(example = 1280, minimum = 0)]
    pub row_count: i64,
    /// SHA-256 of what was kept, hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", max_length = 64)]
    pub sha256: Option<String>,
    /// What was wrong, in words.
    #[schema(max_length = 1000)]
    pub problem: Option<String>,
    /// When it was asked.
    pub started_at: DateTime<Utc>,
    /// When the answer was there.
    pub finished_at: DateTime<Utc>,
    /// The authorisation was revoked, so that this may not be used any more.
    pub blocked: bool,
}
