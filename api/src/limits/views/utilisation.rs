//! `GET /v1/limits/utilisation`: how much of what was granted is used, by product, bank, region, industry or customer.

use actix_web::{get, web::Data};
use domain::limits::overview::utilisation_bp;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::subject::{name, shown};
use crate::app::App;
use crate::error::Result;
use crate::limits::law::today;
use crate::limits::store::views::utilisation::{By, Sums, sums};
use crate::limits::subject::Names;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Params, Reply};

/// Most rows that are shown, the largest granted amounts.
const ROWS_MAX: usize = 500;

/// By what utilisation is summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UtilisationBy {
    /// Product.
    Product,
    /// Bank; limits that no bank is fixed for are together.
    Bank,
    /// Region.
    Region,
    /// Industry.
    Industry,
    /// Customer.
    Customer,
}

impl UtilisationBy {
    fn column(self) -> By {
        match self {
            Self::Product => By::Uuid("product_id"),
            Self::Bank => By::Uuid("bank_id"),
            Self::Region => By::Text("region"),
            Self::Industry => By::Text("industry"),
            Self::Customer => By::Uuid("customer_id"),
        }
    }

    fn dimension(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Bank => "bank",
            Self::Region => "region",
            Self::Industry => "industry",
            Self::Customer => "client",
        }
    }
}

/// By what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UtilisationQuery {
    /// By what it is summed up.
    #[param(inline)]
    by: UtilisationBy,
}

/// Sums of limits and parts that are not closed. Each counts with what it keeps for itself and does not hand to its parts,
/// under its own product, bank and customer, so that nothing counts twice.
#[derive(Debug, Serialize, ToSchema)]
pub struct UtilisationSums {
    /// How many limits and parts.
    #[schema(example = 12)]
    pub limits: i64,
    /// What is granted, in fen: over all rows together what was granted at the top.
    #[schema(example = 50_000_000)]
    pub granted_fen: i64,
    /// Of it what was handed to parts.
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
    /// What is not used.
    #[schema(example = 35_000_000)]
    pub free_fen: i64,
    /// Of it what can be used today: not frozen, not expired, begun.
    #[schema(example = 30_000_000)]
    pub usable_fen: i64,
    /// What is set aside, drawn or spent as a share of what is granted, in 1/10,000, rounded down; null where nothing is
    /// granted.
    #[schema(example = 3_000)]
    pub utilisation_bp: Option<i64>,
}

/// Utilisation under one subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct UtilisationEntry {
    /// The id or code; null for limits that have none.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: Option<String>,
    /// What it is called.
    #[schema(example = "小微企业贷款担保")]
    pub name: Option<String>,
    /// The sums.
    #[serde(flatten)]
    pub sums: UtilisationSums,
}

/// Utilisation, summed up.
#[derive(Debug, Serialize, ToSchema)]
pub struct UtilisationView {
    /// By what it is summed up.
    pub by: UtilisationBy,
    /// All together.
    pub total: UtilisationSums,
    /// One row each, the largest granted amount first; at most 500.
    pub items: Vec<UtilisationEntry>,
    /// Whether all rows are here.
    #[schema(example = true)]
    pub complete: bool,
}

fn summed(row: &Sums) -> UtilisationSums {
    let used = row.reserved_fen.saturating_add(row.drawn_fen).saturating_add(row.spent_fen);
    UtilisationSums {
        limits: row.limits,
        granted_fen: row.granted_fen,
        allocated_fen: row.allocated_fen,
        reserved_fen: row.reserved_fen,
        drawn_fen: row.drawn_fen,
        spent_fen: row.spent_fen,
        free_fen: row.granted_fen.saturating_sub(used),
        usable_fen: row.usable_fen,
        utilisation_bp: utilisation_bp(Fen(used), Fen(row.granted_fen)),
    }
}

/// How much of what was granted is used, within the caller's data scope.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(UtilisationQuery),
    responses((status = 200, description = "The sums", body = UtilisationView))
)]
#[get("/v1/limits/utilisation")]
pub async fn read_limit_utilisation(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<UtilisationQuery>,
) -> Result<Reply<UtilisationView>> {
    let tx = access.read(&app).await?;
    let (scope, day) = (departments_of(&tx, &access.principal).await?, today(&tx));
    let most = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = sums(&tx, &scope, query.by.column(), day, most).await?;
    let complete = rows.len() <= ROWS_MAX;
    rows.truncate(ROWS_MAX);
    let total = sums(&tx, &scope, By::Nothing, day, 1).await?;
    let dimension = query.by.dimension();
    let customers = rows.iter().filter_map(|row| Uuid::try_parse(row.subject.as_deref()?).ok());
    let named = matches!(query.by, UtilisationBy::Bank | UtilisationBy::Customer);
    let names = Names::read(&tx, customers.filter(|_| named)).await?;
    let items = rows.iter().map(|row| UtilisationEntry {
        id: row.subject.as_deref().map(|subject| shown(dimension, subject)),
        name: row.subject.as_deref().and_then(|subject| name(dimension, subject, &names)),
        sums: summed(row),
    });
    Ok(Reply::ok(UtilisationView {
        by: query.by,
        total: summed(&total.into_iter().next().unwrap_or_default()),
        items: items.collect(),
        complete,
    }))
}
