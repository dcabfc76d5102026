//! The firm's dated parameters: net assets, bounds, weights, counted links and ceilings. Finance enters one, another
//! person approves it, and the newest that is approved holds from its day on; none is ever changed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BASIS_POINTS;
use super::groups::{COUNTED_BY_DEFAULT, LinkKind};
use super::rules::{
    Bounds, CLIENT_BP_MAX, Dimension, GROUP_BP_MAX, LEVERAGE_BP_MAX, LEVERAGE_RAISED_BP_MAX, Leverage, Measure,
};
use super::weights::{WeightFault, WeightSet};
use crate::coded::coded;
use crate::money::Fen;
use crate::words::{Words, plain_text};

/// Most characters of a ceiling's subject.
pub const SUBJECT_CHARS_MAX: usize = 64;

/// A parameter's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ParameterValue {
    /// Net assets 净资产, from the accounts.
    NetAssets {
        /// How much; a loss can bring it below 0.
        amount: Fen,
    },
    /// The bounds of the law, or tighter ones of the firm.
    Bounds {
        /// The multiple of net assets.
        leverage: Leverage,
        /// One client, in basis points of net assets.
        client_bp: u16,
        /// A client with its related parties.
        group_bp: u16,
    },
    /// The weights of the liability balance.
    Weights {
        /// All of them; their `effective_from` is the parameter's.
        weights: WeightSet,
    },
    /// Which links make a group.
    CountedLinks {
        /// The kinds, each once.
        kinds: Vec<LinkKind>,
    },
    /// A ceiling of the firm.
    Ceiling {
        /// What it is for.
        dimension: Dimension,
        /// Which product, industry, region or bank.
        subject: String,
        /// Which balance it bounds.
        measure: Measure,
        /// The largest balance (inclusive); nothing takes the ceiling away from the day on.
        bound: Option<Fen>,
    },
}

impl ParameterValue {
    /// What the parameter is about: of two with one key, the newer holds. At most 90 characters.
    pub fn key(&self) -> String {
        match self {
            Self::NetAssets { .. } => "net_assets".to_owned(),
            Self::Bounds { .. } => "bounds".to_owned(),
            Self::Weights { .. } => "weights".to_owned(),
            Self::CountedLinks { .. } => "counted_links".to_owned(),
            Self::Ceiling { dimension, subject, .. } => ceiling_key(*dimension, subject),
        }
    }

    fn validate(&self, effective_from: NaiveDate) -> Result<(), ParameterRefusal> {
        let wrong = |reason| Err(ParameterRefusal::ValueInvalid { reason });
        match self {
            Self::NetAssets { .. } => Ok(()),
            Self::Bounds { leverage, client_bp, group_bp } => {
                let shares_fit = [leverage.balance_share_bp, leverage.client_share_bp]
                    .iter()
                    .all(|share| i64::from(*share) <= BASIS_POINTS);
                let lawful = leverage.standard_bp <= LEVERAGE_BP_MAX
                    && leverage.raised_bp <= LEVERAGE_RAISED_BP_MAX
                    && *client_bp <= CLIENT_BP_MAX
                    && *group_bp <= GROUP_BP_MAX;
                let ordered = leverage.standard_bp <= leverage.raised_bp && client_bp <= group_bp;
                if shares_fit && lawful && ordered { Ok(()) } else { wrong(ValueFault::Bounds) }
            }
            Self::Weights { weights } => match weights.validate() {
                Err(fault) => wrong(ValueFault::Weights(fault)),
                Ok(()) if weights.effective_from != effective_from => wrong(ValueFault::Dates),
                Ok(()) => Ok(()),
            },
            Self::CountedLinks { kinds } => {
                let mut once = kinds.clone();
                once.sort_unstable();
                once.dedup();
                if once.len() == kinds.len() && !kinds.is_empty() { Ok(()) } else { wrong(ValueFault::Links) }
            }
            Self::Ceiling { subject, bound, .. } => {
                let is_plain = plain_text(subject, SUBJECT_CHARS_MAX, false).is_ok_and(|text| text == *subject);
                let is_amount = bound.is_none_or(|bound| bound >= Fen::ZERO);
                if is_plain && is_amount { Ok(()) } else { wrong(ValueFault::Ceiling) }
            }
        }
    }
}

fn ceiling_key(dimension: Dimension, subject: &str) -> String {
    format!("ceiling/{}/{subject}", dimension.code())
}

coded! {
    /// How far a parameter has come.
    ParameterState {
        /// Entered, and without effect.
        Proposed "proposed" "待复核" "proposed";
        /// It holds from its day on.
        Approved "approved" "已复核" "approved";
        /// It never will.
        Rejected "rejected" "已退回" "rejected";
    }
}

/// A parameter as its row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Which one.
    pub id: Uuid,
    /// What it says.
    pub value: ParameterValue,
    /// The first day on which it holds, once approved.
    pub effective_from: NaiveDate,
    /// How far it has come.
    pub state: ParameterState,
    /// Who entered it.
    pub proposed_by: Uuid,
    /// Who decided on it.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What somebody does with what was entered: a parameter, or an agreement that is entered and approved like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is to hold.
    Approve,
    /// It is not.
    Reject,
    /// Whoever entered it takes it back.
    Withdraw,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueFault {
    /// Looser than the law, or one client above its group.
    #[error("bounds_invalid")]
    Bounds,
    /// A weight.
    #[error(transparent)]
    Weights(WeightFault),
    /// The weights' own day is another than the parameter's.
    #[error("parameter_dates_differ")]
    Dates,
    /// No kind of link, or one twice.
    #[error("counted_links_invalid")]
    Links,
    /// The subject is blank, too long or not plain, or the bound negative.
    #[error("ceiling_invalid")]
    Ceiling,
}

/// Why a parameter was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum ParameterRefusal {
    /// Its content is impossible.
    ValueInvalid {
        /// Why.
        reason: ValueFault,
    },
    /// It was decided on before.
    NotProposed,
    /// Whoever entered it does not approve it.
    OwnProposal,
    /// Only whoever entered it takes it back.
    NotOwn,
}

impl ParameterRefusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ValueInvalid { .. } => "parameter_invalid",
            Self::NotProposed => "parameter_not_proposed",
            Self::OwnProposal => "parameter_own_proposal",
            Self::NotOwn => "parameter_not_own",
        }
    }

    /// What is wrong and what to do.
    pub fn words(&self) -> Words {
        let (zh, en) = match self {
            Self::ValueInvalid { reason } => match reason {
                ValueFault::Bounds => (
                    "限额应不宽于监管规定（10倍、15倍、10%、15%），且单户不高于关联方合计，请核对",
                    "Bounds must not be looser than the law (10 and 15 times, 10 % and 15 %), nor one client's above its group's",
                ),
                ValueFault::Weights(_) => (
                    "权重应在0.01%至100%之间，余额上限应大于0，并注明依据",
                    "Weights are from 0.01 % to 100 %, bounds above 0, and the source must be named",
                ),
                ValueFault::Dates => {
                    ("权重的生效日应与参数的生效日一致", "The weights must begin on the parameter's day")
                }
                ValueFault::Links => {
                    ("请至少选择一种关联关系，每种一次", "Choose at least one kind of relation, each once")
                }
                ValueFault::Ceiling => (
                    "请填写限额对象（1至64字）和不小于0的金额",
                    "Name the subject (1 to 64 characters) and an amount of at least 0",
                ),
            },
            Self::NotProposed => ("该参数已处理，请刷新后查看", "It was decided on before; reload it"),
            Self::OwnProposal => (
                "录入人不能复核自己录入的参数，请由他人复核",
                "Whoever entered it cannot decide on it; somebody else must",
            ),
            Self::NotOwn => (
                "只有录入人可以撤回；如有问题，请由复核人退回",
                "Only whoever entered it can take it back; an approver can reject it",
            ),
        };
        Words::new(zh, en)
    }
}

/// Enters a parameter, without effect until another person approves it.
///
/// # Errors
/// [`ParameterRefusal::ValueInvalid`].
pub fn propose(
    id: Uuid,
    value: ParameterValue,
    effective_from: NaiveDate,
    by: Uuid,
) -> Result<Parameter, ParameterRefusal> {
    value.validate(effective_from)?;
    let state = ParameterState::Proposed;
    Ok(Parameter { id, value, effective_from, state, proposed_by: by, decided_by: None, decided_at: None })
}

/// What becomes of something that stands at `state` and was entered by `proposed_by`.
///
/// # Errors
/// [`ParameterRefusal::NotProposed`], [`ParameterRefusal::OwnProposal`] for an approval by whoever entered it (they may
/// reject, that is take back, their own), [`ParameterRefusal::NotOwn`] for taking back another's.
pub fn decided(
    state: ParameterState,
    proposed_by: Uuid,
    verdict: Verdict,
    by: Uuid,
) -> Result<ParameterState, ParameterRefusal> {
    if state != ParameterState::Proposed {
        return Err(ParameterRefusal::NotProposed);
    }
    match verdict {
        Verdict::Approve if proposed_by == by => Err(ParameterRefusal::OwnProposal),
        Verdict::Approve => Ok(ParameterState::Approved),
        Verdict::Withdraw if proposed_by != by => Err(ParameterRefusal::NotOwn),
        Verdict::Reject | Verdict::Withdraw => Ok(ParameterState::Rejected),
    }
}

/// Approves, rejects or takes back a parameter.
///
/// # Errors
/// As [`decided`], and [`ParameterRefusal::ValueInvalid`] for an approval of what is not valid any more.
pub fn decide(
    parameter: &Parameter,
    verdict: Verdict,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<Parameter, ParameterRefusal> {
    let state = decided(parameter.state, parameter.proposed_by, verdict, by)?;
    if verdict == Verdict::Approve {
        parameter.value.validate(parameter.effective_from)?;
    }
    Ok(Parameter { state, decided_by: Some(by), decided_at: Some(at), ..parameter.clone() })
}

/// The parameter of a key that holds on a day: approved, begun, and the one that began last; of two that began on the same
/// day, the one approved last, since it mends the other.
pub fn in_force<'a>(parameters: &'a [Parameter], key: &str, day: NaiveDate) -> Option<&'a Parameter> {
    parameters
        .iter()
        .filter(|one| one.state == ParameterState::Approved && one.effective_from <= day && one.value.key() == key)
        .max_by_key(|one| (one.effective_from, one.decided_at, one.id))
}

/// The bounds that hold on a day: the statutory ones where the firm has entered none, and no net assets where none are
/// approved.
pub fn bounds_on(parameters: &[Parameter], day: NaiveDate) -> Bounds {
    let value = |key| in_force(parameters, key, day).map(|one| &one.value);
    let net_assets = match value("net_assets") {
        Some(ParameterValue::NetAssets { amount }) => Some(*amount),
        _ => None,
    };
    match value("bounds") {
        Some(ParameterValue::Bounds { leverage, client_bp, group_bp }) => {
            Bounds { net_assets, leverage: *leverage, client_bp: *client_bp, group_bp: *group_bp }
        }
        _ => Bounds::statutory(net_assets),
    }
}

/// The weights that hold on a day; the standard ones where the firm has entered none.
pub fn weights_on(parameters: &[Parameter], day: NaiveDate) -> WeightSet {
    match in_force(parameters, "weights", day).map(|one| &one.value) {
        Some(ParameterValue::Weights { weights }) => weights.clone(),
        _ => WeightSet::standard(),
    }
}

/// The links that count on a day; the default ones where the firm has entered none.
pub fn counted_links_on(parameters: &[Parameter], day: NaiveDate) -> Vec<LinkKind> {
    match in_force(parameters, "counted_links", day).map(|one| &one.value) {
        Some(ParameterValue::CountedLinks { kinds }) => kinds.clone(),
        _ => COUNTED_BY_DEFAULT.to_vec(),
    }
}

/// The ceiling of a subject on a day, with the balance that it bounds.
pub fn ceiling_on(
    parameters: &[Parameter],
    dimension: Dimension,
    subject: &str,
    day: NaiveDate,
) -> Option<(Measure, Fen)> {
    match in_force(parameters, &ceiling_key(dimension, subject), day).map(|one| &one.value) {
        Some(ParameterValue::Ceiling { measure, bound, .. }) => bound.map(|bound| (*measure, bound)),
        _ => None,
    }
}
