//! What applicants see.

use domain::applications::headline::headline;
use domain::applications::progress::{StepStatus, WaitsFor, progress};
use domain::applications::state::{ApplicationState as S, Facts};
use domain::applications::timeline::EventKind;
use domain::consent::SubjectKind;
use domain::money::Fen;
use uuid::Uuid;

fn at(state: S, subject: SubjectKind) -> Facts {
    Facts { state, ..Facts::draft(subject, Uuid::from_u128(1), Fen(100), Fen(100), 12) }
}

#[test]
fn steps_are_counted_per_subject() {
    let rows = [
        (S::Draft, 1, 1, WaitsFor::Applicant),
        (S::Collecting, 2, 1, WaitsFor::System),
        (S::Screening, 3, 2, WaitsFor::System),
        (S::Assigning, 4, 3, WaitsFor::Firm),
        (S::Investigating, 4, 3, WaitsFor::Officer),
        (S::Returned, 4, 3, WaitsFor::Applicant),
        (S::Reviewing, 5, 4, WaitsFor::Reviewer),
        (S::Approving, 6, 5, WaitsFor::Approver),
        (S::Approved, 7, 6, WaitsFor::Nobody),
        (S::Refused, 7, 6, WaitsFor::Nobody),
        (S::Withdrawn, 7, 6, WaitsFor::Nobody),
    ];
    for (state, enterprise_step, person_step, waits_for) in rows {
        let firm = progress(&at(state, SubjectKind::Enterprise));
        let person = progress(&at(state, SubjectKind::Person));
        assert_eq!((firm.step, firm.total, firm.waits_for), (enterprise_step, 7, waits_for), "{state:?}");
        assert_eq!((person.step, person.total, person.waits_for), (person_step, 6, waits_for), "{state:?}");
        let current = firm.steps.iter().filter(|step| step.status == StepStatus::Current).count();
        assert_eq!(current, usize::from(!state.is_final()), "{state:?}");
    }
}

#[test]
fn what_was_never_done_is_not_called_done() {
    let (firm, person) = (SubjectKind::Enterprise, SubjectKind::Person);
    let by_score = Facts { refused_automatically: true, ..at(S::Refused, firm) };
    let withdrawn = |from, subject| Facts { ended_at: Some(from), ..at(S::Withdrawn, subject) };
    let rows = [
        (at(S::Approved, firm), "ddddddd"),
        (at(S::Refused, firm), "ddddddd"),
        (by_score, "dddsssd"),
        (withdrawn(S::Collecting, firm), "dsssssd"),
        (withdrawn(S::Investigating, firm), "dddsssd"),
        (withdrawn(S::Approving, firm), "dddddsd"),
        (withdrawn(S::Investigating, person), "ddsssd"),
        (at(S::Withdrawn, person), "sssssd"),
        (at(S::Investigating, person), "ddcaaa"),
    ];
    for (facts, expected) in rows {
        let letter = |status: StepStatus| match status {
            StepStatus::Done => 'd',
            StepStatus::Current => 'c',
            StepStatus::Ahead => 'a',
            StepStatus::Skipped => 's',
        };
        let found: String = progress(&facts).steps.iter().map(|step| letter(step.status)).collect();
        assert_eq!(found, expected, "{facts:?}");
    }
}

#[test]
fn a_result_says_how_it_stands_now() {
    let refused_by_score = Facts { refused_automatically: true, ..at(S::Refused, SubjectKind::Enterprise) };
    let rows = [
        (at(S::Investigating, SubjectKind::Enterprise), false, None),
        (at(S::Assigning, SubjectKind::Enterprise), true, Some("人工复核")),
        (at(S::Investigating, SubjectKind::Enterprise), true, Some("人工复核")),
        (refused_by_score, true, None),
        (at(S::Refused, SubjectKind::Enterprise), false, Some("未获批准")),
        (at(S::Refused, SubjectKind::Enterprise), true, Some("未获批准")),
        (at(S::Approved, SubjectKind::Enterprise), true, Some("已批准")),
        (at(S::Withdrawn, SubjectKind::Person), false, Some("已撤回")),
    ];
    for (facts, over_limit, expected) in rows {
        let said = headline(&facts, over_limit);
        assert_eq!(said.is_some(), expected.is_some(), "{facts:?}");
        assert!(expected.is_none_or(|words| said.is_some_and(|said| said.contains(words))), "{said:?}");
    }
}

#[test]
fn a_returned_application_stays_at_its_step() {
    let facts = Facts { returned_from: Some(S::Approving), ..at(S::Returned, SubjectKind::Enterprise) };
    assert_eq!((progress(&facts).step, progress(&facts).waits_for), (6, WaitsFor::Applicant));
}

#[test]
fn an_automatic_refusal_says_that_it_can_be_contested() {
    let facts = Facts { refused_automatically: true, ..at(S::Refused, SubjectKind::Enterprise) };
    assert!(progress(&facts).waiting.zh.contains("人工复核"));
    assert!(!progress(&at(S::Refused, SubjectKind::Enterprise)).waiting.zh.contains("人工复核"));
}

#[test]
fn every_event_has_its_wordings() {
    for kind in EventKind::ALL {
        let staff = kind.for_staff();
        assert!(!staff.zh.is_empty() && staff.en.is_ascii());
        assert_eq!(kind.for_applicant().is_none(), kind == EventKind::SentBack, "{kind:?}");
    }
    for state in S::ALL {
        assert_eq!(S::from_code(state.code()), Some(state));
    }
}
