//! The five-dimension scorecard 五维评分卡 (R10.1): everything about the equipment score that a tenant may set, as one
//! versioned piece of data, and the check that a version passes before it is used.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::evidence::WHOLE_PPM;
use super::figure::{Dimension, Domain, Figure, Unit};
use super::measure::{Finding, number_words};
use crate::devices::fault::{Fault, Faults};
use crate::words::{Words, plain_text};

/// Highest points of an indicator.
pub const POINTS_MAX: u8 = 100;
/// The weights of the dimensions add up to this.
pub const WEIGHTS_BP: u32 = 10_000;
/// Most indicators of a dimension.
pub const INDICATORS_MAX: usize = 20;
/// Most bands of an indicator.
pub const BANDS_MAX: usize = 20;
/// Days that utilisation looks back.
pub const USAGE_DAYS: u32 = 30;
const TEXT_CHARS_MAX: usize = 64;

/// A versioned scorecard of machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// Stable id.
    pub id: String,
    /// Version, counted from 1; a version never changes once used.
    pub version: u32,
    /// First day on which it is used.
    pub effective_from: NaiveDate,
    /// What it is called.
    pub title: Words,
    /// Totals from here on are controllable 风险可控, hundredths of a point.
    pub threshold_hundredths: u16,
    /// Utilisation with a larger unknown share is not evidence, parts per million.
    pub unknown_share_max_ppm: i64,
    /// Utilisation with fewer known days is not evidence.
    pub days_known_min: u32,
    /// Without these there is no verdict.
    pub mandatory: Vec<Figure>,
    /// Findings that no total outweighs.
    pub vetoes: Vec<Veto>,
    /// The five dimensions.
    pub dimensions: Vec<DimensionRule>,
}

/// A dimension with its weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionRule {
    /// Which.
    pub dimension: Dimension,
    /// Its weight in basis points.
    pub weight_bp: u16,
    /// What it is made of.
    pub indicators: Vec<IndicatorRule>,
}

/// An indicator with its weight inside the dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorRule {
    /// What is looked at.
    pub figure: Figure,
    /// Its weight relative to the others of its dimension.
    pub weight: u16,
    /// How a finding becomes points.
    pub scale: Scale,
    /// What holds when it is not known.
    pub missing: Missing,
}

/// How a finding becomes points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scale {
    /// For numbers: each band begins where the one before ends, so that no number falls between two.
    Bands {
        /// From the lowest numbers to the highest.
        bands: Vec<Band>,
    },
    /// For choices.
    Choices {
        /// Points by code, every code once.
        points: BTreeMap<String, u8>,
    },
}

/// A half-open band of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The first number above it; nothing for the last band.
    pub below: Option<i64>,
    /// Its points.
    pub points: u8,
}

/// What holds when a figure is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Missing {
    /// It scores so much.
    Points {
        /// Points.
        points: u8,
    },
    /// It is left out and the others of its dimension carry its weight.
    Skip,
}

/// A finding that makes the risk not controllable whatever the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// Which figure.
    pub figure: Figure,
    /// Which of its choices.
    pub codes: Vec<String>,
}

impl Scale {
    /// The points of a finding; 0 for one that the scale does not know.
    pub fn points(&self, finding: &Finding) -> u8 {
        let found = match (self, finding) {
            (Self::Bands { bands }, Finding::Number(number)) => {
                bands.iter().find(|band| band.below.is_none_or(|below| *number < below)).map(|band| band.points)
            }
            (Self::Choices { points }, Finding::Choice(code)) => points.get(code).copied(),
            _ => None,
        };
        found.unwrap_or_default().min(POINTS_MAX)
    }

    fn all(&self) -> Vec<u8> {
        match self {
            Self::Bands { bands } => bands.iter().map(|band| band.points.min(POINTS_MAX)).collect(),
            Self::Choices { points } => points.values().map(|points| (*points).min(POINTS_MAX)).collect(),
        }
    }

    /// The best points that it gives.
    pub fn best(&self) -> u8 {
        self.all().into_iter().max().unwrap_or_default()
    }

    /// The worst points that it gives.
    pub fn worst(&self) -> u8 {
        self.all().into_iter().min().unwrap_or_default()
    }

    /// For which findings it gives so many points, in words.
    pub fn findings_with(&self, wanted: u8, figure: Figure) -> Words {
        let parts: Vec<Words> = match (self, figure.domain()) {
            (Self::Bands { bands }, Domain::Number(unit)) => {
                let from = std::iter::once(None).chain(bands.iter().map(|band| band.below));
                let fitting = from.zip(bands).filter(|(_, band)| band.points.min(POINTS_MAX) == wanted);
                fitting.map(|(from, band)| range_words(unit, from, band.below)).collect()
            }
            (Self::Choices { points }, Domain::Choice(choices)) => choices
                .into_iter()
                .filter(|(code, _)| points.get(*code).is_some_and(|points| (*points).min(POINTS_MAX) == wanted))
                .map(|(_, words)| words)
                .collect(),
            _ => Vec::new(),
        };
        let join = |text: fn(&Words) -> &str, between| parts.iter().map(text).collect::<Vec<_>>().join(between);
        Words::new(join(|words| &words.zh, "或"), join(|words| &words.en, " or "))
    }
}

fn range_words(unit: Unit, from: Option<i64>, below: Option<i64>) -> Words {
    let say = |number| number_words(unit, number);
    match (from.map(say), below.map(say)) {
        (None, None) => Words::new("任意", "any"),
        (None, Some(below)) => Words::new(format!("低于{}", below.zh), format!("below {}", below.en)),
        (Some(from), None) => Words::new(format!("不低于{}", from.zh), format!("{} or more", from.en)),
        (Some(from), Some(below)) => Words::new(
            format!("不低于{}且低于{}", from.zh, below.zh),
            format!("from {} to below {}", from.en, below.en),
        ),
    }
}

impl Scorecard {
    /// Checks a scorecard before it becomes a version.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        let is_plain = |text: &str| plain_text(text, TEXT_CHARS_MAX, false).is_ok();
        faults.unless(is_plain(&self.id), "/id", ("评分卡编号应为1至64个字", "The id has 1 to 64 characters"));
        faults.unless(self.version > 0, "/version", ("版本号从1开始", "Versions count from 1"));
        let titled = is_plain(&self.title.zh) && is_plain(&self.title.en);
        faults.unless(
            titled,
            "/title",
            ("名称应有中英文，各1至64个字", "The title has 1 to 64 characters in each language"),
        );
        faults.unless(
            (1..=10_000).contains(&self.threshold_hundredths),
            "/threshold_hundredths",
            ("可控标准应在0.01至100分之间", "The threshold lies from 0.01 to 100 points (10,000 hundredths)"),
        );
        faults.unless(
            (0..=WHOLE_PPM).contains(&self.unknown_share_max_ppm),
            "/unknown_share_max_ppm",
            ("未知时间占比上限应在0至100%之间", "The largest unknown share lies from 0 to 1,000,000"),
        );
        faults.unless(
            self.days_known_min <= USAGE_DAYS,
            "/days_known_min",
            ("有数据的天数应不超过30天", "At most 30 known days can be asked for"),
        );
        faults.unless(
            is_once(&self.mandatory),
            "/mandatory",
            ("必填项不能重复", "Each mandatory figure is named once"),
        );
        self.check_vetoes(&mut faults);
        self.check_dimensions(&mut faults);
        faults.result()
    }

    fn check_vetoes(&self, faults: &mut Faults) {
        let figures: Vec<Figure> = self.vetoes.iter().map(|veto| veto.figure).collect();
        faults.unless(is_once(&figures), "/vetoes", ("每个否决指标只能出现一次", "Each figure has at most one veto"));
        for (at, veto) in self.vetoes.iter().enumerate() {
            let known: Vec<&str> = match veto.figure.domain() {
                Domain::Choice(choices) => choices.into_iter().map(|(code, _)| code).collect(),
                Domain::Number(_) => Vec::new(),
            };
            let fits = !veto.codes.is_empty() && veto.codes.iter().all(|code| known.contains(&code.as_str()));
            let reason = ("请从该指标的选项中选择否决情形", "A veto names choices of its figure");
            faults.unless(fits, format!("/vetoes/{at}/codes"), reason);
        }
    }

    fn check_dimensions(&self, faults: &mut Faults) {
        let named: Vec<Dimension> = self.dimensions.iter().map(|rule| rule.dimension).collect();
        let complete = is_once(&named) && named.len() == Dimension::ALL.len();
        faults.unless(complete, "/dimensions", ("五个维度应各出现一次", "Each of the five dimensions appears once"));
        let weights: u32 = self.dimensions.iter().map(|rule| u32::from(rule.weight_bp)).fold(0, u32::saturating_add);
        let reason = ("各维度权重之和应为100%", "The weights of the dimensions add up to 100 % (10,000)");
        faults.unless(weights == WEIGHTS_BP, "/dimensions", reason);
        for (at, rule) in self.dimensions.iter().enumerate() {
            rule.check(&format!("/dimensions/{at}"), faults);
        }
    }
}

impl DimensionRule {
    fn check(&self, pointer: &str, faults: &mut Faults) {
        let pointer = format!("{pointer}/indicators");
        faults.unless(
            (1..=INDICATORS_MAX).contains(&self.indicators.len()),
            pointer.as_str(),
            ("每个维度应有1至20个指标", "A dimension has 1 to 20 indicators"),
        );
        let figures: Vec<Figure> = self.indicators.iter().map(|rule| rule.figure).collect();
        faults.unless(is_once(&figures), pointer.as_str(), ("指标不能重复", "Each indicator appears once"));
        // else a dimension could be left without any points
        let always = self.indicators.iter().any(|rule| rule.missing != Missing::Skip);
        let reason = ("至少一个指标在缺失时仍应计分", "At least one indicator has to score even when it is missing");
        faults.unless(always, pointer.as_str(), reason);
        for (at, rule) in self.indicators.iter().enumerate().take(INDICATORS_MAX) {
            let fits = rule.figure.dimension() == self.dimension;
            let reason = ("该指标不属于此维度", "The figure belongs to another dimension");
            faults.unless(fits, format!("{pointer}/{at}/figure"), reason);
            rule.check(&format!("{pointer}/{at}"), faults);
        }
    }
}

impl IndicatorRule {
    fn check(&self, pointer: &str, faults: &mut Faults) {
        let weight = (1..=10_000).contains(&self.weight);
        faults.unless(
            weight,
            format!("{pointer}/weight"),
            ("权重应在1至10000之间", "The weight lies from 1 to 10,000"),
        );
        let (scale, fits) = match (&self.scale, self.figure.domain()) {
            (Scale::Bands { bands }, Domain::Number(_)) => ("bands", are_bands(bands)),
            (Scale::Choices { points }, Domain::Choice(choices)) => {
                let complete =
                    choices.len() == points.len() && choices.iter().all(|(code, _)| points.contains_key(*code));
                ("points", complete && points.values().all(|points| *points <= POINTS_MAX))
            }
            _ => ("kind", false),
        };
        let reason = (
            "数值指标应有1至20档，界限递增且最后一档不设上限；选项指标应列出每个选项；得分为0至100",
            "A number has 1 to 20 bands with rising bounds and an open last one, a choice has each of its codes; points are 0 to 100",
        );
        faults.unless(fits, format!("{pointer}/scale/{scale}"), reason);
        if let Missing::Points { points } = self.missing {
            let reason = ("缺失时的得分不能高于最高得分", "What is missing cannot score more than the best finding");
            faults.unless(points <= self.scale.best(), format!("{pointer}/missing/points"), reason);
        }
    }
}

fn are_bands(bands: &[Band]) -> bool {
    let Some((last, others)) = bands.split_last() else { return false };
    let bounds: Vec<i64> = others.iter().filter_map(|band| band.below).collect();
    bands.len() <= BANDS_MAX
        && last.below.is_none()
        && bounds.len() == others.len()
        && bounds.windows(2).all(|pair| matches!(pair, [a, b] if a < b))
        && bands.iter().all(|band| band.points <= POINTS_MAX)
}

fn is_once<T: Ord>(items: &[T]) -> bool {
    items.iter().collect::<std::collections::BTreeSet<_>>().len() == items.len()
}
