//! Weights at their bounds, shares that add up, and the three balances, against fractions computed apart.

use domain::limits::balances::{BalanceFault, Balances, Position, of_client};
use domain::limits::sharing::{Agreement, Shares, SharingFault};
use domain::limits::weights::{Business, ClientClass, SizedWeight, Weight, WeightFault, WeightSet};
use domain::money::Fen;
use proptest::prelude::*;

use crate::support::day;

const MILLION_YUAN: i64 = 100_000_000;

#[test]
fn bounds_of_weights_include_the_last_fen() {
    use Business::{Bond, BondAa, HousingLoan, Loan, Other};
    use ClientClass as C;
    let rows = [
        (Loan, C::Small, 5 * MILLION_YUAN, 7_500, 7_500),
        (Loan, C::Small, 5 * MILLION_YUAN + 1, 10_000, 10_000),
        (Loan, C::Micro, 5 * MILLION_YUAN, 7_500, 7_500),
        (Loan, C::Micro, 5 * MILLION_YUAN + 1, 10_000, 10_000),
        (Loan, C::Farmer, 2 * MILLION_YUAN, 7_500, 7_500),
        (Loan, C::Farmer, 2 * MILLION_YUAN + 1, 10_000, 10_000),
        (Loan, C::Other, 1, 10_000, 10_000),
        (HousingLoan, C::Other, i64::MAX, 3_000, 3_000),
        (BondAa, C::Other, i64::MAX, 8_000, 6_000),
        (Bond, C::Other, 1, 10_000, 10_000),
        (Other, C::Small, 1, 10_000, 10_000),
    ];
    let weights = WeightSet::standard();
    assert_eq!(weights.validate(), Ok(()));
    for (business, class, balance, liability_bp, concentration_bp) in rows {
        let expected = Weight { liability_bp, concentration_bp };
        assert_eq!(weights.weight(business, class, Fen(balance)), expected, "{business:?} {class:?} {balance}");
    }
}

#[test]
fn a_weight_set_that_hides_liability_is_refused() {
    let standard = WeightSet::standard();
    let rows = [
        (WeightSet { housing_bp: 0, ..standard.clone() }, WeightFault::Weight),
        (WeightSet { loan_bp: 10_001, ..standard.clone() }, WeightFault::Weight),
        (
            WeightSet { farmer: SizedWeight { client_balance_max: Fen(0), weight_bp: 1 }, ..standard.clone() },
            WeightFault::Bound,
        ),
        (WeightSet { source: " ".to_owned(), ..standard.clone() }, WeightFault::Source),
    ];
    for (set, fault) in rows {
        assert_eq!(set.validate(), Err(fault));
    }
    let text = serde_json::to_string(&standard).unwrap();
    assert_eq!(serde_json::from_str::<WeightSet>(&text).unwrap(), standard);
    let unknown = text.replacen('{', "{\"more\":1,", 1);
    assert!(serde_json::from_str::<WeightSet>(&unknown).is_err());
}

#[test]
fn shares_add_to_the_whole() {
    assert_eq!(Shares::new(2_000, 8_000, 0, 1), Err(SharingFault::Sum));
    assert_eq!(Shares::new(u16::MAX, u16::MAX, u16::MAX, u16::MAX), Err(SharingFault::Sum));
    let four = Shares::new(2_000, 4_000, 3_000, 1_000).unwrap();
    let rows = [(101, [20, 40, 31, 10]), (100, [20, 40, 30, 10]), (1, [0, 0, 1, 0]), (0, [0, 0, 0, 0])];
    for (amount, [bank, firm, reguarantor, government]) in rows {
        let parts = four.split(Fen(amount)).unwrap();
        let got = [parts.bank.0, parts.firm.0, parts.reguarantor.0, parts.government.0];
        assert_eq!(got, [bank, firm, reguarantor, government], "{amount}");
    }
    assert_eq!(four.split(Fen(-1)), Err(SharingFault::Negative));
    assert!(
        serde_json::from_str::<Shares>(r#"{"bank_bp":2000,"firm_bp":8000,"reguarantor_bp":0,"government_bp":0}"#)
            .is_ok()
    );
    assert!(
        serde_json::from_str::<Shares>(r#"{"bank_bp":2000,"firm_bp":8001,"reguarantor_bp":0,"government_bp":0}"#)
            .is_err()
    );
}

#[test]
fn an_agreement_holds_from_its_first_day_to_before_its_last() {
    let agreement = Agreement {
        shares: Shares::new(2_000, 8_000, 0, 0).unwrap(),
        valid_from: day("2026-01-01"),
        valid_to: Some(day("2027-01-01")),
    };
    assert_eq!(agreement.validate(), Ok(()));
    for (on, holds) in [("2025-12-31", false), ("2026-01-01", true), ("2026-12-31", true), ("2027-01-01", false)] {
        assert_eq!(agreement.holds_on(day(on)), holds, "{on}");
    }
    let empty = Agreement { valid_to: Some(agreement.valid_from), ..agreement };
    assert_eq!(empty.validate(), Err(SharingFault::Period));
    assert!(Agreement { valid_to: None, ..agreement }.holds_on(day("2999-01-01")));
}

#[test]
fn an_agreement_only_becomes_shorter_and_never_in_the_past() {
    use SharingFault::{EndBeforeStart, EndNotEarlier, EndPast, Ended};
    let open = Agreement { shares: Shares::FIRM_ALONE, valid_from: day("2026-01-01"), valid_to: None };
    let dated = Agreement { valid_to: Some(day("2027-01-01")), ..open };
    let rows = [
        (open, "2026-06-01", "2026-06-01", Ok("2026-06-02")),
        (open, "2030-12-31", "2026-06-01", Ok("2031-01-01")),
        (open, "2026-05-31", "2026-06-01", Err(EndPast)),
        (open, "2025-12-31", "2025-12-01", Err(EndBeforeStart)),
        (open, "2026-01-01", "2025-12-01", Ok("2026-01-02")),
        (dated, "2026-12-30", "2026-06-01", Ok("2026-12-31")),
        (dated, "2026-12-31", "2026-06-01", Err(EndNotEarlier)),
        (dated, "2027-06-01", "2026-06-01", Err(EndNotEarlier)),
        (dated, "2027-06-01", "2027-01-01", Err(Ended)),
    ];
    for (agreement, last_day, today, expected) in rows {
        let ended = agreement.end(day(last_day), day(today)).map(|ended| ended.valid_to);
        assert_eq!(ended, expected.map(|to| Some(day(to))), "{last_day} on {today}");
    }
    assert_eq!(open.end(chrono::NaiveDate::MAX, day("2026-06-01")), Err(EndNotEarlier));
}

#[test]
fn a_million_under_4321_weighs_as_the_field_computes_it() {
    let shares = Shares::new(2_000, 4_000, 3_000, 1_000).unwrap();
    let weight = Weight { liability_bp: 7_500, concentration_bp: 7_500 };
    let balances = Balances::of(Fen(MILLION_YUAN), &shares, weight).unwrap();
    // 1,000,000 − 200,000 of the bank = 800,000; − 300,000 of the re-guarantor = 500,000; × 75 % = 375,000 yuan
    assert_eq!(
        balances,
        Balances {
            nominal: Fen(MILLION_YUAN),
            in_force: Fen(80_000_000),
            liability: Fen(37_500_000),
            concentration: Fen(37_500_000)
        }
    );
}

#[test]
fn one_fen_over_the_bound_moves_all_of_a_clients_loans() {
    let loan =
        |outstanding| Position { outstanding: Fen(outstanding), shares: Shares::FIRM_ALONE, business: Business::Loan };
    let weights = WeightSet::standard();
    let at = of_client(ClientClass::Small, &[loan(4 * MILLION_YUAN), loan(MILLION_YUAN)], &weights).unwrap();
    assert_eq!(at.total.liability, Fen(375_000_000));
    let over = of_client(ClientClass::Small, &[loan(4 * MILLION_YUAN), loan(MILLION_YUAN + 1)], &weights).unwrap();
    assert_eq!(over.total.liability, Fen(500_000_001));
    assert_eq!(over.each[0].liability, Fen(400_000_000));
    assert_eq!(of_client(ClientClass::Small, &[loan(-1)], &weights), Err(BalanceFault::Negative));
    let huge = of_client(ClientClass::Small, &[loan(i64::MAX), loan(1)], &weights);
    assert_eq!(huge, Err(BalanceFault::Overflow));
    assert_eq!(of_client(ClientClass::Other, &[], &weights).unwrap().total, Balances::default());
}

/// Half up of a fraction, in wide integers and apart from the code.
fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

fn shares() -> impl Strategy<Value = Shares> {
    prop::array::uniform3(0u16..=10_000).prop_map(|mut cuts| {
        cuts.sort_unstable();
        let [a, b, c] = cuts;
        Shares::new(a, 10_000 - c, b - a, c - b).unwrap()
    })
}

fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![0..=i64::MAX, 0i64..1_000, Just(i64::MAX)]
}

proptest! {
    #[test]
    fn parts_add_up_and_are_near_their_share(amount in amounts(), shares in shares()) {
        let parts = shares.split(Fen(amount)).unwrap();
        prop_assert_eq!(parts.total(), Ok(Fen(amount)));
        let all = [
            (parts.bank, shares.bank_bp()), (parts.firm, shares.firm_bp()),
            (parts.reguarantor, shares.reguarantor_bp()), (parts.government, shares.government_bp()),
        ];
        for (part, bp) in all {
            prop_assert!(part >= Fen::ZERO);
            let apart = i128::from(part.0) * 10_000 - i128::from(amount) * i128::from(bp);
            prop_assert!(apart.abs() <= 10_000, "more than a fen from its share");
        }
    }

    #[test]
    fn balances_are_the_fractions_and_never_fall_as_the_amount_grows(
        amount in amounts(), more in 0i64..3, shares in shares(), l in 1u16..=10_000, c in 1u16..=10_000,
    ) {
        let weight = Weight { liability_bp: l, concentration_bp: c };
        let balances = Balances::of(Fen(amount), &shares, weight).unwrap();
        let wide = i128::from(amount);
        let bank = half_up(wide * i128::from(shares.bank_bp()), 10_000);
        let both = half_up(wide * i128::from(shares.bank_bp() + shares.reguarantor_bp()), 10_000);
        prop_assert_eq!(i128::from(balances.in_force.0), wide - bank);
        prop_assert_eq!(i128::from(balances.liability.0), half_up((wide - both) * i128::from(l), 10_000));
        prop_assert_eq!(i128::from(balances.concentration.0), half_up((wide - both) * i128::from(c), 10_000));
        if let Some(larger) = amount.checked_add(more) {
            let grown = Balances::of(Fen(larger), &shares, weight).unwrap().minus(balances).unwrap();
            prop_assert!(grown.in_force >= Fen::ZERO && grown.liability >= Fen::ZERO && grown.concentration >= Fen::ZERO);
        }
    }

    #[test]
    fn repaying_in_any_parts_leaves_exactly_nothing(
        parts in prop::collection::vec(1i64..10_000_000, 1..40), shares in shares(), bp in 1u16..=10_000,
    ) {
        let weight = Weight { liability_bp: bp, concentration_bp: bp };
        let of = |outstanding| Balances::of(Fen(outstanding), &shares, weight).unwrap();
        let mut outstanding: i64 = parts.iter().sum();
        let mut left = of(outstanding);
        for part in parts {
            let change = of(outstanding - part).minus(of(outstanding)).unwrap();
            left = left.plus(change).unwrap();
            outstanding -= part;
            prop_assert_eq!(left, of(outstanding));
        }
        prop_assert_eq!(left, Balances::default());
    }
}
