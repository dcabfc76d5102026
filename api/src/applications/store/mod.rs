//! This area's SQL, in parts: the application's row, lists, the timeline, submissions with their returns, and the
//! officers' loads.

mod events;
mod lists;
mod loads;
mod rounds;
mod rows;

pub(super) use events::{Event, NewEvent, add_event, events_of, last_event};
pub(super) use lists::{Queue, Sort, counts, deliveries_within, own_page, queue, same_open};
pub(super) use loads::{held_by, open_cases};
pub(super) use rounds::{
    AskedItem, Snapshot, add_return_items, add_submission, last_submissions, resolve_returns, return_items,
    was_submitted,
};
pub(super) use rows::{
    count_drafts, find, find_frame, find_visible, insert, lock, lock_visible, open_conditions, open_form, replace,
    seal_conditions, seal_form,
};

/// An application as stored.
pub(super) type Row = entity::applications::Model;
