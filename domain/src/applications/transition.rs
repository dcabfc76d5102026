//! A permitted change of an application. Only this crate can make one, so a store that asks for a `Transition` cannot
//! change a state that the table does not allow.

use uuid::Uuid;

use super::action::{Action, ActionKind};
use super::state::{ApplicationState, Facts, Hat};
use super::timeline::EventKind;

/// A permitted change, made by [`super::machine::decide`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a transition that is not stored has not happened"]
pub struct Transition {
    from: ApplicationState,
    after: Facts,
    action: Action,
    hat: Hat,
    actor: Option<Uuid>,
}

impl Transition {
    pub(super) fn new(from: ApplicationState, after: Facts, action: Action, hat: Hat, actor: Option<Uuid>) -> Self {
        Self { from, after, action, hat, actor }
    }

    /// Where the application was; the store changes a row only if it still is there.
    pub fn from(&self) -> ApplicationState {
        self.from
    }

    /// Where it is now.
    pub fn to(&self) -> ApplicationState {
        self.after.state
    }

    /// The facts to be stored.
    pub fn after(&self) -> &Facts {
        &self.after
    }

    /// What was done, with all that it carries.
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// The kind of what was done.
    pub fn kind(&self) -> ActionKind {
        self.action.kind()
    }

    /// In what function it was done.
    pub fn hat(&self) -> Hat {
        self.hat
    }

    /// Who did it; nobody for the service itself.
    pub fn actor(&self) -> Option<Uuid> {
        self.actor
    }

    /// The timeline's entry for it.
    pub fn event(&self) -> EventKind {
        match self.kind() {
            ActionKind::Submit => EventKind::Submitted,
            ActionKind::Resubmit => EventKind::Resubmitted,
            ActionKind::Collected => EventKind::DataCollected,
            ActionKind::CollectionGap => EventKind::DataGap,
            ActionKind::EntitlementDoubted => EventKind::EntitlementDoubted,
            ActionKind::ConfirmEntitlement => EventKind::EntitlementConfirmed,
            ActionKind::Screened if self.to() == ApplicationState::Refused => EventKind::RefusedAutomatically,
            ActionKind::Screened => EventKind::Screened,
            ActionKind::Assign if self.from == ApplicationState::Assigning => EventKind::Assigned,
            ActionKind::Assign => EventKind::Reassigned,
            ActionKind::Return => EventKind::Returned,
            ActionKind::Recommend => EventKind::Recommended,
            ActionKind::ReviewPass => EventKind::ReviewPassed,
            ActionKind::SendBack => EventKind::SentBack,
            ActionKind::Approve => EventKind::Approved,
            ActionKind::Refuse => EventKind::Refused,
            ActionKind::Withdraw => EventKind::Withdrawn,
            ActionKind::RequestHumanReview => EventKind::HumanReviewRequested,
        }
    }
}
