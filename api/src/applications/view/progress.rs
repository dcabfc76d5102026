//! Progress: which step of how many, what it waits for and from whom.

use domain::applications::progress::progress;
use domain::applications::state::Facts;
use serde::Serialize;
use utoipa::ToSchema;

use crate::applications::words::{code_of, say};
use crate::error::Language;

/// Where an application is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// The current step, counted from 1.
    #[schema(example = 4, minimum = 1)]
    pub step: usize,
    /// How many steps there are.
    #[schema(example = 7, minimum = 1)]
    pub total: usize,
    /// All steps in order.
    pub steps: Vec<StepView>,
    /// From whom the next move is due: `applicant`, `system`, `firm`, `officer`, `reviewer`, `approver` or `nobody`.
    #[schema(example = "officer")]
    pub waits_for: String,
    /// What it waits for.
    #[schema(example = "项目经理正在尽职调查，可能会与您联系")]
    pub waiting: String,
}

/// One step of the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// What it is called.
    #[schema(example = "尽职调查")]
    pub name: String,
    /// `done`, `current`, `ahead`, or `skipped` where its way ended before this step was done.
    #[schema(example = "current")]
    pub status: String,
}

/// From whom the next move is due.
pub(super) fn waits_for(facts: &Facts) -> String {
    code_of(&progress(facts).waits_for)
}

impl ProgressView {
    pub(in crate::applications) fn of(facts: &Facts, language: Language) -> Self {
        let progress = progress(facts);
        let steps = progress.steps.iter();
        Self {
            step: progress.step,
            total: progress.total,
            steps: steps
                .map(|step| StepView { name: say(&step.name, language), status: code_of(&step.status) })
                .collect(),
            waits_for: code_of(&progress.waits_for),
            waiting: say(&progress.waiting, language),
        }
    }
}
