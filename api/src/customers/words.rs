//! The words of customers, channels and relations on the wire, and how they and those they name are shown.

use std::collections::HashMap;

use domain::customers::{ChannelKind, CustomerKind, ShareState};
use domain::id::{Id, kind};
use domain::limits::groups::{LinkKind, LinkSource};
use domain::limits::weights::ClientClass;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::people::StaffBrief;
use crate::platform::http::coded_word;

pub(super) use crate::error::say;

coded_word! {
    /// What a customer is.
    CustomerKindWord(CustomerKind)
}
coded_word! {
    /// A customer's size or kind, as far as weights ask.
    CustomerClassWord(ClientClass)
}
coded_word! {
    /// What a channel is.
    ChannelKindWord(ChannelKind)
}
coded_word! {
    /// How two customers are related.
    RelationKindWord(LinkKind)
}
coded_word! {
    /// Where a relation is known from.
    RelationSourceWord(LinkSource)
}
coded_word! {
    /// How it stands with a share.
    ShareStateWord(ShareState)
}

/// A customer as others name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerBrief {
    /// Its id.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its name; of a person the last character.
    #[schema(example = "**三")]
    pub name: String,
    /// Person, enterprise or bank.
    pub kind: CustomerKindWord,
}

/// A channel by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChannelBrief {
    /// Its id.
    #[schema(example = "chn_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its name.
    #[schema(example = "示例合作银行")]
    pub name: String,
}

impl ChannelBrief {
    /// The channel with this id, among those whose names were looked up.
    pub(super) fn of(id: Uuid, names: &HashMap<Uuid, String>) -> Self {
        let name = names.get(&id).cloned().unwrap_or_default();
        Self { id: Id::<kind::Channel>::from_uuid(id).to_string(), name }
    }
}

/// A member of staff by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ColleagueBrief {
    /// Their id.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Their name.
    #[schema(example = "李经理")]
    pub name: String,
}

impl ColleagueBrief {
    /// The member of staff with this id, among those whose names were looked up; none where the product itself acted.
    pub fn of(id: Uuid, names: &HashMap<Uuid, StaffBrief>) -> Option<Self> {
        let brief = names.get(&id)?;
        Some(Self { id: Id::<kind::Staff>::from_uuid(id).to_string(), name: brief.name.clone() })
    }
}
