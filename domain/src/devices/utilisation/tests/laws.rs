//! Laws of a day, on readings of every kind.

use proptest::prelude::*;

use super::*;

fn any_power() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![3 => (-1_500..1_500_i64).prop_map(|watts| Some(watts * W)), 1 => Just(None), 1 => any::<i64>().prop_map(Some)]
}

fn any_energy() -> impl Strategy<Value = Option<Energy>> {
    prop_oneof![
        3 => Just(None),
        2 => (0..1_000_000_i64).prop_map(|mwh| Some(Energy::Total(mwh))),
        1 => (0..1_000_000_i64).prop_map(|mwh| Some(Energy::Added(mwh))),
        1 => any::<i64>().prop_map(|mwh| Some(Energy::Total(mwh))),
    ]
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let switch = || prop_oneof![5 => Just(None), 1 => any::<bool>().prop_map(Some)];
    let when = (-100_000_000..190_000_000_i64, 0..3_i32);
    (when, any_power(), prop::option::of(0..500_i64), any_energy(), switch(), switch()).prop_map(
        |((millis, sequence), power_mw, current_ma, energy, relay_on, online)| Reading {
            sequence,
            power_mw,
            current_ma,
            energy,
            relay_on,
            online,
            ..Reading::at(at(0) + TimeDelta::milliseconds(millis))
        },
    )
}

fn any_readings() -> impl Strategy<Value = Vec<Reading>> {
    prop::collection::vec(any_reading(), 0..60)
}

fn any_thresholds() -> impl Strategy<Value = Thresholds> {
    (1..200_i64, 0..900_i64, prop::option::of(0..900_i64), 0..900_i64, 0..900_i64, 0..3_600_i64).prop_map(
        |(off, working, overload, hysteresis_per_mille, minimum_s, mean_over_s)| Thresholds {
            off_below_mw: off * W,
            working_from_mw: (off + working) * W,
            overload_from_mw: overload.map(|over| (off + working + over) * W),
            hysteresis_per_mille,
            minimum_s,
            mean_over_s,
            basis: String::new(),
        },
    )
}

/// Readings on whole seconds that say power or that the socket is offline, and nothing else.
fn simple_readings() -> impl Strategy<Value = Vec<Reading>> {
    let one = (-7_000..93_000_i64, 0..1_200_i64, 0..12_u8).prop_map(|(second, watts, kind)| match kind {
        0 => Reading { online: Some(false), ..Reading::at(at(second)) },
        _ => power(second, watts),
    });
    prop::collection::vec(one, 0..80)
}

/// What the state is in a second, looked up by hand.
fn model(ordered: &[Reading], second: i64, stand: i64) -> Option<State> {
    let last = ordered.iter().rev().find(|one| one.at <= at(second))?;
    match (last.online, last.power_mw) {
        (Some(false), _) => Some(State::Offline),
        (_, Some(_)) if (at(second) - last.at).num_seconds() >= stand => None,
        (_, Some(mw)) if mw < 5 * W => Some(State::Off),
        (_, Some(mw)) if mw < 100 * W => Some(State::Standby),
        (_, Some(mw)) if mw < 1_000 * W => Some(State::Working),
        (_, Some(_)) => Some(State::Overload),
        _ => None,
    }
}

proptest! {
    #[test]
    fn order_and_doubling_do_not_matter(
        (readings, shuffled) in any_readings().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        doubled in any::<prop::sample::Index>(),
        thresholds in any_thresholds(),
    ) {
        let mut again = shuffled;
        again.extend(readings.iter().take(doubled.index(readings.len() + 1)).copied());
        prop_assert_eq!(of(&again, &thresholds, 300), of(&readings, &thresholds, 300));
        prop_assert_eq!(median_interval(&again), median_interval(&readings));
        prop_assert_eq!(learn(&again), learn(&readings));
    }

    #[test]
    fn a_caller_that_asks_for_what_is_relevant_gets_the_same(readings in any_readings(), thresholds in any_thresholds()) {
        let near = relevant(&ordered(&readings), TenantZone::default(), date());
        prop_assert_eq!(of(&near, &thresholds, 300), of(&readings, &thresholds, 300));
    }

    #[test]
    fn seconds_add_up(readings in any_readings(), thresholds in any_thresholds(), now in prop::option::of(-9_000..99_000_i64)) {
        let day = day(&readings, TenantZone::default(), date(), &thresholds, 300, now.map(at));
        prop_assert_eq!(day.seconds.all() + day.ahead_s, DAY_S);
        let mut reached = 0;
        for span in &day.spans {
            prop_assert!(span.from_s == reached && span.to_s > span.from_s);
            reached = span.to_s;
        }
        prop_assert_eq!(reached + day.ahead_s, DAY_S);
        let together = hours(&day).into_iter().fold(Seconds::default(), Seconds::plus);
        prop_assert_eq!(together, day.seconds);
        prop_assert_eq!(within(&day, &[(0, DAY_S)]), day.seconds);
        prop_assert_eq!(sum([&day, &day]).seconds, day.seconds.plus(day.seconds));
        prop_assert!(day.utilisation_ppm().is_none_or(|ppm| (0..=1_000_000).contains(&ppm)));
        prop_assert!(day.error_ppm().is_none_or(|ppm| (0..=1_000_000).contains(&ppm)));
    }

    #[test]
    fn each_second_has_the_state_of_the_last_reading(readings in simple_readings(), stand in 1..900_i64) {
        let day = of(&readings, &plain(), stand);
        let ordered = ordered(&readings);
        for second in (0..DAY_S).step_by(37) {
            let span = day.spans.iter().find(|span| span.from_s <= second && second < span.to_s);
            prop_assert_eq!(span.and_then(|span| span.state), model(&ordered, second, stand), "second {}", second);
        }
    }

    #[test]
    fn a_higher_threshold_never_finds_more_work(readings in any_readings(), working in 5..1_000_i64, more in 0..1_000_i64) {
        let with = |watts: i64| Thresholds { working_from_mw: watts * W, ..plain() };
        let (low, high) = (of(&readings, &with(working), 300), of(&readings, &with(working + more), 300));
        prop_assert!(high.seconds.busy() <= low.seconds.busy());
    }

    #[test]
    fn energy_is_never_negative_and_hours_add_up(readings in any_readings()) {
        let energy = of(&readings, &plain(), 300).energy;
        prop_assert!(energy.hours_mwh.iter().all(|mwh| *mwh >= 0));
        // quantities near the end of the range stop there instead of wrapping
        let together = energy.hours_mwh.iter().fold(0_i64, |sum, mwh| sum.saturating_add(*mwh));
        prop_assert_eq!(together, energy.total_mwh);
    }

    /// A counter that begins anew once, over three days: what the days say together is what was used.
    #[test]
    fn days_hold_what_was_used(
        steps in prop::collection::vec((1..200_i64, 0..1_000_000_i64), 2..60),
        anew in any::<prop::sample::Index>(),
    ) {
        let anew = anew.index(steps.len());
        let (mut second, mut counter, mut used) = (-80_000, 1_000_000_000_000, 0);
        let mut readings = vec![Reading { energy: Some(Energy::Total(counter)), ..Reading::at(at(second)) }];
        for (place, (minutes, mwh)) in steps.into_iter().enumerate() {
            second += minutes * 60;
            counter = if place == anew { mwh } else { counter + mwh };
            used += mwh;
            readings.push(Reading { energy: Some(Energy::Total(counter)), ..Reading::at(at(second)) });
        }
        let days = days_of(&readings, TenantZone::default());
        let of_day = |date| day(&readings, TenantZone::default(), date, &plain(), 300, None);
        let days: Vec<Day> = days.into_iter().map(of_day).collect();
        prop_assert_eq!(sum(&days).energy_mwh, used);
    }

    #[test]
    fn nothing_panics(
        instants in prop::collection::vec((any::<i64>(), any_reading()), 0..20),
        date in any::<i32>(),
        stand in any::<i64>(),
        numbers in any::<[i64; 6]>(),
    ) {
        let [off_below_mw, working_from_mw, overload, hysteresis_per_mille, minimum_s, mean_over_s] = numbers;
        let overload_from_mw = Some(overload);
        let basis = String::new();
        let thresholds = Thresholds {
            off_below_mw, working_from_mw, overload_from_mw, hysteresis_per_mille, minimum_s, mean_over_s, basis,
        };
        let far = |(millis, reading): (i64, Reading)| {
            DateTime::from_timestamp_millis(millis / 1_000).map(|at| Reading { at, ..reading })
        };
        let readings: Vec<Reading> = instants.into_iter().filter_map(far).collect();
        let date = NaiveDate::from_num_days_from_ce_opt(date).unwrap_or(NaiveDate::MAX);
        let _ = (day(&readings, TenantZone::default(), date, &thresholds, stand, None), learn(&readings));
        for date in days_of(&readings, TenantZone::default()).into_iter().take(3) {
            let _ = day(&readings, TenantZone::default(), date, &thresholds, stand, readings.first().map(|one| one.at));
        }
    }
}
