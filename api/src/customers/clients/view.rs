//! Customers as staff see them: of persons name, number, phone and address are masked, of others the phone.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{Fields, Row};
use crate::customers::channels;
use crate::customers::view::{industry_name, region_name};
use crate::customers::words::{ChannelBrief, ColleagueBrief, CustomerClassWord, CustomerKindWord, say};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::TenantTx;

/// A customer's record.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerView {
    /// Its id.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Person, enterprise or bank.
    pub kind: CustomerKindWord,
    /// Its name; of a person the last character.
    #[schema(example = "**三")]
    pub name: String,
    /// A person's ID number, masked.
    #[schema(example = "1****************8")]
    pub id_number: Option<String>,
    /// The unified social credit code of others.
    #[schema(example = "91340600MA2PBMA74B")]
    pub credit_code: Option<String>,
    /// The mobile number, masked.
    #[schema(example = "138******12")]
    pub phone: Option<String>,
    /// The address; of a person its beginning.
    #[schema(example = "示例省示例市***")]
    pub address: Option<String>,
    /// Its size or kind today.
    pub class: CustomerClassWord,
    /// The same in words.
    #[schema(example = "小型企业")]
    pub class_label: String,
    /// Its industry's code (GB/T 4754).
    #[schema(example = "0111")]
    pub industry: Option<String>,
    /// The industry's name.
    #[schema(example = "稻谷种植")]
    pub industry_name: Option<String>,
    /// Its region's code (GB/T 2260).
    #[schema(example = "340600")]
    pub region: Option<String>,
    /// The region's name from the province down.
    #[schema(example = "安徽省淮北市")]
    pub region_name: Option<String>,
    /// Whether it is the firm's controlling shareholder or actual controller, to whom no guarantee may be given.
    pub controlling_party: bool,
    /// The enterprise library's record of it.
    #[schema(example = "ent_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub enterprise: Option<String>,
    /// The channel that it comes from.
    pub channel: Option<ChannelBrief>,
    /// The department that looks after it.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<String>,
    /// The member of staff who looks after it.
    pub officer: Option<ColleagueBrief>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is looked up for some customers at once.
pub(super) struct About {
    channels: HashMap<Uuid, String>,
    officers: HashMap<Uuid, StaffBrief>,
    language: Language,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[Row], language: Language) -> Result<Self> {
        let channels: Vec<Uuid> = rows.iter().filter_map(|row| row.channel_id).collect();
        let officers: Vec<Uuid> = rows.iter().filter_map(|row| row.officer_id).collect();
        let officers = people::staff_brief(tx, &officers).await?;
        Ok(Self { channels: channels::names(tx, &channels).await?, officers, language })
    }
}

impl CustomerView {
    /// One record with what it takes to show it.
    pub(super) async fn one(tx: &TenantTx, row: &Row, language: Language) -> Result<Self> {
        let about = About::of(tx, std::slice::from_ref(row), language).await?;
        Self::of(tx, row, &about)
    }

    pub(super) fn of(tx: &TenantTx, row: &Row, about: &About) -> Result<Self> {
        let fields = Fields::of(tx, row)?;
        Ok(Self {
            id: Id::<kind::Customer>::from_uuid(row.id).to_string(),
            kind: CustomerKindWord(fields.kind),
            name: fields.shown_name(),
            id_number: fields.shown_id_number(),
            credit_code: fields.credit_code(),
            phone: fields.shown_phone(),
            address: fields.shown_address(),
            class: CustomerClassWord(fields.class),
            class_label: say(&fields.class.words(), about.language),
            industry_name: industry_name(fields.industry.as_ref()),
            region_name: region_name(fields.region.as_ref()),
            industry: fields.industry,
            region: fields.region,
            controlling_party: fields.controlling_party,
            enterprise: row.enterprise_id.map(|id| Id::<kind::Enterprise>::from_uuid(id).to_string()),
            channel: row.channel_id.map(|id| ChannelBrief::of(id, &about.channels)),
            department: row.department_id.map(|id| Id::<kind::Department>::from_uuid(id).to_string()),
            officer: row.officer_id.and_then(|id| ColleagueBrief::of(id, &about.officers)),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What the audit chain keeps of a record: whoever audits sees persons masked like everybody else.
pub(super) fn for_audit(fields: &Fields) -> serde_json::Value {
    serde_json::json!({
        "kind": fields.kind.code(), "name": fields.shown_name(), "id_number": fields.shown_id_number(),
        "credit_code": fields.credit_code(), "phone": fields.shown_phone(), "address": fields.shown_address(),
        "class": fields.class.code(), "industry": fields.industry, "region": fields.region,
        "controlling_party": fields.controlling_party, "channel": fields.channel, "department": fields.department,
        "officer": fields.officer,
    })
}
