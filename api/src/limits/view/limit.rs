//! A limit or a part of one, and what can be done with it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::kind;
use domain::limits::operation::{LimitAction, allowed_actions};
use domain::limits::tree::LimitState;
use serde::Serialize;
use utoipa::ToSchema;

use super::{id_of, say};
use crate::error::{Error, Language, Result};
use crate::limits::law::today;
use crate::limits::ledger::moment;
use crate::limits::store::{LimitRow, entries, rows};
use crate::platform::db::TenantTx;

/// A limit or a part of one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LimitView {
    /// Its id.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its number.
    #[schema(example = "SX20261129-0001-01")]
    pub number: String,
    /// The limit that was granted; of that one itself, its own id.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub root: String,
    /// Of what it is a part; null for the limit that was granted.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub parent: Option<String>,
    /// How far below the granted limit, 0 for it itself.
    #[schema(example = 1, minimum = 0, maximum = 6)]
    pub depth: i32,
    /// Over what it was split: `product`, `bank`, `member` or `other`; null for the granted limit.
    #[schema(example = "bank")]
    pub part_kind: Option<String>,
    /// What people call it.
    #[schema(example = "示例农商行专用")]
    pub label: Option<String>,
    /// Whose it is.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: String,
    /// For which product.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product: String,
    /// At which bank; null where none is fixed.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub bank: Option<String>,
    /// What kind of guarantee: `loan`, `housing_loan`, `bond_aa`, `bond` or `other_financing`.
    #[schema(example = "loan")]
    pub business: String,
    /// ISO 4217.
    #[schema(example = "CNY")]
    pub currency: String,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// What may be used in all, in fen.
    #[schema(example = 50_000_000)]
    pub granted_fen: i64,
    /// What is handed to parts.
    #[schema(example = 20_000_000)]
    pub allocated_fen: i64,
    /// What is set aside and not drawn.
    #[schema(example = 5_000_000)]
    pub reserved_fen: i64,
    /// What is drawn and not repaid.
    #[schema(example = 10_000_000)]
    pub drawn_fen: i64,
    /// One-off limits: what was drawn and repaid and does not come back.
    #[schema(example = 0)]
    pub spent_fen: i64,
    /// What can still be reserved or handed to a part.
    #[schema(example = 15_000_000)]
    pub free_fen: i64,
    /// `active`, `frozen`, `expired` or `closed`, today.
    #[schema(example = "active")]
    pub state: String,
    /// The same in words.
    #[schema(example = "生效")]
    pub state_label: String,
    /// The first day on which it can be used.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer can.
    pub valid_to: NaiveDate,
    /// Version for `If-Match`.
    #[schema(example = 4, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl LimitView {
    pub(in crate::limits) fn of(tx: &TenantTx, row: &LimitRow, language: Language) -> Result<Self> {
        let limit = rows::limit(row)?;
        let state: LimitState = limit.state_on(today(tx));
        Ok(Self {
            id: id_of::<kind::Limit>(row.id),
            number: row.number.clone(),
            root: id_of::<kind::Limit>(row.root_id),
            parent: row.parent_id.map(id_of::<kind::Limit>),
            depth: row.depth,
            part_kind: row.part_kind.clone(),
            label: entries::label(tx, row)?,
            customer: id_of::<kind::Customer>(row.customer_id),
            product: id_of::<kind::Product>(row.product_id),
            bank: row.bank_id.map(id_of::<kind::Customer>),
            business: row.business.clone(),
            currency: row.currency.clone(),
            revolving: row.revolving,
            granted_fen: row.granted_fen,
            allocated_fen: row.allocated_fen,
            reserved_fen: row.reserved_fen,
            drawn_fen: row.drawn_fen,
            spent_fen: row.spent_fen,
            free_fen: limit.free().0,
            state: state.code().to_owned(),
            state_label: say(&state.words(), language),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What can be done with a limit now, as far as it depends on the limit: `path` leads to it from the granted one.
pub(in crate::limits) fn actions(tx: &TenantTx, path: &[LimitRow]) -> Result<Vec<LimitAction>> {
    let mut all = path.iter().map(rows::limit).collect::<Result<Vec<_>>>()?;
    let own = all.pop().ok_or_else(Error::not_found)?;
    Ok(allowed_actions(&all, &own, moment(tx)))
}
