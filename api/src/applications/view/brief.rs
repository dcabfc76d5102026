//! An application as one line of a list, for its owner and for staff alike.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, Utc};
use domain::applications::state::{ApplicationState, Facts};
use domain::id::{Id, kind};
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::StateName;
use super::progress::waits_for;
use crate::applications::case::Case;
use crate::applications::store::Row;
use crate::applications::words::say;
use crate::error::{Code, Error, Language, Result};
use crate::platform::db::TenantTx;
use crate::tenants::products;

/// A product by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProductBrief {
    /// Its id.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called.
    #[schema(example = "小微企业贷款担保")]
    pub name: String,
}

/// One application in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseBrief {
    /// Its id.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its number, once it was submitted.
    #[schema(example = "DB20261122-0001")]
    pub number: Option<String>,
    /// The product.
    pub product: ProductBrief,
    /// `person` or `enterprise`.
    #[schema(example = "enterprise")]
    pub subject_kind: String,
    /// The enterprise's name, where it is about one.
    #[schema(example = "示例食品有限公司")]
    pub enterprise_name: Option<String>,
    /// Region, GB/T 2260.
    #[schema(example = "330106")]
    pub region: Option<String>,
    /// Requested amount in fen.
    #[schema(example = 50_000_000)]
    pub requested_amount_fen: Option<i64>,
    /// The same in words.
    #[schema(example = "50万元")]
    pub requested_amount: Option<String>,
    /// Approved amount in fen.
    #[schema(example = 40_000_000)]
    pub approved_amount_fen: Option<i64>,
    /// Where it is.
    pub state: StateName,
    /// The same in words.
    #[schema(example = "尽职调查中")]
    pub state_label: String,
    /// From whom the next move is due.
    #[schema(example = "officer")]
    pub waits_for: String,
    /// Since when it has been there.
    pub state_since: DateTime<Utc>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was last submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 4, minimum = 1)]
    pub version: i64,
}

/// The names of products, looked up once each.
#[derive(Default)]
pub(in crate::applications) struct Names(HashMap<Uuid, ProductBrief>);

impl Names {
    /// The names of the products of `rows`.
    pub(in crate::applications) async fn of(tx: &TenantTx, rows: &[Row], language: Language) -> Result<Self> {
        let mut names = HashMap::new();
        for row in rows {
            if let Entry::Vacant(place) = names.entry(row.product_id) {
                let found = products::load(tx, row.product_id).await?;
                let (terms, ..) = found.ok_or_else(|| Error::new(Code::Internal))?;
                place.insert(ProductBrief::of(row.product_id, &terms.name, language));
            }
        }
        Ok(Self(names))
    }
}

impl Names {
    /// The name of the product of a case, which is open and so known.
    pub(in crate::applications) fn of_case(case: &Case, language: Language) -> Self {
        let id = case.row.product_id;
        Self(HashMap::from([(id, ProductBrief::of(id, &case.product.name, language))]))
    }
}

impl ProductBrief {
    pub(in crate::applications) fn of(id: Uuid, name: &domain::words::Words, language: Language) -> Self {
        Self { id: Id::<kind::Product>::from_uuid(id).to_string(), name: say(name, language) }
    }
}

impl CaseBrief {
    /// The row as a line of a list.
    pub(in crate::applications) fn of(row: &Row, names: &Names, language: Language) -> Result<Self> {
        Self::known(row, &Facts::deserialize(&row.facts)?, names, language)
    }

    /// The same where the row's facts are read already.
    pub(in crate::applications) fn known(row: &Row, facts: &Facts, names: &Names, language: Language) -> Result<Self> {
        let state = ApplicationState::from_code(&row.state).unwrap_or(facts.state);
        let product = names.0.get(&row.product_id).cloned().ok_or_else(|| Error::new(Code::Internal))?;
        Ok(Self {
            id: Id::<kind::Application>::from_uuid(row.id).to_string(),
            number: row.number.clone(),
            product,
            subject_kind: row.subject_kind.clone(),
            enterprise_name: row.enterprise_name.clone(),
            region: row.region.clone(),
            requested_amount_fen: row.requested_amount_fen,
            requested_amount: row.requested_amount_fen.map(|fen| Fen(fen).in_wan_yuan()),
            approved_amount_fen: row.approved_amount_fen,
            state: state.into(),
            state_label: say(&state.words(), language),
            waits_for: waits_for(facts),
            state_since: row.state_since,
            created_at: row.created_at,
            updated_at: row.updated_at,
            submitted_at: row.submitted_at,
            version: row.version,
        })
    }
}
