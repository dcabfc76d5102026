//! Takes the score: figures → points → dimensions → total → verdict, and what would change the verdict.
//!
//! Everything is whole numbers: a dimension's score is rounded to hundredths of a point, and the total is computed from the
//! rounded ones, so that what is shown adds up by hand. The same evidence and scorecard give the same score for ever.

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::advice::advice;
use super::card::{IndicatorRule, Missing, Scorecard, WEIGHTS_BP};
use super::evidence::{Evidence, Usage};
use super::figure::{Dimension, Figure};
use super::measure::{Finding, measure};
use crate::coded::coded;
use crate::devices::rounding::rounded;
use crate::words::Words;

/// Most single losses that are named.
const RISKS_MAX: usize = 3;

coded! {
    /// What the score says of the risk.
    Verdict {
        /// The risk is controllable; monitoring may start.
        Controllable "controllable" "风险可控" "controllable";
        /// It is not.
        NotControllable "not_controllable" "风险不可控" "not controllable";
        /// Too little is known to say.
        Insufficient "insufficient" "资料不足" "insufficient papers";
    }
}

coded! {
    /// What became of utilisation.
    UsageBasis {
        /// It takes part.
        Used "used" "采用使用率" "utilisation used";
        /// There is none, or the scorecard does not ask for it.
        Absent "absent" "无使用率" "no utilisation";
        /// Too few days are known.
        TooFewDays "too_few_days" "有数据的天数不足" "too few known days";
        /// Too much of the time is unknown.
        TooMuchUnknown "too_much_unknown" "未知时间过多" "too much unknown time";
    }
}

/// A score with all that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Id of the scorecard.
    pub scorecard_id: String,
    /// Its version.
    pub scorecard_version: u32,
    /// What it is called.
    pub scorecard_title: Words,
    /// The business date.
    pub as_of: NaiveDate,
    /// From 0 to 10,000 hundredths of a point.
    pub total_hundredths: i64,
    /// From where on a total is controllable.
    pub threshold_hundredths: i64,
    /// What follows.
    pub verdict: Verdict,
    /// Whether utilisation took part.
    pub with_utilisation: bool,
    /// Why it did or did not.
    pub usage_basis: UsageBasis,
    /// The utilisation that was looked at.
    pub usage: Option<Usage>,
    /// The dimensions, in the scorecard's order.
    pub dimensions: Vec<DimensionScore>,
    /// Mandatory figures that are missing.
    pub missing: Vec<Figure>,
    /// Figures that rule the machine out whatever the total.
    pub vetoes: Vec<Vetoed>,
    /// What would change the verdict.
    pub changes: Vec<Change>,
    /// Whether the total stands at the threshold or the changes together carry it there.
    pub reachable: bool,
}

/// A dimension's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionScore {
    /// Which.
    pub dimension: Dimension,
    /// Its weight, basis points.
    pub weight_bp: u16,
    /// From 0 to 10,000 hundredths of a point.
    pub score_hundredths: i64,
    /// Its indicators, in the scorecard's order.
    pub indicators: Vec<IndicatorScore>,
}

/// An indicator's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorScore {
    /// Which figure.
    pub figure: Figure,
    /// What it is; nothing where it is not known.
    pub finding: Option<Finding>,
    /// Weight inside the dimension.
    pub weight: u16,
    /// Points from 0 to 100; nothing where it was left out.
    pub points: Option<u8>,
    /// By how much it lifts the total above the threshold (or, negative, draws it below), ten-thousandths of a point. All
    /// of them together are the total less the threshold, but for rounding.
    pub pull: i64,
}

/// A finding that rules the machine out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vetoed {
    /// Which figure.
    pub figure: Figure,
    /// What was found.
    pub finding: Finding,
}

/// What would change the verdict. For a controllable machine these are single losses, each alone; for another,
/// improvements, each on top of those before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which figure.
    pub figure: Figure,
    /// Whether it is not known now, so that it has to be supplied.
    pub supply: bool,
    /// Its points now.
    pub points_now: u8,
    /// Its points then.
    pub points_then: u8,
    /// The findings that give so many points.
    pub target: Words,
    /// The total after it.
    pub total_after_hundredths: i64,
}

/// Weight and points by dimension and indicator: what totals are computed from, also hypothetical ones.
type Grid = Vec<Vec<(u16, Option<u8>)>>;

/// Where an indicator stands in the grid.
type Cell = (usize, usize);

/// Takes the score.
pub fn assess(card: &Scorecard, evidence: &Evidence) -> Score {
    let basis = usage_basis(card, evidence.usage.as_ref());
    let usage = evidence.usage.as_ref().filter(|_| basis == UsageBasis::Used);
    let dimensions = dimensions(card, evidence, usage);
    let grid: Grid = dimensions
        .iter()
        .map(|dimension| dimension.indicators.iter().map(|one| (one.weight, one.points)).collect())
        .collect();
    let (total, threshold) = (total(card, &grid), i64::from(card.threshold_hundredths));
    let missing: Vec<Figure> =
        card.mandatory.iter().copied().filter(|figure| measure(*figure, evidence, usage).is_none()).collect();
    let vetoes = vetoes(card, evidence);
    let verdict = if !vetoes.is_empty() {
        Verdict::NotControllable
    } else if !missing.is_empty() {
        Verdict::Insufficient
    } else if total >= threshold {
        Verdict::Controllable
    } else {
        Verdict::NotControllable
    };
    let changes = match verdict {
        Verdict::Controllable => losses(card, &grid),
        // the total is not what stands in the way
        _ if total >= threshold => Vec::new(),
        _ => improvements(card, &dimensions, &grid),
    };
    let reachable = total >= threshold || changes.last().is_some_and(|last| last.total_after_hundredths >= threshold);
    let took_part = |one: &IndicatorScore| one.figure.is_usage() && one.finding.is_some() && one.points.is_some();
    let with_utilisation = dimensions.iter().flat_map(|dimension| &dimension.indicators).any(took_part);
    Score {
        scorecard_id: card.id.clone(),
        scorecard_version: card.version,
        scorecard_title: card.title.clone(),
        as_of: evidence.as_of,
        total_hundredths: total,
        threshold_hundredths: threshold,
        verdict,
        with_utilisation,
        usage_basis: if basis == UsageBasis::Used && !with_utilisation { UsageBasis::Absent } else { basis },
        usage: evidence.usage,
        dimensions,
        missing,
        vetoes,
        changes,
        reachable,
    }
}

/// Whether utilisation is evidence enough. A share of time that is mostly unknown is a guess, and a guess is not scored.
fn usage_basis(card: &Scorecard, usage: Option<&Usage>) -> UsageBasis {
    match usage {
        None => UsageBasis::Absent,
        Some(usage) if usage.unknown_share_ppm > card.unknown_share_max_ppm => UsageBasis::TooMuchUnknown,
        Some(usage) if usage.days_known < card.days_known_min => UsageBasis::TooFewDays,
        Some(_) => UsageBasis::Used,
    }
}

fn dimensions(card: &Scorecard, evidence: &Evidence, usage: Option<&Usage>) -> Vec<DimensionScore> {
    let threshold = i64::from(card.threshold_hundredths);
    card.dimensions
        .iter()
        .map(|rule| {
            let mut indicators: Vec<IndicatorScore> =
                rule.indicators.iter().map(|one| indicator(one, measure(one.figure, evidence, usage))).collect();
            let cells: Vec<(u16, Option<u8>)> = indicators.iter().map(|one| (one.weight, one.points)).collect();
            let weights = carried(&cells);
            for one in &mut indicators {
                let above = i64::from(one.points.unwrap_or_default()) * 100 - threshold;
                let lift = i128::from(rule.weight_bp) * i128::from(one.weight) * i128::from(above) * 100;
                let whole = i128::from(WEIGHTS_BP) * weights;
                one.pull = if one.points.is_none() { 0 } else { rounded(lift, whole) };
            }
            let score_hundredths = dimension_score(&cells);
            DimensionScore { dimension: rule.dimension, weight_bp: rule.weight_bp, score_hundredths, indicators }
        })
        .collect()
}

fn indicator(rule: &IndicatorRule, finding: Option<Finding>) -> IndicatorScore {
    let points = match (&finding, rule.missing) {
        (Some(finding), _) => Some(rule.scale.points(finding)),
        (None, Missing::Points { points }) => Some(points),
        (None, Missing::Skip) => None,
    };
    IndicatorScore { figure: rule.figure, finding, weight: rule.weight, points, pull: 0 }
}

/// The weights of what is not left out.
fn carried(cells: &[(u16, Option<u8>)]) -> i128 {
    cells.iter().filter(|(_, points)| points.is_some()).map(|(weight, _)| i128::from(*weight)).sum()
}

fn dimension_score(cells: &[(u16, Option<u8>)]) -> i64 {
    let sum =
        cells.iter().map(|(weight, points)| i128::from(*weight) * i128::from(points.unwrap_or_default())).sum::<i128>();
    rounded(sum.saturating_mul(100), carried(cells))
}

/// Σ weight × score.
fn total(card: &Scorecard, grid: &Grid) -> i64 {
    let sum = card
        .dimensions
        .iter()
        .zip(grid)
        .map(|(rule, cells)| i128::from(rule.weight_bp) * i128::from(dimension_score(cells)))
        .sum();
    rounded(sum, i128::from(WEIGHTS_BP))
}

fn vetoes(card: &Scorecard, evidence: &Evidence) -> Vec<Vetoed> {
    let found = |figure| measure(figure, evidence, None);
    card.vetoes
        .iter()
        .filter_map(|veto| match found(veto.figure) {
            Some(Finding::Choice(code)) if veto.codes.contains(&code) => {
                Some(Vetoed { figure: veto.figure, finding: Finding::Choice(code) })
            }
            _ => None,
        })
        .collect()
}

fn with_points(grid: &Grid, (row, column): Cell, points: u8) -> Grid {
    let mut other = grid.clone();
    if let Some(cell) = other.get_mut(row).and_then(|cells| cells.get_mut(column)) {
        cell.1 = Some(points);
    }
    other
}

fn cells<'a>(card: &'a Scorecard, grid: &'a Grid) -> Vec<(Cell, &'a IndicatorRule, u8)> {
    let rules = card.dimensions.iter().zip(grid).enumerate();
    rules
        .flat_map(|(row, (rule, cells))| {
            let pairs = rule.indicators.iter().zip(cells).enumerate();
            pairs.filter_map(move |(column, (one, cell))| Some(((row, column), one, cell.1?)))
        })
        .collect()
}

/// The fewest improvements that carry the total to the threshold: the largest gain first. Where all of them together do
/// not, all are named.
fn improvements(card: &Scorecard, dimensions: &[DimensionScore], grid: &Grid) -> Vec<Change> {
    let (now, threshold) = (total(card, grid), i64::from(card.threshold_hundredths));
    let is_missing = |(row, column): Cell| {
        let found = dimensions.get(row).and_then(|dimension| dimension.indicators.get(column));
        found.is_some_and(|one| one.finding.is_none())
    };
    let mut ways: Vec<(i64, Cell, &IndicatorRule, u8)> = cells(card, grid)
        .into_iter()
        .filter(|(cell, rule, points)| {
            rule.scale.best() > *points && (advice(rule.figure).is_some() || is_missing(*cell))
        })
        .map(|(cell, rule, points)| {
            let gain = total(card, &with_points(grid, cell, rule.scale.best())).saturating_sub(now);
            (gain, cell, rule, points)
        })
        .collect();
    ways.sort_by_key(|(gain, cell, ..)| (Reverse(*gain), *cell));
    let (mut then, mut reached, mut changes) = (grid.clone(), now, Vec::new());
    for (_, cell, rule, points) in ways {
        if reached >= threshold {
            break;
        }
        then = with_points(&then, cell, rule.scale.best());
        reached = total(card, &then);
        changes.push(change(rule, is_missing(cell), points, rule.scale.best(), reached));
    }
    changes
}

/// The single losses that would draw the total below the threshold, the heaviest first. Only what can turn is named.
fn losses(card: &Scorecard, grid: &Grid) -> Vec<Change> {
    let threshold = i64::from(card.threshold_hundredths);
    let mut changes: Vec<(i64, Cell, Change)> = cells(card, grid)
        .into_iter()
        .filter(|(_, rule, points)| advice(rule.figure).is_some() && rule.scale.worst() < *points)
        .map(|(cell, rule, points)| {
            let after = total(card, &with_points(grid, cell, rule.scale.worst()));
            (after, cell, change(rule, false, points, rule.scale.worst(), after))
        })
        .filter(|(after, ..)| *after < threshold)
        .collect();
    changes.sort_by_key(|(after, cell, _)| (*after, *cell));
    changes.into_iter().map(|(.., change)| change).take(RISKS_MAX).collect()
}

fn change(rule: &IndicatorRule, supply: bool, points_now: u8, points_then: u8, total_after_hundredths: i64) -> Change {
    let target = rule.scale.findings_with(points_then, rule.figure);
    Change { figure: rule.figure, supply, points_now, points_then, target, total_after_hundredths }
}
