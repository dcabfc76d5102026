//! What is typed about a share, and by a channel about its own customer.

use chrono::NaiveDate;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::customers::clients::NewCustomer;
use crate::customers::words::{CustomerClassWord, CustomerKindWord};

/// A share of the customer in the address.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// With which channel.
    #[schema(value_type = String, example = "chn_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub channel: Id<kind::Channel>,
    /// For what.
    #[schema(example = "联合尽职调查", min_length = 1, max_length = 200)]
    pub purpose: String,
    /// The document under which: the customer's own consent, say.
    #[schema(example = "客户授权书2026-12", max_length = 200)]
    pub document: Option<String>,
    /// The first day on which it no longer holds; without it, it holds until it is withdrawn.
    #[schema(example = "2027-01-01")]
    pub valid_to: Option<NaiveDate>,
}

/// Why a share is withdrawn.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRevocation {
    /// The reason.
    #[schema(example = "客户撤回同意", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// A customer that a channel puts on record as its own.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChannelCustomer {
    /// Person, enterprise or bank.
    pub kind: CustomerKindWord,
    /// A person's name, or the full name as registered; may be left out where the enterprise library knows the code.
    #[schema(example = "示例农业发展有限公司", min_length = 2, max_length = 100)]
    pub name: Option<String>,
    /// A person's ID number.
    #[schema(example = "110101189912310001", min_length = 18, max_length = 40)]
    pub id_number: Option<String>,
    /// The unified social credit code of an enterprise or a bank.
    #[schema(example = "91340600MA2PBMA74B", min_length = 18, max_length = 40)]
    pub credit_code: Option<String>,
    /// A mobile number.
    #[schema(example = "13800000012", max_length = 40)]
    pub phone: Option<String>,
    /// An address.
    #[schema(example = "示例省示例市示例路1号", max_length = 200)]
    pub address: Option<String>,
    /// Its size or kind.
    pub class: CustomerClassWord,
    /// Where the class is known from.
    #[schema(example = "2026年划型证明", max_length = 200)]
    pub class_source: Option<String>,
    /// Its industry's code (GB/T 4754).
    #[schema(example = "0111", max_length = 4)]
    pub industry: Option<String>,
    /// Its region's code (GB/T 2260).
    #[schema(example = "340600", max_length = 6)]
    pub region: Option<String>,
}

impl NewChannelCustomer {
    /// As staff would have typed it; where it belongs is not the channel's to say.
    pub(super) fn as_typed(&self) -> NewCustomer {
        NewCustomer {
            kind: self.kind,
            name: self.name.clone(),
            id_number: self.id_number.clone(),
            credit_code: self.credit_code.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            class: self.class,
            class_source: self.class_source.clone(),
            industry: self.industry.clone(),
            region: self.region.clone(),
            controlling_party: false,
            channel: None,
            department: None,
        }
    }
}
