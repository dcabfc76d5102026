//! State by state: what a frozen, expired or closed limit allows, on itself and on what is below it.

use domain::limits::operation::{
    Opening, close, draw, expire, freeze, grant, lapse, release, repay, reserve, resize_grant, split, thaw,
};
use domain::limits::refusal::LimitRefusal;
use domain::limits::reservation::{Drawdown, Reservation, ReservationState};
use domain::limits::tree::{Amounts, CHILDREN_MAX, DEPTH_MAX, Limit, LimitState};
use domain::money::Fen;

use crate::support::*;

fn tail<T>(result: Result<T, LimitRefusal>) -> &'static str {
    result.map_or_else(|refused| refused.code(), |_| "ok")
}

#[test]
fn giving_back_never_waits_and_using_needs_an_active_limit() {
    let open = Reservation {
        amount: Fen(10),
        drawn: Fen(0),
        released: Fen(0),
        state: ReservationState::Open,
        lapses_at: in_days(300),
    };
    let owed = Drawdown { amount: Fen(10), repaid: Fen(0), reversed: false };
    let rows = [
        (LimitState::Active, "2026-11-22", ["ok", "ok", "ok", "ok", "ok", "ok", "limit_is_active", "ok"]),
        (
            LimitState::Frozen,
            "2026-11-22",
            ["limit_is_frozen", "limit_is_frozen", "limit_is_frozen", "ok", "ok", "limit_is_frozen", "ok", "ok"],
        ),
        (
            LimitState::Active,
            "2027-01-01",
            [
                "limit_is_expired",
                "limit_is_expired",
                "limit_is_expired",
                "ok",
                "ok",
                "limit_is_expired",
                "limit_is_expired",
                "ok",
            ],
        ),
        (
            LimitState::Expired,
            "2026-11-22",
            [
                "limit_is_expired",
                "limit_is_expired",
                "limit_is_expired",
                "ok",
                "ok",
                "limit_is_expired",
                "limit_is_expired",
                "ok",
            ],
        ),
    ];
    for (state, when, expected) in rows {
        let limit = Limit { state, ..with(true, 100, 0, 10, 10, 0) };
        let at = noon(when);
        let part = Opening { valid_to: day("2027-01-01"), ..opening(2, 10, true) };
        let got = [
            tail(split(&[], &limit, 0, &part, at)),
            tail(reserve(&[], &limit, Fen(10), in_days(300), at)),
            tail(draw(&[], &limit, &open, Fen(10), at)),
            tail(release(&limit, &open, at)),
            tail(repay(&limit, &owed, Fen(10), at)),
            tail(freeze(&limit, at)),
            tail(thaw(&limit, at)),
            tail(resize_grant(&limit, Fen(50), Fen(100), at)),
        ];
        assert_eq!(got, expected, "{state:?} on {when}");
    }
    let closed = Limit { state: LimitState::Closed, ..with(true, 0, 0, 0, 0, 0) };
    for refused in [
        tail(reserve(&[], &closed, Fen(1), in_days(1), today())),
        tail(release(&closed, &open, today())),
        tail(lapse(&closed, &open, noon("2028-01-01"))),
        tail(repay(&closed, &owed, Fen(1), today())),
        tail(freeze(&closed, today())),
        tail(thaw(&closed, today())),
        tail(close(None, &closed, today())),
        tail(expire(&closed, noon("2028-01-01"))),
        tail(resize_grant(&closed, Fen(1), Fen(1), today())),
    ] {
        assert_eq!(refused, "limit_is_closed");
    }
}

#[test]
fn a_limit_is_usable_from_its_first_day_to_before_its_last() {
    let limit = granted(100, true);
    let rows = [
        ("2025-12-31", "limit_not_yet_valid"),
        ("2026-01-01", "ok"),
        ("2026-12-31", "ok"),
        ("2027-01-01", "limit_is_expired"),
    ];
    for (when, expected) in rows {
        let at = noon(when);
        assert_eq!(tail(reserve(&[], &limit, Fen(1), at.now() + chrono::TimeDelta::days(1), at)), expected, "{when}");
    }
    assert_eq!(tail(expire(&limit, noon("2026-12-31"))), "limit_not_yet_expired");
    assert_eq!(only(expire(&limit, noon("2027-01-01"))).after().state, LimitState::Expired);
}

#[test]
fn what_is_below_a_stopped_limit_cannot_be_used() {
    let root = with(true, 100, 60, 0, 0, 0);
    let middle = part_of(&root, 2, Amounts { granted: Fen(60), allocated: Fen(40), ..Amounts::ZERO });
    let leaf = part_of(&middle, 3, Amounts { granted: Fen(40), ..Amounts::ZERO });
    let frozen = |limit: &Limit| Limit { state: LimitState::Frozen, ..limit.clone() };
    let rows: [(&[Limit], &str); 6] = [
        (&[root.clone(), middle.clone()], "ok"),
        (&[frozen(&root), middle.clone()], "limit_above_blocked"),
        (&[root.clone(), frozen(&middle)], "limit_above_blocked"),
        (std::slice::from_ref(&middle), "limit_not_related"),
        (&[], "limit_not_related"),
        (&[middle.clone(), root.clone()], "limit_not_related"),
    ];
    for (above, expected) in rows {
        assert_eq!(tail(reserve(above, &leaf, Fen(40), in_days(1), today())), expected, "{above:?}");
    }
}

#[test]
fn closing_gives_back_what_was_not_spent() {
    let rows = [
        // parent revolving, part revolving, part's columns, expected parent and part
        (true, true, [60, 0, 0, 0, 0], Ok(([100, 0, 0, 0, 0], [0, 0, 0, 0, 0]))),
        (true, false, [60, 0, 0, 0, 20], Ok(([100, 0, 0, 0, 0], [20, 0, 0, 0, 20]))),
        (false, false, [60, 0, 0, 0, 20], Ok(([100, 0, 0, 0, 20], [20, 0, 0, 0, 20]))),
        (true, true, [60, 0, 1, 0, 0], Err("limit_still_in_use")),
        (true, true, [60, 0, 0, 1, 0], Err("limit_still_in_use")),
        (true, true, [60, 1, 0, 0, 0], Err("limit_still_in_use")),
    ];
    for (parent_revolving, revolving, [g, a, r, d, s], expected) in rows {
        let whole = with(parent_revolving, 100, 60, 0, 0, 0);
        let part = part_of(&whole, 2, with(revolving, g, a, r, d, s).amounts);
        let part = Limit { revolving, ..part };
        let got = close(Some(&whole), &part, today()).map_err(|refused| refused.code());
        let got = got.map(|both| {
            assert_eq!(both[1].after().state, LimitState::Closed);
            (columns(both[0].after()), columns(both[1].after()))
        });
        assert_eq!(got, expected);
        assert_eq!(code(close(None, &part, today())), expected.err().unwrap_or("limit_not_related"));
    }
    let whole = granted(100, true);
    assert_eq!(columns(only(close(None, &whole, today())).after()), [0, 0, 0, 0, 0]);
    assert_eq!(code(close(Some(&whole), &whole, today())), "limit_not_related");
}

#[test]
fn a_part_fits_into_its_whole() {
    let whole = granted(100, false);
    let of = |from: &str, to: &str| Opening { valid_from: day(from), valid_to: day(to), ..opening(2, 10, false) };
    let rows = [
        (of("2026-01-01", "2027-01-01"), 0, "ok"),
        (of("2025-12-31", "2027-01-01"), 0, "limit_period_outside_parent"),
        (of("2026-01-01", "2027-01-02"), 0, "limit_period_outside_parent"),
        (of("2026-12-01", "2026-12-01"), 0, "limit_period_invalid"),
        (of("2026-01-01", "2026-11-22"), 0, "limit_period_invalid"),
        (opening(2, 10, true), 0, "limit_revolving_under_one_off"),
        (opening(1, 10, false), 0, "limit_not_related"),
        (opening(2, 10, false), CHILDREN_MAX - 1, "ok"),
        (opening(2, 10, false), CHILDREN_MAX, "limit_parts_too_many"),
        (opening(2, 100, false), 0, "ok"),
        (opening(2, 101, false), 0, "limit_not_enough_free"),
    ];
    for (part, children, expected) in rows {
        assert_eq!(tail(split(&[], &whole, children, &part, today())), expected, "{part:?}");
    }
}

#[test]
fn a_tree_is_only_so_deep() {
    let mut way = vec![granted(100, true)];
    for n in 0..DEPTH_MAX {
        let (above, whole) = way.split_at(usize::from(n));
        let both = split(above, &whole[0], 0, &opening(10 + u128::from(n), 100, true), today()).unwrap();
        way[usize::from(n)] = both[0].after().clone();
        way.push(both[1].after().clone());
    }
    let (last, above) = way.split_last().unwrap();
    assert_eq!(last.depth, DEPTH_MAX);
    assert_eq!(tail(split(above, last, 0, &opening(99, 1, true), today())), "limit_too_deep");
}

#[test]
fn a_grant_is_of_what_was_approved() {
    for (amount, approved, expected) in [
        (100, 100, "ok"),
        (101, 100, "limit_above_approved"),
        (0, 100, "limit_amount_not_positive"),
        (-1, 100, "limit_amount_not_positive"),
        (i64::MIN, i64::MIN, "limit_amount_not_positive"),
        (100_000_000_000_000, i64::MAX, "ok"),
        (100_000_000_000_001, i64::MAX, "limit_amount_too_large"),
        (i64::MAX, i64::MAX, "limit_amount_too_large"),
    ] {
        assert_eq!(tail(grant(&opening(1, amount, true), Fen(approved), today())), expected, "{amount} of {approved}");
    }
}
