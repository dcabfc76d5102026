//! The risk opinion 风控意见: a score in sentences that applicants and staff read. It says nothing that the score does not
//! say in figures, so it can be written again from a stored score.

use serde::{Deserialize, Serialize};

use super::advice::advice;
use super::assess::{Change, IndicatorScore, Score, UsageBasis, Verdict};
use super::figure::{Figure, Unit};
use super::measure::{finding_words, number_words};
use crate::assessments::admission::text::percent;
use crate::words::Words;

/// Most indicators that are named as raising or lowering.
const NAMED_MAX: usize = 3;

/// A score in sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// What follows, and why.
    pub verdict: Words,
    /// What raised the score most.
    pub raised: Vec<Words>,
    /// What lowered it most.
    pub lowered: Vec<Words>,
    /// What would change the verdict.
    pub changes: Vec<Words>,
    /// What the score rests on.
    pub basis: Vec<Words>,
}

/// Writes the opinion of a score.
pub fn opinion(score: &Score) -> Opinion {
    let mut pulls: Vec<&IndicatorScore> = score.dimensions.iter().flat_map(|one| &one.indicators).collect();
    // the sort is stable, so of two equal ones the scorecard's order decides
    pulls.sort_by_key(|one| std::cmp::Reverse(one.pull));
    let raised = pulls.iter().filter(|one| one.pull > 0).take(NAMED_MAX).map(|one| pull_words(one)).collect();
    let lowered = pulls.iter().rev().filter(|one| one.pull < 0).take(NAMED_MAX).map(|one| pull_words(one)).collect();
    Opinion { verdict: verdict_words(score), raised, lowered, changes: change_words(score), basis: basis_words(score) }
}

fn verdict_words(score: &Score) -> Words {
    let (total, threshold) = (points(score.total_hundredths), points(score.threshold_hundredths));
    match score.verdict {
        Verdict::NotControllable if !score.vetoes.is_empty() => {
            let found = |pick: fn(&Words) -> &str, is: &str, between: &str| {
                let say = |one: &super::assess::Vetoed| {
                    let words = finding_words(one.figure, &one.finding);
                    format!("{}{is}{}", pick(&one.figure.words()), pick(&words))
                };
                score.vetoes.iter().map(say).collect::<Vec<_>>().join(between)
            };
            Words::new(
                format!("{}，无论得分高低，风险均不可控（设备风控评分{total}分）", found(|w| &w.zh, "：", "；")),
                format!("Not controllable whatever the score ({total}): {}", found(|w| &w.en, ": ", "; ")),
            )
        }
        Verdict::Insufficient => {
            let zh: Vec<String> = score.missing.iter().map(|figure| figure.words().zh).collect();
            let en: Vec<String> = score.missing.iter().map(|figure| figure.words().en).collect();
            Words::new(
                format!("缺少{}，暂不能判断风险是否可控；按现有资料得{total}分", zh.join("、")),
                format!("No verdict without {}; what is known scores {total}", en.join(", ")),
            )
        }
        Verdict::Controllable => Words::new(
            format!("设备风控评分{total}分，达到{threshold}分的标准，风险可控"),
            format!("Score {total}, at least the threshold of {threshold}: controllable"),
        ),
        Verdict::NotControllable => Words::new(
            format!("设备风控评分{total}分，低于{threshold}分的标准，风险不可控"),
            format!("Score {total}, below the threshold of {threshold}: not controllable"),
        ),
    }
}

fn pull_words(one: &IndicatorScore) -> Words {
    let label = one.figure.words();
    let found = one
        .finding
        .as_ref()
        .map_or_else(|| Words::new("未提供", "not supplied"), |finding| finding_words(one.figure, finding));
    let scored = one.points.unwrap_or_default();
    // ten-thousandths to hundredths, half away from 0
    let half = if one.pull < 0 { -50 } else { 50 };
    let pull = points(one.pull.saturating_add(half) / 100);
    let sign = if one.pull > 0 { "+" } else { "" };
    Words::new(
        format!("{}：{}，得{scored}分，相对可控标准{sign}{pull}分", label.zh, found.zh),
        format!("{}: {}, {scored} points, {sign}{pull} against the threshold", label.en, found.en),
    )
}

fn change_words(score: &Score) -> Vec<Words> {
    let supply = |figure: &Figure| {
        let label = figure.words();
        Words::new(format!("补填“{}”后方可判断", label.zh), format!("Fill in \"{}\" to get a verdict", label.en))
    };
    let lift = |one: &super::assess::Vetoed| {
        let label = one.figure.words();
        let how = advice(one.figure).unwrap_or_else(|| Words::new("先消除该情形", "resolve it first"));
        Words::new(
            format!("{}：{}，否则不可控", label.zh, how.zh),
            format!("{}: {}, else not controllable", label.en, how.en),
        )
    };
    // what is a step of the way to the threshold anyway is not said twice
    let elsewhere = |figure: &&Figure| score.changes.iter().all(|change| change.figure != **figure);
    let missing = score.missing.iter().filter(elsewhere).map(supply);
    let mut lines: Vec<Words> = score.vetoes.iter().map(lift).chain(missing).collect();
    let is_controllable = score.verdict == Verdict::Controllable;
    let step = if is_controllable { loss_words } else { gain_words };
    lines.extend(score.changes.iter().map(step));
    if !score.reachable {
        lines.push(Words::new("以上全部改进后仍达不到可控标准", "All of this together does not reach the threshold"));
    }
    if is_controllable && score.changes.is_empty() {
        lines.push(Words::new(
            "任一可变动的指标单独下降，总分仍达标",
            "No single loss draws the total below the threshold",
        ));
    }
    lines
}

fn gain_words(change: &Change) -> Words {
    let label = change.figure.words();
    let (now, then, after) = (change.points_now, change.points_then, points(change.total_after_hundredths));
    let target = &change.target;
    match advice(change.figure).filter(|_| !change.supply) {
        Some(how) => Words::new(
            format!("{}：{}由{now}分提高到{then}分（{}），总分可达{after}分", how.zh, label.zh, target.zh),
            format!("{}: {} from {now} to {then} points ({}), total {after}", how.en, label.en, target.en),
        ),
        // what it will turn out to be is not known before it is supplied
        None => Words::new(
            format!("补填“{}”：由{now}分最高可到{then}分（{}），总分最高可达{after}分", label.zh, target.zh),
            format!(
                "Fill in \"{}\": from {now} to at most {then} points ({}), total at most {after}",
                label.en, target.en
            ),
        ),
    }
}

fn loss_words(change: &Change) -> Words {
    let label = change.figure.words();
    let (then, after) = (change.points_then, points(change.total_after_hundredths));
    Words::new(
        format!("若{}变为{}（{then}分），总分降至{after}分，低于可控标准", label.zh, change.target.zh),
        format!(
            "If {} becomes {} ({then} points), the total falls to {after}, below the threshold",
            label.en, change.target.en
        ),
    )
}

fn basis_words(score: &Score) -> Vec<Words> {
    let (title, version, day) = (&score.scorecard_title, score.scorecard_version, score.as_of);
    let card = Words::new(
        format!("评分依据：{}第{version}版，评分日期{day}", title.zh),
        format!("Scorecard: {}, version {version}, as of {day}", title.en),
    );
    vec![card, usage_words(score)]
}

fn usage_words(score: &Score) -> Words {
    let Some(usage) = score.usage else {
        return Words::new(
            "尚无使用率，使用信息按资料评分；绑定智能插座并运行一段时间后可重新评分",
            "No utilisation: use is scored from papers; bind a socket and have it scored again after a while",
        );
    };
    let (from, to) = (usage.period.from(), usage.period.to().pred_opt().unwrap_or(usage.period.to()));
    let unknown = percent(usage.unknown_share_ppm.saturating_add(50).div_euclid(100));
    let (days, share) = (usage.days_known, number_words(Unit::Ppm, usage.utilisation_ppm));
    match score.usage_basis {
        UsageBasis::Used => Words::new(
            format!("采用{from}至{to}的使用率{}（有数据{days}天，未知时间占{unknown}）", share.zh),
            format!("Utilisation of {from} to {to}: {} ({days} days known, {unknown} unknown)", share.en),
        ),
        UsageBasis::TooMuchUnknown => Words::new(
            format!("{from}至{to}未知时间占{unknown}，使用率不足为据，未参与评分"),
            format!("{unknown} of {from} to {to} is unknown: utilisation is no evidence and was left out"),
        ),
        UsageBasis::TooFewDays => Words::new(
            format!("{from}至{to}仅{days}天有数据，使用率不足为据，未参与评分"),
            format!("Only {days} days of {from} to {to} are known: utilisation is no evidence and was left out"),
        ),
        UsageBasis::Absent => Words::new("评分卡未采用使用率", "The scorecard does not use utilisation"),
    }
}

/// Hundredths as points with two decimals.
fn points(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}
