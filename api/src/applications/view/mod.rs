//! What this area shows, in parts: states and progress, the form, briefs and whole applications, the timeline.

mod brief;
mod duplicate;
mod form;
mod progress;
mod state;
mod timeline;

pub(super) use brief::{CaseBrief, Names};
pub(super) use duplicate::also_open;
pub(super) use form::{ApplicationForm, ChecklistView, FieldLabel, MissingView, checklist, labels, missing_views};
pub(super) use progress::ProgressView;
pub(super) use state::{AfterAction, StateName, actions_of, offer_recollect};
pub(super) use timeline::{ReturnItemView, ReturnItems, Timeline, return_items, timeline};
