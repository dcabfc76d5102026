//! Where an application can be, who acts on it, and the facts that decide what may happen next.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::consent::SubjectKind;
use crate::money::Fen;
use crate::words::Words;

/// Where an application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationState {
    /// 草稿: the applicant fills it in.
    Draft,
    /// 数据采集: submitted, the enterprise's data is being pulled.
    Collecting,
    /// 预审: it is scored.
    Screening,
    /// 待分派: it waits for an officer.
    Assigning,
    /// 尽职调查: its officer investigates.
    Investigating,
    /// 退回补正: the applicant supplements it.
    Returned,
    /// 风控审查: a reviewer looks at the recommendation.
    Reviewing,
    /// 审批: an approver decides.
    Approving,
    /// 已批准.
    Approved,
    /// 未通过: refused, by score or by a person.
    Refused,
    /// 已撤回: withdrawn by the applicant.
    Withdrawn,
}

impl ApplicationState {
    /// Every state, in the order of the way.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Collecting,
        Self::Screening,
        Self::Assigning,
        Self::Investigating,
        Self::Returned,
        Self::Reviewing,
        Self::Approving,
        Self::Approved,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// Its code, as stored and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Collecting => "collecting",
            Self::Screening => "screening",
            Self::Assigning => "assigning",
            Self::Investigating => "investigating",
            Self::Returned => "returned",
            Self::Reviewing => "reviewing",
            Self::Approving => "approving",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Draft => ("草稿", "Draft"),
            Self::Collecting => ("数据采集中", "Collecting data"),
            Self::Screening => ("预审中", "Screening"),
            Self::Assigning => ("待分派", "Waiting to be assigned"),
            Self::Investigating => ("尽职调查中", "Under investigation"),
            Self::Returned => ("已退回补正", "Returned to the applicant"),
            Self::Reviewing => ("风控审查中", "Under review"),
            Self::Approving => ("审批中", "Awaiting approval"),
            Self::Approved => ("已批准", "Approved"),
            Self::Refused => ("未通过", "Refused"),
            Self::Withdrawn => ("已撤回", "Withdrawn"),
        };
        Words::new(zh, en)
    }

    /// Whether its way is over; a refusal by score can still be contested.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Refused | Self::Withdrawn)
    }

    /// Whether the applicant may edit the form.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }
}

/// In what function somebody acts. What gives a person which hats is the access table's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hat {
    /// The account that applies.
    Applicant,
    /// 项目经理: investigates.
    Officer,
    /// 风控审查: checks the investigation.
    Reviewer,
    /// 有权审批人: decides within an authority limit.
    Approver,
    /// Assigns and reassigns cases by hand.
    Dispatcher,
    /// The service itself: collection, scoring, assignment by rule.
    System,
}

impl Hat {
    /// Every hat.
    pub const ALL: [Self; 6] =
        [Self::Applicant, Self::Officer, Self::Reviewer, Self::Approver, Self::Dispatcher, Self::System];
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account or member of staff; nobody for the service itself.
    pub id: Option<Uuid>,
    /// The hats that they wear.
    pub hats: BTreeSet<Hat>,
    /// Up to which amount they may approve; nothing when they may approve none.
    pub authority_limit: Option<Fen>,
}

impl Actor {
    /// The applicant's account.
    pub fn applicant(id: Uuid) -> Self {
        Self { id: Some(id), hats: BTreeSet::from([Hat::Applicant]), authority_limit: None }
    }

    /// A member of staff.
    pub fn staff(id: Uuid, hats: impl IntoIterator<Item = Hat>, authority_limit: Option<Fen>) -> Self {
        Self { id: Some(id), hats: hats.into_iter().collect(), authority_limit }
    }

    /// The service itself.
    pub fn system() -> Self {
        Self { id: None, hats: BTreeSet::from([Hat::System]), authority_limit: None }
    }
}

/// What is known of an application when somebody acts on it. A [`super::transition::Transition`] holds the facts after
/// the action, and the store writes those. On a resubmission the caller takes `subject` and `requested` from the form as it
/// is now, since the applicant may have changed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Where it is.
    pub state: ApplicationState,
    /// Whom it is about.
    pub subject: SubjectKind,
    /// The account that applies.
    pub applicant: Uuid,
    /// The requested amount.
    pub requested: Fen,
    /// The product's largest amount.
    pub product_max: Fen,
    /// The product's smallest amount.
    #[serde(default)]
    pub product_min: Fen,
    /// The product's longest term in months.
    pub product_months_max: u16,
    /// The product's shortest term in months.
    #[serde(default)]
    pub product_months_min: u16,
    /// Its officer now.
    pub investigator: Option<Uuid>,
    /// Officers that it had before; what they did still counts as making.
    pub past_investigators: Vec<Uuid>,
    /// Everybody who acted on it as reviewer.
    pub reviewers: Vec<Uuid>,
    /// The step that returned it to the applicant, to which a resubmission goes back.
    pub returned_from: Option<ApplicationState>,
    /// Whether collection ended with a gap, so that a person decides.
    pub data_gap: bool,
    /// Whether the applicant asked for a person's review of an automatic refusal.
    pub human_review: bool,
    /// Whether the refusal, if it is refused, was by score alone.
    pub refused_automatically: bool,
    /// The step at which its way ended, once it has.
    #[serde(default)]
    pub ended_at: Option<ApplicationState>,
    /// Whether collection waits for an officer to confirm that whoever consented may.
    #[serde(default)]
    pub entitlement_open: bool,
}

impl Facts {
    /// A new draft.
    pub fn draft(
        subject: SubjectKind,
        applicant: Uuid,
        requested: Fen,
        product_max: Fen,
        product_months_max: u16,
    ) -> Self {
        Self {
            state: ApplicationState::Draft,
            subject,
            applicant,
            requested,
            product_max,
            product_min: Fen::ZERO,
            product_months_max,
            product_months_min: 0,
            investigator: None,
            past_investigators: Vec::new(),
            reviewers: Vec::new(),
            returned_from: None,
            data_gap: false,
            human_review: false,
            refused_automatically: false,
            ended_at: None,
            entitlement_open: false,
        }
    }

    /// Whether somebody is or was its officer.
    pub fn investigated_by(&self, id: Uuid) -> bool {
        self.investigator == Some(id) || self.past_investigators.contains(&id)
    }
}
