//! The form of a scorecard's body, for the document alone: what is sent is read as what the domain knows, and a test holds
//! this description against it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scorecard_shape_equipment::{EquipmentMarketBody, EquipmentScorecardBody};

/// A scorecard's body, by its kind, in the order of the kinds: `admission`, `personal`, `equipment`, `equipment_market`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ScorecardBody {
    /// Judges enterprises.
    Admission(AdmissionScorecardBody),
    /// Grades persons.
    Personal(PersonalScorecardBody),
    /// Scores machines.
    Equipment(EquipmentScorecardBody),
    /// Says what machines are worth.
    EquipmentMarket(EquipmentMarketBody),
}

/// How enterprises are judged: which invoices count, which indicators are measured, which risks score, and from which total
/// on a person looks at it or it is refused. Higher is riskier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdmissionScorecardBody {
    /// Stable id of the scorecard; the kind where nothing is sent.
    #[schema(example = "admission-standard", required = false)]
    pub id: String,
    /// Version, from 1: set by the server, always there in an answer.
    #[schema(example = 1, minimum = 1, required = false)]
    pub version: u32,
    /// First day on which it is used: set by the server, always there in an answer.
    #[schema(example = "2026-12-01", required = false)]
    pub effective_from: NaiveDate,
    /// What it is for, in Chinese.
    #[schema(example = "融资准入标准评分卡")]
    pub title_zh: String,
    /// Length of the period that is looked at, whole months.
    #[schema(example = 6, minimum = 1, maximum = 120)]
    pub window_months: u32,
    /// Window in which changes of the registration count, months up to the evaluation.
    #[schema(example = 24, minimum = 1, maximum = 120)]
    pub changes_months: u32,
    /// A total above this is refused.
    #[schema(example = 100, minimum = 0, maximum = 1_000_000)]
    pub acceptable_total: i64,
    /// A total above this is looked at by a person; not above the acceptable total.
    #[schema(example = 60, minimum = 0, maximum = 1_000_000)]
    pub review_total: i64,
    /// Without these sources a person looks at it.
    pub needed_sources: Vec<ScorecardSource>,
    /// Which invoices count.
    pub cleaning: ScorecardCleaning,
    /// What is measured; one is derived only from those before it.
    #[schema(max_items = 200)]
    pub indicators: Vec<ScorecardIndicator>,
    /// What scores.
    #[schema(min_items = 1, max_items = 200)]
    pub risks: Vec<ScorecardRisk>,
}

/// A kind of source.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScorecardSource {
    /// Tax registration and its changes.
    Registration,
    /// Tax declarations.
    Declarations,
    /// Tax payments.
    Payments,
    /// Financial statements.
    Financials,
    /// Tax violations.
    Violations,
    /// Input invoices.
    InvoicesIn,
    /// Output invoices.
    InvoicesOut,
}

/// Which invoices count.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardCleaning {
    /// How far amount and tax may lie from the total, fen.
    #[schema(example = 10, minimum = 0)]
    pub total_tolerance_fen: i64,
    /// Highest tax, basis points of the amount.
    #[schema(example = 5_000, minimum = 1)]
    pub tax_share_max_bp: i64,
    /// Highest amount of one invoice, fen.
    #[schema(example = 100_000_000_000_i64, minimum = 1)]
    pub amount_max_fen: i64,
    /// Invoices of before this day do not count.
    #[schema(example = "1994-01-01")]
    pub earliest_on: NaiveDate,
    /// Share of unreadable rows above which the source counts as incomplete, basis points.
    #[schema(example = 100, minimum = 0, maximum = 10_000)]
    pub bad_share_max_bp: i64,
}

/// The definition of one indicator.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardIndicator {
    /// Which one, of those that the product can compute.
    #[schema(example = "sales_fall_year_bp")]
    pub id: String,
    /// Its Chinese label.
    #[schema(example = "销售额同比下降")]
    pub label_zh: String,
    /// How it is computed, in words.
    #[schema(example = "（去年同期 − 本期）÷ 去年同期")]
    pub formula: String,
    /// The unit of its value.
    pub unit: ScorecardUnit,
    /// The stretch of time that it looks at.
    pub window: ScorecardWindow,
    /// What it is read from.
    pub sources: Vec<ScorecardSource>,
    /// Indicators that it is computed from; empty where it comes straight from the sources.
    #[serde(default)]
    pub derives_from: Vec<String>,
}

/// The unit of a whole number.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScorecardUnit {
    /// Money, fen.
    Fen,
    /// Hundredths of a percent.
    BasisPoints,
    /// A number of things.
    Count,
    /// Whole months.
    Months,
    /// Taxpayer credit grade: A 1, B 2, M 3, C 4, D 5.
    TaxGrade,
}

/// A stretch of time.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScorecardWindow {
    /// The scorecard's period.
    Period,
    /// The last twelve whole months.
    Year,
    /// The scorecard's window for changes of the registration.
    Changes,
    /// All that is on record.
    History,
}

/// One risk: which indicator it reads, how it scores, and how it is put into words. Its texts may hold `{figure}`,
/// `{threshold}` and `{period}`; the reasons must, and the applicant's must not name the threshold.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ScorecardRisk {
    /// Stable id, once per scorecard.
    #[schema(example = "sales_fall")]
    pub id: String,
    /// Its Chinese label.
    #[schema(example = "销售下滑")]
    pub label_zh: String,
    /// Its English label.
    #[schema(example = "falling sales")]
    pub label_en: String,
    /// The indicator that it reads, one of the scorecard's.
    #[schema(example = "sales_fall_year_bp")]
    pub indicator: String,
    /// How the score grows.
    #[serde(flatten)]
    pub shape: ScorecardShape,
    /// The reason for staff, Chinese.
    #[schema(example = "{period}下降{figure}，超过{threshold}")]
    pub reason_zh: String,
    /// The reason for staff, English.
    #[schema(example = "fell by {figure} in {period}, more than {threshold}")]
    pub reason_en: String,
    /// What an applicant is told, Chinese.
    #[schema(example = "近期销售下降，可补充订单或合同说明。")]
    pub applicant_zh: String,
}

/// How a score grows with its value. What is not passed scores 0.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum ScorecardShape {
    /// Above `threshold`: `base` and `step` for each unit over.
    Excess {
        /// The highest value that scores 0.
        #[schema(example = 3)]
        threshold: i64,
        /// Added as soon as the threshold is passed.
        #[schema(example = 5, minimum = 0, maximum = 1_000_000)]
        base: i64,
        /// Added for each unit over.
        #[schema(example = 2, minimum = 1, maximum = 1_000_000)]
        step: i64,
    },
    /// The score of the last band whose bound the value exceeds.
    Above {
        /// Rising bounds with rising scores.
        #[schema(min_items = 1, max_items = 200)]
        bands: Vec<ScorecardBand>,
    },
    /// The score of the last band whose bound the value stays under.
    Below {
        /// Falling bounds with rising scores.
        #[schema(min_items = 1, max_items = 200)]
        bands: Vec<ScorecardBand>,
    },
}

/// One step of a graded score.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardBand {
    /// The bound, in the value's unit; reached is not passed.
    #[schema(example = 3_000)]
    pub bound: i64,
    /// The score once it is passed.
    #[schema(example = 20, minimum = 1, maximum = 1_000_000)]
    pub score: i64,
}

/// How persons are graded: each item adds its score, and the total gives the grade. Higher is riskier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonalScorecardBody {
    /// Stable id of the scorecard; the kind where nothing is sent.
    #[schema(example = "personal-standard", required = false)]
    pub id: String,
    /// Version, from 1: set by the server, always there in an answer.
    #[schema(example = 1, minimum = 1, required = false)]
    pub version: u32,
    /// First day on which it is used: set by the server, always there in an answer.
    #[schema(example = "2026-12-01", required = false)]
    pub effective_from: NaiveDate,
    /// Age in whole years.
    pub young: ScorecardShape,
    /// Age in whole years at the end of the term.
    pub old_at_end: ScorecardShape,
    /// Amount ÷ yearly income, basis points.
    pub amount_to_income: ScorecardShape,
    /// (Amount + existing debts) ÷ yearly income, basis points.
    pub debt_to_income: ScorecardShape,
    /// Term in months.
    pub term: ScorecardShape,
    /// Whole years in the present trade.
    pub years_in_trade: ScorecardShape,
    /// Scores of industries; the longest prefix that fits counts.
    #[schema(max_items = 200)]
    pub industries: Vec<ScorecardPrefix>,
    /// Scores of regions; the longest prefix that fits counts.
    #[schema(max_items = 200)]
    pub regions: Vec<ScorecardPrefix>,
    /// Added for each fact that was asked and not stated.
    #[schema(example = 6, minimum = 0, maximum = 1_000_000)]
    pub unstated: i64,
    /// Highest totals of the grades A, B, C and D, rising; above the last it is E.
    #[schema(example = json!([10, 25, 45, 70]), min_items = 4, max_items = 4)]
    pub grade_max: Vec<i64>,
}

/// The score of all codes that begin so.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardPrefix {
    /// First characters of the code, each once.
    #[schema(example = "C13", min_length = 1, max_length = 6, pattern = "^[0-9A-Za-z]{1,6}$")]
    pub prefix: String,
    /// The score.
    #[schema(example = 10, minimum = 0, maximum = 1_000_000)]
    pub score: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::assessments::admission::Scorecard;
    use domain::assessments::admission::risks::Shape;
    use domain::assessments::admission::sources::SourceKind;
    use domain::assessments::personal::{PersonalScorecard, PrefixScore};
    use serde_json::{Value, json};

    #[test]
    fn the_description_is_what_the_domain_stores() {
        let mut admission = Scorecard::standard();
        admission.needed_sources = SourceKind::ALL.to_vec();
        admission.risks[0].shape = Shape::Excess { threshold: 1, base: 2, step: 3 };
        let stored = serde_json::to_value(&admission).unwrap();
        let described: AdmissionScorecardBody = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&described).unwrap(), stored);
        let shapes: Vec<_> = stored["risks"].as_array().unwrap().iter().map(|risk| &risk["shape"]).collect();
        for shape in ["excess", "above", "below"] {
            assert!(shapes.iter().any(|known| *known == shape), "{shape} is among {shapes:?}");
        }
        let mut personal = PersonalScorecard::standard();
        personal.industries = vec![PrefixScore { prefix: "C13".into(), score: 1 }];
        let stored = serde_json::to_value(&personal).unwrap();
        let described: PersonalScorecardBody = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&described).unwrap(), stored);
        // Neither is taken for the other.
        let kind = |body: &Value| match serde_json::from_value(body.clone()) {
            Ok(ScorecardBody::Admission(_)) => "admission",
            Ok(ScorecardBody::Personal(_)) => "personal",
            Ok(ScorecardBody::Equipment(_)) => "equipment",
            Ok(ScorecardBody::EquipmentMarket(_)) => "equipment_market",
            Err(_) => "neither",
        };
        let admission = serde_json::to_value(&admission).unwrap();
        assert_eq!((kind(&admission), kind(&stored), kind(&json!({}))), ("admission", "personal", "neither"));
        let equipment = serde_json::to_value(domain::devices::score::Scorecard::standard()).unwrap();
        let market = serde_json::to_value(domain::devices::value::MarketParameters::standard()).unwrap();
        assert_eq!((kind(&equipment), kind(&market)), ("equipment", "equipment_market"));
    }
}
