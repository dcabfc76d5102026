//! The law and the firm's ceilings to the fen, and against comparisons written apart.

use domain::limits::balances::Balances;
use domain::limits::rules::{
    Authority, Bounds, Ceiling, Change, Composition, Dimension, Exposures, Leverage, LeverageClass, Measure, Rule,
    judge, largest_passing,
};
use domain::money::Fen;
use proptest::prelude::*;

const NET_ASSETS: i64 = 1_000_000;

fn bounds() -> Bounds {
    Bounds::statutory(Some(Fen(NET_ASSETS)))
}

fn change(amount: i64) -> Change {
    let amount = Fen(amount);
    let balances = Balances { nominal: amount, in_force: amount, liability: amount, concentration: amount };
    Change { asked: amount, balances, controlling_party: false, authority: Authority::NotNeeded }
}

fn broken(bounds: &Bounds, before: &Exposures, change: &Change) -> Vec<(Rule, i64)> {
    let refused = judge(bounds, before, change).err();
    refused.map_or(vec![], |refused| refused.broken.iter().map(|figure| (figure.rule, figure.room.0)).collect())
}

#[test]
fn bounds_are_inclusive_to_the_fen() {
    let rows = [
        // firm, client, group, draw, what breaks with what would still pass
        (9_900_000, 0, 0, 100_000, vec![]),
        (9_900_001, 0, 0, 100_000, vec![(Rule::Leverage, 99_999)]),
        (0, 0, 0, 100_000, vec![]),
        (0, 0, 0, 100_001, vec![(Rule::OneClient, 100_000)]),
        (0, 40_000, 40_000, 60_001, vec![(Rule::OneClient, 60_000)]),
        (0, 0, 50_000, 100_000, vec![]),
        (0, 0, 50_001, 100_000, vec![(Rule::ClientGroup, 99_999)]),
        (9_999_999, 99_999, 149_999, 2, vec![(Rule::Leverage, 1), (Rule::OneClient, 1), (Rule::ClientGroup, 1)]),
        (10_000_000, 0, 0, 1, vec![(Rule::Leverage, 0)]),
        (20_000_000, 0, 0, 1, vec![(Rule::Leverage, 0)]),
        // what was above the bound before may be repaid, and may stay
        (20_000_000, 200_000, 200_000, -1, vec![]),
        (20_000_000, 200_000, 200_000, 0, vec![]),
        (
            0,
            0,
            0,
            i64::MAX,
            vec![(Rule::Leverage, 10_000_000), (Rule::OneClient, 100_000), (Rule::ClientGroup, 150_000)],
        ),
        (
            i64::MAX,
            i64::MAX,
            i64::MAX,
            i64::MAX,
            vec![(Rule::Leverage, 0), (Rule::OneClient, 0), (Rule::ClientGroup, 0)],
        ),
    ];
    for (firm, client, group, draw, expected) in rows {
        let before =
            Exposures { firm_liability: Fen(firm), client: Fen(client), group: Fen(group), ..Exposures::default() };
        assert_eq!(broken(&bounds(), &before, &change(draw)), expected, "{firm} {client} {group} {draw}");
    }
}

#[test]
fn fractions_of_net_assets_are_cut_and_not_rounded() {
    let bounds = Bounds::statutory(Some(Fen(19)));
    let before = Exposures::default();
    assert_eq!(broken(&bounds, &before, &change(1)), vec![]);
    assert_eq!(broken(&bounds, &before, &change(2)), vec![(Rule::OneClient, 1)]);
    for net_assets in [0, -1, i64::MIN] {
        let broke = Bounds::statutory(Some(Fen(net_assets)));
        assert_eq!(broken(&broke, &before, &change(1)).len(), 3, "{net_assets}");
        assert_eq!(broken(&broke, &before, &change(-1)), vec![]);
    }
    let vast = Bounds::statutory(Some(Fen(i64::MAX)));
    assert_eq!(broken(&vast, &before, &change(i64::MAX / 10)), vec![]);
}

#[test]
fn without_net_assets_nothing_new_passes_and_repayments_do() {
    let unknown = Bounds::statutory(None);
    assert_eq!(broken(&unknown, &Exposures::default(), &change(1)), vec![(Rule::NetAssets, 0)]);
    assert_eq!(broken(&unknown, &Exposures::default(), &change(-1)), vec![]);
}

#[test]
fn the_fifteenfold_is_for_firms_that_serve_the_small() {
    let of = |small: i64, clients_small: u64| Composition {
        in_force: Fen(100),
        in_force_small: Fen(small),
        clients: 100,
        clients_small,
    };
    let rows = [
        (of(50, 80), LeverageClass::ByComposition, 150_000),
        (of(49, 80), LeverageClass::ByComposition, 100_000),
        (of(50, 79), LeverageClass::ByComposition, 100_000),
        (Composition::default(), LeverageClass::ByComposition, 100_000),
        (Composition::default(), LeverageClass::Raised, 150_000),
        (of(100, 100), LeverageClass::Standard, 100_000),
    ];
    for (composition, class, expected) in rows {
        let leverage = Leverage { class, ..Leverage::STATUTORY };
        assert_eq!(leverage.bound_bp(&composition), expected, "{composition:?} {class:?}");
    }
    let before = Exposures { firm_liability: Fen(15_000_000 - 1), composition: of(50, 80), ..Exposures::default() };
    assert_eq!(broken(&bounds(), &before, &change(1)), vec![]);
    assert_eq!(broken(&bounds(), &before, &change(2)), vec![(Rule::Leverage, 1)]);
}

#[test]
fn the_controlling_shareholder_gets_none_and_may_repay() {
    let of = |amount| Change { controlling_party: true, ..change(amount) };
    assert_eq!(broken(&bounds(), &Exposures::default(), &of(1)), vec![(Rule::ControllingParty, 0)]);
    assert_eq!(broken(&bounds(), &Exposures::default(), &of(-1)), vec![]);
    let granted = Change { balances: Balances::default(), ..of(1) };
    assert_eq!(broken(&bounds(), &Exposures::default(), &granted), vec![(Rule::ControllingParty, 0)]);
}

#[test]
fn ceilings_bound_the_balance_that_they_name() {
    let ceiling = |dimension, measure, bound, before, adds| Ceiling {
        dimension,
        subject: "示例".to_owned(),
        measure,
        bound: Fen(bound),
        before: Fen(before),
        adds: Fen(adds),
    };
    let before = Exposures {
        ceilings: vec![
            ceiling(Dimension::Product, Measure::Nominal, 100, 0, 100),
            ceiling(Dimension::Industry, Measure::InForce, 90, 10, 80),
            ceiling(Dimension::Region, Measure::Liability, 60, 0, 60),
            ceiling(Dimension::Bank, Measure::InForce, 79, 0, 80),
        ],
        ..Exposures::default()
    };
    let balances = Balances { nominal: Fen(100), in_force: Fen(80), liability: Fen(60), concentration: Fen(60) };
    let change = Change { balances, ..change(100) };
    let refused = judge(&bounds(), &before, &change).unwrap_err();
    assert_eq!(refused.broken.len(), 1);
    let figure = &refused.broken[0];
    assert_eq!((figure.rule, figure.subject.as_deref()), (Rule::Bank, Some("示例")));
    assert_eq!((figure.before, figure.after, figure.bound, figure.room), (Fen(0), Fen(80), Fen(79), Fen(79)));
    assert_eq!(refused.passed.iter().map(|f| f.room.0).collect::<Vec<_>>(), [9_999_940, 99_940, 149_940, 0, 0, 0]);
}

#[test]
fn an_approver_decides_up_to_their_authority() {
    for (up_to, expected) in [(100, vec![]), (99, vec![(Rule::Authority, 99)]), (0, vec![(Rule::Authority, 0)])] {
        let change = Change { authority: Authority::UpTo(Fen(up_to)), ..change(100) };
        assert_eq!(broken(&bounds(), &Exposures::default(), &change), expected);
    }
}

#[test]
fn a_refusal_names_figures_and_head_room() {
    let before = Exposures { client: Fen(40_000), group: Fen(40_000), ..Exposures::default() };
    let refused = judge(&bounds(), &before, &change(60_001)).unwrap_err();
    assert_eq!(refused.code(), "limit_rules_broken");
    assert_eq!(
        refused.words().zh,
        "单一被担保人责任余额将由400.00元增至1,000.01元，超过上限1,000.00元（条例第十六条），最多还可增加600.00元"
    );
    assert_eq!(
        refused.words().en,
        "The liability for one client would rise from 400.00 to 1000.01 yuan, above 1000.00 yuan (Order 683 art. 16); \
         600.00 yuan more would pass"
    );
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -10i64..2_000_000, Just(i64::MAX), Just(i64::MIN)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn verdicts_are_the_comparisons_of_the_law(
        net in amount(), firm in amount(), client in amount(), group in amount(), adds in amount(),
    ) {
        let before = Exposures { firm_liability: Fen(firm), client: Fen(client), group: Fen(group), ..Exposures::default() };
        let verdict = broken(&Bounds::statutory(Some(Fen(net))), &before, &change(adds));
        // after ÷ net assets > share, without division; what 64 bits cannot hold is never allowed
        let above = |figure: i64, share: i128| {
            let after = i128::from(figure) + i128::from(adds);
            adds > 0 && (after * 100 > i128::from(net.max(0)) * share || after > i128::from(i64::MAX))
        };
        for (rule, figure, share) in [(Rule::Leverage, firm, 1_000), (Rule::OneClient, client, 10), (Rule::ClientGroup, group, 15)] {
            prop_assert_eq!(verdict.iter().any(|(one, _)| *one == rule), above(figure, share), "{:?}", rule);
        }
    }

    #[test]
    fn the_room_of_a_refusal_is_what_would_pass(client in 0i64..200_000, adds in 1i64..400_000) {
        let before = Exposures { client: Fen(client), group: Fen(client), ..Exposures::default() };
        let passes = |amount: Fen| broken(&bounds(), &before, &change(amount.0)).is_empty();
        let largest = largest_passing(Fen(adds), passes);
        prop_assert_eq!(largest.0, adds.min((100_000 - client).max(0)));
        for (rule, room) in broken(&bounds(), &before, &change(adds)) {
            if rule == Rule::OneClient {
                prop_assert_eq!(room, largest.0);
            }
        }
    }
}
