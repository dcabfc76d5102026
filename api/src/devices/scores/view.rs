//! How a score is shown: figures, and the opinion in words of the caller's language.

use chrono::{DateTime, NaiveDate, Utc};
use domain::devices::score::assess::UsageBasis;
use domain::devices::score::measure::finding_words;
use domain::devices::score::{Dimension, Figure, Verdict, opinion};
use domain::id::kind;
use domain::words::Words;
use serde::Serialize;
use utoipa::ToSchema;

use super::Cause;
use super::store::{self, ScoreRow};
use super::usage::UseView;
use crate::customers::ColleagueBrief;
use crate::devices::equipment::words::{id_of, known, say};
use crate::error::{Language, Result};
use crate::people;
use crate::platform::db::TenantTx;
use crate::platform::http::coded_word;

coded_word! {
    /// What a score says of the risk.
    VerdictWord(Verdict)
}
coded_word! {
    /// What became of utilisation.
    UsageBasisWord(UsageBasis)
}
coded_word! {
    /// One of the five dimensions.
    DimensionWord(Dimension)
}
coded_word! {
    /// One figure about a machine.
    FigureWord(Figure)
}

/// A score in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreBrief {
    /// Its id.
    #[schema(example = "esc_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The total, points of 100.
    #[schema(example = "72.35")]
    pub total: String,
    /// The same in hundredths of a point.
    #[schema(example = 7_235, minimum = 0, maximum = 10_000)]
    pub total_hundredths: i32,
    /// What follows.
    pub verdict: VerdictWord,
    /// The same in words.
    #[schema(example = "风险可控")]
    pub verdict_label: String,
    /// When it was taken.
    pub at: DateTime<Utc>,
}

impl ScoreBrief {
    pub(super) fn of(row: &ScoreRow, language: Language) -> Result<Self> {
        let verdict = known(Verdict::from_code(&row.verdict))?;
        Ok(Self {
            id: id_of::<kind::EquipmentScore>(row.id),
            total: points(row.total_hundredths.into()),
            total_hundredths: row.total_hundredths,
            verdict: VerdictWord(verdict),
            verdict_label: say(&verdict.words(), language),
            at: row.at,
        })
    }
}

/// Why a score was taken.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreCause {
    /// Somebody asked for it.
    Asked,
    /// The papers changed.
    Papers,
    /// A photo came or went.
    Photos,
    /// Utilisation changed.
    Utilisation,
}

impl From<Cause> for ScoreCause {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Asked => Self::Asked,
            Cause::Papers => Self::Papers,
            Cause::Photos => Self::Photos,
            Cause::Utilisation => Self::Utilisation,
        }
    }
}

/// A score of a machine in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreLine {
    /// The score in short.
    #[serde(flatten)]
    pub brief: ScoreBrief,
    /// Why it was taken.
    pub cause: ScoreCause,
    /// The same in words.
    #[schema(example = "资料变更")]
    pub cause_label: String,
}

impl ScoreLine {
    pub(super) fn of(row: &ScoreRow, language: Language) -> Result<Self> {
        let cause = Cause::read(&row.cause)?;
        Ok(Self {
            brief: ScoreBrief::of(row, language)?,
            cause: cause.into(),
            cause_label: say(&cause.words(), language),
        })
    }
}

/// A score of a machine with all that led to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipmentScoreView {
    /// The score in short, and why it was taken.
    #[serde(flatten)]
    pub line: ScoreLine,
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// The version of the scorecard that was used; null where the firm had none yet and the standard one was.
    #[schema(example = "scd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub scorecard: Option<String>,
    /// Its number.
    #[schema(example = 1, minimum = 1)]
    pub scorecard_version: u32,
    /// What it is called.
    #[schema(example = "设备风控标准评分卡")]
    pub scorecard_title: String,
    /// The business date.
    #[schema(example = "2026-11-29")]
    pub as_of: NaiveDate,
    /// From where on a total is controllable, hundredths of a point.
    #[schema(example = 6_000, minimum = 1, maximum = 10_000)]
    pub threshold_hundredths: i64,
    /// Whether utilisation took part.
    pub with_utilisation: bool,
    /// Why it did or did not.
    pub usage_basis: UsageBasisWord,
    /// The same in words.
    #[schema(example = "采用使用率")]
    pub usage_basis_label: String,
    /// The use that was looked at.
    pub usage: Option<UseView>,
    /// The five dimensions.
    pub dimensions: Vec<DimensionScoreView>,
    /// What has to be known for a verdict and is not.
    pub missing: Vec<FigureView>,
    /// The opinion in words.
    pub opinion: OpinionView,
    /// Who took it; null where the product itself did.
    pub by: Option<ColleagueBrief>,
}

/// A dimension's part.
#[derive(Debug, Serialize, ToSchema)]
pub struct DimensionScoreView {
    /// Which.
    pub dimension: DimensionWord,
    /// The same in words.
    #[schema(example = "权属信息")]
    pub label: String,
    /// Its weight, basis points.
    #[schema(example = 3_000, minimum = 0, maximum = 10_000)]
    pub weight_bp: u16,
    /// Its score, hundredths of a point.
    #[schema(example = 8_000, minimum = 0, maximum = 10_000)]
    pub score_hundredths: i64,
    /// Its indicators.
    pub indicators: Vec<IndicatorScoreView>,
}

/// An indicator's part.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorScoreView {
    /// Which figure.
    pub figure: FigureWord,
    /// The same in words.
    #[schema(example = "机龄")]
    pub label: String,
    /// What was found, in words; null where it is not known.
    #[schema(example = "20个月")]
    pub finding: Option<String>,
    /// Its weight inside the dimension.
    #[schema(example = 30, minimum = 0)]
    pub weight: u16,
    /// Points of 100; null where it was left out.
    #[schema(example = 80, minimum = 0, maximum = 100)]
    pub points: Option<u8>,
    /// By how much it lifts the total above the threshold, or draws it below: ten-thousandths of a point.
    #[schema(example = 21_000)]
    pub pull: i64,
}

/// A figure by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureView {
    /// Which.
    pub figure: FigureWord,
    /// The same in words.
    #[schema(example = "购入价格")]
    pub label: String,
}

/// The risk opinion 风控意见.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionView {
    /// What follows, and why.
    #[schema(example = "设备风控评分72.35分，达到60分的标准，风险可控")]
    pub verdict: String,
    /// What raised the score most.
    pub raised: Vec<String>,
    /// What lowered it most.
    pub lowered: Vec<String>,
    /// What would change the verdict.
    pub changes: Vec<String>,
    /// What the score rests on.
    pub basis: Vec<String>,
}

impl EquipmentScoreView {
    pub(super) async fn of(tx: &TenantTx, row: &ScoreRow, language: Language) -> Result<Self> {
        let score = store::result(row)?;
        let names = people::staff_brief(tx, &[row.scored_by]).await?;
        let figure = |one: Figure| FigureView { figure: FigureWord(one), label: say(&one.words(), language) };
        let dimensions = score.dimensions.iter().map(|one| DimensionScoreView::of(one, language)).collect();
        let opinion = opinion(&score);
        let all = |words: &[Words]| words.iter().map(|one| say(one, language)).collect();
        Ok(Self {
            line: ScoreLine::of(row, language)?,
            equipment: id_of::<kind::Equipment>(row.equipment_id),
            scorecard: row.scorecard_id.map(id_of::<kind::Scorecard>),
            scorecard_version: score.scorecard_version,
            scorecard_title: say(&score.scorecard_title, language),
            as_of: score.as_of,
            threshold_hundredths: score.threshold_hundredths,
            with_utilisation: score.with_utilisation,
            usage_basis: UsageBasisWord(score.usage_basis),
            usage_basis_label: say(&score.usage_basis.words(), language),
            usage: score.usage.as_ref().map(UseView::of),
            dimensions,
            missing: score.missing.iter().copied().map(figure).collect(),
            opinion: OpinionView {
                verdict: say(&opinion.verdict, language),
                raised: all(&opinion.raised),
                lowered: all(&opinion.lowered),
                changes: all(&opinion.changes),
                basis: all(&opinion.basis),
            },
            by: ColleagueBrief::of(row.scored_by, &names),
        })
    }
}

impl DimensionScoreView {
    fn of(score: &domain::devices::score::assess::DimensionScore, language: Language) -> Self {
        let indicators = score.indicators.iter().map(|one| IndicatorScoreView {
            figure: FigureWord(one.figure),
            label: say(&one.figure.words(), language),
            finding: one.finding.as_ref().map(|finding| say(&finding_words(one.figure, finding), language)),
            weight: one.weight,
            points: one.points,
            pull: one.pull,
        });
        Self {
            dimension: DimensionWord(score.dimension),
            label: say(&score.dimension.words(), language),
            weight_bp: score.weight_bp,
            score_hundredths: score.score_hundredths,
            indicators: indicators.collect(),
        }
    }
}

/// Hundredths of a point as people read them.
pub(super) fn points(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
