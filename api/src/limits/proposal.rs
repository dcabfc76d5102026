//! What dated parameters and sharing agreements have in common: one person enters, another decides, and whoever looks sees
//! who did what and what they may do themselves.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use domain::access::{Permission, PermissionSet};
use domain::id::{Id, kind};
use domain::limits::parameters::{ParameterRefusal, ParameterState, Verdict, decided};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Code, Error, FieldProblem, Result};
use crate::people::{self, StaffBrief};
use crate::platform::access::Access;
use crate::platform::db::TenantTx;
use crate::platform::http::Checks;

/// The years in which a parameter or an agreement may begin or end.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// How far something that was entered has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Entered, and without effect.
    Proposed,
    /// It holds from its day on.
    Approved,
    /// It never will: rejected, or taken back by whoever entered it.
    Rejected,
}

impl ProposalState {
    /// The stored word.
    pub(in crate::limits) fn key(self) -> &'static str {
        match self {
            Self::Proposed => ParameterState::Proposed.code(),
            Self::Approved => ParameterState::Approved.code(),
            Self::Rejected => ParameterState::Rejected.code(),
        }
    }
}

impl From<ParameterState> for ProposalState {
    fn from(state: ParameterState) -> Self {
        match state {
            ParameterState::Proposed => Self::Proposed,
            ParameterState::Approved => Self::Approved,
            ParameterState::Rejected => Self::Rejected,
        }
    }
}

/// What the caller may do with something that was entered; each is the last part of its operation's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalAction {
    /// Let it hold.
    Approve,
    /// Let it never hold.
    Reject,
    /// Take back what one entered.
    Withdraw,
    /// Let an agreement end earlier.
    End,
}

/// Whoever entered or decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeciderView {
    /// Their id.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Their name.
    #[schema(example = "王会计")]
    pub name: Option<String>,
}

/// Whoever looks.
#[derive(Clone, Copy)]
pub(in crate::limits) struct Viewer {
    id: Uuid,
    permissions: PermissionSet,
}

impl Viewer {
    /// The caller.
    pub(in crate::limits) fn of<P>(access: &Access<P>) -> Self {
        Self { id: access.principal.id, permissions: access.principal.permissions }
    }

    /// Whether they may approve.
    pub(in crate::limits) fn approves(self) -> bool {
        self.permissions.has(Permission::ApproveParameters)
    }

    /// What they may do with something that stands at `state` and was entered by `proposed_by`.
    pub(in crate::limits) fn may(self, state: ParameterState, proposed_by: Uuid) -> Vec<ProposalAction> {
        let rows = [
            (Verdict::Approve, ProposalAction::Approve, Permission::ApproveParameters),
            (Verdict::Reject, ProposalAction::Reject, Permission::ApproveParameters),
            (Verdict::Withdraw, ProposalAction::Withdraw, Permission::ProposeParameters),
        ];
        let open = rows.into_iter().filter(|(verdict, _, permission)| {
            self.permissions.has(*permission) && decided(state, proposed_by, *verdict, self.id).is_ok()
        });
        open.map(|(_, action, _)| action).collect()
    }
}

/// Names of those who entered and decided.
pub(in crate::limits) struct People(HashMap<Uuid, StaffBrief>);

impl People {
    /// Reads them.
    pub(in crate::limits) async fn read(tx: &TenantTx, ids: impl Iterator<Item = Uuid>) -> Result<Self> {
        let mut ids: Vec<_> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(people::staff_brief(tx, &ids).await?))
    }

    /// One of them.
    pub(in crate::limits) fn view(&self, id: Uuid) -> DeciderView {
        let name = self.0.get(&id).map(|brief| brief.name.clone());
        DeciderView { id: Id::<kind::Staff>::from_uuid(id).to_string(), name }
    }
}

/// Notes a day that is of no year in which anything here may begin or end: a slip of the pen.
pub(in crate::limits) fn check_day(checks: &mut Checks, pointer: &str, day: NaiveDate) {
    if !YEARS.contains(&day.year()) {
        checks.problem(pointer, "range", "年份应在2000至2100之间", "the year is 2000 to 2100");
    }
}

/// Reads a stored word.
///
/// # Errors
/// Only for a word that the database's own check forbids.
pub(in crate::limits) fn state_of(key: &str) -> Result<ParameterState> {
    ParameterState::from_code(key).ok_or_else(|| Error::internal(anyhow::anyhow!("no such state: {key}")))
}

/// What the caller is told of a refusal; `state` and `version` are as they stand.
pub(in crate::limits) fn refused(refusal: ParameterRefusal, state: ParameterState, version: i64) -> Error {
    let words = refusal.words();
    match refusal {
        ParameterRefusal::NotProposed => Error::new(Code::AlreadyDecided)
            .current(serde_json::json!({ "etag": format!("\"{version}\""), "state": state.code() })),
        ParameterRefusal::OwnProposal => Error::new(Code::OwnProposal),
        ParameterRefusal::NotOwn => {
            Error::new(Code::Forbidden).detail(format!("{}。", words.zh), format!("{}.", words.en))
        }
        ParameterRefusal::ValueInvalid { .. } => {
            Error::fields(vec![FieldProblem::new("/value", refusal.code(), words.zh, words.en)])
        }
    }
}
