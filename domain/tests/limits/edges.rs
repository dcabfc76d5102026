//! Any numbers at all: every operation answers, refuses the impossible by name, and never overflows.

use domain::limits::operation::{
    Entry, Line, allowed_actions, close, correct, draw, lapse, move_between, release, repay, reserve, resize_grant,
    resize_part, split, split_more,
};
use domain::limits::posting::{EntryKind, Posting};
use domain::limits::refusal::LimitRefusal;
use domain::limits::reservation::{Drawdown, Reservation, ReservationState};
use domain::limits::tree::{Amounts, Limit, LimitState};
use domain::money::Fen;
use proptest::prelude::*;

use crate::support::*;

#[test]
fn edge_amounts_are_refused_by_name() {
    let limit = granted(100, true);
    let whole = with(true, 100, 60, 0, 0, 0);
    let a = part_of(&whole, 2, Amounts { granted: Fen(30), ..Amounts::ZERO });
    let b = part_of(&whole, 3, Amounts { granted: Fen(30), ..Amounts::ZERO });
    let above = [whole.clone()];
    let set_aside = only(reserve(&[], &limit, Fen(100), in_days(1), today()));
    let open = reservation(&set_aside);
    let drawn = only(draw(&[], set_aside.after(), &open, Fen(100), today()));
    let owed = drawdown(&drawn);
    let rows: [(i64, [&str; 6]); 5] = [
        (0, ["limit_amount_not_positive"; 6]),
        (-1, ["limit_amount_not_positive"; 6]),
        (i64::MIN, ["limit_amount_not_positive"; 6]),
        (
            101,
            [
                "limit_not_enough_free",
                "reservation_not_enough_left",
                "repayment_above_outstanding",
                "limit_not_enough_free",
                "limit_not_enough_free",
                "limit_not_enough_free",
            ],
        ),
        (
            i64::MAX,
            [
                "limit_not_enough_free",
                "reservation_not_enough_left",
                "repayment_above_outstanding",
                "limit_amount_too_large",
                "limit_amount_too_large",
                "limit_not_enough_free",
            ],
        ),
    ];
    for (amount, expected) in rows {
        let got = [
            code(reserve(&[], &limit, Fen(amount), in_days(1), today())),
            code(draw(&[], set_aside.after(), &open, Fen(amount), today())),
            code(repay(drawn.after(), &owed, Fen(amount), today())),
            code(split(&[], &limit, 0, &opening(9, amount, true), today())),
            code(split_more(&above, &a, Fen(amount), today())),
            code(move_between(&above, &a, &b, Fen(amount), today())),
        ];
        assert_eq!(got, expected, "{amount}");
    }
}

#[test]
fn a_reservation_lapses_after_now_and_within_a_year() {
    let limit = granted(100, true);
    for (days, fits) in [(-1, false), (0, false), (1, true), (366, true), (367, false)] {
        let result = reserve(&[], &limit, Fen(1), in_days(days), today());
        assert_eq!(result.is_ok(), fits, "{days}");
        assert!(fits || result == Err(LimitRefusal::LapseInvalid));
    }
    let at_the_end = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    assert_eq!(code(reserve(&[], &limit, Fen(1), at_the_end, today())), "reservation_lapse_invalid");
}

#[test]
fn a_refusal_carries_its_figures_and_says_what_to_do() {
    let refused = reserve(&[], &granted(1_000_000, true), Fen(1_000_001), in_days(1), today()).unwrap_err();
    assert_eq!((refused.figures().asked, refused.figures().bound), (Some(Fen(1_000_001)), Some(Fen(1_000_000))));
    let words = refused.words();
    assert_eq!(words.zh, "需要10,000.01元，可用额度只有10,000.00元，请减少金额，或先还款、释放占用、申请调增");
    assert_eq!(words.en, "10000.01 yuan asked, 10000.00 yuan free; ask for less, repay, release, or have it enlarged");
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        Just(0),
        Just(i64::MAX),
        Just(i64::MIN),
        Just(i64::MAX - 1),
        -3i64..200,
        0i64..200,
        0i64..200,
    ]
}

fn limit(revolving: bool) -> impl Strategy<Value = Limit> {
    (prop::array::uniform5(amount()), 0usize..4).prop_map(move |([g, a, r, d, s], state)| {
        let columns = with(revolving, g, a, r, d, if revolving { 0 } else { s });
        Limit { state: LimitState::ALL[state], ..columns }
    })
}

fn check(result: Result<Vec<Posting>, LimitRefusal>) {
    match result {
        Ok(postings) => {
            for posting in postings {
                assert_eq!(posting.after().check(), Ok(()));
                assert!(posting.free_after() >= Fen::ZERO);
            }
        }
        Err(refused) => {
            let words = refused.words();
            assert!(!words.zh.is_empty() && !words.en.is_empty() && refused.code().contains('_'));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_the_rows_say_nothing_panics_and_nothing_unsound_is_posted(
        revolving: bool, whole in any::<bool>().prop_flat_map(limit), columns in prop::array::uniform5(amount()),
        n in amount(), m in amount(), k in amount(), state in 0usize..3, kind in 0usize..14, reversed: bool,
    ) {
        let [g, a, r, d, s] = columns;
        let part = Limit { revolving, ..part_of(&whole, 2, with(revolving, g, a, r, d, s).amounts) };
        let sibling = Limit { id: id(3), ..part.clone() };
        let above = [whole.clone()];
        let (x, y, z) = (Fen(n), Fen(m), Fen(k));
        let held = Reservation { amount: x, drawn: y, released: z, state: ReservationState::ALL[state], lapses_at: in_days(1) };
        let owed = Drawdown { amount: x, repaid: y, reversed };
        let (at, later) = (today(), noon("2026-12-24"));
        check(reserve(&above, &part, x, in_days(1), at));
        check(draw(&above, &part, &held, z, at));
        check(release(&part, &held, at));
        check(lapse(&part, &held, later));
        check(repay(&part, &owed, z, at));
        check(split(&[], &whole, 0, &opening(5, n, revolving), at));
        check(split_more(&above, &part, x, at));
        check(move_between(&above, &part, &sibling, x, at));
        check(resize_part(&above, &part, x, at));
        check(resize_grant(&whole, x, y, at));
        check(close(Some(&whole), &part, at));
        check(close(None, &whole, at));
        let _ = (allowed_actions(&above, &part, at), allowed_actions(&[], &whole, at));
        let deltas = Amounts { granted: x, allocated: y, reserved: z, drawn: x, spent: y };
        for deltas in [deltas, Amounts { granted: x, ..Amounts::ZERO }, Amounts { reserved: z, drawn: x, ..Amounts::ZERO }] {
            let on = |limit: &Limit| Entry { limit: limit.id, kind: EntryKind::ALL[kind], deltas, corrected: false };
            let (one, two) = (on(&whole), on(&part));
            let lines = [Line { limit: &whole, entry: &one }, Line { limit: &part, entry: &two }];
            check(correct(&lines, Some(&held), Some(&owed), at));
            check(correct(&lines[..1], Some(&held), Some(&owed), at));
            check(correct(&lines[1..], Some(&held), Some(&owed), at));
        }
    }
}
