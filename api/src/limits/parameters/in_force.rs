//! `GET /v1/parameters/in-force`: what holds on a day, each figure with the parameter that it comes from or the statute.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use domain::limits::parameters::{ParameterValue, bounds_on, counted_links_on, weights_on};
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, Row};
use super::subject;
use super::value::ParameterContent;
use crate::app::App;
use crate::error::Result;
use crate::limits::subject::Names;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Params, Reply};

/// Where the bounds of the law stand.
const LAW_OF_BOUNDS: &str = "《融资担保公司监督管理条例》（国务院令第683号）第十五条、第十六条";
/// Where it stands who is related.
const LAW_OF_LINKS: &str = "《公司法》第二百六十五条、《企业会计准则第36号——关联方披露》";

/// Which day is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InForceQuery {
    /// The day; today if not said.
    #[param(example = "2026-11-22")]
    pub day: Option<NaiveDate>,
}

/// On what ground something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParameterGround {
    /// The firm's own parameter.
    Parameter,
    /// The law, since the firm has entered nothing else.
    Statutory,
    /// Nothing holds: it must be entered before limits can be granted or drawn.
    Missing,
}

/// What holds, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParameterInForce {
    /// What it is about.
    #[schema(example = "net_assets")]
    pub key: String,
    /// What it says; null where nothing holds.
    pub value: Option<ParameterContent>,
    /// What the subject of a ceiling is called.
    #[schema(example = "小微企业贷款担保")]
    pub subject_name: Option<String>,
    /// Why it holds.
    pub ground: ParameterGround,
    /// The parameter that it comes from.
    #[schema(example = "par_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub parameter_id: Option<String>,
    /// The day from which it holds.
    #[schema(example = "2026-01-01")]
    pub effective_from: Option<NaiveDate>,
    /// Where the figure comes from: the parameter's source, or the statute.
    #[schema(example = "2025年度审计报告")]
    pub source: Option<String>,
}

/// Everything that holds on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParametersInForce {
    /// The day.
    #[schema(example = "2026-11-22")]
    pub day: NaiveDate,
    /// Net assets.
    pub net_assets: ParameterInForce,
    /// The bounds.
    pub bounds: ParameterInForce,
    /// The weights.
    pub weights: ParameterInForce,
    /// Which relations make a group.
    pub counted_links: ParameterInForce,
    /// The firm's ceilings; those that were taken away are left out.
    pub ceilings: Vec<ParameterInForce>,
}

/// What holds on a day.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(InForceQuery),
    responses((status = 200, description = "Every figure that holds, and on what ground", body = ParametersInForce))
)]
#[get("/v1/parameters/in-force")]
pub async fn read_parameters_in_force(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<InForceQuery>,
) -> Result<Reply<ParametersInForce>> {
    let tx = access.read(&app).await?;
    let day = query.day.unwrap_or_else(|| TenantZone::default().date_of(tx.now()));
    Ok(Reply::ok(on(&tx, day).await?))
}

async fn on(tx: &TenantTx, day: NaiveDate) -> Result<ParametersInForce> {
    let rows = store::in_force(tx, day, None).await?;
    let read: Vec<_> = rows.iter().map(store::parameter).collect::<Result<_>>()?;
    let names = Names::read(tx, read.iter().filter_map(|one| subject::bank_of(&one.value))).await?;
    let of_firm = |row: &Row, value: &ParameterValue| ParameterInForce {
        key: subject::shown_key(value),
        value: Some(ParameterContent::of(value)),
        subject_name: subject::name(value, &names),
        ground: ParameterGround::Parameter,
        parameter_id: Some(Id::<kind::Parameter>::from_uuid(row.id).to_string()),
        effective_from: Some(row.effective_from),
        source: Some(row.source.clone()),
    };
    let all = || rows.iter().zip(&read);
    let single = |key: &str, otherwise: ParameterInForce| {
        all().find(|(row, _)| row.key == key).map_or(otherwise, |(row, one)| of_firm(row, &one.value))
    };
    // Asked of nothing, the domain answers with the law.
    let law = bounds_on(&[], day);
    let bounds = ParameterValue::Bounds { leverage: law.leverage, client_bp: law.client_bp, group_bp: law.group_bp };
    let weights = weights_on(&[], day);
    let (weights_source, weights_from) = (weights.source.clone(), weights.effective_from);
    let weights = ParameterInForce {
        effective_from: Some(weights_from),
        ..statutory(&ParameterValue::Weights { weights }, weights_source)
    };
    let links = ParameterValue::CountedLinks { kinds: counted_links_on(&[], day) };
    let is_ceiling = |value: &ParameterValue| matches!(value, ParameterValue::Ceiling { bound: Some(_), .. });
    Ok(ParametersInForce {
        day,
        net_assets: single("net_assets", missing("net_assets")),
        bounds: single("bounds", statutory(&bounds, LAW_OF_BOUNDS.to_owned())),
        weights: single("weights", weights),
        counted_links: single("counted_links", statutory(&links, LAW_OF_LINKS.to_owned())),
        ceilings: all().filter(|(_, one)| is_ceiling(&one.value)).map(|(row, one)| of_firm(row, &one.value)).collect(),
    })
}

fn missing(key: &str) -> ParameterInForce {
    ParameterInForce {
        key: key.to_owned(),
        value: None,
        subject_name: None,
        ground: ParameterGround::Missing,
        parameter_id: None,
        effective_from: None,
        source: None,
    }
}

fn statutory(value: &ParameterValue, source: String) -> ParameterInForce {
    ParameterInForce {
        value: Some(ParameterContent::of(value)),
        ground: ParameterGround::Statutory,
        source: Some(source),
        ..missing(&value.key())
    }
}
