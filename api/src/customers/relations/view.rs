//! How a relation is shown.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use domain::limits::groups::{LinkKind, LinkSource};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, RelationRow};
use crate::customers::clients;
use crate::customers::words::{ColleagueBrief, CustomerBrief, RelationKindWord, RelationSourceWord, say};
use crate::error::{Code, Error, Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::TenantTx;

/// A relation of two customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelationView {
    /// Its id.
    #[schema(example = "rel_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// How they are related.
    pub kind: RelationKindWord,
    /// The same in words.
    #[schema(example = "股东")]
    pub kind_label: String,
    /// One customer.
    pub customer: CustomerBrief,
    /// The other: of a shareholder, controller or guarantor whoever is that.
    pub other: CustomerBrief,
    /// Where it is known from.
    pub source: RelationSourceWord,
    /// The same in words.
    #[schema(example = "工商登记")]
    pub source_label: String,
    /// The share that a shareholder holds, basis points.
    #[schema(example = 3000)]
    pub share_bp: Option<i32>,
    /// The document that says so.
    #[schema(example = "公司章程2026-03")]
    pub document: Option<String>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
    /// Who recorded it; none where the product itself did.
    pub recorded_by: Option<ColleagueBrief>,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<ColleagueBrief>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
}

/// What is looked up for some relations at once.
pub(super) struct About {
    customers: HashMap<Uuid, CustomerBrief>,
    staff: HashMap<Uuid, StaffBrief>,
    language: Language,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[RelationRow], language: Language) -> Result<Self> {
        let customers: Vec<Uuid> = rows.iter().flat_map(|row| [row.a_id, row.b_id]).collect();
        let staff: Vec<Uuid> = rows.iter().flat_map(|row| row.ended_by.into_iter().chain([row.recorded_by])).collect();
        Ok(Self {
            customers: clients::briefs(tx, &customers).await?,
            staff: people::staff_brief(tx, &staff).await?,
            language,
        })
    }

    fn customer(&self, id: Uuid) -> Result<CustomerBrief> {
        self.customers.get(&id).cloned().ok_or_else(|| Error::new(Code::Internal))
    }
}

impl RelationView {
    /// One relation with what it takes to show it.
    pub(super) async fn one(tx: &TenantTx, row: &RelationRow, language: Language) -> Result<Self> {
        let about = About::of(tx, std::slice::from_ref(row), language).await?;
        Self::of(tx, row, &about)
    }

    pub(super) fn of(tx: &TenantTx, row: &RelationRow, about: &About) -> Result<Self> {
        let (kind, source) = words_of(row)?;
        Ok(Self {
            id: Id::<kind::Relation>::from_uuid(row.id).to_string(),
            kind: RelationKindWord(kind),
            kind_label: say(&kind.words(), about.language),
            customer: about.customer(row.b_id)?,
            other: about.customer(row.a_id)?,
            source: RelationSourceWord(source),
            source_label: say(&source.words(), about.language),
            share_bp: row.share_bp,
            document: store::document(tx, row)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            recorded_by: ColleagueBrief::of(row.recorded_by, &about.staff),
            recorded_at: row.created_at,
            ended_by: row.ended_by.and_then(|id| ColleagueBrief::of(id, &about.staff)),
            version: row.version,
        })
    }
}

/// A row's kind and source.
pub(super) fn words_of(row: &RelationRow) -> Result<(LinkKind, LinkSource)> {
    let broken = || Error::new(Code::Internal);
    let kind = LinkKind::from_code(&row.kind).ok_or_else(broken)?;
    Ok((kind, LinkSource::from_code(&row.source).ok_or_else(broken)?))
}

/// What the audit chain keeps of a relation.
pub(super) fn for_audit(row: &RelationRow) -> serde_json::Value {
    serde_json::json!({
        "customer": row.b_id, "other": row.a_id, "kind": row.kind, "source": row.source, "share_bp": row.share_bp,
        "valid_from": row.valid_from, "valid_to": row.valid_to,
    })
}
