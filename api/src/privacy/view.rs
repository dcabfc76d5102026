//! How requests and copies are shown. Whose they are is shown masked, and reasons to those who deal with requests.

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::outcome::{ErasureLine, Outcome};
use super::store::{self, ExportRow, RequestRow};
use crate::error::{Language, Result};
use crate::people;
use crate::platform::db::TenantTx;

/// Where a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataExportState {
    /// It is being made.
    Queued,
    /// It can be downloaded.
    Ready,
    /// Its time is over, and it is gone.
    Expired,
}

/// A copy of somebody's data.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataExportView {
    /// Its id.
    #[schema(example = "dex_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Where it is.
    pub state: DataExportState,
    /// Its size.
    #[schema(example = 204800)]
    pub bytes: Option<i64>,
    /// SHA-256 of the file in hexadecimal digits.
    pub sha256: Option<String>,
    /// How many uploaded files are in it.
    #[schema(example = 3)]
    pub files: Option<i32>,
    /// How many were too large to be in it; they are named there.
    #[schema(example = 0)]
    pub files_left_out: Option<i32>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Until when it can be downloaded.
    pub expires_at: Option<DateTime<Utc>>,
}

impl DataExportView {
    /// As it is now.
    pub(super) fn of(tx: &TenantTx, row: &ExportRow) -> Self {
        let over = row.expires_at.is_some_and(|at| at <= tx.now());
        let state = match row.state.as_str() {
            "queued" => DataExportState::Queued,
            "ready" if !over => DataExportState::Ready,
            _ => DataExportState::Expired,
        };
        Self {
            id: Id::<kind::DataExport>::from_uuid(row.id).to_string(),
            state,
            bytes: row.bytes,
            sha256: row.sha256.as_ref().map(hex::encode),
            files: row.files,
            files_left_out: row.left_out,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyRequestKind {
    /// A copy of the data.
    Export,
    /// Its erasure.
    Erasure,
}

impl PrivacyRequestKind {
    /// The stored word.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Erasure => "erasure",
        }
    }
}

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyRequestState {
    /// Recorded; another is to carry it out.
    Recorded,
    /// Carried out.
    Done,
    /// Rejected, with a reason.
    Rejected,
}

impl PrivacyRequestState {
    /// The stored word.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Done => "done",
            Self::Rejected => "rejected",
        }
    }
}

/// A request about somebody's own data.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrivacyRequestView {
    /// Its id.
    #[schema(example = "prq_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What is asked.
    pub kind: PrivacyRequestKind,
    /// Whether the person asked in the product; else staff recorded what came on paper.
    pub by_person: bool,
    /// The account's phone, masked; null without an account, or once it is closed.
    #[schema(example = "138******12")]
    pub phone: Option<String>,
    /// The record among the customers.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: Option<String>,
    /// Why, as it was recorded.
    #[schema(example = "本人2026年11月30日书面申请")]
    pub reason: Option<String>,
    /// Where it is.
    pub state: PrivacyRequestState,
    /// Why it was rejected.
    #[schema(example = "未能核实身份")]
    pub rejected_because: Option<String>,
    /// Who recorded it: a member of staff, or the person's own account.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub recorded_by: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// What an erasure came to.
    pub outcome: Option<Vec<ErasureLine>>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

impl PrivacyRequestView {
    /// As it is now.
    pub(super) async fn of(tx: &TenantTx, row: &RequestRow, language: Language) -> Result<Self> {
        let phone = match row.applicant_id {
            Some(applicant) => people::applicant_phone(tx, applicant).await?.map(|phone| phone.masked()),
            None => None,
        };
        let outcome: Option<Outcome> = row.outcome.clone().map(serde_json::from_value).transpose()?;
        let by_person = row.origin == "person";
        let recorded_by = if by_person {
            Id::<kind::Applicant>::from_uuid(row.recorded_by).to_string()
        } else {
            Id::<kind::Staff>::from_uuid(row.recorded_by).to_string()
        };
        Ok(Self {
            id: Id::<kind::PrivacyRequest>::from_uuid(row.id).to_string(),
            kind: if row.kind == "export" { PrivacyRequestKind::Export } else { PrivacyRequestKind::Erasure },
            by_person,
            phone,
            customer: row.customer_id.map(|id| Id::<kind::Customer>::from_uuid(id).to_string()),
            reason: store::opened(tx, store::REASON, row.id, row.reason_sealed.as_deref())?,
            state: match row.state.as_str() {
                "recorded" => PrivacyRequestState::Recorded,
                "done" => PrivacyRequestState::Done,
                _ => PrivacyRequestState::Rejected,
            },
            rejected_because: store::opened(tx, store::NOTE, row.id, row.note_sealed.as_deref())?,
            recorded_by,
            decided_at: row.decided_at,
            outcome: outcome.map(|outcome| outcome.shown(language)),
            version: row.version,
            created_at: row.created_at,
        })
    }
}
