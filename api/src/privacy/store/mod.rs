//! This area's SQL: requests, copies, and rows of people wherever they lie.

mod erasing;
mod exports;
mod person;
mod reading;
mod requests;
mod retention;
mod spent;
mod tenant;

pub(super) use erasing::{
    Gone, approved_at, block, erase_account_rows, erase_application, erase_customer, erase_equipment, is_encumbered,
    is_surety, limits, standing,
};
pub(super) use exports::{
    ExportRow, Made, add_export, export, export_of_request, exports_of, live_exports, lock_export, ready, spent_exports,
};
pub(super) use person::{
    FileRow, Person, accounts_of, applications, customers, equipment, everything, files, is_for_others, is_person,
};
pub(super) use reading::{Ask, columns, rows, tables};
pub(super) use requests::{
    NOTE, REASON, RequestRow, add_request, erased_people, lock_request, opened, page_of_requests, request, settle,
};
pub(super) use retention::{days_of, lock_rule, rules, set_rule};
pub(super) use spent::{drop_deliveries, drop_inbox, forget_deliveries, sent_to, stale_drafts};
pub(super) use tenant::{remove_all, tombstone};
