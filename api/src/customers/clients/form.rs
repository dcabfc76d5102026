//! What is typed about a customer, as bodies have it.

use domain::id::{Id, kind};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::customers::words::{CustomerClassWord, CustomerKindWord};

/// A customer to put on record.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
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
    /// Its size or kind: it decides what a guarantee for it weighs.
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
    /// Whether it is the firm's controlling shareholder or actual controller, to whom no guarantee may be given.
    #[serde(default)]
    pub controlling_party: bool,
    /// The channel that it comes from.
    #[schema(value_type = Option<String>, example = "chn_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub channel: Option<Id<kind::Channel>>,
    /// The department that looks after it; the caller's own if not said.
    #[schema(value_type = Option<String>, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<Id<kind::Department>>,
}

/// What is to change; what is left out stays, null empties. What a customer is and by which number it is known stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerChange {
    /// Its name.
    #[schema(example = "示例农业发展有限公司", min_length = 2, max_length = 100)]
    pub name: Option<String>,
    /// A mobile number.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "13800000012", max_length = 40)]
    pub phone: Option<Option<String>>,
    /// An address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "示例省示例市示例路1号", max_length = 200)]
    pub address: Option<Option<String>>,
    /// Its size or kind, from today on.
    pub class: Option<CustomerClassWord>,
    /// Where the new class is known from; needed with it.
    #[schema(example = "2026年划型证明", min_length = 1, max_length = 200)]
    pub class_source: Option<String>,
    /// Its industry's code (GB/T 4754).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "0111", max_length = 4)]
    pub industry: Option<Option<String>>,
    /// Its region's code (GB/T 2260).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "340600", max_length = 6)]
    pub region: Option<Option<String>>,
    /// Whether it is the firm's controlling shareholder or actual controller.
    pub controlling_party: Option<bool>,
    /// The channel that it comes from.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "chn_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub channel: Option<Option<Id<kind::Channel>>>,
    /// The department that looks after it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<Option<Id<kind::Department>>>,
    /// The member of staff who looks after it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub officer: Option<Option<Id<kind::Staff>>>,
}

/// Tells null, which empties, from what was not sent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl CustomerChange {
    /// Whether it names nothing.
    pub(super) fn is_empty(&self) -> bool {
        let personal = self.name.is_none() && self.phone.is_none() && self.address.is_none();
        let kind = self.class.is_none() && self.class_source.is_none() && self.controlling_party.is_none();
        let place = self.industry.is_none() && self.region.is_none() && self.channel.is_none();
        personal && kind && place && self.department.is_none() && self.officer.is_none()
    }
}
