//! How thresholds are shown and entered.

use chrono::{DateTime, Utc};
use domain::devices::utilisation::{Thresholds, ThresholdsFault};
use domain::id::{Id, kind};
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::store::thresholds::Row;
use crate::devices::words::say;
use crate::error::{Error, FieldProblem, Language, Result};

/// Thresholds of power. Power counts by its absolute value.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdsBody {
    /// Below this the machine is off, milliwatts.
    #[schema(example = 3_000, minimum = 1, maximum = 10_000_000_000_i64)]
    pub off_below_mw: i64,
    /// From this it works, milliwatts.
    #[schema(example = 600_000, minimum = 1, maximum = 10_000_000_000_i64)]
    pub working_from_mw: i64,
    /// From this it is overloaded, milliwatts; null where nobody can say.
    #[serde(default)]
    #[schema(example = 5_500_000, minimum = 1, maximum = 10_000_000_000_i64)]
    pub overload_from_mw: Option<i64>,
    /// How far below its threshold power must fall before a state is left, thousandths of the threshold.
    #[serde(default = "hysteresis")]
    #[schema(example = 100, minimum = 0, maximum = 900)]
    pub hysteresis_per_mille: i64,
    /// A stretch shorter than this is no change of state, seconds.
    #[serde(default = "minimum")]
    #[schema(example = 60, minimum = 0, maximum = 3600)]
    pub minimum_s: i64,
    /// Power is judged by its mean over this time, seconds; 0 judges each reading by itself.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 3600)]
    pub mean_over_s: i64,
}

fn hysteresis() -> i64 {
    Thresholds::standard().hysteresis_per_mille
}

fn minimum() -> i64 {
    Thresholds::standard().minimum_s
}

impl ThresholdsBody {
    /// As the domain has them.
    ///
    /// # Errors
    /// `invalid_fields`.
    pub(super) fn checked(&self, basis: &str) -> Result<Thresholds> {
        let thresholds = Thresholds {
            off_below_mw: self.off_below_mw,
            working_from_mw: self.working_from_mw,
            overload_from_mw: self.overload_from_mw,
            hysteresis_per_mille: self.hysteresis_per_mille,
            minimum_s: self.minimum_s,
            mean_over_s: self.mean_over_s,
            basis: basis.to_owned(),
        };
        thresholds.check().map_err(|fault| {
            let (pointer, zh, en) = match fault {
                ThresholdsFault::Order => (
                    "/working_from_mw",
                    "应满足：0 < 关机阈值 ≤ 工作阈值 ≤ 过载阈值 ≤ 10兆瓦",
                    "0 < off ≤ working ≤ overload ≤ 10 megawatts",
                ),
                ThresholdsFault::Hysteresis => {
                    ("/hysteresis_per_mille", "回差应在0到900（千分之）之间", "The hysteresis is 0 to 900 thousandths")
                }
                ThresholdsFault::Duration => {
                    ("/minimum_s", "时长应在0到3600秒之间", "A duration is 0 to 3,600 seconds")
                }
            };
            Error::fields(vec![FieldProblem::new(pointer, fault.to_string(), zh, en)])
        })?;
        Ok(thresholds)
    }

    fn of(thresholds: &Thresholds) -> Self {
        Self {
            off_below_mw: thresholds.off_below_mw,
            working_from_mw: thresholds.working_from_mw,
            overload_from_mw: thresholds.overload_from_mw,
            hysteresis_per_mille: thresholds.hysteresis_per_mille,
            minimum_s: thresholds.minimum_s,
            mean_over_s: thresholds.mean_over_s,
        }
    }
}

/// Thresholds of a machine, or of a kind of machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThresholdsView {
    /// Their id; null for the standard ones.
    #[schema(example = "thr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: Option<String>,
    /// Whose they are: `machine`, `category` or `standard`.
    #[schema(example = "machine")]
    pub of: String,
    /// The figures.
    pub thresholds: ThresholdsBody,
    /// `standard`, `learned` or `set`.
    #[schema(example = "learned")]
    pub origin: String,
    /// `suggested`, `in_force`, `superseded` or `rejected`. A category's in force hold for its machines without their own.
    #[schema(example = "suggested")]
    pub state: String,
    /// How they were found, where they were learned.
    pub explanation: Option<String>,
    /// When they were proposed; null for the standard ones.
    pub created_at: Option<DateTime<Utc>>,
    /// When somebody decided on them.
    pub decided_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`; 0 for the standard ones, which nobody changes.
    #[schema(example = 1, minimum = 0)]
    pub version: i64,
}

impl ThresholdsView {
    /// Of a row.
    pub(super) fn of(row: &Row, language: Language) -> Result<Self> {
        let thresholds: Thresholds = serde_json::from_value(row.body.clone())?;
        let explanation: Option<Words> = row.explanation.clone().map(serde_json::from_value).transpose()?;
        Ok(Self {
            id: Some(Id::<kind::Thresholds>::from_uuid(row.id).to_string()),
            of: if row.category.is_some() { "category" } else { "machine" }.to_owned(),
            thresholds: ThresholdsBody::of(&thresholds),
            origin: row.origin.clone(),
            state: row.state.clone(),
            explanation: explanation.map(|words| say(&words, language)),
            created_at: Some(row.created_at),
            decided_at: row.decided_at,
            version: row.version,
        })
    }

    /// Those of a machine that has none of its own.
    pub(super) fn standard(in_force: bool) -> Self {
        Self {
            id: None,
            of: "standard".to_owned(),
            thresholds: ThresholdsBody::of(&Thresholds::standard()),
            origin: "standard".to_owned(),
            state: if in_force { "in_force" } else { "superseded" }.to_owned(),
            explanation: None,
            created_at: None,
            decided_at: None,
            version: 0,
        }
    }
}
