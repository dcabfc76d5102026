//! `GET /v1/sharing-agreements/in-force`: who would bear what of a drawdown on a day. It asks what the ledger asks.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use domain::limits::sharing::Shares;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::agreement_for;
use super::view::SharesBody;
use crate::app::App;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::limits::subject::{NO_BANK, NO_PRODUCT, is_bank, is_product};
use crate::platform::access::{Access, may};
use crate::platform::http::{Params, Reply};

/// Which drawdown is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementInForceQuery {
    /// The customer that is the bank; none if not said.
    #[param(value_type = Option<String>, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub bank_id: Option<Id<kind::Customer>>,
    /// The product.
    #[param(value_type = String, example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product_id: Id<kind::Product>,
    /// The day; today if not said.
    #[param(example = "2026-11-22")]
    pub day: Option<NaiveDate>,
}

/// Who bears what on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharesInForce {
    /// The day.
    #[schema(example = "2026-11-22")]
    pub day: NaiveDate,
    /// Who bears what; the firm all of it where no agreement holds.
    pub shares: SharesBody,
    /// The agreement that says so; null where none holds.
    #[schema(example = "agr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub agreement_id: Option<String>,
}

/// Who would bear what of a drawdown: the agreement with bank and product, else with the bank, else for the product, else
/// for all.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(AgreementInForceQuery),
    responses((status = 200, description = "The shares, and the agreement that says so", body = SharesInForce))
)]
#[get("/v1/sharing-agreements/in-force")]
pub async fn read_shares_in_force(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<AgreementInForceQuery>,
) -> Result<Reply<SharesInForce>> {
    let tx = access.read(&app).await?;
    let (bank, product) = (query.bank_id.map(|id| id.uuid()), query.product_id.uuid());
    if let Some(bank) = bank
        && !is_bank(&tx, bank).await?
    {
        return Err(unknown("?bank_id", NO_BANK));
    }
    if !is_product(&tx, product).await? {
        return Err(unknown("?product_id", NO_PRODUCT));
    }
    let day = query.day.unwrap_or_else(|| TenantZone::default().date_of(tx.now()));
    let found = agreement_for(&tx, bank, product, day).await?;
    let shares = found.map_or(Shares::FIRM_ALONE, |(_, agreement)| agreement.shares);
    let agreement_id = found.map(|(id, _)| Id::<kind::Agreement>::from_uuid(id).to_string());
    Ok(Reply::ok(SharesInForce { day, shares: shares.into(), agreement_id }))
}

fn unknown(parameter: &str, (zh, en): (&str, &str)) -> Error {
    let problem = FieldProblem::new(parameter, "subject_unknown", zh, en);
    let name = parameter.trim_start_matches('?');
    Error::new(Code::InvalidParameter)
        .detail(format!("查询参数“{name}”：{zh}。"), format!("The parameter “{name}” {en}."))
        .with_fields(vec![problem])
}
