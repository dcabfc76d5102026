//! What can be done to an application, each with what it must carry: a return without reasons or an approval without an
//! amount cannot even be written down.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::completeness::{Missing, Place};
use super::fields::field_at;
use super::form::Form;
use super::product::ProductTerms;
use super::refusal::Refusal;
use super::state::ApplicationState;
use crate::consent::SubjectKind;
use crate::entitlement::Entitlement;
use crate::money::Fen;
use crate::words::plain_text;

/// Most characters of a reason, opinion or condition.
pub const REASON_CHARS_MAX: usize = 1_000;
/// Most items of one return.
pub const RETURN_ITEMS_MAX: usize = 100;
/// Most conditions of one approval.
pub const CONDITIONS_MAX: usize = 20;

/// A reason, opinion or condition in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

impl Reason {
    /// Reads a reason.
    ///
    /// # Errors
    /// [`Refusal::ReasonMissing`] when blank, too long or with control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        plain_text(text, REASON_CHARS_MAX, true).map(Self).map_err(|_| Refusal::ReasonMissing)
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One thing that the applicant is to mend, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnItem {
    place: Place,
    reason: Reason,
}

impl ReturnItem {
    /// A field, document or authorisation that this form has: what its applicant does not see, they cannot mend.
    ///
    /// # Errors
    /// [`Refusal::UnknownItem`] for anything else, [`Refusal::ReasonMissing`].
    pub fn new(place: Place, reason: &str, product: &ProductTerms, form: &Form) -> Result<Self, Refusal> {
        if is_asked_for(&place, product, form) {
            Ok(Self { place, reason: Reason::parse(reason)? })
        } else {
            Err(Refusal::UnknownItem)
        }
    }

    /// What is to be mended.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Why.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

/// Whether a form has this field, document or authorisation.
pub fn is_asked_for(place: &Place, product: &ProductTerms, form: &Form) -> bool {
    let subject = form.subject_kind();
    match place {
        Place::Pointer(pointer) => match pointer.strip_prefix("/extra/") {
            Some(key) => product.extra_field(key).is_some(),
            None => field_at(pointer).is_some_and(|field| field.is_of(subject)),
        },
        Place::ItemKey(key) => {
            let has = |subject| product.items_for(subject, form.capacity()).any(|item| item.key == *key);
            subject.is_some_and(has)
        }
        Place::Consent => subject == Some(SubjectKind::Enterprise),
    }
}

/// What the score says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Goes on.
    Accept,
    /// Goes on, with a look by a person.
    Review,
    /// Above the acceptable total.
    Refuse,
}

/// Amount and term that staff propose or grant, kept apart from what was requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Amount in fen.
    pub amount: Fen,
    /// Term in months.
    pub months: u16,
}

/// What the officer advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// To grant these terms.
    Grant(Terms),
    /// To refuse.
    Decline,
}

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The applicant submits a draft; `missing` is what [`super::completeness::missing`] found.
    Submit {
        /// What is missing.
        missing: Vec<Missing>,
    },
    /// The applicant resubmits a returned application.
    Resubmit {
        /// What is missing.
        missing: Vec<Missing>,
        /// Whether data must be collected or graded again ([`super::changes::needs_new_data`]).
        needs_new_data: bool,
        /// What the applicant says of items that they did not change.
        notes: Vec<ReturnItem>,
    },
    /// Every source answered.
    Collected {
        /// The sources that have nothing.
        absent: Vec<String>,
    },
    /// After the last try some data is still missing.
    CollectionGap {
        /// The sources that are missing.
        sources: Vec<String>,
    },
    /// Whether whoever consented may is not settled: nothing more is collected until an officer has confirmed it.
    EntitlementDoubted {
        /// What stands against it.
        doubt: Entitlement,
    },
    /// The officer confirms that whoever consented may; collection goes on.
    ConfirmEntitlement {
        /// What it rests on.
        opinion: Reason,
    },
    /// The score is there.
    Screened {
        /// What it says.
        outcome: Outcome,
    },
    /// An officer gets the case, or another one.
    Assign {
        /// The officer.
        to: Uuid,
    },
    /// Back to the applicant, with a reason per item.
    Return {
        /// What is to be mended.
        items: Vec<ReturnItem>,
    },
    /// The officer's recommendation.
    Recommend {
        /// The advice.
        advice: Advice,
        /// The opinion.
        opinion: Reason,
        /// What is missing; the checklist blocks this step while incomplete.
        missing: Vec<Missing>,
    },
    /// The reviewer agrees that it goes to the approver.
    ReviewPass {
        /// The opinion.
        opinion: Reason,
    },
    /// Back to an earlier step of the staff's work, losing nothing.
    SendBack {
        /// The step.
        to: ApplicationState,
        /// Why.
        reason: Reason,
    },
    /// The approver grants it.
    Approve {
        /// What is granted.
        terms: Terms,
        /// On what conditions.
        conditions: Vec<Reason>,
    },
    /// The approver refuses it.
    Refuse {
        /// Why.
        reason: Reason,
    },
    /// The applicant withdraws it.
    Withdraw {
        /// Why, if they say.
        reason: Option<Reason>,
    },
    /// The applicant asks for a person's review of an automatic refusal (PIPL art. 24).
    RequestHumanReview {
        /// Why, if they say.
        reason: Option<Reason>,
    },
}

/// The kind of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is described at its action")]
pub enum ActionKind {
    Submit,
    Resubmit,
    Collected,
    CollectionGap,
    EntitlementDoubted,
    ConfirmEntitlement,
    Screened,
    Assign,
    Return,
    Recommend,
    ReviewPass,
    SendBack,
    Approve,
    Refuse,
    Withdraw,
    RequestHumanReview,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Submit,
        Self::Resubmit,
        Self::Collected,
        Self::CollectionGap,
        Self::EntitlementDoubted,
        Self::ConfirmEntitlement,
        Self::Screened,
        Self::Assign,
        Self::Return,
        Self::Recommend,
        Self::ReviewPass,
        Self::SendBack,
        Self::Approve,
        Self::Refuse,
        Self::Withdraw,
        Self::RequestHumanReview,
    ];
}

impl Action {
    /// Its kind.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Submit { .. } => ActionKind::Submit,
            Self::Resubmit { .. } => ActionKind::Resubmit,
            Self::Collected { .. } => ActionKind::Collected,
            Self::CollectionGap { .. } => ActionKind::CollectionGap,
            Self::EntitlementDoubted { .. } => ActionKind::EntitlementDoubted,
            Self::ConfirmEntitlement { .. } => ActionKind::ConfirmEntitlement,
            Self::Screened { .. } => ActionKind::Screened,
            Self::Assign { .. } => ActionKind::Assign,
            Self::Return { .. } => ActionKind::Return,
            Self::Recommend { .. } => ActionKind::Recommend,
            Self::ReviewPass { .. } => ActionKind::ReviewPass,
            Self::SendBack { .. } => ActionKind::SendBack,
            Self::Approve { .. } => ActionKind::Approve,
            Self::Refuse { .. } => ActionKind::Refuse,
            Self::Withdraw { .. } => ActionKind::Withdraw,
            Self::RequestHumanReview { .. } => ActionKind::RequestHumanReview,
        }
    }
}
