//! What a channel's people see of customers: masked as for staff, and nothing of who else has to do with them.

use chrono::NaiveDate;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, ShareRow};
use crate::customers::clients;
use crate::customers::clients::store::{Fields, Row};
use crate::customers::view::{industry_name, region_name};
use crate::customers::words::{CustomerClassWord, CustomerKindWord, say};
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;

/// A customer in a channel's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelCustomerEntry {
    /// Its id.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Person, enterprise or bank.
    pub kind: CustomerKindWord,
    /// Its name; of a person the last character.
    #[schema(example = "**三")]
    pub name: String,
    /// Under which share the channel sees it; none where it is the channel's own.
    pub share: Option<ChannelShare>,
}

/// The share under which a channel sees a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelShare {
    /// Its id.
    #[schema(example = "shr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// For what.
    #[schema(example = "联合尽职调查")]
    pub purpose: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
}

/// A customer's record as a channel sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelCustomerView {
    #[serde(flatten)]
    entry: ChannelCustomerEntry,
    /// A person's ID number, masked.
    #[schema(example = "1****************8")]
    id_number: Option<String>,
    /// The unified social credit code of others.
    #[schema(example = "91340600MA2PBMA74B")]
    credit_code: Option<String>,
    /// The mobile number, masked.
    #[schema(example = "138******12")]
    phone: Option<String>,
    /// The address; of a person its beginning.
    #[schema(example = "示例省示例市***")]
    address: Option<String>,
    /// Its size or kind today.
    class: CustomerClassWord,
    /// The same in words.
    #[schema(example = "小型企业")]
    class_label: String,
    /// Its industry's code (GB/T 4754).
    #[schema(example = "0111")]
    industry: Option<String>,
    /// The industry's name.
    #[schema(example = "稻谷种植")]
    industry_name: Option<String>,
    /// Its region's code (GB/T 2260).
    #[schema(example = "340600")]
    region: Option<String>,
    /// The region's name from the province down.
    #[schema(example = "安徽省淮北市")]
    region_name: Option<String>,
}

impl ChannelCustomerEntry {
    pub(super) fn of(tx: &TenantTx, row: &Row, share: Option<&ShareRow>) -> Result<Self> {
        let brief = clients::brief_of(tx, row)?;
        let share = share.map(|share| ChannelShare::of(tx, share)).transpose()?;
        Ok(Self { id: brief.id, kind: brief.kind, name: brief.name, share })
    }
}

impl ChannelShare {
    fn of(tx: &TenantTx, row: &ShareRow) -> Result<Self> {
        Ok(Self {
            id: Id::<kind::Share>::from_uuid(row.id).to_string(),
            purpose: store::said(tx, row)?.purpose,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        })
    }
}

impl ChannelCustomerView {
    pub(super) fn of(tx: &TenantTx, row: &Row, share: Option<&ShareRow>, language: Language) -> Result<Self> {
        let fields = Fields::of(tx, row)?;
        Ok(Self {
            entry: ChannelCustomerEntry::of(tx, row, share)?,
            id_number: fields.shown_id_number(),
            credit_code: fields.credit_code(),
            phone: fields.shown_phone(),
            address: fields.shown_address(),
            class: CustomerClassWord(fields.class),
            class_label: say(&fields.class.words(), language),
            industry_name: industry_name(fields.industry.as_ref()),
            region_name: region_name(fields.region.as_ref()),
            industry: fields.industry,
            region: fields.region,
        })
    }
}
