//! Texts that take one of a few words, with the words: a client made from the document then knows all of them. They are
//! written here and not at each field because most come from the domain's own tables. The suite's callers hold every
//! answer they get against them.

use domain::applications::action::ActionKind;
use domain::applications::state::ApplicationState;
use domain::applications::timeline::EventKind;
use domain::consent::ConsentState;
use domain::devices::alarms::AlarmKind;
use domain::devices::score::Verdict;
use domain::limits::posting::EntryKind;
use domain::limits::reservation::ReservationState;
use domain::limits::rules::{Measure, Rule};
use domain::limits::tree::LimitState;
use domain::limits::weights::Business;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// What a caller may do, and the operation that does it. What only the product itself does is not among them.
pub const ACTIONS: [(&str, &str); 17] = [
    ("submit", "submit_application"),
    ("resubmit", "submit_application"),
    ("edit", "edit_application"),
    ("upload", "start_document"),
    ("consent", "grant_authorisation"),
    ("discard", "discard_application"),
    ("withdraw", "withdraw_application"),
    ("request_human_review", "request_human_review"),
    ("assign", "assign_application"),
    ("return", "return_application"),
    ("confirm_entitlement", "confirm_entitlement"),
    ("recommend", "recommend_application"),
    ("review_pass", "review_application"),
    ("send_back", "send_back_application"),
    ("recollect", "recollect_application"),
    ("approve", "approve_application"),
    ("refuse", "refuse_application"),
];

/// What a caller may do with a limit, and the operation that does it.
pub const LIMIT_ACTIONS: [(&str, &str); 12] = [
    ("split", "split_limit"),
    ("move", "move_limit"),
    ("enlarge", "resize_limit"),
    ("reduce", "resize_limit"),
    ("freeze", "freeze_limit"),
    ("thaw", "thaw_limit"),
    ("close", "close_limit"),
    ("reserve", "reserve_limit"),
    ("draw", "draw_reservation"),
    ("release", "release_reservation"),
    ("repay", "repay_drawdown"),
    ("correct", "correct_operation"),
];

/// Actions that only the product itself takes.
pub const OWN_ACTIONS: [ActionKind; 4] =
    [ActionKind::Collected, ActionKind::CollectionGap, ActionKind::EntitlementDoubted, ActionKind::Screened];

const SUBJECTS: &[&str] = &["person", "enterprise"];
const CAPACITIES: &[&str] = &["legal_representative", "agent"];
const OUTCOMES: &[&str] = &["accept", "review", "refuse"];
const ACTORS: &[&str] = &["applicant", "staff", "client", "operator", "system"];
const WAITS_FOR: &[&str] = &["applicant", "system", "firm", "officer", "reviewer", "approver", "nobody"];
const PULLS: &[&str] = &["complete", "incomplete", "absent", "failed", "refused"];

/// Schema, field, words.
const WORDS: [(&str, &str, &[&str]); 35] = [
    ("AuditEntryView", "actor_kind", ACTORS),
    ("AuthorisationView", "capacity", CAPACITIES),
    (
        "AuthorisationView",
        "entitlement",
        &["open", "matched", "confirmed", "agent", "record_differs", "registration_differs", "not_named"],
    ),
    ("AuthorisationView", "purpose", &["admission", "post_guarantee"]),
    ("CaseBrief", "subject_kind", SUBJECTS),
    ("CaseBrief", "waits_for", WAITS_FOR),
    ("DayView", "energy_basis", &["counter", "increment", "power", "none"]),
    ("DocumentView", "state", &["awaiting", "ready", "rejected", "removed"]),
    ("DownloadView", "method", &["GET"]),
    ("EntryView", "actor_kind", &["applicant", "staff", "system"]),
    ("EquipmentDocumentView", "state", &["awaiting", "ready", "rejected", "removed"]),
    ("EquipmentUploadView", "method", &["PUT"]),
    ("FormSubject", "capacity", CAPACITIES),
    ("FormSubject", "kind", SUBJECTS),
    ("GapView", "kind", &["failed", "null", "bad_rows", "withheld", "differs"]),
    ("IndicatorView", "unit", &["fen", "basis_points", "count", "months", "tax_grade"]),
    ("IndicatorView", "window", &["period", "year", "changes", "history"]),
    ("InputView", "outcome", PULLS),
    ("LimitView", "part_kind", &["product", "bank", "member", "other"]),
    ("ProgressView", "waits_for", WAITS_FOR),
    ("PullView", "outcome", PULLS),
    ("QueueEntry", "score_outcome", OUTCOMES),
    ("Repeated", "outcome", OUTCOMES),
    ("Repeated", "outcome_again", OUTCOMES),
    ("SessionView", "data_scope", &["own", "department", "department_tree", "all"]),
    ("SessionView", "kind", &["applicant", "staff", "operator"]),
    ("StaffView", "status", &["invited", "active", "disabled"]),
    ("StepView", "status", &["done", "current", "ahead", "skipped"]),
    ("TenantView", "status", &["active", "suspended"]),
    ("ThresholdsView", "of", &["machine", "category", "standard"]),
    ("ThresholdsView", "origin", &["standard", "learned", "set"]),
    ("ThresholdsView", "state", &["suggested", "in_force", "superseded", "rejected"]),
    ("TimelineEntry", "actor_kind", ACTORS),
    ("TimelineEntry", "advice", &["grant", "decline"]),
    ("UploadView", "method", &["PUT"]),
];

/// Writes the words into the schemas.
pub(super) fn close(api: &mut OpenApi) {
    for (schema, field, words) in WORDS {
        enumerate(api, schema, field, &json!(words));
    }
    enumerate(api, "TimelineEntry", "kind", &codes(&EventKind::ALL));
    let consent: Vec<_> = ConsentState::ALL.iter().map(|state| state.code()).collect();
    enumerate(api, "AuthorisationView", "state", &json!(consent));
    allow(api, &["AfterAction", "MyApplication", "StaffApplication"], &ACTIONS);
    close_limits(api);
    close_events(api);
}

/// The words of what third parties are told of.
fn close_events(api: &mut OpenApi) {
    for field in ["state", "state_before"] {
        enumerate(api, "ApplicationEventData", field, &codes(&ApplicationState::ALL));
    }
    enumerate(api, "LimitEventData", "state", &codes(LimitState::ALL));
    enumerate(api, "AlarmEventData", "kind", &codes(AlarmKind::ALL));
    enumerate(api, "EquipmentScoredData", "verdict", &codes(Verdict::ALL));
    enumerate(api, "EquipmentScoredData", "cause", &json!(["asked", "papers", "photos", "utilisation"]));
}

/// Writes what can be allowed, each with its operation.
fn allow(api: &mut OpenApi, schemas: &[&str], all: &[(&str, &str)]) {
    let actions: Vec<_> = all.iter().map(|(action, _)| action).collect();
    let by: Vec<_> = all.iter().map(|(action, operation)| format!("`{action}`: `{operation}`")).collect();
    let description = format!("What the caller may do now, each with its operation. {}.", by.join(", "));
    for schema in schemas {
        enumerate(api, schema, "allowed_actions", &json!(actions));
        each(api, schema, "allowed_actions", &|field| field["description"] = json!(description));
    }
}

/// The words of limits, from the domain's tables.
fn close_limits(api: &mut OpenApi) {
    for schema in ["LimitView", "MyLimit"] {
        enumerate(api, schema, "state", &codes(LimitState::ALL));
    }
    for schema in ["LimitView", "NewGrant"] {
        enumerate(api, schema, "business", &codes(Business::ALL));
    }
    enumerate(api, "ReservationView", "state", &codes(ReservationState::ALL));
    enumerate(api, "EntryView", "kind", &codes(EntryKind::ALL));
    for schema in ["HeadRoomLine", "RuleFigure"] {
        enumerate(api, schema, "rule", &codes(Rule::ALL));
    }
    enumerate(api, "HeadRoomLine", "measure", &codes(Measure::ALL));
    allow(api, &["LimitDetail"], &LIMIT_ACTIONS);
}

fn codes<T: Serialize>(all: &[T]) -> Value {
    all.iter().map(|kind| serde_json::to_value(kind).unwrap_or_default()).collect()
}

fn enumerate(api: &mut OpenApi, schema: &str, field: &str, words: &Value) {
    each(api, schema, field, &|field| {
        let mut words = words.clone();
        let text = if field["type"] == "array" { &mut field["items"] } else { field };
        if text["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
            && let Some(words) = words.as_array_mut()
        {
            words.push(Value::Null);
        }
        text["enum"] = words;
    });
}

/// Changes a field of a schema, and of the pages that show the schema's rows in place.
fn each(api: &mut OpenApi, schema: &str, field: &str, change: &dyn Fn(&mut Value)) {
    let Some(components) = api.components.as_mut() else { return };
    for name in [schema.to_owned(), format!("Page_{schema}")] {
        let Some(found) = components.schemas.get_mut(&name) else { continue };
        let Ok(mut json) = serde_json::to_value(&*found) else { continue };
        descend(&mut json, field, change);
        if let Ok(changed) = serde_json::from_value::<RefOr<Schema>>(json) {
            *found = changed;
        }
    }
}

fn descend(schema: &mut Value, field: &str, change: &dyn Fn(&mut Value)) {
    if let Some(found) = schema.pointer_mut(&format!("/properties/{field}")) {
        change(found);
    }
    if let Some(items) = schema.pointer_mut("/properties/items/items") {
        descend(items, field, change);
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        descend(part, field, change);
    }
}
