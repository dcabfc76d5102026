//! What this area shows. Bodies are Markdown as plain text: HTML in them is text too, and is to be shown as such.

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use domain::policies::{Condition, Met};
use serde::Serialize;
use utoipa::ToSchema;

use super::conditions::ConditionsBody;
use super::publication::Publication;
use super::store::{ArticleRow, PolicyRow, TermRow};
use crate::error::{Language, Result};

/// A policy in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyCard {
    /// Its id.
    #[schema(example = "pol_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its title.
    #[schema(example = "（示例）农户贷款担保费补贴办法")]
    pub title: String,
    /// Who issued it, and its number.
    #[schema(example = "示例文件")]
    pub source: String,
    /// Whether readers see it.
    pub status: Publication,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// A policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyView {
    /// Its id.
    #[schema(example = "pol_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its title.
    #[schema(example = "（示例）农户贷款担保费补贴办法")]
    pub title: String,
    /// Its text in Markdown; HTML in it is text.
    pub body: String,
    /// Who issued it, and its number.
    #[schema(example = "示例文件")]
    pub source: String,
    /// Whom and what it supports.
    pub conditions: ConditionsBody,
    /// Whether readers see it.
    pub status: Publication,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// An article in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleCard {
    /// Its id.
    #[schema(example = "art_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its title.
    #[schema(example = "第一次申请担保，要准备什么")]
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// Whether readers see it.
    pub status: Publication,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleView {
    /// Its id.
    #[schema(example = "art_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its title.
    #[schema(example = "第一次申请担保，要准备什么")]
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// Its text in Markdown; HTML in it is text.
    pub body: String,
    /// Whether readers see it.
    pub status: Publication,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// A word of the field and what it means.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermView {
    /// Its id.
    #[schema(example = "trm_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The word.
    #[schema(example = "反担保")]
    pub term: String,
    /// What it means.
    #[schema(example = "为保障担保公司代偿后能追回款项，由借款人或第三方向担保公司提供的担保。")]
    pub meaning: String,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyAnswer {
    /// It holds.
    Yes,
    /// The question does not say.
    Unknown,
    /// It does not hold.
    No,
}

/// Which condition of a policy.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyConditionName {
    /// The kind of guarantee.
    GuaranteeKind,
    /// The kind of applicant.
    ApplicantKind,
    /// The purpose of the money.
    Purpose,
    /// The region.
    Region,
    /// The industry.
    Industry,
    /// The amount.
    Amount,
    /// The policy's own period.
    Validity,
}

/// Why a condition holds or does not.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyReasonView {
    /// The condition.
    pub condition: PolicyConditionName,
    /// Whether it holds.
    pub met: PolicyAnswer,
    /// The reason, in the caller's language.
    #[schema(example = "所在地区符合（浙江省）")]
    pub text: String,
}

/// How a policy fits.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyMatchView {
    /// The policy.
    #[schema(example = "pol_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub policy_id: String,
    /// Its title.
    #[schema(example = "（示例）农户贷款担保费补贴办法")]
    pub title: String,
    /// Who issued it, and its number.
    #[schema(example = "示例文件")]
    pub source: String,
    /// Yes when every condition holds, no when one does not, else unknown.
    pub fits: PolicyAnswer,
    /// How many of its conditions hold.
    #[schema(example = 3, minimum = 0)]
    pub score: u32,
    /// The answer of each condition that the policy has.
    pub reasons: Vec<PolicyReasonView>,
}

/// Every published policy with how it fits: fitting ones first, then those still open, then the others.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyMatches {
    /// The policies.
    pub items: Vec<PolicyMatchView>,
}

impl From<Met> for PolicyAnswer {
    fn from(met: Met) -> Self {
        match met {
            Met::Yes => Self::Yes,
            Met::Unknown => Self::Unknown,
            Met::No => Self::No,
        }
    }
}

impl From<Condition> for PolicyConditionName {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::GuaranteeKind => Self::GuaranteeKind,
            Condition::ApplicantKind => Self::ApplicantKind,
            Condition::Purpose => Self::Purpose,
            Condition::Region => Self::Region,
            Condition::Industry => Self::Industry,
            Condition::Amount => Self::Amount,
            Condition::Validity => Self::Validity,
        }
    }
}

pub(super) fn policy_card(row: PolicyRow) -> PolicyCard {
    PolicyCard {
        id: Id::<kind::Policy>::from_uuid(row.id).to_string(),
        title: row.title,
        source: row.source,
        status: Publication::from_key(&row.status),
        published_at: row.published_at,
        version: row.version,
    }
}

pub(super) fn policy(row: PolicyRow) -> Result<PolicyView> {
    Ok(PolicyView {
        id: Id::<kind::Policy>::from_uuid(row.id).to_string(),
        title: row.title,
        body: row.body,
        source: row.source,
        conditions: serde_json::from_value(row.conditions)?,
        status: Publication::from_key(&row.status),
        published_at: row.published_at,
        created_at: row.created_at,
        version: row.version,
    })
}

pub(super) fn article_card(row: ArticleRow) -> ArticleCard {
    ArticleCard {
        id: Id::<kind::Article>::from_uuid(row.id).to_string(),
        title: row.title,
        summary: row.summary,
        status: Publication::from_key(&row.status),
        published_at: row.published_at,
        version: row.version,
    }
}

pub(super) fn article(row: ArticleRow) -> ArticleView {
    ArticleView {
        id: Id::<kind::Article>::from_uuid(row.id).to_string(),
        title: row.title,
        summary: row.summary,
        body: row.body,
        status: Publication::from_key(&row.status),
        published_at: row.published_at,
        created_at: row.created_at,
        version: row.version,
    }
}

pub(super) fn term(row: TermRow) -> TermView {
    TermView {
        id: Id::<kind::Term>::from_uuid(row.id).to_string(),
        term: row.term,
        meaning: row.meaning,
        version: row.version,
    }
}

pub(super) fn matched(row: &PolicyRow, found: domain::policies::PolicyMatch, language: Language) -> PolicyMatchView {
    let reasons = found.reasons.into_iter().map(|reason| PolicyReasonView {
        condition: reason.condition.into(),
        met: reason.met.into(),
        text: if language == Language::En { reason.text.en } else { reason.text.zh },
    });
    PolicyMatchView {
        policy_id: found.id,
        title: row.title.clone(),
        source: row.source.clone(),
        fits: found.fits.into(),
        score: found.score,
        reasons: reasons.collect(),
    }
}
