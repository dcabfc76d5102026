//! Tables and laws of the second-hand value.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn facts(priced_months: u32, hours: Option<(i64, u32)>, maintenance: Maintenance) -> ValueFacts {
    let hours = hours.map(|(run, months)| Hours { run, months });
    let category = EquipmentCategory::Lathe;
    ValueFacts { category, price_fen: Fen(20_000_000), age_months: priced_months, priced_months, hours, maintenance }
}

#[test]
fn values_by_hand() {
    use Maintenance::{Fair, Kept, Neglected, Unknown};
    // a lathe of 200,000 yuan; 13 % a year, 200 hours a month, market 95 %, scrap 8 %, 15 years
    let rows = [
        // 20,000,000 × 0.95
        (0, None, Fair, 19_000_000),
        // × 0.87
        (12, None, Fair, 16_530_000),
        // 0.87² = 0.7569
        (24, None, Fair, 14_381_100),
        // 0.87 × (1 − 0.13 ÷ 2) = 0.81345
        (18, None, Fair, 15_455_550),
        // twice the usual hours: 10 tenths × 2 %
        (12, Some((4_800, 12)), Fair, 13_224_000),
        // three times: capped
        (12, Some((7_200, 12)), Fair, 13_224_000),
        // half the usual: 5 tenths × 2 %
        (12, Some((1_200, 12)), Fair, 18_183_000),
        // counted by a socket in two months, as many as usual
        (12, Some((400, 2)), Fair, 16_530_000),
        (12, Some((400, 0)), Fair, 16_530_000),
        (12, None, Kept, 17_356_500),
        (12, None, Neglected, 14_050_500),
        (12, None, Unknown, 15_703_500),
        // 0.87^14 × (1 − 0.13 × 11 ÷ 12) = 0.125361: still above scrap, then past its life
        (179, None, Fair, 2_381_859),
        (180, None, Fair, 1_600_000),
        (u32::MAX, None, Fair, 1_600_000),
    ];
    for (months, hours, maintenance, expected) in rows {
        let valued = value(&facts(months, hours, maintenance), &MarketParameters::standard()).unwrap();
        assert_eq!(valued.value_fen, Fen(expected), "{months} {hours:?} {maintenance:?}");
    }
}

#[test]
fn limits_hold() {
    let mut parameters = MarketParameters::standard();
    for rule in &mut parameters.categories {
        rule.market_ppm = 2_000_000;
    }
    let valued = value(&facts(0, None, Maintenance::Fair), &parameters).unwrap();
    assert_eq!(valued.value_fen, Fen(20_000_000));
    assert_eq!(valued.steps.last().unwrap().reason.zh, "不高于重置成本");
    for rule in &mut parameters.categories {
        rule.market_ppm = 10_000;
    }
    let valued = value(&facts(12, None, Maintenance::Fair), &parameters).unwrap();
    assert_eq!(valued.value_fen, Fen(1_600_000));
    assert_eq!(valued.steps.last().unwrap().reason.zh, "低于残值，按残值（重置成本的8%）计");
}

#[test]
fn the_facts_come_from_papers() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let (parameters, as_of) = (MarketParameters::standard(), day("2026-11-22"));
    let mut papers = Papers::of(EquipmentCategory::Tractor);
    let read = |papers: &Papers| ValueFacts::of(papers, None, &parameters, as_of);
    assert_eq!(read(&papers), Err(ValueRefusal::PriceUnknown));
    papers.basic.price_fen = Some(Fen(100));
    assert_eq!(read(&papers), Err(ValueRefusal::AgeUnknown));
    papers.basic.made_on = Some(day("2020-11-22"));
    papers.usage.hours_run_reported = Some(900);
    let found = read(&papers).unwrap();
    assert_eq!((found.age_months, found.priced_months, found.maintenance), (72, 72, Maintenance::Unknown));
    assert_eq!(found.hours, Some(Hours { run: 900, months: 72 }));
    papers.basic.condition = Some(Condition::SecondHand);
    assert_eq!(read(&papers), Err(ValueRefusal::AgeUnknown));
    papers.basic.bought_on = Some(day("2025-11-22"));
    assert_eq!((read(&papers).unwrap().age_months, read(&papers).unwrap().priced_months), (72, 12));
    let seen = Some(Hours { run: 100, months: 2 });
    assert_eq!(ValueFacts::of(&papers, seen, &parameters, as_of).unwrap().hours, seen);
    for (last, contract, expected) in [
        ("2026-05-26", Some(true), Maintenance::Kept),
        ("2026-05-26", None, Maintenance::Fair),
        ("2026-05-25", Some(true), Maintenance::Fair),
        ("2025-11-22", Some(true), Maintenance::Fair),
        ("2025-11-21", Some(true), Maintenance::Neglected),
    ] {
        papers.usage.last_maintained_on = Some(day(last));
        papers.usage.maintenance_contract = contract;
        assert_eq!(read(&papers).unwrap().maintenance, expected, "{last} {contract:?}");
    }
}

#[test]
fn what_is_wrong_with_parameters_is_named() {
    type Change = fn(&mut MarketParameters);
    let rows: Vec<(Change, &str)> = vec![
        (|p| p.id.clear(), "/id"),
        (|p| p.version = 0, "/version"),
        (|p| p.neglected_after_days = 180, "/neglected_after_days"),
        (|p| p.categories.truncate(3), "/categories"),
        (|p| p.categories[1].category = EquipmentCategory::Lathe, "/categories"),
        (|p| p.categories[0].replacement_ppm = 0, "/categories/0/replacement_ppm"),
        (|p| p.categories[0].annual_decline_ppm = 1_000_000, "/categories/0/annual_decline_ppm"),
        (|p| p.categories[3].floor_ppm = -1, "/categories/3/floor_ppm"),
        (|p| p.categories[0].useful_life_months = 11, "/categories/0/useful_life_months"),
        (|p| p.categories[0].hours_per_month = 745, "/categories/0/hours_per_month"),
        (|p| p.categories[0].maintenance.fair_ppm = 1_050_001, "/categories/0/maintenance"),
    ];
    assert_eq!(MarketParameters::standard().check(), Ok(()));
    for (change, pointer) in rows {
        let mut parameters = MarketParameters::standard();
        change(&mut parameters);
        let found: Vec<String> = parameters.check().unwrap_err().into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(found, [pointer]);
    }
}

#[test]
fn refusals() {
    let ok = facts(1, None, Maintenance::Fair);
    let standard = MarketParameters::standard;
    let none = MarketParameters { categories: Vec::new(), ..standard() };
    let mut dear = standard();
    dear.categories[0].replacement_ppm = 5_000_000;
    let rows = [
        (ValueFacts { price_fen: Fen::ZERO, ..ok }, standard(), ValueRefusal::PriceUnknown),
        (ok, none, ValueRefusal::CategoryUnknown),
        (ValueFacts { price_fen: Fen(i64::MAX), ..ok }, dear, ValueRefusal::TooLarge),
    ];
    for (facts, parameters, expected) in rows {
        assert_eq!(value(&facts, &parameters), Err(expected));
    }
}

fn some_maintenance() -> impl Strategy<Value = Maintenance> {
    prop::sample::select(Maintenance::ALL)
}

proptest! {
    #[test]
    fn every_step_can_be_checked_by_hand(
        price in 1i64..100_000_000_000,
        months in 0u32..400,
        run in prop::option::of(0i64..100_000),
        maintenance in some_maintenance(),
        category in prop::sample::select(EquipmentCategory::ALL),
    ) {
        let parameters = MarketParameters::standard();
        let hours = run.map(|run| Hours { run, months });
        let facts = ValueFacts { category, price_fen: Fen(price), age_months: months, priced_months: months, hours, maintenance };
        let valued = value(&facts, &parameters).unwrap();
        prop_assert_eq!(valued.steps.iter().map(|step| step.key).collect::<Vec<_>>(), StepKey::ALL);
        let mut amount = Fen(price);
        for step in &valued.steps {
            if let Some(factor) = step.factor_ppm {
                // half up, in a way of its own
                let exact = (i128::from(amount.0) * i128::from(factor) * 2 + 1_000_000).div_euclid(2_000_000);
                prop_assert_eq!(i128::from(step.amount_after_fen.0), exact, "{:?}", step.key);
            }
            amount = step.amount_after_fen;
        }
        prop_assert_eq!(amount, valued.value_fen);
        prop_assert!(valued.value_fen <= Fen(price));
        let stored = serde_json::to_value(&valued).unwrap();
        prop_assert_eq!(serde_json::from_value::<Valuation>(stored).unwrap(), valued);
    }

    #[test]
    fn older_more_used_and_worse_kept_is_never_worth_more(
        months in 0u32..400, more in 0u32..100, run in 0i64..50_000, further in 0i64..50_000,
    ) {
        let parameters = MarketParameters::standard();
        let of = |months, hours, maintenance| value(&facts(months, hours, maintenance), &parameters).unwrap().value_fen;
        prop_assert!(of(months + more, None, Maintenance::Fair) <= of(months, None, Maintenance::Fair));
        let hours = |run| Some((run, 12));
        prop_assert!(of(months, hours(run + further), Maintenance::Fair) <= of(months, hours(run), Maintenance::Fair));
        prop_assert!(of(months, None, Maintenance::Neglected) <= of(months, None, Maintenance::Fair));
        prop_assert!(of(months, None, Maintenance::Fair) <= of(months, None, Maintenance::Kept));
    }

    #[test]
    fn nothing_panics(
        price: i64, age: u32, priced: u32, run: i64, months: u32, ppm: i64, other: i64, per_month: u32,
    ) {
        let mut parameters = MarketParameters::standard();
        for rule in &mut parameters.categories {
            (rule.replacement_ppm, rule.annual_decline_ppm, rule.hours_step_ppm) = (ppm, other, ppm);
            (rule.hours_cap_ppm, rule.floor_ppm, rule.market_ppm) = (other, ppm, other);
            rule.hours_per_month = per_month;
        }
        let hours = Some(Hours { run, months });
        let facts = ValueFacts {
            category: EquipmentCategory::Other, price_fen: Fen(price), age_months: age, priced_months: priced, hours,
            maintenance: Maintenance::Kept,
        };
        let _ = (value(&facts, &parameters), parameters.check());
    }
}
