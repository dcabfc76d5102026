//! Policies: fitting first, each yes and no with its reason, unknown in between.

use domain::applications::product::ProductKind;
use domain::money::Fen;
use domain::policies::{ApplicantKind, Condition, Met, Policy, PolicyConditions, PolicyQuery, match_policies};
use domain::words::Words;
use proptest::prelude::*;

fn query() -> PolicyQuery {
    PolicyQuery {
        guarantee_kind: Some(ProductKind::LoanFarmer),
        applicant_kind: Some(ApplicantKind::Farmer),
        purpose: Some("livestock".into()),
        region: Some("330106".into()),
        industry: Some("0313".into()),
        amount: Some(Fen(20_000_000)),
        on: "2026-11-22".parse().unwrap(),
    }
}

fn policy(id: &str, conditions: PolicyConditions) -> Policy {
    Policy { id: id.into(), conditions }
}

fn one(conditions: PolicyConditions) -> (Met, Vec<(Condition, Met)>) {
    let found = match_policies(&query(), &[policy("p", conditions)], &|_| None).remove(0);
    (found.fits, found.reasons.into_iter().map(|reason| (reason.condition, reason.met)).collect())
}

#[test]
fn each_condition_answers() {
    let any = PolicyConditions::default;
    let day = |text: &str| text.parse().ok();
    let rows = [
        (
            PolicyConditions { guarantee_kinds: vec![ProductKind::LoanFarmer], ..any() },
            Condition::GuaranteeKind,
            Met::Yes,
        ),
        (
            PolicyConditions { guarantee_kinds: vec![ProductKind::EquipmentFinance], ..any() },
            Condition::GuaranteeKind,
            Met::No,
        ),
        (
            PolicyConditions { applicant_kinds: vec![ApplicantKind::SmallEnterprise], ..any() },
            Condition::ApplicantKind,
            Met::No,
        ),
        (PolicyConditions { purposes: vec!["seed".into(), "livestock".into()], ..any() }, Condition::Purpose, Met::Yes),
        (PolicyConditions { regions: vec!["330000".into()], ..any() }, Condition::Region, Met::Yes),
        (PolicyConditions { regions: vec!["330100".into()], ..any() }, Condition::Region, Met::Yes),
        (PolicyConditions { regions: vec!["330200".into()], ..any() }, Condition::Region, Met::No),
        (PolicyConditions { industries: vec!["A".into()], ..any() }, Condition::Industry, Met::Yes),
        (PolicyConditions { industries: vec!["03".into()], ..any() }, Condition::Industry, Met::Yes),
        (PolicyConditions { industries: vec!["C".into(), "01".into()], ..any() }, Condition::Industry, Met::No),
        (PolicyConditions { amount_max_fen: Some(Fen(20_000_000)), ..any() }, Condition::Amount, Met::Yes),
        (PolicyConditions { amount_min_fen: Some(Fen(20_000_001)), ..any() }, Condition::Amount, Met::No),
        (PolicyConditions { valid_from: day("2026-11-22"), ..any() }, Condition::Validity, Met::Yes),
        (PolicyConditions { valid_to: day("2026-11-22"), ..any() }, Condition::Validity, Met::No),
    ];
    for (conditions, condition, met) in rows {
        assert_eq!(one(conditions.clone()), (met, vec![(condition, met)]), "{conditions:?}");
    }
    assert_eq!(one(any()), (Met::Yes, vec![]));
}

#[test]
fn fitting_first_then_open_then_not() {
    let specific = PolicyConditions {
        guarantee_kinds: vec![ProductKind::LoanFarmer],
        regions: vec!["330000".into()],
        ..PolicyConditions::default()
    };
    let open = PolicyConditions { industries: vec!["A".into()], ..PolicyConditions::default() };
    let no = PolicyConditions { purposes: vec!["expansion".into()], ..specific.clone() };
    let policies = [
        policy("d_no", no),
        policy("c_open", open),
        policy("b_general", PolicyConditions::default()),
        policy("a_specific", specific),
    ];
    let found = match_policies(&PolicyQuery { industry: None, ..query() }, &policies, &|_| None);
    let rows: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.fits, one.score)).collect();
    let expected =
        [("a_specific", Met::Yes, 2), ("b_general", Met::Yes, 0), ("c_open", Met::Unknown, 0), ("d_no", Met::No, 2)];
    assert_eq!(rows, expected);
    let last = &found[3].reasons[1];
    assert_eq!(last.text.zh, "资金用途不符合，政策要求：expansion");
}

#[test]
fn codes_are_shown_by_their_names() {
    let conditions = PolicyConditions {
        purposes: vec!["livestock".into(), "own_code".into()],
        regions: vec!["330100".into(), "999999".into()],
        industries: vec!["A".into()],
        ..PolicyConditions::default()
    };
    let words = |code: &str| (code == "livestock").then(|| Words::new("购买畜禽苗种", "livestock and fry"));
    let found = match_policies(&query(), &[policy("p", conditions)], &words).remove(0);
    let texts: Vec<_> = found.reasons.iter().map(|reason| (reason.text.zh.as_str(), reason.text.en.as_str())).collect();
    let expected = [
        ("资金用途符合（购买畜禽苗种、own_code）", "The purpose of funds fits (livestock and fry, own_code)"),
        ("所在地区符合（浙江省杭州市、999999）", "The region fits (浙江省杭州市 (330100), 999999)"),
        ("所属行业符合（农、林、牧、渔业）", "The industry fits (农、林、牧、渔业 (A))"),
    ];
    assert_eq!(texts, expected);
}

fn conditions() -> impl Strategy<Value = PolicyConditions> {
    let kinds =
        prop::collection::vec(prop::sample::select(vec![ProductKind::LoanFarmer, ProductKind::LoanEnterprise]), 0..2);
    let codes = || prop::collection::vec("\\PC{0,6}", 0..3);
    (kinds, codes(), codes(), codes(), any::<Option<i64>>(), any::<Option<i64>>()).prop_map(
        |(guarantee_kinds, purposes, regions, industries, min, max)| PolicyConditions {
            guarantee_kinds,
            purposes,
            regions,
            industries,
            amount_min_fen: min.map(Fen),
            amount_max_fen: max.map(Fen),
            ..PolicyConditions::default()
        },
    )
}

proptest! {
    #[test]
    fn every_policy_is_answered_once_in_rank(all in prop::collection::vec(conditions(), 0..8), region in "\\PC{0,6}", industry in "\\PC{0,6}") {
        let policies: Vec<Policy> = all.into_iter().enumerate().map(|(i, conditions)| policy(&format!("{i:03}"), conditions)).collect();
        let query = PolicyQuery { region: Some(region), industry: Some(industry), purpose: None, ..query() };
        let found = match_policies(&query, &policies, &|_| None);
        prop_assert_eq!(found.len(), policies.len());
        prop_assert!(found.windows(2).all(|pair| pair[0].fits <= pair[1].fits));
        for one in &found {
            let worst = one.reasons.iter().map(|reason| reason.met).max().unwrap_or(Met::Yes);
            prop_assert_eq!(one.fits, worst);
        }
    }
}
