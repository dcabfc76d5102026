//! The scorecard: everything about admission that a tenant may set, as one versioned piece of data.
//!
//! Weights and bounds of [`Scorecard::standard`] come from the field's knowledge (statutory size classes, gates of
//! guarantee firms and tax-and-invoice lenders); none was fitted to outcomes. Rating and default are no inputs.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::clean::CleaningRules;
use super::indicators::IndicatorDef;
use super::measure;
use super::period::PERIOD_MONTHS_MAX;
use super::risks::{Band, RiskRule, Shape};
use super::sources::SourceKind;
use super::{standard_indicators, standard_risks};

/// Most risks or indicators in one scorecard.
pub const ENTRIES_MAX: usize = 200;
/// Highest score, base, step or limit; keeps every total far inside `i64`.
pub const SCORE_MAX: i64 = 1_000_000;

/// A versioned admission scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Stable id of the scorecard.
    pub id: String,
    /// Version, counted from 1; a version never changes once used.
    pub version: u32,
    /// First day on which it is used.
    pub effective_from: NaiveDate,
    /// What it is for.
    pub title_zh: String,
    /// Length of the period, whole months (R11.5: six).
    pub window_months: u32,
    /// Window in which registration changes count, months up to the evaluation date.
    pub changes_months: u32,
    /// A total above this is refused.
    pub acceptable_total: i64,
    /// A total above this is looked at by a person.
    pub review_total: i64,
    /// Without these sources there is nothing to decide on automatically, so a person looks at it.
    pub needed_sources: Vec<SourceKind>,
    /// Which invoices count.
    pub cleaning: CleaningRules,
    /// Definitions of the indicators.
    pub indicators: Vec<IndicatorDef>,
    /// The risks.
    pub risks: Vec<RiskRule>,
}

/// What is wrong with a scorecard, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorecardError {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What is wrong and what is expected, Chinese.
    pub reason_zh: String,
    /// The same in English.
    pub reason_en: String,
}

impl ScorecardError {
    /// A problem with its sentence in both languages.
    pub(in crate::assessments) fn new(pointer: String, (reason_zh, reason_en): Reason) -> Self {
        Self { pointer, reason_zh: reason_zh.to_string(), reason_en: reason_en.to_string() }
    }
}

/// What is wrong, Chinese and English.
pub(in crate::assessments) type Reason = (&'static str, &'static str);

impl Scorecard {
    /// The scorecard that a new tenant starts with.
    pub fn standard() -> Self {
        Scorecard {
            id: "admission-standard".to_string(),
            version: 1,
            effective_from: NaiveDate::from_ymd_opt(2017, 10, 1).unwrap_or_default(),
            title_zh: "融资准入标准评分卡".to_string(),
            window_months: 6,
            changes_months: 24,
            acceptable_total: 100,
            review_total: 60,
            needed_sources: vec![SourceKind::InvoicesOut],
            cleaning: CleaningRules {
                total_tolerance_fen: 10,
                tax_share_max_bp: 5_000,
                amount_max_fen: 100_000_000_000,
                earliest_on: NaiveDate::from_ymd_opt(1994, 1, 1).unwrap_or_default(),
                bad_share_max_bp: 100,
            },
            indicators: standard_indicators::all(),
            risks: standard_risks::all(),
        }
    }

    /// The definition of an indicator.
    pub fn indicator(&self, id: &str) -> Option<&IndicatorDef> {
        self.indicators.iter().find(|def| def.id == id)
    }

    /// Checks a scorecard before it is released.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn validate(&self) -> Result<(), Vec<ScorecardError>> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: String, reason: Reason| errors.push(ScorecardError::new(pointer, reason));
        self.check_numbers(&mut wrong);
        self.check_cleaning(&mut wrong);
        for (at, def) in self.indicators.iter().enumerate().take(ENTRIES_MAX) {
            self.check_indicator(at, def, &mut wrong);
        }
        for (at, rule) in self.risks.iter().enumerate().take(ENTRIES_MAX) {
            self.check_risk(at, rule, &mut wrong);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn check_numbers(&self, wrong: &mut impl FnMut(String, Reason)) {
        let score = 0..=SCORE_MAX;
        let checks = [
            (self.id.trim().is_empty(), "/id", ("评分卡编号不能为空", "the scorecard needs an id")),
            (self.version == 0, "/version", ("版本号从 1 开始", "versions count from 1")),
            (
                !(1..=PERIOD_MONTHS_MAX).contains(&self.window_months),
                "/window_months",
                ("数据期间应为 1 至 120 个月", "the period has 1 to 120 months"),
            ),
            (
                !(1..=PERIOD_MONTHS_MAX).contains(&self.changes_months),
                "/changes_months",
                ("变更统计期间应为 1 至 120 个月", "the window for changes has 1 to 120 months"),
            ),
            (
                !score.contains(&self.acceptable_total),
                "/acceptable_total",
                ("可接受总分应在 0 至 1000000 之间", "the acceptable total lies from 0 to 1000000"),
            ),
            (
                !score.contains(&self.review_total),
                "/review_total",
                ("复核总分应在 0 至 1000000 之间", "the review total lies from 0 to 1000000"),
            ),
            (
                self.review_total > self.acceptable_total,
                "/review_total",
                ("复核总分不能高于可接受总分", "the review total is not above the acceptable total"),
            ),
            (self.risks.is_empty(), "/risks", ("至少需要一项风险", "at least one risk is needed")),
            (self.risks.len() > ENTRIES_MAX, "/risks", ("风险不能超过 200 项", "at most 200 risks")),
            (self.indicators.len() > ENTRIES_MAX, "/indicators", ("指标不能超过 200 项", "at most 200 indicators")),
        ];
        for (applies, pointer, reason) in checks {
            if applies {
                wrong(pointer.to_string(), reason);
            }
        }
    }

    fn check_cleaning(&self, wrong: &mut impl FnMut(String, Reason)) {
        let cleaning = &self.cleaning;
        let checks = [
            (
                cleaning.total_tolerance_fen < 0,
                "/cleaning/total_tolerance_fen",
                ("价税合计误差不能为负", "the tolerance is not negative"),
            ),
            (
                cleaning.tax_share_max_bp <= 0,
                "/cleaning/tax_share_max_bp",
                ("税额占比上限应大于 0", "the highest share of tax is above 0"),
            ),
            (
                cleaning.amount_max_fen <= 0,
                "/cleaning/amount_max_fen",
                ("单张发票金额上限应大于 0", "the highest amount of an invoice is above 0"),
            ),
            (
                !(0..=10_000).contains(&cleaning.bad_share_max_bp),
                "/cleaning/bad_share_max_bp",
                (
                    "坏行占比上限应在 0 至 10000 个基点之间",
                    "the highest share of bad rows lies from 0 to 10000 basis points",
                ),
            ),
        ];
        for (applies, pointer, reason) in checks {
            if applies {
                wrong(pointer.to_string(), reason);
            }
        }
    }

    fn check_indicator(&self, at: usize, def: &IndicatorDef, wrong: &mut impl FnMut(String, Reason)) {
        let pointer = |field: &str| format!("/indicators/{at}/{field}");
        if !measure::is_known(&def.id) {
            wrong(
                pointer("id"),
                (
                    "系统不能计算该指标，请从指标目录中选择",
                    "this indicator cannot be computed; choose one of the catalogue",
                ),
            );
        }
        if self.indicators.iter().take(at).any(|other| other.id == def.id) {
            wrong(pointer("id"), ("指标重复，请删除其中一项", "the indicator is there twice; remove one"));
        }
        // an indicator may only derive from one defined before it, so the relations never form a circle
        let before = |id: &String| self.indicators.iter().take(at).any(|other| other.id == *id);
        if !def.derives_from.iter().all(before) {
            wrong(
                pointer("derives_from"),
                (
                    "来源指标须先于本指标定义，请调整次序或补充定义",
                    "an indicator is derived only from those defined before it",
                ),
            );
        }
    }

    fn check_risk(&self, at: usize, rule: &RiskRule, wrong: &mut impl FnMut(String, Reason)) {
        let pointer = |field: &str| format!("/risks/{at}/{field}");
        if rule.id.trim().is_empty() || self.risks.iter().take(at).any(|other| other.id == rule.id) {
            wrong(pointer("id"), ("风险编号为空或重复，请改为唯一编号", "the risk's id is empty or used twice"));
        }
        if self.indicator(&rule.indicator).is_none() {
            wrong(pointer("indicator"), ("该指标未定义，请先在指标中定义", "the indicator is not defined"));
        }
        check_shape(&rule.shape, &format!("/risks/{at}"), wrong);
        for (field, text) in [("reason_zh", &rule.reason_zh), ("reason_en", &rule.reason_en)] {
            if !["{figure}", "{threshold}", "{period}"].iter().all(|part| text.contains(part)) {
                wrong(
                    pointer(field),
                    (
                        "理由须写明数值、阈值和期间，请包含 {figure}、{threshold}、{period}",
                        "a reason names {figure}, {threshold} and {period}",
                    ),
                );
            }
        }
        if rule.applicant_zh.contains("{threshold}") {
            let reason = ("面向申请人的说明不能写明阈值", "the sentence for applicants does not name the threshold");
            wrong(pointer("applicant_zh"), reason);
        }
        if rule.applicant_zh.trim().is_empty() {
            wrong(pointer("applicant_zh"), ("请填写面向申请人的说明", "the sentence for applicants is missing"));
        }
    }
}

/// Checks how a score grows; `pointer` is that of the object the shape stands in.
pub(in crate::assessments) fn check_shape(shape: &Shape, pointer: &str, wrong: &mut impl FnMut(String, Reason)) {
    match shape {
        Shape::Excess { base, step, .. } => {
            if !(0..=SCORE_MAX).contains(base) || !(1..=SCORE_MAX).contains(step) {
                let reason = (
                    "每超一项的加分应为 1 至 1000000，起始分应为 0 至 1000000",
                    "the step is 1 to 1000000 and the base 0 to 1000000",
                );
                wrong(format!("{pointer}/step"), reason);
            }
        }
        Shape::Above { bands } => check_bands(bands, |a, b| a < b, &format!("{pointer}/bands"), wrong),
        Shape::Below { bands } => check_bands(bands, |a, b| a > b, &format!("{pointer}/bands"), wrong),
    }
}

fn check_bands(
    bands: &[Band],
    ordered: impl Fn(i64, i64) -> bool,
    pointer: &str,
    wrong: &mut impl FnMut(String, Reason),
) {
    if bands.is_empty() || bands.len() > ENTRIES_MAX {
        wrong(pointer.to_string(), ("分档应为 1 至 200 档", "1 to 200 bands"));
    }
    if bands.iter().any(|band| !(1..=SCORE_MAX).contains(&band.score)) {
        wrong(pointer.to_string(), ("各档得分应在 1 至 1000000 之间", "a band scores 1 to 1000000"));
    }
    let graded = bands.windows(2).all(|pair| match pair {
        [a, b] => ordered(a.bound, b.bound) && a.score < b.score,
        _ => true,
    });
    if !graded {
        wrong(
            pointer.to_string(),
            (
                "分档须由轻到重排列：界限依次推进，得分依次增加",
                "bands go from light to heavy: bounds advance and scores rise",
            ),
        );
    }
}
