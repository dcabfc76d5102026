//! `GET /v1/limit-approvals` and `GET /v1/limit-approvals/{id}`: what was approved, and how much of it can still be granted.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::store::approvals::{self, Approval, CONDITIONS};
use crate::limits::store::{sees, views::lists};
use crate::limits::subject::Names;
use crate::limits::view::id_of;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Cursor, Page, Params, Reply};

/// Which approvals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApprovalsQuery {
    /// Only those of which something can still be granted (true) or nothing can (false).
    #[param(example = true)]
    open: Option<bool>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// An approved application as far as limits ask.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitApproval {
    /// Its id, which a grant names.
    #[schema(example = "lap_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The application.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub application: String,
    /// Its number.
    #[schema(example = "20261129-0001")]
    pub application_number: Option<String>,
    /// To whom it was approved.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: String,
    /// What the customer is called; of a person the last character.
    #[schema(example = "**示")]
    pub customer_name: Option<String>,
    /// For which product.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product: String,
    /// What the product is called.
    #[schema(example = "小微企业贷款担保")]
    pub product_name: Option<String>,
    /// How much was approved, in fen.
    #[schema(example = 50_000_000)]
    pub approved_fen: i64,
    /// How much of it is granted.
    #[schema(example = 30_000_000)]
    pub granted_fen: i64,
    /// How much can still be granted.
    #[schema(example = 20_000_000)]
    pub left_fen: i64,
    /// For how many months.
    #[schema(example = 12)]
    pub term_months: i32,
    /// On what conditions.
    #[schema(example = json!(["追加实际控制人保证"]))]
    pub conditions: Vec<String>,
    /// Region (GB/T 2260).
    #[schema(example = "330106")]
    pub region: Option<String>,
    /// Industry (GB/T 4754).
    #[schema(example = "A")]
    pub industry: Option<String>,
    /// Who approved.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub approved_by: String,
    /// When.
    pub approved_at: DateTime<Utc>,
}

impl LimitApproval {
    fn of(tx: &TenantTx, row: &Approval, names: &Names) -> Result<Self> {
        let conditions = row.conditions_sealed.as_deref().map(|sealed| tx.open_json(CONDITIONS, row.id, sealed));
        Ok(Self {
            id: id_of::<kind::LimitApproval>(row.id),
            application: id_of::<kind::Application>(row.application_id),
            application_number: row.application_number.clone(),
            customer: id_of::<kind::Customer>(row.customer_id),
            customer_name: names.customer(row.customer_id),
            product: id_of::<kind::Product>(row.product_id),
            product_name: names.product(row.product_id),
            approved_fen: row.approved_fen,
            granted_fen: row.granted_fen,
            left_fen: row.approved_fen.saturating_sub(row.granted_fen),
            term_months: row.term_months,
            conditions: conditions.transpose()?.unwrap_or_default(),
            region: row.region.clone(),
            industry: row.industry.clone(),
            approved_by: id_of::<kind::Staff>(row.approved_by),
            approved_at: row.approved_at,
        })
    }
}

/// What was approved, the newest first, within the caller's data scope.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(ApprovalsQuery),
    responses((status = 200, description = "One page", body = Page<LimitApproval>))
)]
#[get("/v1/limit-approvals")]
pub async fn list_limit_approvals(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<ApprovalsQuery>,
) -> Result<Reply<Page<LimitApproval>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = lists::approvals(&tx, &scope, query.open, cursor).await?;
    let names = Names::read(&tx, rows.iter().map(|row| row.customer_id)).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| LimitApproval::of(&tx, &row, &names))?))
}

/// One approval.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    responses((status = 200, description = "The approval", body = LimitApproval))
)]
#[get("/v1/limit-approvals/{id}")]
pub async fn read_limit_approval(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    at: At<kind::LimitApproval>,
) -> Result<Reply<LimitApproval>> {
    let tx = access.read(&app).await?;
    let row = approvals::find(&tx, at.uuid()).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    if !sees(&scope, row.department_id, row.officer_id) {
        return Err(Error::not_found());
    }
    let names = Names::read(&tx, [row.customer_id]).await?;
    Ok(Reply::ok(LimitApproval::of(&tx, &row, &names)?))
}
