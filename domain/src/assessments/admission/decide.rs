//! From the total, the gaps and what is missing to a decision, with its reasons in words for staff and for applicants.

use serde::{Deserialize, Serialize};

use super::integrity::{Gap, GapKind};
use super::scorecard::Scorecard;
use super::sources::SourceKind;

/// What the evaluation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Goes on.
    Accept,
    /// A person looks at it first.
    Review,
    /// Past the acceptable total.
    Refuse,
}

/// Why the decision is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionReason {
    /// Stable code: `within_limits`, `over_review_total`, `over_acceptable_total`, `integrity`, `withheld`,
    /// `source_missing`.
    pub code: String,
    /// For staff.
    pub reason_zh: String,
    /// For staff, English.
    pub reason_en: String,
    /// For applicants.
    pub applicant_zh: String,
}

/// Refuse above the acceptable total, unless the data is incomplete: a total of half the data is no ground for a machine's
/// refusal, and a person looks at it. Review above the review total, where integrity failed, or where a source is
/// missing without which nothing can be said or was withheld; else accept. What was withheld or never
/// asked for does not soften a refusal, since it adds nothing to the total.
pub(super) fn decide(
    scorecard: &Scorecard,
    total: i64,
    gaps: &[Gap],
    missing: &[SourceKind],
) -> (Decision, Vec<DecisionReason>) {
    let (acceptable, review) = (scorecard.acceptable_total, scorecard.review_total);
    let (withheld, broken): (Vec<&Gap>, Vec<&Gap>) =
        gaps.iter().filter(|gap| gap.blocking).partition(|gap| gap.kind == GapKind::Withheld);
    let mut reasons = Vec::new();
    let mut decision = Decision::Accept;
    if total > acceptable {
        decision = if broken.is_empty() { Decision::Refuse } else { Decision::Review };
        reasons.push(over_acceptable(total, acceptable, broken.is_empty()));
    } else if total > review {
        decision = Decision::Review;
        reasons.push(reason(
            "over_review_total",
            format!("风险总分 {total} 高于复核总分 {review}，未超过可接受总分 {acceptable}"),
            format!("The risk total {total} is above the review total {review} and within the acceptable {acceptable}"),
            "您的申请需要工作人员进一步核实，请保持联系方式畅通。",
        ));
    }
    if !withheld.is_empty() {
        decision = decision.max(Decision::Review);
        reasons.push(not_authorised(&withheld));
    }
    for gap in broken {
        decision = decision.max(Decision::Review);
        reasons.push(reason(
            "integrity",
            format!("数据完整性未通过：{}", gap.text_zh),
            format!("Integrity failed: {}", gap.text_en),
            "部分资料未能完整取得，将由工作人员核实，您可能需要补充材料。",
        ));
    }
    let is_withheld = |kind: &SourceKind| withheld.iter().any(|gap| gap.source == *kind);
    for kind in scorecard.needed_sources.iter().filter(|kind| missing.contains(kind) && !is_withheld(kind)) {
        decision = decision.max(Decision::Review);
        reasons.push(reason(
            "source_missing",
            format!("缺少{}，无法自动判断", kind.zh()),
            format!("Without {} nothing can be decided automatically", kind.en()),
            "尚未取得判断所需的资料，将由工作人员核实，您可能需要补充材料。",
        ));
    }
    if reasons.is_empty() {
        reasons.push(reason(
            "within_limits",
            format!("风险总分 {total} 未超过复核总分 {review}"),
            format!("The risk total {total} is within the review total {review}"),
            "您的申请已通过初步评估，将进入下一步。",
        ));
    }
    (decision, reasons)
}

/// The total is above the acceptable one; of data with gaps a person says what that means.
fn over_acceptable(total: i64, acceptable: i64, complete: bool) -> DecisionReason {
    let zh = format!("风险总分 {total} 高于可接受总分 {acceptable}");
    let en = format!("The risk total {total} is above the acceptable total {acceptable}");
    if complete {
        let told = "根据目前收集到的资料，暂不符合准入条件。您可以申请人工复核，或在情况改善后重新申请。";
        return reason("over_acceptable_total", zh, en, told);
    }
    reason(
        "over_acceptable_total",
        format!("{zh}，但数据不完整，须人工判断"),
        format!("{en}, but the data is incomplete, so a person decides"),
        "您的申请需要工作人员进一步核实，请保持联系方式畅通。",
    )
}

/// What was not authorised, all of it in one sentence. It rules out an automatic acceptance and is no ground for an
/// automatic refusal: nobody need agree to more than they want (个人信息保护法 art. 16).
fn not_authorised(withheld: &[&Gap]) -> DecisionReason {
    let names = |name: fn(SourceKind) -> &'static str| withheld.iter().map(|gap| name(gap.source)).collect::<Vec<_>>();
    let (zh, en) = (names(SourceKind::zh).join("、"), names(SourceKind::en).join(", "));
    reason(
        "withheld",
        format!("申请人未授权：{zh}，不能自动通过"),
        format!("Not authorised by the applicant: {en}; it cannot pass automatically"),
        "您未授权部分数据来源，将由工作人员核实。",
    )
}

fn reason(code: &str, reason_zh: String, reason_en: String, applicant_zh: &str) -> DecisionReason {
    DecisionReason { code: code.to_string(), reason_zh, reason_en, applicant_zh: applicant_zh.to_string() }
}
