//! Energy: counters that begin anew, increments, long silence, midnight, and states of sockets that send nothing else.

use super::*;

fn total(second: i64, mwh: i64) -> Reading {
    Reading { energy: Some(Energy::Total(mwh)), ..Reading::at(at(second)) }
}

fn added(second: i64, mwh: i64) -> Reading {
    Reading { energy: Some(Energy::Added(mwh)), ..Reading::at(at(second)) }
}

#[test]
fn energy_of_a_day() {
    let hour = 3_600;
    let rows: &[(&str, Vec<Reading>, Basis, i64)] = &[
        ("nothing", vec![], Basis::None, 0),
        ("a counter", vec![total(0, 500), total(hour, 1_500), total(2 * hour, 1_700)], Basis::Counter, 1_200),
        ("across midnight, half of it", vec![total(-hour, 0), total(hour, 1_001)], Basis::Counter, 501),
        ("into the next day, half of it", vec![total(23 * hour, 0), total(25 * hour, 1_001)], Basis::Counter, 500),
        ("silent for ten hours", vec![total(hour, 0), total(11 * hour, 9_000)], Basis::Counter, 9_000),
        ("silent for days: booked when read", vec![total(-80 * hour, 0), total(hour, 9_000)], Basis::Counter, 9_000),
        ("began anew", vec![total(0, 5_000), total(hour, 40), total(2 * hour, 90)], Basis::Counter, 90),
        ("an old message again", vec![total(0, 5_000), total(60, 100), total(120, 5_001)], Basis::Counter, 1),
        ("another meter", vec![total(0, 5), total(60, 900_000_000), total(120, 900_000_007)], Basis::Counter, 7),
        ("increments", vec![added(hour, 10), added(2 * hour, 20), added(3 * hour, -5)], Basis::Increment, 30),
        ("increments across midnight", vec![added(-hour, 7), added(hour, 20)], Basis::Increment, 10),
        ("a counter before increments", vec![total(0, 1), added(60, 99), total(hour, 4)], Basis::Counter, 3),
        ("power, as long as it stands", vec![power(0, 1_000), power(hour / 2, 0)], Basis::Power, 250_000),
        ("one reading of a counter tells nothing", vec![total(0, 77), power(0, 3_600)], Basis::Power, 900_000),
    ];
    for (name, readings, basis, mwh) in rows {
        let energy = of(readings, &plain(), 900).energy;
        assert_eq!((energy.basis, energy.total_mwh), (*basis, *mwh), "{name}");
        assert_eq!(energy.hours_mwh.iter().sum::<i64>(), energy.total_mwh, "{name}");
    }
}

#[test]
fn a_socket_that_only_counts_has_states() {
    let minute = 60;
    // 600 W over ten minutes are 100 Wh; then nothing for twenty
    let readings = [total(0, 0), total(10 * minute, 100_000), total(20 * minute, 100_000), total(30 * minute, 100_000)];
    let day = of(&readings, &plain(), 900);
    assert_eq!(told(&day), "working 0-600, off 600-1800");
    // the change lies somewhere within the ten minutes before or after it
    assert_eq!(day.uncertain_ms, 300_000);
    assert_eq!(told(&of(&[added(0, 5), added(600, 100_000)], &plain(), 900)), "working 0-600");
    // a mean over half a day hides what happened: the energy is known, the state is not
    let long = of(&[total(0, 0), total(43_200, 100_000)], &plain(), 900);
    assert_eq!((told(&long).as_str(), long.energy.total_mwh), ("", 100_000));
    // power that was said goes first, the counter fills what it leaves unknown
    let both = [total(0, 0), power(300, 0), total(1_200, 200_000)];
    assert_eq!(told(&of(&both, &plain(), 300)), "working 0-300, off 300-600, working 600-1200");
    // a counter that moves by whole steps is not read second by second
    let steps: Vec<Reading> = (0..=360).map(|i| total(i * 10, i / 6 * 10_000)).collect();
    assert_eq!(told(&of(&steps, &plain(), 900)), "working 0-3600");
}

#[test]
fn two_sockets_one_after_the_other_are_two_meters() {
    let hour = 3_600;
    let stay = |readings: Vec<Reading>, until: Option<i64>| Stay::of(readings, until.map(at));
    let first = stay(vec![total(0, 5_000_000), total(hour, 5_001_000)], Some(2 * hour));
    let second = stay(vec![total(2 * hour, 10), total(3 * hour, 510)], None);
    let day = |stays: &[Stay]| day_of_stays(stays, TenantZone::default(), date(), &plain(), None);
    let both = day(&[first.clone(), second.clone()]);
    assert_eq!((both.energy.basis, both.energy.total_mwh, both.readings), (Basis::Counter, 1_500, 4));
    assert!(resets(&[first.clone(), second.clone()]).is_empty(), "another socket's counter is no reset");
    // the hour between the two is nobody's
    assert_eq!(told(&both), "off 0-3600, off 7200-10800");
    // one that counts and one that sends increments
    let third = stay(vec![added(4 * hour, 7), added(5 * hour, 30)], None);
    assert_eq!(day(&[first, third]).energy.total_mwh, 1_037);
}

#[test]
fn nothing_stands_longer_than_its_socket_was_there() {
    let of = |until| {
        let stay = Stay { readings: vec![power(0, 200)], stand_s: 600, until };
        told(&day_of_stays(&[stay], TenantZone::default(), date(), &plain(), None))
    };
    assert_eq!(of(Some(at(60))), "working 0-60");
    assert_eq!(of(Some(at(900))), "working 0-600");
    let lost =
        Stay { readings: vec![Reading { online: Some(false), ..Reading::at(at(0)) }], stand_s: 1, until: Some(at(90)) };
    assert_eq!(told(&day_of_stays(&[lost], TenantZone::default(), date(), &plain(), None)), "offline 0-90");
}

#[test]
fn a_counter_began_anew_when_the_reading_after_it_says_so() {
    let rows: &[(&[i64], &[i64])] = &[
        (&[500, 600, 700], &[]),
        (&[500, 40, 50], &[60]),
        (&[500, 40, 501], &[]),
        // nobody knows yet
        (&[500, 40], &[]),
        (&[500, 40, 50, 10, 20], &[60, 180]),
        (&[500, 500, 500], &[]),
    ];
    for (totals, expected) in rows {
        let readings: Vec<Reading> = totals.iter().zip(0..).map(|(mwh, place)| total(place * 60, *mwh)).collect();
        let expected: Vec<_> = expected.iter().map(|second| at(*second)).collect();
        assert_eq!(resets(&[Stay::of(readings, None)]), expected, "{totals:?}");
    }
}
