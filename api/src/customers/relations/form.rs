//! What is typed about a relation.

use chrono::NaiveDate;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::customers::words::{RelationKindWord, RelationSourceWord};

/// A relation of the customer in the address to another.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelation {
    /// The other customer: of a shareholder, controller or guarantor whoever is that for the customer in the address.
    #[schema(value_type = String, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8d")]
    pub other: Id<kind::Customer>,
    /// How they are related.
    pub kind: RelationKindWord,
    /// Where that is known from.
    pub source: RelationSourceWord,
    /// The share that a shareholder holds, basis points.
    #[schema(example = 3000, minimum = 1, maximum = 10000)]
    pub share_bp: Option<i64>,
    /// The document that says so.
    #[schema(example = "公司章程2026-03", max_length = 200)]
    pub document: Option<String>,
    /// The first day.
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// The first day on which it no longer holds, if that is known.
    #[schema(example = "2028-01-01")]
    pub valid_to: Option<NaiveDate>,
}

/// How a relation ends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationEnd {
    /// The last day on which it holds.
    #[schema(example = "2026-06-30")]
    pub last_day: NaiveDate,
    /// Why.
    #[schema(example = "股权已转让", min_length = 1, max_length = 500)]
    pub reason: String,
}
