//! Risks: graded scores over indicators, as data. Higher is riskier; a risk that cannot be measured scores 0.

use serde::{Deserialize, Serialize};

/// How a score grows with its indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Shape {
    /// 0 at or below `threshold`; above it `base + step × (value − threshold)`, so strictly more with each one further
    /// over, without a ceiling (R11.7).
    Excess {
        /// The highest value that scores 0.
        threshold: i64,
        /// Added as soon as the threshold is passed.
        base: i64,
        /// Added for each unit over.
        step: i64,
    },
    /// The score of the last band whose bound the value exceeds.
    Above {
        /// Rising bounds with rising scores.
        bands: Vec<Band>,
    },
    /// The score of the last band whose bound the value stays under.
    Below {
        /// Falling bounds with rising scores.
        bands: Vec<Band>,
    },
}

/// One step of a graded score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The bound in the indicator's unit; reached is not passed.
    pub bound: i64,
    /// The score once it is passed.
    pub score: i64,
}

/// A score and the threshold that was passed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graded {
    /// The score, 0 or more.
    pub score: i64,
    /// The bound passed, or the one to pass first where the score is 0.
    pub threshold: Option<i64>,
}

impl Shape {
    /// The score of a value.
    pub fn grade(&self, value: i64) -> Graded {
        match self {
            Shape::Excess { threshold, base, step } => {
                let over = value.saturating_sub(*threshold);
                let score = if over > 0 { base.saturating_add(step.saturating_mul(over)) } else { 0 };
                Graded { score: score.max(0), threshold: Some(*threshold) }
            }
            Shape::Above { bands } => last_passed(bands, |bound| value > bound),
            Shape::Below { bands } => last_passed(bands, |bound| value < bound),
        }
    }
}

fn last_passed(bands: &[Band], passed: impl Fn(i64) -> bool) -> Graded {
    match bands.iter().rev().find(|band| passed(band.bound)) {
        Some(band) => Graded { score: band.score.max(0), threshold: Some(band.bound) },
        None => Graded { score: 0, threshold: bands.first().map(|band| band.bound) },
    }
}

/// One risk of a scorecard: which indicator, how it scores, and how it is put into words.
///
/// The three texts may hold `{figure}`, `{threshold}` and `{period}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRule {
    /// Stable id.
    pub id: String,
    /// Chinese label.
    pub label_zh: String,
    /// English label.
    pub label_en: String,
    /// The indicator it reads.
    pub indicator: String,
    /// How the score grows.
    #[serde(flatten)]
    pub shape: Shape,
    /// The reason for staff, Chinese.
    pub reason_zh: String,
    /// The reason for staff, English.
    pub reason_en: String,
    /// The reason for applicants, Chinese: what it is about and what they can do, no thresholds.
    pub applicant_zh: String,
}

/// The outcome of one risk for one firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// Id of the rule.
    pub id: String,
    /// Chinese label.
    pub label_zh: String,
    /// English label.
    pub label_en: String,
    /// The score; 0 where nothing is wrong or nothing is known.
    pub score: i64,
    /// The indicator read.
    pub indicator: String,
    /// Its value; null where it cannot be known.
    pub figure: Option<i64>,
    /// The threshold passed (or first to pass), in the indicator's unit.
    pub threshold: Option<i64>,
    /// The stretch of time, for people.
    pub period_zh: String,
    /// Why it scores, for staff; null where it scores 0.
    pub reason_zh: Option<String>,
    /// The same in English.
    pub reason_en: Option<String>,
    /// Why, for applicants.
    pub applicant_zh: Option<String>,
}
