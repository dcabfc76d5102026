//! What a machine is worth second-hand 二手价值 (R10.5), every step of the calculation shown.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::devices::value::{MarketParameters, Step, StepKey, Valuation, ValueFacts, ValueRefusal, value};
use domain::id::kind;
use domain::time::TenantZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::assessments::{Card, market_on};
use crate::devices::equipment::scope;
use crate::devices::equipment::store::{Row as Machine, papers};
use crate::devices::equipment::words::{id_of, say};
use crate::devices::scores;
use crate::error::{Code, Error, Language, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Context, Reply, coded_word};

coded_word! {
    /// One step of the calculation.
    ValueStepWord(StepKey)
}

/// What a machine is worth second-hand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ValuationView {
    /// The value, fen.
    #[schema(example = 12_000_000, minimum = 0)]
    pub value_fen: i64,
    /// The same in words.
    #[schema(example = "12万元")]
    pub value: String,
    /// The business date.
    #[schema(example = "2026-11-29")]
    pub as_of: NaiveDate,
    /// How that came about, in order; the last amount is the value.
    pub steps: Vec<ValuationStep>,
    /// The version of the market's parameters; null where the firm had none yet and the standard ones were used.
    #[schema(example = "scd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub parameters: Option<String>,
    /// Its number.
    #[schema(example = 1, minimum = 1)]
    pub parameters_version: u32,
}

/// One step.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ValuationStep {
    /// Which.
    pub key: ValueStepWord,
    /// The same in words.
    #[schema(example = "年限折减")]
    pub label: String,
    /// The factor, parts per million; null for a limit, which is none.
    #[schema(example = 870_000)]
    pub factor_ppm: Option<i64>,
    /// The amount after it, fen.
    #[schema(example = 15_660_000, minimum = 0)]
    pub amount_after_fen: i64,
    /// Why.
    #[schema(example = "每年折减余额的13%，共1年0个月")]
    pub reason: String,
}

impl ValuationView {
    fn of(valued: &Valuation, card: &Card<MarketParameters>, as_of: NaiveDate, language: Language) -> Self {
        let amount = valued.value_fen;
        Self {
            value_fen: amount.0,
            value: match language {
                Language::Zh => amount.in_wan_yuan(),
                Language::En => format!("{} yuan", amount.in_yuan_en()),
            },
            as_of,
            steps: valued.steps.iter().map(|step| ValuationStep::of(step, language)).collect(),
            parameters: (!card.id.is_nil()).then(|| id_of::<kind::Scorecard>(card.id)),
            parameters_version: valued.parameters_version,
        }
    }
}

impl ValuationStep {
    fn of(step: &Step, language: Language) -> Self {
        Self {
            key: ValueStepWord(step.key),
            label: say(&step.label, language),
            factor_ppm: step.factor_ppm,
            amount_after_fen: step.amount_after_fen.0,
            reason: say(&step.reason, language),
        }
    }
}

/// What a machine is worth today, or why nobody can say.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn valuation(
    tx: &TenantTx,
    row: &Machine,
    language: Language,
) -> Result<Result<ValuationView, ValueRefusal>> {
    let as_of = TenantZone::default().date_of(tx.now());
    let card = market_on(tx, as_of).await?;
    let hours = scores::hours_of(tx, row).await?;
    let facts = ValueFacts::of(&papers(row)?, hours, &card.body, as_of);
    let valued = facts.and_then(|facts| value(&facts, &card.body));
    Ok(valued.map(|valued| ValuationView::of(&valued, &card, as_of, language)))
}

/// The refusal of whoever asked for the value alone.
pub(in crate::devices) fn refused(refusal: ValueRefusal) -> Error {
    let words = refusal.words();
    Error::new(Code::ValueUnknown).detail(format!("{}。", words.zh), format!("{}.", words.en))
}

/// What a machine is worth second-hand today, with every step of the calculation.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses(
        (status = 200, description = "The value", body = ValuationView),
        (status = 409, description = "Too little is known", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/equipment/{id}/value")]
pub async fn read_value(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
) -> Result<Reply<ValuationView>> {
    let tx = access.read(&app).await?;
    let row = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(valuation(&tx, &row, context.language).await?.map_err(refused)?))
}
