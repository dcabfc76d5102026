//! Why an action on an application was refused, in a code for the caller and a sentence for the person.

use super::completeness::Missing;
use super::state::ApplicationState;
use crate::money::Fen;
use crate::words::Words;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// The state does not know this action.
    NotInThisState {
        /// Where the application is.
        state: ApplicationState,
    },
    /// The state knows the action, but not for this caller's function.
    WrongHat,
    /// Somebody else's application, or an officer's who is not assigned to it.
    NotYours,
    /// The reviewer investigated it.
    ReviewerInvestigated,
    /// The approver investigated it.
    ApproverInvestigated,
    /// The approver reviewed it.
    ApproverReviewed,
    /// The officer to be assigned has reviewed it.
    AssigneeReviewed,
    /// The officer to be assigned already has it.
    AlreadyAssigned,
    /// The amount exceeds what the approver may approve.
    AboveAuthority {
        /// Up to which amount they may.
        limit: Fen,
    },
    /// The amount exceeds what was requested.
    AboveRequested {
        /// What was requested.
        requested: Fen,
    },
    /// The amount exceeds the product's largest.
    AboveProductMax {
        /// The product's largest amount.
        max: Fen,
    },
    /// The amount is less than the product's smallest.
    BelowProductMin {
        /// The product's smallest amount.
        min: Fen,
    },
    /// The amount is not above 0.
    AmountNotPositive,
    /// The term is shorter than the product's shortest or longer than its longest.
    TermOutOfRange {
        /// The product's shortest term in months.
        months_min: u16,
        /// The product's longest term in months.
        months_max: u16,
    },
    /// A reason, opinion or condition is blank, too long, or has control characters.
    ReasonMissing,
    /// A return names no item, too many, or one twice.
    ItemsInvalid,
    /// A return names an item that the product does not have.
    UnknownItem,
    /// More conditions than allowed.
    TooManyConditions,
    /// Something is still missing.
    Incomplete {
        /// All of it.
        missing: Vec<Missing>,
    },
    /// Only an earlier step of the staff's work can be sent back to.
    NotAnEarlierStep,
    /// A person's refusal is not contested this way.
    NotAutomatic,
    /// Whether whoever consented may is still to be confirmed.
    EntitlementOpen,
    /// Nobody's entitlement waits to be confirmed.
    EntitlementSettled,
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInThisState { .. } => "application_not_in_this_state",
            Self::WrongHat => "application_wrong_role",
            Self::NotYours => "application_not_yours",
            Self::ReviewerInvestigated => "reviewer_is_investigator",
            Self::ApproverInvestigated => "approver_is_investigator",
            Self::ApproverReviewed => "approver_is_reviewer",
            Self::AssigneeReviewed => "assignee_is_reviewer",
            Self::AlreadyAssigned => "assignee_unchanged",
            Self::AboveAuthority { .. } => "amount_above_authority",
            Self::AboveRequested { .. } => "amount_above_requested",
            Self::AboveProductMax { .. } => "amount_above_product",
            Self::BelowProductMin { .. } => "amount_below_product",
            Self::AmountNotPositive => "amount_not_positive",
            Self::TermOutOfRange { .. } => "term_above_product",
            Self::ReasonMissing => "reason_missing",
            Self::ItemsInvalid => "return_items_invalid",
            Self::UnknownItem => "return_item_unknown",
            Self::TooManyConditions => "conditions_too_many",
            Self::Incomplete { .. } => "application_incomplete",
            Self::NotAnEarlierStep => "send_back_not_earlier",
            Self::NotAutomatic => "refusal_not_automatic",
            Self::EntitlementOpen => "entitlement_open",
            Self::EntitlementSettled => "entitlement_settled",
        }
    }

    /// What is wrong and what to do.
    pub fn words(&self) -> Words {
        match self {
            Self::NotInThisState { state } => {
                let now = state.words();
                Words::new(
                    format!("申请当前为“{}”，不能进行此操作，请刷新后查看", now.zh),
                    format!("The application is in state \"{}\", which does not allow this; reload it", now.en),
                )
            }
            Self::AboveAuthority { limit } => Words::new(
                format!("超出您的审批权限（{}），请提交上级审批", limit.in_wan_yuan()),
                format!("Above your authority of {} yuan; pass it to a higher approver", limit.in_yuan_en()),
            ),
            Self::AboveRequested { requested } => Words::new(
                format!("不能超过申请金额{}", requested.in_wan_yuan()),
                format!("At most the requested {} yuan", requested.in_yuan_en()),
            ),
            Self::AboveProductMax { max } => Words::new(
                format!("不能超过产品最高金额{}", max.in_wan_yuan()),
                format!("At most the product's {} yuan", max.in_yuan_en()),
            ),
            Self::BelowProductMin { min } => Words::new(
                format!("不能低于产品最低金额{}", min.in_wan_yuan()),
                format!("At least the product's {} yuan", min.in_yuan_en()),
            ),
            Self::TermOutOfRange { months_min, months_max } => Words::new(
                format!("期限应为{months_min}至{months_max}个月"),
                format!("The term must be from {months_min} to {months_max} months"),
            ),
            Self::Incomplete { missing } => Words::new(
                format!("还有{}项未完成，请逐项补齐后再提交", missing.len()),
                format!("{} things are still missing; supply each of them", missing.len()),
            ),
            other => {
                let (zh, en) = other.fixed_words();
                Words::new(zh, en)
            }
        }
    }

    fn fixed_words(&self) -> (&'static str, &'static str) {
        match self {
            Self::WrongHat => ("您的岗位不能进行此操作", "Your function does not allow this"),
            Self::NotYours => ("该申请不由您办理", "This application is not yours to handle"),
            Self::ReviewerInvestigated => (
                "调查人不能审查自己调查的申请，请由他人审查",
                "Whoever investigated it cannot review it; somebody else must",
            ),
            Self::ApproverInvestigated => (
                "调查人不能审批自己调查的申请，请由他人审批",
                "Whoever investigated it cannot decide on it; somebody else must",
            ),
            Self::ApproverReviewed => (
                "审查人不能审批自己审查的申请，请由他人审批",
                "Whoever reviewed it cannot decide on it; somebody else must",
            ),
            Self::AssigneeReviewed => {
                ("该人员已审查过此申请，不能再担任调查人", "They have reviewed it and cannot become its investigator")
            }
            Self::AlreadyAssigned => ("该申请已由此人办理", "They already have it"),
            Self::AmountNotPositive => ("金额应大于0", "The amount must be above 0"),
            Self::ReasonMissing => (
                "请填写理由（1至1000字，不含控制字符）",
                "Give a reason of 1 to 1,000 characters without control characters",
            ),
            Self::ItemsInvalid => {
                ("请列出需要补正的事项，每项一次，最多100项", "Name what is to be mended, each item once, at most 100")
            }
            Self::UnknownItem => {
                ("退回事项不在该产品的申请表或资料清单中", "The product's form and checklist have no such item")
            }
            Self::TooManyConditions => ("审批条件最多20条", "At most 20 conditions"),
            Self::NotAnEarlierStep => ("只能退回到当前步骤之前的环节", "It can be sent back only to an earlier step"),
            Self::NotAutomatic => {
                ("该结果由人工作出，不属于自动决定复核的范围", "This was decided by a person and not automatically")
            }
            Self::EntitlementOpen => (
                "授权人的资格尚未确认，不能同意；请先确认资格，或退回、建议不同意",
                "Whether the person who consented may is not confirmed: confirm it first, return it, or decline",
            ),
            Self::EntitlementSettled => {
                ("授权人的资格没有待确认的疑问", "There is no doubt about the person who consented to be settled")
            }
            _ => ("不能进行此操作", "This is not possible"),
        }
    }
}
