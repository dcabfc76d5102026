//! A limit as its applicant reads it: what there is, what is used, what is free, until when, part by part.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::id::kind;
use domain::limits::operation::LimitAction;
use domain::limits::tree::LimitState;
use domain::money::Fen;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::customers::clients;
use crate::error::{Language, Result};
use crate::limits::law::today;
use crate::limits::store::{LimitRow, entries, rows};
use crate::limits::view::{DrawdownView, ReservationView, actions, id_of, say};
use crate::platform::db::TenantTx;
use crate::tenants::products;

/// One of the caller's limits, or a part of one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyLimit {
    /// Its id.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its number.
    #[schema(example = "SX20261129-0001")]
    pub number: String,
    /// Of what it is a part; null for the limit that was granted.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub parent: Option<String>,
    /// What people call it.
    #[schema(example = "示例农商行专用")]
    pub label: Option<String>,
    /// The product's name.
    #[schema(example = "小微企业贷款担保")]
    pub product: String,
    /// The bank's name; null where none is fixed.
    #[schema(example = "示例农村商业银行")]
    pub bank: Option<String>,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// What may be used in all, in fen.
    #[schema(example = 50_000_000)]
    pub granted_fen: i64,
    /// What is handed to its parts.
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
    /// What can still be set aside, as far as amounts go.
    #[schema(example = 15_000_000)]
    pub free_fen: i64,
    /// The same in words.
    #[schema(example = "15万元")]
    pub free: String,
    /// `active`, `frozen`, `expired` or `closed`, today.
    #[schema(example = "active")]
    pub state: String,
    /// The same in words.
    #[schema(example = "生效")]
    pub state_label: String,
    /// The first day on which it can be used.
    pub valid_from: NaiveDate,
    /// The last day on which it can be used.
    pub valid_until: NaiveDate,
    /// What the caller can do now: `reserve`.
    #[schema(example = json!(["reserve"]))]
    pub allowed_actions: Vec<String>,
    /// Its parts.
    #[schema(no_recursion)]
    pub parts: Vec<MyLimit>,
}

/// One limit with what is set aside and drawn under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyLimitDetail {
    /// The limit and its parts.
    #[serde(flatten)]
    pub limit: MyLimit,
    /// What is set aside under it or a part of it, the newest first.
    pub reservations: Vec<ReservationView>,
    /// What was drawn under it or a part of it, the newest first.
    pub drawdowns: Vec<DrawdownView>,
}

/// What is looked up once for some limits.
pub(super) struct Names {
    products: HashMap<Uuid, String>,
    banks: HashMap<Uuid, String>,
}

impl Names {
    pub(super) async fn of(tx: &TenantTx, rows: &[LimitRow]) -> Result<Self> {
        let mut banks: Vec<Uuid> = rows.iter().filter_map(|row| row.bank_id).collect();
        banks.sort_unstable();
        banks.dedup();
        Ok(Self { products: products::names(tx).await?, banks: clients::names(tx, &banks).await? })
    }
}

/// The tree under `top`, which is one of `rows`; all of `rows` are of one applicant.
pub(super) fn tree(
    tx: &TenantTx,
    top: &LimitRow,
    rows_all: &[LimitRow],
    names: &Names,
    language: Language,
) -> Result<MyLimit> {
    let limit = rows::limit(top)?;
    let state: LimitState = limit.state_on(today(tx));
    let parts = rows_all.iter().filter(|row| row.parent_id == Some(top.id));
    let parts = parts.map(|part| tree(tx, part, rows_all, names, language)).collect::<Result<Vec<_>>>()?;
    let can_reserve = actions(tx, &way(top, rows_all))?.contains(&LimitAction::Reserve);
    Ok(MyLimit {
        id: id_of::<kind::Limit>(top.id),
        number: top.number.clone(),
        parent: top.parent_id.map(id_of::<kind::Limit>),
        label: entries::label(tx, top)?,
        product: names.products.get(&top.product_id).cloned().unwrap_or_default(),
        bank: top.bank_id.and_then(|bank| names.banks.get(&bank).cloned()),
        revolving: top.revolving,
        granted_fen: top.granted_fen,
        allocated_fen: top.allocated_fen,
        reserved_fen: top.reserved_fen,
        drawn_fen: top.drawn_fen,
        spent_fen: top.spent_fen,
        free_fen: limit.free().0,
        free: match language {
            Language::Zh => limit.free().in_wan_yuan(),
            Language::En => format!("{} yuan", Fen(limit.free().0).in_yuan_en()),
        },
        state: state.code().to_owned(),
        state_label: say(&state.words(), language),
        valid_from: top.valid_from,
        valid_until: top.valid_to.pred_opt().unwrap_or(top.valid_to),
        allowed_actions: if can_reserve { vec!["reserve".to_owned()] } else { vec![] },
        parts,
    })
}

/// The way from the granted limit down to `row`.
fn way(row: &LimitRow, rows_all: &[LimitRow]) -> Vec<LimitRow> {
    let mut way = vec![row.clone()];
    let mut above = row.parent_id;
    while let Some(up) = above.and_then(|id| rows_all.iter().find(|row| row.id == id)) {
        way.push(up.clone());
        above = up.parent_id;
    }
    way.reverse();
    way
}
