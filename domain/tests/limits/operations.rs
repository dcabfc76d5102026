//! One limit through its operations: what each does to the columns, and what each refuses.

use domain::limits::operation::{
    Line, allowed_actions, correct, draw, lapse, move_between, release, repay, reserve, resize_grant, resize_part,
    split, split_more,
};
use domain::limits::refusal::LimitRefusal;
use domain::limits::reservation::ReservationState;
use domain::limits::tree::{Amounts, LimitState};
use domain::money::Fen;

use crate::support::*;

#[test]
fn a_reservation_is_drawn_in_parts_and_the_rest_is_released() {
    let limit = granted(100, true);
    let set_aside = only(reserve(&[], &limit, Fen(60), in_days(7), today()));
    assert_eq!(columns(set_aside.after()), [100, 0, 60, 0, 0]);
    let first = only(draw(&[], set_aside.after(), &reservation(&set_aside), Fen(25), today()));
    assert_eq!(columns(first.after()), [100, 0, 35, 25, 0]);
    assert_eq!((reservation(&first).drawn, reservation(&first).rest()), (Fen(25), Fen(35)));
    let rest = only(release(first.after(), &reservation(&first), today()));
    assert_eq!((columns(rest.after()), rest.free_after()), ([100, 0, 0, 25, 0], Fen(75)));
    let ended = reservation(&rest);
    assert_eq!((ended.state, ended.released, ended.rest()), (ReservationState::Closed, Fen(35), Fen(0)));
    for again in [
        code(release(rest.after(), &ended, today())),
        code(draw(&[], rest.after(), &ended, Fen(1), today())),
        code(lapse(rest.after(), &ended, noon("2026-12-31"))),
    ] {
        assert_eq!(again, "reservation_ended");
    }
}

#[test]
fn drawing_the_whole_ends_the_reservation() {
    let limit = granted(100, true);
    let set_aside = only(reserve(&[], &limit, Fen(100), in_days(7), today()));
    let all = only(draw(&[], set_aside.after(), &reservation(&set_aside), Fen(100), today()));
    assert_eq!(reservation(&all).state, ReservationState::Closed);
    assert_eq!(drawdown(&all).outstanding(), Fen(100));
}

#[test]
fn a_reservation_lapses_at_its_instant_whether_or_not_the_job_has_run() {
    let limit = granted(100, true);
    let set_aside = only(reserve(&[], &limit, Fen(60), in_days(7), today()));
    let open = reservation(&set_aside);
    assert_eq!(code(lapse(set_aside.after(), &open, noon("2026-11-28"))), "reservation_not_due");
    assert_eq!(code(draw(&[], set_aside.after(), &open, Fen(1), noon("2026-11-29"))), "reservation_lapsed");
    let gone = only(lapse(set_aside.after(), &open, noon("2026-11-29")));
    assert_eq!((columns(gone.after()), reservation(&gone).state), ([100, 0, 0, 0, 0], ReservationState::Lapsed));
}

#[test]
fn repayment_restores_a_revolving_limit_once_and_a_one_off_never() {
    for (revolving, after_half, free) in [(true, [100, 0, 0, 20, 0], 80), (false, [100, 0, 0, 20, 20], 60)] {
        let limit = granted(100, revolving);
        let set_aside = only(reserve(&[], &limit, Fen(40), in_days(7), today()));
        let drawn = only(draw(&[], set_aside.after(), &reservation(&set_aside), Fen(40), today()));
        let half = only(repay(drawn.after(), &drawdown(&drawn), Fen(20), today()));
        assert_eq!((columns(half.after()), half.free_after()), (after_half, Fen(free)));
        let refused = repay(half.after(), &drawdown(&half), Fen(21), today()).unwrap_err();
        assert_eq!(refused, LimitRefusal::AboveOutstanding { asked: Fen(21), outstanding: Fen(20) });
        let whole = only(repay(half.after(), &drawdown(&half), Fen(20), today()));
        assert_eq!(code(repay(whole.after(), &drawdown(&whole), Fen(1), today())), "repayment_above_outstanding");
        assert_eq!(whole.free_after(), if revolving { Fen(100) } else { Fen(60) });
    }
}

#[test]
fn a_split_moves_from_the_whole_to_the_part() {
    let whole = granted(100, true);
    let both = split(&[], &whole, 0, &opening(2, 70, true), today()).unwrap();
    let (whole, part) = (both[0].after().clone(), both[1].after().clone());
    assert_eq!((columns(&whole), columns(&part)), ([100, 70, 0, 0, 0], [70, 0, 0, 0, 0]));
    assert_eq!((part.parent, part.depth), (Some(whole.id), 1));
    assert_eq!(whole.check_children(std::slice::from_ref(&part)), Ok(()));

    let more = split_more(std::slice::from_ref(&whole), &part, Fen(30), today()).unwrap();
    assert_eq!((columns(more[0].after()), columns(more[1].after())), ([100, 100, 0, 0, 0], [100, 0, 0, 0, 0]));
    let refused = split_more(std::slice::from_ref(&whole), &part, Fen(31), today()).unwrap_err();
    assert_eq!(refused, LimitRefusal::NotEnoughFree { asked: Fen(31), free: Fen(30) });
}

#[test]
fn an_amount_moves_between_parts_of_one_limit() {
    let whole = with(true, 100, 100, 0, 0, 0);
    let a = part_of(&whole, 2, Amounts { granted: Fen(60), drawn: Fen(20), ..Amounts::ZERO });
    let b = part_of(&whole, 3, Amounts { granted: Fen(40), ..Amounts::ZERO });
    let above = [whole.clone()];
    let moved = move_between(&above, &a, &b, Fen(40), today()).unwrap();
    assert_eq!((columns(moved[0].after()), columns(moved[1].after())), ([20, 0, 0, 20, 0], [80, 0, 0, 0, 0]));
    let refused = move_between(&above, &a, &b, Fen(41), today()).unwrap_err();
    assert_eq!(refused, LimitRefusal::NotEnoughFree { asked: Fen(41), free: Fen(40) });
    let stranger = part_of(&granted(100, true), 4, b.amounts);
    let stranger = domain::limits::tree::Limit { parent: Some(id(99)), ..stranger };
    for (from, to) in [(&a, &a), (&a, &stranger), (&a, &whole)] {
        assert_eq!(code(move_between(&above, from, to, Fen(1), today())), "limit_not_related");
    }
}

#[test]
fn a_limit_grows_within_what_is_approved_and_shrinks_to_what_is_in_use() {
    let limit = with(true, 100, 10, 20, 30, 0);
    let rows = [
        (100, 200, Err("limit_amount_unchanged")),
        (150, 200, Ok(150)),
        (200, 200, Ok(200)),
        (201, 200, Err("limit_above_approved")),
        (60, 0, Ok(60)),
        (59, 0, Err("limit_below_use")),
        (0, 0, Err("limit_amount_not_positive")),
        (i64::MAX, i64::MAX, Err("limit_amount_too_large")),
    ];
    for (to, approved, expected) in rows {
        let result = resize_grant(&limit, Fen(to), Fen(approved), today());
        let result = result.map(|postings| postings[0].after().amounts.granted.0).map_err(|refused| refused.code());
        assert_eq!(result, expected, "to {to}");
    }
    let whole = with(true, 100, 60, 0, 0, 0);
    let part = part_of(&whole, 2, Amounts { granted: Fen(60), drawn: Fen(10), ..Amounts::ZERO });
    let rows = [
        (100, Ok(([100, 100, 0, 0, 0], [100, 0, 0, 10, 0]))),
        (101, Err("limit_not_enough_free")),
        (10, Ok(([100, 10, 0, 0, 0], [10, 0, 0, 10, 0]))),
        (9, Err("limit_below_use")),
    ];
    for (to, expected) in rows {
        let result = resize_part(std::slice::from_ref(&whole), &part, Fen(to), today());
        let result = result.map(|both| (columns(both[0].after()), columns(both[1].after())));
        assert_eq!(result.map_err(|refused| refused.code()), expected, "to {to}");
    }
    assert_eq!(code(resize_grant(&part, Fen(10), Fen(100), today())), "limit_not_related");
}

#[test]
fn a_draw_is_taken_back_into_its_reservation_while_that_is_open_and_to_the_limit_after() {
    let limit = granted(100, true);
    let set_aside = only(reserve(&[], &limit, Fen(60), in_days(7), today()));
    let drawn = only(draw(&[], set_aside.after(), &reservation(&set_aside), Fen(25), today()));
    let line = Line { limit: drawn.after(), entry: &entry(&drawn) };
    let back = only(correct(&[line], Some(&reservation(&drawn)), Some(&drawdown(&drawn)), today()));
    assert_eq!((columns(back.after()), reservation(&back)), ([100, 0, 60, 0, 0], reservation(&set_aside)));
    assert_eq!(drawdown(&back).outstanding(), Fen(0));
    assert_eq!(code(repay(back.after(), &drawdown(&back), Fen(1), today())), "drawdown_reversed");
    assert_eq!(code(correct(&[line], Some(&reservation(&back)), Some(&drawdown(&back)), today())), "drawdown_reversed");

    let released = only(release(drawn.after(), &reservation(&drawn), today()));
    let line = Line { limit: released.after(), entry: &entry(&drawn) };
    let back = only(correct(&[line], Some(&reservation(&released)), Some(&drawdown(&drawn)), today()));
    assert_eq!((columns(back.after()), back.free_after()), ([100, 0, 0, 0, 0], Fen(100)));
    assert_eq!((reservation(&back).state, reservation(&back).released), (ReservationState::Closed, Fen(60)));
}

#[test]
fn a_repayment_is_taken_back_only_while_the_limit_has_room_for_it() {
    let limit = granted(100, true);
    let set_aside = only(reserve(&[], &limit, Fen(60), in_days(7), today()));
    let drawn = only(draw(&[], set_aside.after(), &reservation(&set_aside), Fen(60), today()));
    let repaid = only(repay(drawn.after(), &drawdown(&drawn), Fen(60), today()));
    let booked = entry(&repaid);
    let line = Line { limit: repaid.after(), entry: &booked };
    let back = only(correct(&[line], None, Some(&drawdown(&repaid)), today()));
    assert_eq!((columns(back.after()), drawdown(&back).outstanding()), ([100, 0, 0, 60, 0], Fen(60)));

    let used_again = only(reserve(&[], repaid.after(), Fen(41), in_days(7), today()));
    let line = Line { limit: used_again.after(), entry: &booked };
    let refused = correct(&[line], None, Some(&drawdown(&repaid)), today()).unwrap_err();
    assert_eq!(refused, LimitRefusal::NotEnoughFree { asked: Fen(60), free: Fen(59) });

    let draw_line = Line { limit: repaid.after(), entry: &entry(&drawn) };
    let refused = correct(&[draw_line], Some(&reservation(&drawn)), Some(&drawdown(&repaid)), today());
    assert_eq!(refused.unwrap_err(), LimitRefusal::DrawdownRepaid { repaid: Fen(60) });
}

#[test]
fn amounts_are_taken_back_on_both_sides_or_not_at_all() {
    let whole = granted(100, true);
    let made = split(&[], &whole, 0, &opening(2, 40, true), today()).unwrap();
    let above = [made[0].after().clone()];
    let more = split_more(&above, made[1].after(), Fen(10), today()).unwrap();
    let (up, down) = (entry(&more[0]), entry(&more[1]));
    let lines = [Line { limit: more[0].after(), entry: &up }, Line { limit: more[1].after(), entry: &down }];
    let back = correct(&lines, None, None, today()).unwrap();
    assert_eq!((columns(back[0].after()), columns(back[1].after())), ([100, 40, 0, 0, 0], [40, 0, 0, 0, 0]));
    for half in [&lines[..1], &lines[1..]] {
        assert_eq!(code(correct(half, None, None, today())), "limit_not_related");
    }
    let done = domain::limits::operation::Entry { corrected: true, ..up };
    let twice = [Line { limit: more[0].after(), entry: &done }, lines[1]];
    assert_eq!(code(correct(&twice, None, None, today())), "entry_already_corrected");

    let (up, down) = (entry(&made[0]), entry(&made[1]));
    let opened = [Line { limit: made[0].after(), entry: &up }, Line { limit: made[1].after(), entry: &down }];
    assert_eq!(code(correct(&opened, None, None, today())), "entry_not_correctable");
    // a part that was cut since has not got back what was handed to it
    let cut = resize_part(&above, made[1].after(), Fen(15), today()).unwrap();
    let opened = [Line { limit: cut[0].after(), entry: &up }, Line { limit: cut[1].after(), entry: &down }];
    let refused = correct(&opened, None, None, today()).unwrap_err();
    assert_eq!(refused, LimitRefusal::NotEnoughFree { asked: Fen(40), free: Fen(15) });
}

#[test]
fn allowed_actions_follow_state_and_amounts() {
    let names = |limit: &domain::limits::tree::Limit, at| -> String {
        allowed_actions(&[], limit, at).into_iter().map(|a| a.code()).collect::<Vec<_>>().join(" ")
    };
    let in_use = with(true, 100, 0, 10, 10, 0);
    assert_eq!(names(&granted(100, true), today()), "split enlarge reduce freeze close reserve correct");
    assert_eq!(names(&in_use, today()), "split enlarge reduce freeze reserve draw release repay correct");
    let frozen = domain::limits::tree::Limit { state: LimitState::Frozen, ..in_use.clone() };
    assert_eq!(names(&frozen, today()), "reduce thaw release repay correct");
    assert_eq!(names(&in_use, noon("2027-01-01")), "reduce release repay correct");
    assert_eq!(names(&frozen, noon("2027-01-01")), "reduce release repay correct");
}
