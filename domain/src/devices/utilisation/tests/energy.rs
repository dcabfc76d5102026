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
