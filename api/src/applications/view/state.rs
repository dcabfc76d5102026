//! States by name, and what a caller may do next.

use domain::applications::machine::{allowed_actions, earlier_steps};
use domain::applications::state::{Actor, ApplicationState};
use domain::consent::SubjectKind;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::applications::case::Case;
use crate::applications::words::{code_of, say};
use crate::error::Language;

macro_rules! states {
    ($($name:ident)*) => {
        /// Where an application is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ApplicationState)]
        pub enum StateName { $(#[doc = stringify!($name)] $name),* }

        impl From<ApplicationState> for StateName {
            fn from(state: ApplicationState) -> Self {
                match state { $(ApplicationState::$name => Self::$name),* }
            }
        }

        impl From<StateName> for ApplicationState {
            fn from(state: StateName) -> Self {
                match state { $(StateName::$name => Self::$name),* }
            }
        }
    };
}

states! { Draft Collecting Screening Assigning Investigating Returned Reviewing Approving Approved Refused Withdrawn }

/// How an application stands after something was done to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AfterAction {
    /// The application.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its number, once it was submitted.
    #[schema(example = "DB20261122-0001")]
    pub number: Option<String>,
    /// Where it is now.
    pub state: StateName,
    /// The same in words.
    #[schema(example = "尽职调查中")]
    pub state_label: String,
    /// What this caller may do next.
    #[schema(example = json!(["withdraw"]))]
    pub allowed_actions: Vec<String>,
    /// Version for `If-Match`.
    #[schema(example = 4, minimum = 1)]
    pub version: i64,
}

impl AfterAction {
    pub(in crate::applications) fn of(case: &Case, actor: &Actor, language: Language) -> Self {
        let state = case.facts.state;
        Self {
            id: Id::<kind::Application>::from_uuid(case.id()).to_string(),
            number: case.row.number.clone(),
            state: state.into(),
            state_label: say(&state.words(), language),
            allowed_actions: actions_of(case, actor),
            version: case.row.version,
        }
    }
}

/// What a caller may do now, by code. For the owner also what changes no state: `edit`, `upload`, `consent` and `discard`;
/// a draft is discarded rather than withdrawn.
pub(in crate::applications) fn actions_of(case: &Case, actor: &Actor) -> Vec<String> {
    let owner = actor.id == Some(case.facts.applicant);
    let draft = case.facts.state == ApplicationState::Draft;
    let mut actions: Vec<String> = allowed_actions(&case.facts, actor).iter().map(code_of).collect();
    if owner && draft {
        actions.retain(|action| action != "withdraw");
        actions.push("discard".to_owned());
    }
    if owner && case.facts.state.is_editable() {
        actions.push("edit".to_owned());
    }
    if owner && !case.facts.state.is_final() {
        actions.push("upload".to_owned());
        if case.form.subject_kind() == Some(SubjectKind::Enterprise) {
            actions.push("consent".to_owned());
        }
    }
    actions
}

/// Adds `recollect` where the caller holds its permission and may send back as far as to collection.
pub(in crate::applications) fn offer_recollect(actions: &mut Vec<String>, case: &Case, permitted: bool) {
    let sends_back = actions.iter().any(|action| action == "send_back");
    if permitted && sends_back && earlier_steps(&case.facts).contains(&ApplicationState::Collecting) {
        actions.push("recollect".to_owned());
    }
}
