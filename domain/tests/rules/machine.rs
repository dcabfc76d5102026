//! The application's way: every cell of state × action × hat, and each rule that a cell alone does not show.

use domain::applications::action::{Action, ActionKind, Advice, Outcome, Reason, ReturnItem, Terms};
use domain::applications::completeness::{Missing, Place};
use domain::applications::machine::{allowed_actions, decide, earlier_steps};
use domain::applications::refusal::Refusal;
use domain::applications::state::{Actor, ApplicationState as S, Facts, Hat};
use domain::applications::timeline::EventKind;
use domain::consent::SubjectKind;
use domain::entitlement::Entitlement;
use domain::money::Fen;
use domain::words::Words;
use uuid::Uuid;

use crate::support::{farmer, person_form};

pub const APPLICANT: Uuid = Uuid::from_u128(1);
pub const OFFICER: Uuid = Uuid::from_u128(2);
const REVIEWER: Uuid = Uuid::from_u128(3);
const APPROVER: Uuid = Uuid::from_u128(4);
const DISPATCHER: Uuid = Uuid::from_u128(5);
pub const OTHER: Uuid = Uuid::from_u128(6);

/// Every permitted cell for an enterprise whose officer has it and which was returned, if so, by the officer.
const CELLS: &str = "
    draft          submit               applicant  collecting
    draft          withdraw             applicant  withdrawn
    collecting     collected            system     screening
    collecting     collection_gap       system     screening
    collecting     entitlement_doubted  system     investigating
    collecting     assign               system     collecting
    collecting     assign               dispatcher collecting
    collecting     withdraw             applicant  withdrawn
    screening      screened             system     investigating
    screening      assign               system     screening
    screening      assign               dispatcher screening
    screening      withdraw             applicant  withdrawn
    assigning      assign               system     investigating
    assigning      assign               dispatcher investigating
    assigning      withdraw             applicant  withdrawn
    investigating  assign               system     investigating
    investigating  assign               dispatcher investigating
    investigating  confirm_entitlement  officer    collecting
    investigating  return               officer    returned
    investigating  recommend            officer    reviewing
    investigating  send_back            officer    collecting
    investigating  withdraw             applicant  withdrawn
    returned       resubmit             applicant  investigating
    returned       assign               system     returned
    returned       assign               dispatcher returned
    returned       withdraw             applicant  withdrawn
    reviewing      review_pass          reviewer   approving
    reviewing      return               reviewer   returned
    reviewing      send_back            reviewer   collecting
    reviewing      assign               system     reviewing
    reviewing      assign               dispatcher reviewing
    reviewing      withdraw             applicant  withdrawn
    approving      approve              approver   approved
    approving      refuse               approver   refused
    approving      return               approver   returned
    approving      send_back            approver   collecting
    approving      assign               system     approving
    approving      assign               dispatcher approving
    approving      withdraw             applicant  withdrawn
    refused        request_human_review applicant  assigning
";

fn name_of(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

pub fn facts(state: S) -> Facts {
    Facts {
        state,
        investigator: Some(OFFICER),
        returned_from: (state == S::Returned).then_some(S::Investigating),
        refused_automatically: state == S::Refused,
        ..Facts::draft(SubjectKind::Enterprise, APPLICANT, Fen(100), Fen(80), 36)
    }
}

pub fn wearing(hat: Hat) -> Actor {
    match hat {
        Hat::Applicant => Actor::applicant(APPLICANT),
        Hat::System => Actor::system(),
        Hat::Officer => Actor::staff(OFFICER, [hat], None),
        Hat::Reviewer => Actor::staff(REVIEWER, [hat], None),
        Hat::Approver => Actor::staff(APPROVER, [hat], Some(Fen(50))),
        Hat::Dispatcher => Actor::staff(DISPATCHER, [hat], None),
    }
}

pub fn because() -> Reason {
    Reason::parse("理由").unwrap()
}

pub fn some_items() -> Vec<ReturnItem> {
    vec![ReturnItem::new(Place::Pointer("/amount_fen".into()), "请核对金额", &farmer(), &person_form()).unwrap()]
}

fn terms(amount: i64, months: u16) -> Terms {
    Terms { amount: Fen(amount), months }
}

/// An action of each kind that is right in itself.
pub fn sound(kind: ActionKind) -> Action {
    match kind {
        ActionKind::Submit => Action::Submit { missing: vec![] },
        ActionKind::Resubmit => Action::Resubmit { missing: vec![], needs_new_data: false, notes: vec![] },
        ActionKind::Collected => Action::Collected { absent: vec![] },
        ActionKind::CollectionGap => Action::CollectionGap { sources: vec!["tax".into()] },
        ActionKind::EntitlementDoubted => Action::EntitlementDoubted { doubt: Entitlement::Agent },
        ActionKind::ConfirmEntitlement => Action::ConfirmEntitlement { opinion: because() },
        ActionKind::Screened => Action::Screened { outcome: Outcome::Accept },
        ActionKind::Assign => Action::Assign { to: OTHER },
        ActionKind::Return => Action::Return { items: some_items() },
        ActionKind::Recommend => {
            Action::Recommend { advice: Advice::Grant(terms(50, 12)), opinion: because(), missing: vec![] }
        }
        ActionKind::ReviewPass => Action::ReviewPass { opinion: because() },
        ActionKind::SendBack => Action::SendBack { to: S::Collecting, reason: because() },
        ActionKind::Approve => Action::Approve { terms: terms(50, 12), conditions: vec![because()] },
        ActionKind::Refuse => Action::Refuse { reason: because() },
        ActionKind::Withdraw => Action::Withdraw { reason: None },
        ActionKind::RequestHumanReview => Action::RequestHumanReview { reason: None },
    }
}

#[test]
fn every_cell_of_state_action_and_hat() {
    let cells: Vec<Vec<&str>> =
        CELLS.lines().map(|line| line.split_whitespace().collect()).filter(|row: &Vec<_>| !row.is_empty()).collect();
    let mut permitted = 0;
    for state in S::ALL {
        for kind in ActionKind::ALL {
            for hat in Hat::ALL {
                let (state_name, kind_name, hat_name) = (name_of(state), name_of(kind), name_of(hat));
                let row = cells.iter().find(|row| row[..3] == [state_name.as_str(), &kind_name, &hat_name]);
                // there is something to confirm only where it was doubted, and then little else can be done
                let doubted = kind == ActionKind::ConfirmEntitlement;
                let facts = Facts { entitlement_open: doubted, ..facts(state) };
                let decided = decide(&facts, &sound(kind), &wearing(hat));
                let reached = decided.as_ref().ok().map(|transition| name_of(transition.to()));
                assert_eq!(
                    reached.as_deref(),
                    row.map(|row| row[3]),
                    "{state_name} {kind_name} {hat_name}: {decided:?}"
                );
                let is_offered = allowed_actions(&facts, &wearing(hat)).contains(&kind);
                assert_eq!(is_offered, row.is_some(), "offered: {state_name} {kind_name} {hat_name}");
                permitted += usize::from(row.is_some());
            }
        }
    }
    assert_eq!(permitted, cells.len(), "a row of the table names no cell");
}

#[test]
fn the_refusal_says_what_stands_against_it() {
    let gap = vec![Missing {
        place: Place::Consent,
        code: "x",
        label: Words::new("项", "x"),
        message: Words::new("填", "x"),
    }];
    let approve = |amount, months| Action::Approve { terms: terms(amount, months), conditions: vec![] };
    let grant = |amount, months| Action::Recommend {
        advice: Advice::Grant(terms(amount, months)),
        opinion: because(),
        missing: vec![],
    };
    let rich = Actor::staff(APPROVER, [Hat::Approver], Some(Fen(1_000)));
    let reviewed = |state| Facts { reviewers: vec![REVIEWER, OTHER], ..facts(state) };
    let moved = |state| Facts { past_investigators: vec![OTHER], ..facts(state) };
    let wide = |state| Facts { requested: Fen(60), ..facts(state) };
    let by = |id, hat| Actor::staff(id, [hat], Some(Fen(50)));
    let twice = [some_items(), some_items()].concat();
    let rows = [
        (
            facts(S::Draft),
            sound(ActionKind::Approve),
            wearing(Hat::Approver),
            Refusal::NotInThisState { state: S::Draft },
        ),
        (facts(S::Approving), sound(ActionKind::Approve), wearing(Hat::Reviewer), Refusal::WrongHat),
        (facts(S::Draft), sound(ActionKind::Submit), Actor::applicant(OTHER), Refusal::NotYours),
        (facts(S::Investigating), sound(ActionKind::Recommend), by(OTHER, Hat::Officer), Refusal::NotYours),
        (moved(S::Investigating), sound(ActionKind::Recommend), by(OTHER, Hat::Officer), Refusal::NotYours),
        (facts(S::Reviewing), sound(ActionKind::ReviewPass), by(OFFICER, Hat::Reviewer), Refusal::ReviewerInvestigated),
        (moved(S::Reviewing), sound(ActionKind::ReviewPass), by(OTHER, Hat::Reviewer), Refusal::ReviewerInvestigated),
        (facts(S::Approving), sound(ActionKind::Approve), by(OFFICER, Hat::Approver), Refusal::ApproverInvestigated),
        (moved(S::Approving), sound(ActionKind::Refuse), by(OTHER, Hat::Approver), Refusal::ApproverInvestigated),
        (reviewed(S::Approving), sound(ActionKind::Approve), by(OTHER, Hat::Approver), Refusal::ApproverReviewed),
        (reviewed(S::Approving), sound(ActionKind::SendBack), by(REVIEWER, Hat::Approver), Refusal::ApproverReviewed),
        (reviewed(S::Reviewing), sound(ActionKind::Assign), Actor::system(), Refusal::AssigneeReviewed),
        (facts(S::Reviewing), Action::Assign { to: OFFICER }, Actor::system(), Refusal::AlreadyAssigned),
        (facts(S::Approving), approve(51, 12), wearing(Hat::Approver), Refusal::AboveAuthority { limit: Fen(50) }),
        (
            facts(S::Approving),
            approve(1, 12),
            Actor::staff(APPROVER, [Hat::Approver], None),
            Refusal::AboveAuthority { limit: Fen(0) },
        ),
        (wide(S::Approving), approve(61, 12), rich.clone(), Refusal::AboveRequested { requested: Fen(60) }),
        (facts(S::Approving), approve(81, 12), rich.clone(), Refusal::AboveProductMax { max: Fen(80) }),
        (facts(S::Approving), approve(0, 12), rich.clone(), Refusal::AmountNotPositive),
        (facts(S::Approving), approve(i64::MIN, 12), rich.clone(), Refusal::AmountNotPositive),
        (facts(S::Approving), approve(50, 0), rich.clone(), Refusal::TermOutOfRange { months_min: 1, months_max: 36 }),
        (facts(S::Approving), approve(50, 37), rich.clone(), Refusal::TermOutOfRange { months_min: 1, months_max: 36 }),
        (
            facts(S::Approving),
            Action::Approve { terms: terms(1, 1), conditions: vec![because(); 21] },
            rich,
            Refusal::TooManyConditions,
        ),
        (
            facts(S::Investigating),
            grant(101, 12),
            wearing(Hat::Officer),
            Refusal::AboveRequested { requested: Fen(100) },
        ),
        (facts(S::Investigating), grant(81, 12), wearing(Hat::Officer), Refusal::AboveProductMax { max: Fen(80) }),
        (
            facts(S::Draft),
            Action::Submit { missing: gap.clone() },
            wearing(Hat::Applicant),
            Refusal::Incomplete { missing: gap.clone() },
        ),
        (
            facts(S::Investigating),
            Action::Recommend { advice: Advice::Decline, opinion: because(), missing: gap.clone() },
            wearing(Hat::Officer),
            Refusal::Incomplete { missing: gap },
        ),
        (facts(S::Investigating), Action::Return { items: vec![] }, wearing(Hat::Officer), Refusal::ItemsInvalid),
        (facts(S::Investigating), Action::Return { items: twice }, wearing(Hat::Officer), Refusal::ItemsInvalid),
        (facts(S::Collecting), Action::CollectionGap { sources: vec![] }, Actor::system(), Refusal::ReasonMissing),
        (
            Facts { refused_automatically: false, ..facts(S::Refused) },
            sound(ActionKind::RequestHumanReview),
            wearing(Hat::Applicant),
            Refusal::NotAutomatic,
        ),
    ];
    for (facts, action, actor, refusal) in rows {
        assert_eq!(decide(&facts, &action, &actor), Err(refusal.clone()), "{action:?}");
        assert!(!refusal.words().zh.is_empty() && refusal.words().en.is_ascii());
    }
}

#[test]
fn reasons_and_items_are_checked_when_written() {
    for text in ["", "  ", "a\u{0}"] {
        assert_eq!(Reason::parse(text), Err(Refusal::ReasonMissing));
    }
    assert_eq!(Reason::parse(&"理".repeat(1_001)), Err(Refusal::ReasonMissing));
    let item = |place, reason| ReturnItem::new(place, reason, &farmer(), &person_form()).err();
    let rows = [
        (Place::Pointer("/contact/phone".into()), "打不通", None),
        (Place::Pointer("/extra/crop".into()), "请写明品种", None),
        (Place::ItemKey("id_card".into()), "照片模糊", None),
        // a person's form has no authorisation, and no field of an enterprise
        (Place::Consent, "授权已过期", Some(Refusal::UnknownItem)),
        (Place::Pointer("/subject/credit_code".into()), "x", Some(Refusal::UnknownItem)),
        (Place::Pointer("/extra/employees".into()), "x", Some(Refusal::UnknownItem)),
        (Place::Pointer("/state".into()), "x", Some(Refusal::UnknownItem)),
        (Place::ItemKey("business_licence".into()), "x", Some(Refusal::UnknownItem)),
        (Place::ItemKey("id_card".into()), " ", Some(Refusal::ReasonMissing)),
    ];
    for (place, reason, refusal) in rows {
        assert_eq!(item(place.clone(), reason), refusal, "{place:?}");
    }
}

#[test]
fn sending_back_goes_to_every_earlier_step_only() {
    let person = |state| Facts { subject: SubjectKind::Person, ..facts(state) };
    assert_eq!(earlier_steps(&facts(S::Approving)), [S::Collecting, S::Screening, S::Investigating, S::Reviewing]);
    assert_eq!(earlier_steps(&person(S::Reviewing)), [S::Screening, S::Investigating]);
    for start in [S::Investigating, S::Reviewing, S::Approving] {
        let hat = match start {
            S::Investigating => Hat::Officer,
            S::Reviewing => Hat::Reviewer,
            _ => Hat::Approver,
        };
        for subject in [facts(start), person(start)] {
            for to in S::ALL {
                let sent = decide(&subject, &Action::SendBack { to, reason: because() }, &wearing(hat));
                let expected =
                    if earlier_steps(&subject).contains(&to) { Ok(to) } else { Err(Refusal::NotAnEarlierStep) };
                assert_eq!(sent.map(|transition| transition.to()), expected, "{start:?} to {to:?}");
            }
        }
    }
}

#[test]
fn who_decides_after_the_score() {
    use Outcome::{Accept, Refuse, Review};
    let fresh = Facts { investigator: None, ..facts(S::Screening) };
    let person = Facts { subject: SubjectKind::Person, ..fresh.clone() };
    let gap = Facts { data_gap: true, ..fresh.clone() };
    let contested = Facts { human_review: true, ..fresh.clone() };
    let returned = Facts { returned_from: Some(S::Reviewing), ..facts(S::Screening) };
    let rows = [
        (&fresh, [S::Assigning, S::Assigning, S::Refused]),
        (&person, [S::Assigning; 3]),
        (&gap, [S::Assigning; 3]),
        (&contested, [S::Assigning; 3]),
        (&facts(S::Screening), [S::Investigating; 3]),
        (&returned, [S::Reviewing; 3]),
    ];
    for (facts, expected) in rows {
        let reached = [Accept, Review, Refuse]
            .map(|outcome| decide(facts, &Action::Screened { outcome }, &Actor::system()).unwrap());
        assert_eq!(reached.clone().map(|transition| transition.to()), expected);
        assert!(reached.iter().all(|t| t.after().refused_automatically == (t.to() == S::Refused)));
    }
}

#[test]
fn a_resubmission_goes_back_to_whoever_returned_it() {
    let enterprise = |from| Facts { returned_from: Some(from), ..facts(S::Returned) };
    let person = |from| Facts { subject: SubjectKind::Person, ..enterprise(from) };
    let resubmit = |needs_new_data| Action::Resubmit { missing: vec![], needs_new_data, notes: vec![] };
    for from in [S::Investigating, S::Reviewing, S::Approving] {
        let straight = decide(&enterprise(from), &resubmit(false), &wearing(Hat::Applicant)).unwrap();
        assert_eq!(
            (straight.to(), straight.after().returned_from, straight.after().investigator),
            (from, None, Some(OFFICER))
        );
        assert_eq!(decide(&person(from), &resubmit(true), &wearing(Hat::Applicant)).unwrap().to(), S::Screening);
        let collecting = decide(&enterprise(from), &resubmit(true), &wearing(Hat::Applicant)).unwrap();
        assert_eq!(collecting.to(), S::Collecting);
        let screening = decide(collecting.after(), &Action::Collected { absent: vec![] }, &Actor::system()).unwrap();
        let back = decide(screening.after(), &Action::Screened { outcome: Outcome::Refuse }, &Actor::system()).unwrap();
        assert_eq!((back.to(), back.after().returned_from), (from, None));
    }
}

#[test]
fn a_transition_tells_what_happened() {
    let assigned = decide(&facts(S::Investigating), &Action::Assign { to: OTHER }, &wearing(Hat::Dispatcher)).unwrap();
    assert_eq!(
        (assigned.from(), assigned.to(), assigned.event()),
        (S::Investigating, S::Investigating, EventKind::Reassigned)
    );
    assert_eq!(
        (assigned.hat(), assigned.actor(), assigned.kind()),
        (Hat::Dispatcher, Some(DISPATCHER), ActionKind::Assign)
    );
    assert_eq!(
        (assigned.after().investigator, assigned.after().past_investigators.as_slice()),
        (Some(OTHER), &[OFFICER][..])
    );
    let person = Facts::draft(SubjectKind::Person, APPLICANT, Fen(1), Fen(1), 12);
    assert_eq!(decide(&person, &sound(ActionKind::Submit), &wearing(Hat::Applicant)).unwrap().to(), S::Screening);
    let unassigned = Facts { investigator: None, ..facts(S::Screening) };
    assert_eq!(
        decide(&unassigned, &sound(ActionKind::Assign), &Actor::system()),
        Err(Refusal::NotInThisState { state: S::Screening })
    );
}
