//! Thresholds learned from shapes of machines that are met.

use super::*;

/// Two days of readings every `period` seconds, each of `powers` held for `held` readings in turn, and some noise by place.
fn series(period: i64, held: i64, powers: &[i64], noise_mw: i64) -> Vec<Reading> {
    let count = 2 * DAY_S / period;
    let of = |i: i64| {
        let place = usize::try_from(i / held).unwrap() % powers.len();
        powers[place] * W + i * 7_919 % 101 * noise_mw / 100
    };
    (0..count).map(|i| Reading { power_mw: Some(of(i)), ..Reading::at(at(i * period)) }).collect()
}

#[test]
fn thresholds_lie_between_levels() {
    // name, readings, off below (W), work from (W), mean
    let rows = [
        ("a heater with a thermostat", series(1, 400, &[0, 1_427, 0], 0), 1..=100, 100..=1_400, 0),
        ("meter noise is off", series(60, 30, &[0, 75], 1_500), 2..=30, 30..=75, 0),
        ("standby, then work", series(60, 20, &[17, 17, 17, 1_500], 500), 1..=17, 18..=1_500, 0),
        (
            "a lathe: off, idling, cutting",
            series(60, 40, &[0, 0, 900, 2_000, 900, 2_000], 90_000),
            1..=500,
            1_000..=1_900,
            0,
        ),
        ("never switched off", series(60, 60, &[1_100, 2_500], 50_000), 1..=550, 1_160..=2_490, 0),
        ("always at work", series(60, 60, &[800], 20_000), 1..=400, 100..=799, 0),
        (
            "a starting current is no work",
            series(60, 1, &[&[0; 200][..], &[75; 100], &[900]].concat(), 0),
            1..=30,
            10..=75,
            0,
        ),
        (
            "half a kilowatt in whole ones",
            series(300, 1, &[&[0; 60][..], &[0, 1_000].repeat(30)].concat(), 0),
            1..=150,
            200..=450,
            1_800,
        ),
    ];
    for (name, readings, off_w, work_w, mean_over_s) in rows {
        let found = learn(&readings).unwrap_or_else(|| panic!("{name}: nothing learned"));
        let thresholds = found.thresholds;
        assert_eq!(thresholds.check(), Ok(()), "{name}");
        assert!(off_w.contains(&(thresholds.off_below_mw / W)), "{name}: {thresholds:?}");
        assert!(work_w.contains(&(thresholds.working_from_mw / W)), "{name}: {thresholds:?}");
        assert_eq!((thresholds.mean_over_s, thresholds.overload_from_mw), (mean_over_s, None), "{name}");
        assert!(!found.explanation.zh.is_empty() && !found.levels_mw.is_empty(), "{name}");
    }
}

#[test]
fn too_little_is_not_learned_from() {
    for (name, readings) in [
        ("nothing", vec![]),
        ("a single reading", vec![power(0, 500)]),
        ("an hour", (0..60).map(|i| power(i * 60, 500)).collect()),
        ("never on", series(60, 10, &[0], 1_500)),
        ("a router", series(60, 10, &[8], 500)),
    ] {
        assert_eq!(learn(&readings), None, "{name}");
    }
}

#[test]
fn trust_grows_with_days_and_clear_levels() {
    let clear = series(60, 30, &[0, 1_500], 500);
    assert_eq!(learn(&clear).map(|found| (found.confidence, found.days)), Some((Confidence::Good, 3)));
    let short: Vec<Reading> = clear.iter().take(600).copied().collect();
    assert_eq!(learn(&short).map(|found| found.confidence), Some(Confidence::Fair));
    assert_eq!(learn(&series(60, 60, &[800], 20_000)).map(|found| found.confidence), Some(Confidence::Low));
}
