//! What the applicant sees of the way: which step of how many, what it waits for and from whom. A person's way has no
//! data collection, so it is one step shorter.

use serde::Serialize;

use super::state::{ApplicationState as S, Facts};
use crate::consent::SubjectKind;
use crate::words::Words;

/// From whom the next move is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The applicant.
    Applicant,
    /// The service; no person need do anything.
    System,
    /// The firm, which has yet to assign an officer.
    Firm,
    /// Its officer.
    Officer,
    /// A reviewer.
    Reviewer,
    /// An approver.
    Approver,
    /// Nobody: it is decided.
    Nobody,
}

/// Whether a step is behind, here or ahead, or is not to be done any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Ahead.
    Ahead,
    /// Its way ended before this step was done.
    Skipped,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it is called.
    pub name: Words,
    /// Whether it is behind, here or ahead.
    pub status: StepStatus,
}

/// Where an application is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The current step, counted from 1.
    pub step: usize,
    /// How many steps there are.
    pub total: usize,
    /// All steps in order.
    pub steps: Vec<Step>,
    /// From whom the next move is due.
    pub waits_for: WaitsFor,
    /// What it waits for, in words for the applicant.
    pub waiting: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    FillIn,
    Collect,
    Screen,
    Investigate,
    Review,
    Approve,
    Result,
}

const ENTERPRISE_WAY: &[Stage] =
    &[Stage::FillIn, Stage::Collect, Stage::Screen, Stage::Investigate, Stage::Review, Stage::Approve, Stage::Result];
const PERSON_WAY: &[Stage] =
    &[Stage::FillIn, Stage::Screen, Stage::Investigate, Stage::Review, Stage::Approve, Stage::Result];

/// The applicant's view of the way.
pub fn progress(facts: &Facts) -> Progress {
    let way = match facts.subject {
        SubjectKind::Enterprise => ENTERPRISE_WAY,
        SubjectKind::Person => PERSON_WAY,
    };
    let here = way.iter().position(|stage| *stage == stage_of(facts)).unwrap_or_default();
    let behind = way.iter().position(|stage| Some(*stage) == first_skipped(facts)).unwrap_or(here);
    let status = |place: usize| match place.cmp(&here) {
        std::cmp::Ordering::Less if place >= behind => StepStatus::Skipped,
        std::cmp::Ordering::Less => StepStatus::Done,
        std::cmp::Ordering::Equal if facts.state.is_final() => StepStatus::Done,
        std::cmp::Ordering::Equal => StepStatus::Current,
        std::cmp::Ordering::Greater => StepStatus::Ahead,
    };
    let steps = way.iter().enumerate().map(|(place, stage)| Step { name: stage.name(), status: status(place) });
    let (waits_for, zh, en) = waiting(facts);
    Progress {
        step: here.saturating_add(1),
        total: way.len(),
        steps: steps.collect(),
        waits_for,
        waiting: Words::new(zh, en),
    }
}

/// Where the way ended early, the first step that was not done: after a refusal by score the one after the screening,
/// after a withdrawal the one that it was at.
fn first_skipped(facts: &Facts) -> Option<Stage> {
    match facts.state {
        S::Refused if facts.refused_automatically => Some(Stage::Investigate),
        S::Withdrawn => Some(stage_at(facts.ended_at.unwrap_or(S::Draft))),
        _ => None,
    }
}

/// A returned application stays at the step that returned it, since it goes back there.
fn stage_of(facts: &Facts) -> Stage {
    let state = if facts.state == S::Returned { facts.returned_from.unwrap_or(S::Investigating) } else { facts.state };
    stage_at(state)
}

fn stage_at(state: S) -> Stage {
    match state {
        S::Draft => Stage::FillIn,
        S::Collecting => Stage::Collect,
        S::Screening => Stage::Screen,
        S::Assigning | S::Investigating | S::Returned => Stage::Investigate,
        S::Reviewing => Stage::Review,
        S::Approving => Stage::Approve,
        S::Approved | S::Refused | S::Withdrawn => Stage::Result,
    }
}

fn waiting(facts: &Facts) -> (WaitsFor, &'static str, &'static str) {
    match facts.state {
        S::Draft => {
            (WaitsFor::Applicant, "等待您填写并提交申请", "Waiting for you to fill in and submit the application")
        }
        S::Collecting => {
            (WaitsFor::System, "正在按您的授权采集数据，无需操作", "Collecting the data you authorised; nothing to do")
        }
        S::Screening => (WaitsFor::System, "系统正在预审，无需操作", "The service is screening it; nothing to do"),
        S::Assigning if facts.human_review => (
            WaitsFor::Firm,
            "等待安排工作人员进行人工复核",
            "Waiting for a member of staff for the review you asked for",
        ),
        S::Assigning if facts.entitlement_open => (
            WaitsFor::Firm,
            "等待安排工作人员核实授权人的资格",
            "Waiting for a member of staff to see whether the person who consented may",
        ),
        S::Investigating if facts.entitlement_open => (
            WaitsFor::Officer,
            "项目经理正在核实授权人的资格，核实后继续采集数据",
            "Your account manager sees whether the person who consented may; collection goes on afterwards",
        ),
        S::Assigning => (WaitsFor::Firm, "等待安排项目经理", "Waiting for an account manager to be assigned"),
        S::Investigating => (
            WaitsFor::Officer,
            "项目经理正在尽职调查，可能会与您联系",
            "Your account manager is investigating and may contact you",
        ),
        S::Returned => {
            (WaitsFor::Applicant, "等待您补正并重新提交", "Waiting for you to mend the listed items and resubmit")
        }
        S::Reviewing => (WaitsFor::Reviewer, "等待风控审查", "Waiting for the risk review"),
        S::Approving => (WaitsFor::Approver, "等待审批", "Waiting for approval"),
        S::Approved => (WaitsFor::Nobody, "申请已批准", "The application was approved"),
        S::Refused if facts.refused_automatically => (
            WaitsFor::Nobody,
            "系统预审未通过，您可以要求人工复核",
            "The automatic screening refused it; you may ask for a person's review",
        ),
        S::Refused => (WaitsFor::Nobody, "申请未获批准", "The application was refused"),
        S::Withdrawn => (WaitsFor::Nobody, "申请已撤回", "The application was withdrawn"),
    }
}

impl Stage {
    fn name(self) -> Words {
        let (zh, en) = match self {
            Self::FillIn => ("填写申请", "Application"),
            Self::Collect => ("数据采集", "Data"),
            Self::Screen => ("预审", "Screening"),
            Self::Investigate => ("尽职调查", "Investigation"),
            Self::Review => ("风控审查", "Review"),
            Self::Approve => ("审批", "Approval"),
            Self::Result => ("结果", "Result"),
        };
        Words::new(zh, en)
    }
}
