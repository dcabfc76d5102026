//! Matching support policies to an application (政策自动匹配): each condition of a policy answers yes, no or unknown with its
//! reason, so that a reader sees why a policy fits and what would be needed where it does not.

mod industry;
mod sentences;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::applications::assignment::region_prefix;
use crate::applications::product::ProductKind;
use crate::money::Fen;
use crate::words::Words;

/// Whom policies speak of; finer than the subject of an application, because support depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// 农户.
    Farmer,
    /// 个体工商户.
    SelfEmployed,
    /// 小微企业.
    SmallEnterprise,
    /// 中型企业.
    MediumEnterprise,
}

impl ApplicantKind {
    fn words(self) -> Words {
        match self {
            Self::Farmer => Words::new("农户", "farmers"),
            Self::SelfEmployed => Words::new("个体工商户", "the self-employed"),
            Self::SmallEnterprise => Words::new("小微企业", "small enterprises"),
            Self::MediumEnterprise => Words::new("中型企业", "medium enterprises"),
        }
    }
}

/// A policy's conditions as data. An empty list or absent bound is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyConditions {
    /// Kinds of guarantee it supports.
    pub guarantee_kinds: Vec<ProductKind>,
    /// Whom it supports.
    pub applicant_kinds: Vec<ApplicantKind>,
    /// Codes of purposes that it supports.
    pub purposes: Vec<String>,
    /// Regions by GB/T 2260 code; 330000 is the whole province, 330100 the whole city.
    pub regions: Vec<String>,
    /// Industries by GB/T 4754 code; `C` is the whole section, `13` the whole division.
    pub industries: Vec<String>,
    /// Smallest amount.
    pub amount_min_fen: Option<Fen>,
    /// Largest amount.
    pub amount_max_fen: Option<Fen>,
    /// First day on which it is in force.
    pub valid_from: Option<NaiveDate>,
    /// First day on which it no longer is.
    pub valid_to: Option<NaiveDate>,
}

/// A policy with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// Its conditions.
    pub conditions: PolicyConditions,
}

/// What is known of the application or the reader; what is absent is unknown, which is neither yes nor no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyQuery {
    /// The kind of guarantee.
    pub guarantee_kind: Option<ProductKind>,
    /// The kind of applicant.
    pub applicant_kind: Option<ApplicantKind>,
    /// The purpose's code.
    pub purpose: Option<String>,
    /// The region's code.
    pub region: Option<String>,
    /// The industry's code.
    pub industry: Option<String>,
    /// The amount.
    pub amount: Option<Fen>,
    /// The business date for which it is asked.
    pub on: NaiveDate,
}

/// Yes, unknown or no; ordered as results are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It holds.
    Yes,
    /// The query does not say.
    Unknown,
    /// It does not hold.
    No,
}

/// Which condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named like the conditions they stand for")]
pub enum Condition {
    GuaranteeKind,
    ApplicantKind,
    Purpose,
    Region,
    Industry,
    Amount,
    Validity,
}

/// The answer of one condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyReason {
    /// The condition.
    pub condition: Condition,
    /// Its answer.
    pub met: Met,
    /// The reason in words.
    pub text: Words,
}

/// The answer of one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyMatch {
    /// The policy's id.
    pub id: String,
    /// Yes when every condition holds, no when one does not, else unknown.
    pub fits: Met,
    /// How many of its conditions hold: the more specific of two fitting policies comes first.
    pub score: u32,
    /// The answer of each condition that the policy has.
    pub reasons: Vec<PolicyReason>,
}

/// Answers for every policy: fitting ones first, then those that are open for want of an answer, then the others; within
/// each, more conditions met first, then fewer not met, then by id.
///
/// `purpose_words` says what a purpose's code means: purposes are the tenant's own, while regions and industries have
/// their public tables. Whatever has no name is shown as its code.
pub fn match_policies(
    query: &PolicyQuery,
    policies: &[Policy],
    purpose_words: &dyn Fn(&str) -> Option<Words>,
) -> Vec<PolicyMatch> {
    let mut matches: Vec<PolicyMatch> = policies.iter().map(|policy| match_one(query, policy, purpose_words)).collect();
    let not_met = |found: &PolicyMatch| found.reasons.iter().filter(|reason| reason.met == Met::No).count();
    matches.sort_by(|a, b| {
        let by_fit = a.fits.cmp(&b.fits).then(b.score.cmp(&a.score));
        by_fit.then_with(|| not_met(a).cmp(&not_met(b))).then_with(|| a.id.cmp(&b.id))
    });
    matches
}

fn match_one(query: &PolicyQuery, policy: &Policy, purpose_words: &dyn Fn(&str) -> Option<Words>) -> PolicyMatch {
    let conditions = &policy.conditions;
    let reasons: Vec<PolicyReason> = [
        listed(Condition::GuaranteeKind, &conditions.guarantee_kinds, query.guarantee_kind.as_ref(), |a, b| a == b),
        listed(Condition::ApplicantKind, &conditions.applicant_kinds, query.applicant_kind.as_ref(), |a, b| a == b),
        listed(Condition::Purpose, &conditions.purposes, query.purpose.as_ref(), |a, b| a == b),
        listed(Condition::Region, &conditions.regions, query.region.as_ref(), |whole, part| {
            part.starts_with(region_prefix(whole))
        }),
        listed(Condition::Industry, &conditions.industries, query.industry.as_ref(), |whole, part| {
            industry::is_within(part, whole)
        }),
        amount(conditions, query.amount),
        validity(conditions, query.on),
    ]
    .into_iter()
    .flatten()
    .map(|(condition, met)| {
        let text = sentences::text(condition, met, conditions, purpose_words);
        PolicyReason { condition, met, text }
    })
    .collect();
    let fits = reasons.iter().map(|reason| reason.met).max().unwrap_or(Met::Yes);
    let score = reasons.iter().fold(0u32, |sum, reason| sum.saturating_add(u32::from(reason.met == Met::Yes)));
    PolicyMatch { id: policy.id.clone(), fits, score, reasons }
}

fn listed<T>(
    condition: Condition,
    allowed: &[T],
    asked: Option<&T>,
    fits: impl Fn(&T, &T) -> bool,
) -> Option<(Condition, Met)> {
    if allowed.is_empty() {
        return None;
    }
    let met = match asked {
        None => Met::Unknown,
        Some(asked) if allowed.iter().any(|one| fits(one, asked)) => Met::Yes,
        Some(_) => Met::No,
    };
    Some((condition, met))
}

fn amount(conditions: &PolicyConditions, asked: Option<Fen>) -> Option<(Condition, Met)> {
    let (min, max) = (conditions.amount_min_fen, conditions.amount_max_fen);
    if min.is_none() && max.is_none() {
        return None;
    }
    let met = match asked {
        None => Met::Unknown,
        Some(asked) if min.is_none_or(|min| asked >= min) && max.is_none_or(|max| asked <= max) => Met::Yes,
        Some(_) => Met::No,
    };
    Some((Condition::Amount, met))
}

fn validity(conditions: &PolicyConditions, on: NaiveDate) -> Option<(Condition, Met)> {
    let (from, to) = (conditions.valid_from, conditions.valid_to);
    if from.is_none() && to.is_none() {
        return None;
    }
    let holds = from.is_none_or(|from| on >= from) && to.is_none_or(|to| on < to);
    Some((Condition::Validity, if holds { Met::Yes } else { Met::No }))
}
