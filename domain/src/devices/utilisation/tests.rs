//! Days from readings: tables of what each kind of message means, and laws against small models.

mod energy;
mod laws;
mod learning;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::*;
use crate::devices::reading::{Energy, Reading};
use crate::time::TenantZone;

const W: i64 = 1_000;

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// An instant of the day in Shanghai, seconds since it began; may be negative or beyond its end.
fn at(second: i64) -> DateTime<Utc> {
    TenantZone::default().start_of(date()).unwrap() + TimeDelta::seconds(second)
}

fn power(second: i64, watts: i64) -> Reading {
    Reading { power_mw: Some(watts * W), ..Reading::at(at(second)) }
}

/// Off below 5 W, at work from 100 W, overloaded from 1,000 W; neither hysteresis nor minimum.
fn plain() -> Thresholds {
    Thresholds {
        off_below_mw: 5 * W,
        working_from_mw: 100 * W,
        overload_from_mw: Some(1_000 * W),
        hysteresis_per_mille: 0,
        minimum_s: 0,
        mean_over_s: 0,
        basis: String::new(),
    }
}

fn of(readings: &[Reading], thresholds: &Thresholds, stand: i64) -> Day {
    day(readings, TenantZone::default(), date(), thresholds, stand, None)
}

/// The spans as `state from-to`, unknown ones left out.
fn told(day: &Day) -> String {
    let known = day.spans.iter().filter_map(|span| span.state.map(|state| (state, span)));
    let texts: Vec<String> =
        known.map(|(state, span)| format!("{} {}-{}", state.code(), span.from_s, span.to_s)).collect();
    texts.join(", ")
}

#[test]
fn what_each_message_means() {
    let (say, none) = (|second| Reading::at(at(second)), Reading::at(at(0)));
    let rows: &[(&str, Vec<Reading>, &str)] = &[
        (
            "stands until the next",
            vec![power(0, 0), power(60, 50), power(90, 100)],
            "off 0-60, standby 60-90, working 90-390",
        ),
        ("stands no longer than its limit", vec![power(0, 200), power(1_000, 200)], "working 0-300, working 1000-1300"),
        ("a clamp the wrong way round", vec![power(0, -200)], "working 0-300"),
        ("overload from its threshold", vec![power(0, 999), power(60, 1_000)], "working 0-60, overload 60-360"),
        ("before the day", vec![power(-100, 200)], "working 0-200"),
        ("after the day", vec![power(86_400, 200)], ""),
        (
            "a frame without power renews nothing",
            vec![power(0, 200), Reading { voltage_mv: Some(230_000), ..say(200) }],
            "working 0-300",
        ),
        ("a frame that says nothing", vec![power(0, 200), say(60)], "working 0-300"),
        ("relay off", vec![power(0, 200), Reading { relay_on: Some(false), ..say(60) }], "working 0-60, off 60-360"),
        ("relay off, but power flows", vec![Reading { relay_on: Some(false), ..power(0, 200) }], "working 0-300"),
        (
            "relay on again: it may draw anything",
            vec![Reading { relay_on: Some(false), ..say(0) }, Reading { relay_on: Some(true), ..say(60) }],
            "off 0-60",
        ),
        (
            "relay on says nothing of power",
            vec![power(0, 200), Reading { relay_on: Some(true), ..say(60) }],
            "working 0-300",
        ),
        ("no watts, but amperes", vec![Reading { current_ma: Some(100), ..power(0, 0) }], "standby 0-300"),
        ("a filter's current", vec![Reading { current_ma: Some(99), ..power(0, 0) }], "off 0-300"),
        (
            "offline until it is heard again",
            vec![Reading { online: Some(false), ..say(60) }, power(5_000, 200)],
            "offline 60-5000, working 5000-5300",
        ),
        (
            "heard again without power",
            vec![Reading { online: Some(false), ..say(0) }, Reading { voltage_mv: Some(1), ..say(60) }],
            "offline 0-60",
        ),
        (
            "offline since long before",
            vec![Reading { online: Some(false), ..say(-900_000) }, power(60, 200)],
            "offline 0-60, working 60-360",
        ),
        ("of one instant the later sequence", vec![power(0, 200), Reading { sequence: 1, ..power(0, 0) }], "off 0-300"),
        (
            "two halves of one message",
            vec![Reading { voltage_mv: Some(230_000), ..none }, power(0, 200)],
            "working 0-300",
        ),
    ];
    for (name, readings, expected) in rows {
        assert_eq!(told(&of(readings, &plain(), 300)), *expected, "{name}");
    }
}

#[test]
fn hysteresis_keeps_a_state_and_minimum_duration_a_spell() {
    let eased = Thresholds { hysteresis_per_mille: 100, ..plain() };
    let lasting = Thresholds { minimum_s: 60, ..plain() };
    let series =
        |powers: &[i64]| -> Vec<Reading> { powers.iter().zip(0..).map(|(watts, i)| power(i * 20, *watts)).collect() };
    let rows: &[(&str, &Thresholds, &[i64], &str)] = &[
        ("left only below 90 W", &eased, &[100, 95, 90, 89, 95], "working 0-60, standby 60-120"),
        ("reached only at 100 W", &eased, &[95, 99, 100], "standby 0-40, working 40-80"),
        ("overload too", &eased, &[1_000, 900, 899], "overload 0-40, working 40-80"),
        ("straight down", &eased, &[1_000, 1], "overload 0-20, off 20-60"),
        ("a dip is none", &lasting, &[200, 200, 200, 50, 50, 200], "working 0-140"),
        (
            "a minute is one",
            &lasting,
            &[200, 200, 200, 50, 50, 50, 200, 200],
            "working 0-60, standby 60-120, working 120-180",
        ),
        ("the first goes to the next", &lasting, &[50, 200, 200, 200], "working 0-100"),
        ("flicker until it lasts", &lasting, &[50, 0, 50, 0, 200, 200], "standby 0-80, working 80-140"),
    ];
    for (name, thresholds, powers, expected) in rows {
        assert_eq!(told(&of(&series(powers), thresholds, 40)), *expected, "{name}");
    }
    // nothing is given across unknown time, and offline is never given away
    let gap = [power(0, 200), power(20, 200), power(40, 200), power(500, 50)];
    assert_eq!(told(&of(&gap, &lasting, 40)), "working 0-80, standby 500-540");
    let offline =
        [power(0, 200), power(60, 200), Reading { online: Some(false), ..Reading::at(at(80)) }, power(90, 200)];
    assert_eq!(told(&of(&offline, &lasting, 60)), "working 0-80, offline 80-90, working 90-150");
}

#[test]
fn a_mean_says_what_whole_kilowatts_hide() {
    // 0.5 kW for three hours, told as 0 and 1 kW in turn; then nothing
    let readings: Vec<Reading> = (0..72).map(|i| power(i * 300, if i < 36 { i % 2 * 1_000 } else { 0 })).collect();
    let single = Thresholds { working_from_mw: 300 * W, overload_from_mw: None, ..plain() };
    let mean = Thresholds { mean_over_s: 1_800, ..single.clone() };
    assert_eq!(of(&readings, &single, 900).seconds.working, 18 * 300);
    let working = of(&readings, &mean, 900).seconds.working;
    assert!((10_500..=11_100).contains(&working), "{working}");
}

#[test]
fn the_error_bar_is_half_an_interval_for_each_change() {
    let rows: &[(&str, Vec<Reading>, i64)] = &[
        ("no change", vec![power(0, 200), power(100, 200)], 50_000),
        ("on and off", vec![power(0, 0), power(100, 200), power(200, 200), power(300, 0)], 100_000),
        ("between two kinds of rest", vec![power(0, 0), power(100, 50)], 0),
        ("between two kinds of work", vec![power(0, 200), power(100, 2_000), power(200, 0)], 50_000),
        ("out of unknown time", vec![power(0, 0), power(1_000, 200), power(1_100, 0)], 50_000),
    ];
    for (name, readings, uncertain) in rows {
        assert_eq!(of(readings, &plain(), 100).uncertain_ms, *uncertain, "{name}");
    }
    let day = of(&[power(0, 0), power(100, 200), power(200, 0)], &plain(), 100);
    assert_eq!((day.utilisation_ppm(), day.error_ppm()), (Some(333_333), Some(333_333)));
    let none = of(&[], &plain(), 100);
    assert_eq!((none.utilisation_ppm(), none.error_ppm(), none.seconds.unknown), (None, None, 86_400));
}

#[test]
fn a_day_that_still_runs_counts_what_has_passed() {
    let readings = [power(0, 200), power(300, 200), power(900, 0)];
    let run = |second| day(&readings, TenantZone::default(), date(), &plain(), 600, Some(at(second)));
    let now = run(500);
    assert_eq!((told(&now).as_str(), now.ahead_s, now.seconds.unknown), ("working 0-500", 85_900, 0));
    assert_eq!((now.utilisation_ppm(), now.readings), (Some(1_000_000), 2));
    // before the day and after it
    assert_eq!((run(-5).ahead_s, run(-5).spans.len(), run(-5).utilisation_ppm()), (86_400, 0, None));
    assert_eq!(run(200_000), of(&readings, &plain(), 600));
}

#[test]
fn shifts_cross_midnight() {
    let shift = |name: &str, weekdays: &[u8], from_min, to_min| Shift {
        name: name.to_owned(),
        weekdays: weekdays.to_vec(),
        from_min,
        to_min,
    };
    // 22 November 2026 is a Sunday
    let calendar = ShiftCalendar {
        shifts: vec![shift("early", &[1, 2, 3, 4, 5, 6, 7], 360, 840), shift("night", &[7], 1_320, 360)],
    };
    assert_eq!(calendar.check(), Ok(()));
    let hours = |from: i64, to: i64| (from * 12..to * 12).map(|i| power(i * 300, 200));
    let readings: Vec<Reading> = hours(7, 8).chain(hours(23, 25)).collect();
    let of_day = |date| day(&readings, TenantZone::default(), date, &plain(), 300, None);
    let days = [of_day(date().succ_opt().unwrap()), of_day(date())];
    let uses: Vec<(usize, NaiveDate, i64, i64)> = by_shift(&days, &calendar)
        .into_iter()
        .map(|one| (one.shift, one.day, one.seconds.working, one.seconds.all()))
        .collect();
    let monday = date().succ_opt().unwrap();
    assert_eq!(uses, [(0, date(), 3_600, 28_800), (1, date(), 7_200, 28_800), (0, monday, 0, 28_800)]);

    for (weekdays, from, to, fault) in [
        (&[0_u8][..], 0, 60, ShiftFault::Weekday),
        (&[8], 0, 60, ShiftFault::Weekday),
        (&[1, 1], 0, 60, ShiftFault::Weekday),
        (&[1], 1_440, 60, ShiftFault::Minute),
        (&[1], 0, 1_441, ShiftFault::Minute),
        (&[1], -1, 60, ShiftFault::Minute),
    ] {
        assert_eq!(ShiftCalendar { shifts: vec![shift("", weekdays, from, to)] }.check(), Err(fault));
    }
}

#[test]
fn a_reading_stands_three_intervals_and_a_quarter_of_an_hour_at_most() {
    let every = |seconds: &[i64]| -> Vec<Reading> { seconds.iter().map(|second| power(*second, 1)).collect() };
    let rows: &[(&[i64], Option<i64>, i64)] = &[
        (&[], None, 900),
        (&[5], None, 900),
        (&[5, 5], None, 900),
        (&[0, 1, 2, 200], Some(1_000), 3),
        (&[0, 60, 120, 240, 360], Some(60_000), 180),
        (&[0, 300, 600], Some(300_000), 900),
        (&[0, 3_600], Some(3_600_000), 900),
    ];
    for (seconds, median, stand) in rows {
        let found = median_interval(&every(seconds));
        assert_eq!((found, stand_s(found)), (*median, *stand), "{seconds:?}");
    }
    // frames without power in between do not count
    let mut frames = every(&[0, 300, 600]);
    frames.extend((0..600).map(|second| Reading { voltage_mv: Some(1), ..Reading::at(at(second)) }));
    assert_eq!(median_interval(&frames), Some(300_000));
}

#[test]
fn thresholds_are_checked() {
    let rows: &[(Thresholds, Result<(), ThresholdsFault>)] = &[
        (plain(), Ok(())),
        (Thresholds::standard(), Ok(())),
        (Thresholds { off_below_mw: 0, ..plain() }, Err(ThresholdsFault::Order)),
        (Thresholds { off_below_mw: 100 * W + 1, ..plain() }, Err(ThresholdsFault::Order)),
        (Thresholds { overload_from_mw: Some(99 * W), ..plain() }, Err(ThresholdsFault::Order)),
        (Thresholds { hysteresis_per_mille: 901, ..plain() }, Err(ThresholdsFault::Hysteresis)),
        (Thresholds { minimum_s: 3_601, ..plain() }, Err(ThresholdsFault::Duration)),
        (Thresholds { mean_over_s: -1, ..plain() }, Err(ThresholdsFault::Duration)),
    ];
    for (thresholds, expected) in rows {
        assert_eq!(thresholds.check(), *expected, "{thresholds:?}");
    }
}
