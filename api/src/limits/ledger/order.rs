//! What is asked of the ledger, by whom and why.

use chrono::{DateTime, NaiveDate, Utc};
use domain::applications::action::Reason;
use domain::limits::weights::Business;
use domain::money::Fen;
use uuid::Uuid;

use crate::people::scope::ScopeFilter;
use crate::platform::http::IfMatch;

/// Why, and under which document: every entry says both.
#[derive(Clone, Debug)]
pub(in crate::limits) struct Why {
    /// The reason.
    pub reason: Reason,
    /// The contract, notice or minute, as the firm numbers it.
    pub document: Option<String>,
}

/// For whom an operation is done.
pub(in crate::limits) enum By<'a> {
    /// Somebody of the firm, within what they see; with the version of the limit that they saw, where it must be the one.
    Staff {
        /// Who.
        id: Uuid,
        /// What they see.
        scope: &'a ScopeFilter,
        /// What they saw.
        seen: Option<IfMatch>,
    },
    /// Somebody of the firm who only asks, and is not the one who would decide.
    Asking {
        /// What they see.
        scope: &'a ScopeFilter,
    },
    /// The applicant whose limits these are.
    Applicant(Uuid),
}

impl By<'_> {
    /// The scope that they see in; nothing where they are not of the firm.
    pub(in crate::limits) fn scope(&self) -> Option<&ScopeFilter> {
        match self {
            Self::Staff { scope, .. } | Self::Asking { scope } => Some(scope),
            Self::Applicant(_) => None,
        }
    }
}

/// What a new limit is to be.
#[derive(Clone, Debug)]
pub(in crate::limits) struct GrantOrder {
    /// The approval that it comes from.
    pub approval: Uuid,
    /// How much.
    pub amount: Fen,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// The first day on which it can be used.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer can.
    pub valid_to: NaiveDate,
    /// The bank that will lend, if one alone will.
    pub bank: Option<Uuid>,
    /// What kind of guarantee it is for.
    pub business: Business,
    /// Conditions of its use.
    pub conditions: Vec<Reason>,
}

/// What a part is to be.
#[derive(Clone, Debug)]
pub(in crate::limits) struct PartOrder {
    /// How much.
    pub amount: Fen,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// Its first day; the whole's where it is not said.
    pub valid_from: Option<NaiveDate>,
    /// Its first day after; the whole's where it is not said.
    pub valid_to: Option<NaiveDate>,
    /// For which product it is, if for one other than the whole's.
    pub product: Option<Uuid>,
    /// At which bank.
    pub bank: Option<Uuid>,
    /// For which member of the client's group.
    pub member: Option<Uuid>,
    /// What people call it.
    pub label: Option<String>,
}

/// One operation.
#[derive(Clone, Debug)]
pub(in crate::limits) enum Operation {
    /// Grants a limit.
    Grant(GrantOrder),
    /// Changes the size of a limit or part.
    Resize { limit: Uuid, to: Fen },
    /// Splits a part off.
    Split { limit: Uuid, part: PartOrder },
    /// Hands what one part has free to another.
    Move { from: Uuid, to: Uuid, amount: Fen },
    /// Stops its use.
    Freeze { limit: Uuid },
    /// Lets it be used again.
    Thaw { limit: Uuid },
    /// Ends it.
    Close { limit: Uuid },
    /// Sets an amount aside.
    Reserve { limit: Uuid, amount: Fen, lapses_at: DateTime<Utc> },
    /// Draws from a reservation.
    Draw { reservation: Uuid, amount: Fen },
    /// Gives the rest of a reservation back.
    Release { reservation: Uuid },
    /// Books a repayment.
    Repay { drawdown: Uuid, amount: Fen },
    /// Takes back what an earlier operation wrote.
    Correct { operation: Uuid },
}

impl Operation {
    /// What the audit chain calls it.
    pub(in crate::limits) fn verb(&self) -> &'static str {
        match self {
            Self::Grant(_) => "limit.grant",
            Self::Resize { .. } => "limit.resize",
            Self::Split { .. } => "limit.split",
            Self::Move { .. } => "limit.move",
            Self::Freeze { .. } => "limit.freeze",
            Self::Thaw { .. } => "limit.thaw",
            Self::Close { .. } => "limit.close",
            Self::Reserve { .. } => "limit.reserve",
            Self::Draw { .. } => "limit.draw",
            Self::Release { .. } => "limit.release",
            Self::Repay { .. } => "limit.repay",
            Self::Correct { .. } => "limit.correct",
        }
    }
}
