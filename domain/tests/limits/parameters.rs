//! Dated parameters: who may approve, what is refused, and which one holds on a day.

use domain::limits::groups::{COUNTED_BY_DEFAULT, LinkKind};
use domain::limits::parameters::{
    Parameter, ParameterRefusal, ParameterState, ParameterValue, Verdict, bounds_on, ceiling_on, counted_links_on,
    decide, in_force, propose, weights_on,
};
use domain::limits::rules::{Bounds, Dimension, Leverage, Measure};
use domain::limits::weights::WeightSet;
use domain::money::Fen;

use crate::support::{day, id, noon};

const FINANCE: u128 = 1;
const CHECKER: u128 = 2;

fn net_assets(amount: i64) -> ParameterValue {
    ParameterValue::NetAssets { amount: Fen(amount) }
}

fn approved(n: u128, value: ParameterValue, from: &str, decided_on: &str) -> Parameter {
    let proposed = propose(id(n), value, day(from), id(FINANCE)).unwrap();
    decide(&proposed, Verdict::Approve, id(CHECKER), noon(decided_on).now()).unwrap()
}

#[test]
fn whoever_enters_a_parameter_does_not_approve_it() {
    let proposed = propose(id(9), net_assets(100), day("2026-11-01"), id(FINANCE)).unwrap();
    assert_eq!(proposed.state, ParameterState::Proposed);
    let now = noon("2026-11-22").now();
    assert_eq!(decide(&proposed, Verdict::Approve, id(FINANCE), now), Err(ParameterRefusal::OwnProposal));
    let taken_back = decide(&proposed, Verdict::Reject, id(FINANCE), now).unwrap();
    let yes = decide(&proposed, Verdict::Approve, id(CHECKER), now).unwrap();
    assert_eq!((taken_back.state, yes.state), (ParameterState::Rejected, ParameterState::Approved));
    assert_eq!((yes.decided_by, yes.decided_at), (Some(id(CHECKER)), Some(now)));
    for done in [taken_back, yes] {
        for verdict in [Verdict::Approve, Verdict::Reject, Verdict::Withdraw] {
            assert_eq!(decide(&done, verdict, id(CHECKER), now), Err(ParameterRefusal::NotProposed));
        }
    }
    assert_eq!(ParameterRefusal::OwnProposal.code(), "parameter_own_proposal");
}

#[test]
fn only_whoever_entered_it_takes_it_back() {
    let proposed = propose(id(9), net_assets(100), day("2026-11-01"), id(FINANCE)).unwrap();
    let now = noon("2026-11-22").now();
    assert_eq!(decide(&proposed, Verdict::Withdraw, id(CHECKER), now), Err(ParameterRefusal::NotOwn));
    let back = decide(&proposed, Verdict::Withdraw, id(FINANCE), now).unwrap();
    assert_eq!((back.state, back.decided_by), (ParameterState::Rejected, Some(id(FINANCE))));
}

#[test]
fn the_newest_approved_one_holds_from_its_day() {
    let proposed = propose(id(5), net_assets(999), day("2026-06-01"), id(FINANCE)).unwrap();
    let rejected = decide(&proposed, Verdict::Reject, id(CHECKER), noon("2026-06-01").now()).unwrap();
    let all = [
        approved(1, net_assets(100), "2026-01-01", "2026-01-05"),
        approved(3, net_assets(310), "2026-03-31", "2026-04-10"),
        approved(2, net_assets(300), "2026-03-31", "2026-04-09"),
        approved(4, net_assets(900), "2026-12-31", "2026-11-01"),
        proposed,
        rejected,
    ];
    let rows = [
        ("2025-12-31", None),
        ("2026-01-01", Some(100)),
        ("2026-03-30", Some(100)),
        ("2026-03-31", Some(310)),
        ("2026-12-30", Some(310)),
        ("2026-12-31", Some(900)),
    ];
    for (on, expected) in rows {
        assert_eq!(bounds_on(&all, day(on)).net_assets, expected.map(Fen), "{on}");
        let mut turned = all.to_vec();
        turned.reverse();
        assert_eq!(in_force(&turned, "net_assets", day(on)), in_force(&all, "net_assets", day(on)));
    }
}

#[test]
fn a_firm_may_be_stricter_than_the_law_and_never_looser() {
    let bounds = |leverage: Leverage, client_bp, group_bp| ParameterValue::Bounds { leverage, client_bp, group_bp };
    let law = Leverage::STATUTORY;
    let rows = [
        (bounds(law, 1_000, 1_500), true),
        (bounds(Leverage { standard_bp: 80_000, ..law }, 800, 1_200), true),
        (bounds(Leverage { standard_bp: 100_001, ..law }, 1_000, 1_500), false),
        (bounds(Leverage { raised_bp: 150_001, ..law }, 1_000, 1_500), false),
        (bounds(Leverage { raised_bp: 90_000, ..law }, 1_000, 1_500), false),
        (bounds(law, 1_001, 1_500), false),
        (bounds(law, 1_000, 1_501), false),
        (bounds(law, 1_000, 999), false),
        (bounds(Leverage { client_share_bp: 10_001, ..law }, 1_000, 1_500), false),
    ];
    for (value, fits) in rows {
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<ParameterValue>(&text).unwrap(), value);
        let result = propose(id(1), value, day("2026-01-01"), id(FINANCE));
        assert_eq!(result.is_ok(), fits, "{text}");
        assert!(fits || result.unwrap_err().code() == "parameter_invalid");
    }
}

#[test]
fn other_values_are_checked() {
    let weights = |from: &str| ParameterValue::Weights {
        weights: WeightSet { effective_from: day(from), ..WeightSet::standard() },
    };
    let links = |kinds: &[LinkKind]| ParameterValue::CountedLinks { kinds: kinds.to_vec() };
    let ceiling = |subject: &str, bound| ParameterValue::Ceiling {
        dimension: Dimension::Bank,
        subject: subject.to_owned(),
        measure: Measure::InForce,
        bound,
    };
    let rows = [
        (net_assets(-1), true),
        (weights("2026-01-01"), true),
        (weights("2026-01-02"), false),
        (links(&[LinkKind::Spouse]), true),
        (links(&[]), false),
        (links(&[LinkKind::Spouse, LinkKind::Spouse]), false),
        (ceiling("示例银行", Some(Fen(0))), true),
        (ceiling("示例银行", None), true),
        (ceiling("示例银行", Some(Fen(-1))), false),
        (ceiling("", Some(Fen(1))), false),
        (ceiling(" x", Some(Fen(1))), false),
        (ceiling(&"行".repeat(65), Some(Fen(1))), false),
    ];
    for (value, fits) in rows {
        let shown = format!("{value:?}");
        assert_eq!(propose(id(1), value, day("2026-01-01"), id(FINANCE)).is_ok(), fits, "{shown}");
    }
}

#[test]
fn what_is_not_entered_is_the_statutory_standard() {
    let on = day("2026-11-22");
    assert_eq!(bounds_on(&[], on), Bounds::statutory(None));
    assert_eq!(weights_on(&[], on), WeightSet::standard());
    assert_eq!(counted_links_on(&[], on), COUNTED_BY_DEFAULT);
    assert_eq!(ceiling_on(&[], Dimension::Bank, "示例银行", on), None);
    let ceiling = |bound: Option<i64>| ParameterValue::Ceiling {
        dimension: Dimension::Bank,
        subject: "示例银行".to_owned(),
        measure: Measure::Nominal,
        bound: bound.map(Fen),
    };
    let all = [
        approved(1, ceiling(Some(500)), "2026-01-01", "2026-01-01"),
        approved(2, ceiling(None), "2026-12-01", "2026-11-01"),
        approved(3, ParameterValue::CountedLinks { kinds: vec![LinkKind::Guarantor] }, "2026-02-01", "2026-02-01"),
    ];
    assert_eq!(ceiling_on(&all, Dimension::Bank, "示例银行", on), Some((Measure::Nominal, Fen(500))));
    assert_eq!(ceiling_on(&all, Dimension::Product, "示例银行", on), None);
    assert_eq!(ceiling_on(&all, Dimension::Bank, "示例银行", day("2026-12-01")), None, "it was taken away");
    assert_eq!(counted_links_on(&all, on), [LinkKind::Guarantor]);
}
