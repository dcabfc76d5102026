//! How a share is shown to the firm's own people.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use domain::time::TenantZone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Said, ShareRow};
use crate::customers::channels;
use crate::customers::words::{ChannelBrief, ColleagueBrief, ShareStateWord, say};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::TenantTx;

/// A share of a customer's record with a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareView {
    /// Its id.
    #[schema(example = "shr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The customer.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: String,
    /// With which channel.
    pub channel: ChannelBrief,
    /// For what.
    #[schema(example = "联合尽职调查")]
    pub purpose: String,
    /// The document under which.
    #[schema(example = "客户授权书2026-12")]
    pub document: Option<String>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
    /// How it stands today.
    pub state: ShareStateWord,
    /// The same in words.
    #[schema(example = "有效")]
    pub state_label: String,
    /// Who granted it.
    pub granted_by: Option<ColleagueBrief>,
    /// When.
    pub granted_at: DateTime<Utc>,
    /// Who withdrew it.
    pub revoked_by: Option<ColleagueBrief>,
    /// When.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why.
    #[schema(example = "客户撤回同意")]
    pub revoked_reason: Option<String>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
}

/// What is looked up for some shares at once.
pub(super) struct About {
    channels: HashMap<Uuid, String>,
    staff: HashMap<Uuid, StaffBrief>,
    today: NaiveDate,
    language: Language,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[ShareRow], language: Language) -> Result<Self> {
        let channels: Vec<Uuid> = rows.iter().map(|row| row.channel_id).collect();
        let staff: Vec<Uuid> = rows.iter().flat_map(|row| row.revoked_by.into_iter().chain([row.granted_by])).collect();
        Ok(Self {
            channels: channels::names(tx, &channels).await?,
            staff: people::staff_brief(tx, &staff).await?,
            today: TenantZone::default().date_of(tx.now()),
            language,
        })
    }
}

impl ShareView {
    /// One share with what it takes to show it.
    pub(super) async fn one(tx: &TenantTx, row: &ShareRow, language: Language) -> Result<Self> {
        let about = About::of(tx, std::slice::from_ref(row), language).await?;
        Self::of(tx, row, &about)
    }

    pub(super) fn of(tx: &TenantTx, row: &ShareRow, about: &About) -> Result<Self> {
        let Said { purpose, document, reason } = store::said(tx, row)?;
        let state = store::share_of(row).state(about.today);
        Ok(Self {
            id: Id::<kind::Share>::from_uuid(row.id).to_string(),
            customer: Id::<kind::Customer>::from_uuid(row.customer_id).to_string(),
            channel: ChannelBrief::of(row.channel_id, &about.channels),
            purpose,
            document,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            state: ShareStateWord(state),
            state_label: say(&state.words(), about.language),
            granted_by: ColleagueBrief::of(row.granted_by, &about.staff),
            granted_at: row.created_at,
            revoked_by: row.revoked_by.and_then(|id| ColleagueBrief::of(id, &about.staff)),
            revoked_at: row.revoked_at,
            revoked_reason: reason,
            version: row.version,
        })
    }
}
