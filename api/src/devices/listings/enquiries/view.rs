//! How an enquiry is shown. Who asks is shown to the seller's side by a masked phone, and nobody else sees it.

use chrono::{DateTime, Utc};
use domain::devices::listing::EnquiryState;
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, EnquiryRow};
use crate::devices::equipment::words::{id_of, known, say};
use crate::error::{Language, Result};
use crate::people;
use crate::platform::db::TenantTx;
use crate::platform::http::coded_word;

coded_word! {
    /// Where an enquiry is.
    EnquiryStateWord(EnquiryState)
}

/// A question about an offer, and its answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnquiryView {
    /// Its id.
    #[schema(example = "enq_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The listing.
    #[schema(example = "lst_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub listing: String,
    /// Who asks: their mobile number, masked.
    #[schema(example = "138******12")]
    pub from: String,
    /// What they ask.
    #[schema(example = "设备还可以看样吗？")]
    pub question: String,
    /// What was answered.
    #[schema(example = "工作日均可看样。")]
    pub answer: Option<String>,
    /// Where it is.
    pub state: EnquiryStateWord,
    /// The same in words.
    #[schema(example = "待答复")]
    pub state_label: String,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was asked.
    pub created_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
}

impl EnquiryView {
    pub(super) async fn of(tx: &TenantTx, row: &EnquiryRow, language: Language) -> Result<Self> {
        let state = known(EnquiryState::from_code(&row.state))?;
        Ok(Self {
            id: id_of::<kind::Enquiry>(row.id),
            listing: id_of::<kind::Listing>(row.listing_id),
            from: people::applicant_phone(tx, row.applicant_id).await?.map_or_else(String::new, |phone| phone.masked()),
            question: store::question(tx, row)?,
            answer: store::answer(tx, row)?,
            state: EnquiryStateWord(state),
            state_label: say(&state.words(), language),
            version: row.version,
            created_at: row.created_at,
            answered_at: row.answered_at,
        })
    }
}
