//! What is typed about a machine, as bodies have it.

use domain::id::{Id, kind};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::papers_shape::EquipmentPapers;
use super::words::EquipmentCategoryWord;

/// A machine to put on record.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEquipment {
    /// What people call it.
    #[schema(example = "一号数控车床", min_length = 1, max_length = 60)]
    pub name: String,
    /// What kind of machine it is.
    pub category: EquipmentCategoryWord,
    /// Whose it is, among the firm's customers.
    #[schema(value_type = Option<String>, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: Option<Id<kind::Customer>>,
    /// The mobile number of the applicant who sees it as theirs; they have logged in before.
    #[schema(example = "13800000012", max_length = 40)]
    pub owner_phone: Option<String>,
    /// The region where it stands (GB/T 2260).
    #[schema(example = "340600", max_length = 6)]
    pub region: Option<String>,
    /// Where it stands.
    #[schema(example = "示例省示例市示例路1号一车间", max_length = 200)]
    pub place: Option<String>,
    /// Its papers in the five dimensions; what is left out is not known yet.
    #[schema(value_type = Option<EquipmentPapers>)]
    pub papers: Option<Map<String, Value>>,
    /// The department that looks after it; the caller's own if not said.
    #[schema(value_type = Option<String>, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<Id<kind::Department>>,
    /// The member of staff who looks after it; the caller if not said.
    #[schema(value_type = Option<String>, example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub officer: Option<Id<kind::Staff>>,
}

/// What is to change; what is left out stays, null empties. Papers are merged member by member in the same way (RFC 7396).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentChange {
    /// What people call it.
    #[schema(example = "一号数控车床", min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// What kind of machine it is.
    pub category: Option<EquipmentCategoryWord>,
    /// Whose it is, among the firm's customers.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: Option<Option<Id<kind::Customer>>>,
    /// The mobile number of the applicant who sees it as theirs; they have logged in before.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "13800000012", max_length = 40)]
    pub owner_phone: Option<Option<String>>,
    /// The region where it stands (GB/T 2260).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "340600", max_length = 6)]
    pub region: Option<Option<String>>,
    /// Where it stands.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "示例省示例市示例路1号一车间", max_length = 200)]
    pub place: Option<Option<String>>,
    /// What of its papers is to change.
    #[schema(value_type = Option<EquipmentPapers>)]
    pub papers: Option<Map<String, Value>>,
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

impl EquipmentChange {
    /// Whether it names nothing.
    pub(super) fn is_empty(&self) -> bool {
        let what = self.name.is_none() && self.category.is_none() && self.papers.is_none();
        let whose = self.customer.is_none() && self.owner_phone.is_none();
        let place = self.region.is_none() && self.place.is_none();
        what && whose && place && self.department.is_none() && self.officer.is_none()
    }
}
