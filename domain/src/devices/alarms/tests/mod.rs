//! Tables and laws of alarms, against a model that counts minutes.

mod people;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::devices::fault::Fault;
use crate::time::TenantZone;

const START: &str = "2026-11-22T00:00:00Z";

fn minute(count: i64) -> DateTime<Utc> {
    START.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(count)
}

fn rule(condition: Condition, clear_after_minutes: u32) -> Rule {
    let ways = vec![Way::InApp];
    Rule { condition, clear_after_minutes, enabled: true, severity: Severity::Warning, ways, messages_per_hour: 2 }
}

/// Spans from states and their minutes, one after the other.
fn spans(runs: &[(Seen, i64)]) -> Vec<Span> {
    let mut at = 0;
    let next = |(seen, minutes): &(Seen, i64)| {
        let span = Span { from: minute(at), to: minute(at + minutes), seen: *seen };
        at += minutes;
        span
    };
    runs.iter().map(next).collect()
}

fn end(spans: &[Span]) -> DateTime<Utc> {
    spans.iter().map(|span| span.to).max().unwrap_or(minute(0))
}

fn look(rule: &Rule, spans: &[Span], events: &[Event]) -> Vec<Transition> {
    let until = events.iter().map(|event| event.at + TimeDelta::minutes(1)).max().unwrap_or(minute(0)).max(end(spans));
    advance(rule, TenantZone::default(), &Watch::default(), &History { spans, events, until }).1
}

fn raised(began: i64, at: i64) -> Transition {
    Transition::Raised { began: minute(began), at: minute(at) }
}

fn cleared(began: i64, at: i64) -> Transition {
    Transition::Cleared { began: minute(began), at: minute(at) }
}

#[test]
fn conditions_begin_and_end() {
    use Seen::{Off, Offline, Overload, Standby, Unknown, Working};
    let overload = rule(Condition::Overload { minutes: 5 }, 3);
    let idle = rule(Condition::IdleTooLong { minutes: 30 }, 3);
    let moved = rule(Condition::MovedOrUnplugged { minutes: 5 }, 10);
    let offline = rule(Condition::Offline { minutes: 60 }, 5);
    type Row<'a> = (&'a str, &'a Rule, Vec<(Seen, i64)>, Vec<Transition>);
    let rows: Vec<Row> = vec![
        ("too short", &overload, vec![(Working, 5), (Overload, 4), (Working, 9)], vec![]),
        ("just long enough", &overload, vec![(Working, 5), (Overload, 5)], vec![raised(5, 10)]),
        ("and over", &overload, vec![(Overload, 6), (Working, 9)], vec![raised(0, 5), cleared(0, 9)]),
        ("not over yet", &overload, vec![(Overload, 6), (Working, 2)], vec![raised(0, 5)]),
        (
            "flapping is one alarm",
            &overload,
            vec![(Overload, 6), (Working, 2), (Overload, 1), (Working, 2), (Overload, 1), (Off, 3)],
            vec![raised(0, 5), cleared(0, 15)],
        ),
        ("the opposite begins it anew", &overload, vec![(Overload, 4), (Working, 1), (Overload, 4)], vec![]),
        ("unseen time does not count", &overload, vec![(Overload, 4), (Unknown, 3), (Overload, 1)], vec![raised(0, 8)]),
        ("long unseen begins it anew", &overload, vec![(Overload, 4), (Unknown, 4), (Overload, 4)], vec![]),
        (
            "unseen time does not clear",
            &overload,
            vec![(Overload, 5), (Unknown, 90), (Overload, 1)],
            vec![raised(0, 5)],
        ),
        (
            "a silent socket neither",
            &overload,
            vec![(Overload, 5), (Offline, 90), (Off, 3)],
            vec![raised(0, 5), cleared(0, 98)],
        ),
        (
            "twice",
            &overload,
            vec![(Overload, 5), (Off, 3), (Overload, 5)],
            vec![raised(0, 5), cleared(0, 8), raised(8, 13)],
        ),
        ("standby", &idle, vec![(Working, 10), (Standby, 40), (Off, 5)], vec![raised(10, 40), cleared(10, 53)]),
        ("off is not idle", &idle, vec![(Off, 400)], vec![]),
        ("unplugged at work", &moved, vec![(Working, 5), (Offline, 5)], vec![raised(5, 10)]),
        ("unseen before", &moved, vec![(Standby, 5), (Unknown, 2), (Offline, 5)], vec![raised(7, 12)]),
        ("mains cut at closing time", &moved, vec![(Working, 5), (Off, 1), (Offline, 700)], vec![]),
        ("and back", &moved, vec![(Working, 5), (Offline, 20), (Off, 10)], vec![raised(5, 10), cleared(5, 35)]),
        (
            "offline or silent",
            &offline,
            vec![(Off, 5), (Offline, 30), (Unknown, 30), (Off, 9)],
            vec![raised(5, 65), cleared(5, 70)],
        ),
    ];
    for (name, rule, runs, expected) in rows {
        assert_eq!(look(rule, &spans(&runs), &[]), expected, "{name}");
    }
}

#[test]
fn gaps_are_unknown_and_overlaps_belong_to_the_first() {
    let offline = rule(Condition::Offline { minutes: 60 }, 5);
    let apart = [
        Span { from: minute(0), to: minute(10), seen: Seen::Off },
        Span { from: minute(100), to: minute(110), seen: Seen::Off },
    ];
    assert_eq!(look(&offline, &apart, &[]), [raised(10, 70), cleared(10, 105)]);
    let overload = rule(Condition::Overload { minutes: 5 }, 3);
    let over = [
        Span { from: minute(0), to: minute(10), seen: Seen::Working },
        Span { from: minute(4), to: minute(14), seen: Seen::Overload },
    ];
    assert_eq!(look(&overload, &over, &[]), []);
    let backwards = Span { from: minute(9), to: minute(3), seen: Seen::Overload };
    assert_eq!(look(&overload, &[backwards], &[]), []);
}

#[test]
fn night_is_the_tenants() {
    // 22:00 to 06:00 in Shanghai is 14:00 to 22:00 in UTC, minutes 840 to 1,320
    let night = |minutes| Condition::AtNight { minutes, quiet_from_minute: 1_320, quiet_to_minute: 360 };
    let day_long = spans(&[(Seen::Working, 1_500)]);
    assert_eq!(look(&rule(night(15), 30), &day_long, &[]), [raised(840, 855), cleared(840, 1_350)]);
    let pause = spans(&[(Seen::Working, 850), (Seen::Off, 20), (Seen::Overload, 40), (Seen::Off, 500)]);
    assert_eq!(look(&rule(night(15), 30), &pause, &[]), [raised(870, 885), cleared(870, 940)]);
    let two_days = spans(&[(Seen::Working, 2_880)]);
    assert_eq!(
        look(&rule(night(15), 30), &two_days, &[]),
        [raised(840, 855), cleared(840, 1_350), raised(2_280, 2_295), cleared(2_280, 2_790)]
    );
    // quiet hours within a day: 12:00 to 13:00 in Shanghai is 04:00 to 05:00 in UTC
    let noon = Condition::AtNight { minutes: 15, quiet_from_minute: 720, quiet_to_minute: 780 };
    assert_eq!(look(&rule(noon, 30), &day_long, &[]), [raised(240, 255), cleared(240, 330)]);
    let far_too_long = [Span { from: DateTime::<Utc>::MIN_UTC, to: DateTime::<Utc>::MAX_UTC, seen: Seen::Working }];
    assert_eq!(look(&rule(noon, 30), &far_too_long, &[]), []);
}

#[test]
fn events_raise_at_once() {
    let event = |at: i64, kind| Event { at: minute(at), kind };
    let reset = rule(Condition::MeterReset {}, 60);
    let long = spans(&[(Seen::Working, 100), (Seen::Unknown, 200)]);
    let rows = [
        (vec![event(10, EventKind::MeterReset)], vec![raised(10, 10), cleared(10, 70)]),
        (
            vec![event(50, EventKind::MeterReset), event(10, EventKind::MeterReset)],
            vec![raised(10, 10), cleared(10, 110)],
        ),
        (
            vec![event(10, EventKind::MeterReset), event(70, EventKind::MeterReset)],
            vec![raised(10, 10), cleared(10, 70), raised(70, 70), cleared(70, 130)],
        ),
    ];
    for (events, expected) in rows {
        assert_eq!(look(&reset, &long, &events), expected, "{events:?}");
    }
    // what happens to the counter is no matter of other rules
    let moved = rule(Condition::MovedOrUnplugged { minutes: 5 }, 10);
    assert_eq!(look(&moved, &long, &[event(7, EventKind::MeterReset)]), []);
}

#[test]
fn a_rule_switched_off_looks_at_nothing_and_ends_what_it_raised() {
    let on = rule(Condition::Overload { minutes: 5 }, 3);
    let off = Rule { enabled: false, ..on.clone() };
    let all = spans(&[(Seen::Overload, 20)]);
    let zone = TenantZone::default();
    let (watch, _) = advance(&on, zone, &Watch::default(), &History { spans: &all, events: &[], until: minute(10) });
    let rest = History { spans: &all, events: &[], until: minute(20) };
    let (watch, found) = advance(&off, zone, &watch, &rest);
    assert_eq!((found, watch.seen_to, watch.phase), (vec![cleared(0, 10)], Some(minute(20)), watch::Phase::Quiet));
}

/// What a rule of overload finds, by counting minutes.
fn model(runs: &[(Seen, i64)], hold: usize, clear: usize) -> Vec<Transition> {
    let minutes: Vec<Seen> = runs.iter().flat_map(|(seen, count)| vec![*seen; *count as usize]).collect();
    let at = |index: usize| minute(index as i64);
    let (mut found, mut alarm, mut begun) = (Vec::new(), None, None);
    let (mut held, mut unseen, mut opposite) = (0, 0, 0);
    for (index, seen) in minutes.iter().enumerate() {
        match seen {
            Seen::Overload => {
                (opposite, unseen, held) = (0, 0, held + 1);
                begun = begun.or(Some(index));
                if let (None, Some(began), true) = (alarm, begun, held >= hold) {
                    found.push(Transition::Raised { began: at(began), at: at(index + 1) });
                    alarm = Some(began);
                }
            }
            Seen::Unknown | Seen::Offline => {
                unseen += 1;
                if alarm.is_none() && unseen > clear {
                    (begun, held) = (None, 0);
                }
            }
            _ => {
                (opposite, unseen) = (opposite + 1, 0);
                match alarm {
                    None => (begun, held) = (None, 0),
                    Some(began) if opposite >= clear => {
                        found.push(Transition::Cleared { began: at(began), at: at(index + 1) });
                        (alarm, begun, held) = (None, None, 0);
                    }
                    Some(_) => {}
                }
            }
        }
    }
    found
}

fn some_runs() -> impl Strategy<Value = Vec<(Seen, i64)>> {
    prop::collection::vec((prop::sample::select(Seen::ALL), 1i64..9), 1..60)
}

fn some_rule() -> impl Strategy<Value = Rule> {
    let times = (1u32..20, 1u32..20, 0u16..1_440, 1u16..1_440);
    (0usize..6, times).prop_map(|(pick, (minutes, clear, quiet_from_minute, length))| {
        let quiet_to_minute = (quiet_from_minute + length) % 1_440;
        let condition = match pick {
            0 => Condition::Overload { minutes },
            1 => Condition::IdleTooLong { minutes },
            2 => Condition::MovedOrUnplugged { minutes },
            3 => Condition::AtNight { minutes, quiet_from_minute, quiet_to_minute },
            4 => Condition::Offline { minutes },
            _ => Condition::MeterReset {},
        };
        rule(condition, clear)
    })
}

fn some_events() -> impl Strategy<Value = Vec<Event>> {
    let one = (0i64..300, prop::sample::select(EventKind::ALL)).prop_map(|(at, kind)| Event { at: minute(at), kind });
    prop::collection::vec(one, 0..6)
}

proptest! {
    #[test]
    fn overload_is_what_counting_minutes_finds(runs in some_runs(), hold in 1u32..12, clear in 1u32..12) {
        let rule = rule(Condition::Overload { minutes: hold }, clear);
        prop_assert_eq!(look(&rule, &spans(&runs), &[]), model(&runs, hold as usize, clear as usize));
    }

    #[test]
    fn any_split_in_any_order_gives_the_same_alarms(
        rule in some_rule(), runs in some_runs(), events in some_events(), again: bool,
        mut cuts in prop::collection::vec(0i64..20_000, 0..8),
    ) {
        let zone = TenantZone::default();
        let (mut all, mut events) = (spans(&runs), events);
        let until = end(&all) + TimeDelta::minutes(7);
        let (last, whole) = advance(&rule, zone, &Watch::default(), &History { spans: &all, events: &events, until });
        all.reverse();
        events.reverse();
        cuts.sort_unstable();
        let ends = cuts.iter().map(|seconds| minute(0) + TimeDelta::nanoseconds(seconds * 1_000_000_007)).filter(|cut| *cut < until);
        let (mut watch, mut parts) = (Watch::default(), Vec::new());
        for until in ends.chain([until]) {
            // the same history again and again, or only what the stretch can see
            let spans: Vec<Span> = all.iter().copied().filter(|span| again || span.from < until).collect();
            let events: Vec<Event> = events.iter().copied().filter(|event| again || event.at < until).collect();
            let (next, found) = advance(&rule, zone, &watch, &History { spans: &spans, events: &events, until });
            let stored = serde_json::to_value(next).unwrap();
            watch = serde_json::from_value(stored).unwrap();
            parts.extend(found);
        }
        prop_assert_eq!(&parts, &whole);
        prop_assert_eq!(watch, last);
        let (same, nothing) = advance(&rule, zone, &last, &History { spans: &all, events: &events, until });
        prop_assert_eq!((same, nothing), (last, vec![]));
    }

    #[test]
    fn alarms_are_raised_once_and_end_before_the_next(rule in some_rule(), runs in some_runs(), events in some_events()) {
        let mut open: Option<DateTime<Utc>> = None;
        let mut last = None;
        for transition in look(&rule, &spans(&runs), &events) {
            match transition {
                Transition::Raised { began, at } => {
                    prop_assert!(open.is_none() && last.is_none_or(|last| last < began) && began <= at);
                    (open, last) = (Some(began), Some(began));
                }
                Transition::Cleared { began, at } => {
                    prop_assert_eq!(open.take(), Some(began));
                    prop_assert!(began + TimeDelta::minutes(i64::from(rule.clear_after_minutes)) <= at);
                }
            }
        }
    }

    #[test]
    fn flapping_shorter_than_the_time_to_clear_is_one_alarm(flaps in prop::collection::vec((1i64..9, 1i64..5), 0..30)) {
        let mut runs = vec![(Seen::Overload, 5)];
        runs.extend(flaps.iter().flat_map(|(on, off)| [(Seen::Working, *off), (Seen::Overload, *on)]));
        runs.push((Seen::Off, 5));
        let length: i64 = runs.iter().map(|(_, minutes)| minutes).sum();
        let rule = rule(Condition::Overload { minutes: 5 }, 5);
        prop_assert_eq!(look(&rule, &spans(&runs), &[]), [raised(0, 5), cleared(0, length)]);
    }

    #[test]
    fn nothing_panics(
        minutes: u32, clear: u32, quiet_from_minute: u16, quiet_to_minute: u16, from: i64, to: i64, until: i64,
        pick in 0usize..6,
    ) {
        let at = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds % 8_000_000_000_000, 0).unwrap_or_default();
        let rules = [
            Condition::Overload { minutes }, Condition::Offline { minutes },
            Condition::AtNight { minutes, quiet_from_minute, quiet_to_minute },
        ];
        let spans = [Span { from: at(from), to: at(to), seen: Seen::ALL[pick] }];
        let events = [Event { at: at(to), kind: EventKind::MeterReset }];
        for condition in rules {
            let history = History { spans: &spans, events: &events, until: at(until) };
            let _ = advance(&rule(condition, clear), TenantZone::default(), &Watch::default(), &history);
        }
    }
}
