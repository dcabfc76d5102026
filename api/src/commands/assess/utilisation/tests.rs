//! The command on small files: the same days whatever the order, bad rows named, thresholds from a file.

use std::path::PathBuf;

use super::*;

struct Ran {
    code: u8,
    lines: Vec<Value>,
    err: String,
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("zhidan-utilisation-{}-{name}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn ran(name: &str, text: &str, given: Option<&str>) -> Ran {
    let dir = folder(name);
    let (readings, thresholds) = (dir.join("readings.csv"), dir.join("thresholds.json"));
    fs::write(&readings, text).unwrap();
    fs::write(&thresholds, given.unwrap_or("{}")).unwrap();
    let given = given.map(|_| thresholds.as_path());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&readings, TenantZone::default(), given, None, &mut out, &mut err).unwrap();
    fs::remove_dir_all(&dir).unwrap();
    let lines = out.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    Ran {
        code,
        lines: lines.map(|line| serde_json::from_slice(line).unwrap()).collect(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// Two days of a machine that works from 8 to 16 o'clock, a row every five minutes.
fn rows() -> Vec<String> {
    let row = |day: usize, slot: usize| {
        let (hour, minute) = (slot / 12, slot % 12 * 5);
        let power = if (8..16).contains(&hour) { "1200.5" } else { "0.4" };
        format!("lathe,2026-11-0{day}T{hour:02}:{minute:02}:00+08:00,{power}")
    };
    (1..=2).flat_map(|day| (0..288).map(move |slot| row(day, slot))).collect()
}

fn file(rows: &[String]) -> String {
    format!("device,ts,power_w\n{}\n", rows.join("\n"))
}

#[test]
fn a_day_is_told_with_its_error() {
    let ran = ran("told", &file(&rows()), None);
    assert_eq!((ran.code, ran.err.as_str(), ran.lines.len()), (0, "", 2));
    let expected = serde_json::json!({
        "device": "lathe",
        "day": "2026-11-01",
        "seconds": { "offline": 0, "off": 57_600, "standby": 0, "working": 28_800, "overload": 0 },
        "unknown_s": 0,
        "utilisation": 0.333_333,
        // two changes, each somewhere within five minutes: 2 × 150 s of 86,400 s
        "error": 0.003_472,
    });
    assert_eq!(ran.lines.first(), Some(&expected));
    // the last reading of the file stands three times the interval, which is no more than the day has left
    assert_eq!(ran.lines.last().unwrap()["unknown_s"], 0);
}

#[test]
fn order_and_doubling_do_not_matter() {
    let rows = rows();
    let plain = ran("plain", &file(&rows), None);
    let mut shuffled: Vec<String> = rows.iter().rev().cloned().collect();
    shuffled.rotate_left(101);
    shuffled.extend(rows.iter().step_by(7).cloned());
    let again = ran("shuffled", &file(&shuffled), None);
    assert_eq!((again.code, again.lines), (0, plain.lines));
}

#[test]
fn bad_rows_are_named_and_the_rest_goes_on() {
    let mut rows = rows();
    rows.insert(1, "lathe,2026-11-01 00:01:00,1".to_owned());
    rows.insert(3, "lathe,2026-11-01T00:02:00+08:00,much".to_owned());
    rows.push("press,2026-11-02T00:00:00+08:00,".to_owned());
    let ran = ran("bad", &file(&rows), None);
    assert_eq!(ran.code, 3);
    let named: Vec<&str> =
        ran.err.lines().filter_map(|line| line.split_once("readings.csv:")).map(|(_, why)| why).collect();
    assert_eq!(
        named,
        ["3: ts is no time with an offset, such as 2026-11-22T08:00:00+08:00", "5: power_w is no number"]
    );
    // a machine of which nothing is known is not an idle one
    let press = ran.lines.last().unwrap();
    assert_eq!((&press["device"], &press["unknown_s"]), (&Value::from("press"), &Value::from(86_400)));
    assert!(press["utilisation"].is_null() && press["error"].is_null());
    assert_eq!(ran.lines.len(), 3);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let missing = folder("missing").join("nothing.csv");
    let code = run(&missing, TenantZone::default(), None, None, &mut out, &mut err).unwrap();
    assert_eq!((code, out.len()), (3, 0));
    assert!(String::from_utf8(err).unwrap().contains("nothing.csv:0: cannot be opened"));
    fs::remove_dir_all(folder("missing")).unwrap();
}

#[test]
fn thresholds_come_from_a_file() {
    let working =
        |given: &str| ran("given", &file(&rows()), Some(given)).lines.first().unwrap()["seconds"]["working"].clone();
    for (given, seconds) in [
        (r#"{"working_from_w": 1200.5}"#, 28_800),
        (r#"{"working_from_mw": 1200501}"#, 0),
        (r#"{"default": {"working_from_w": 2000}}"#, 0),
        (
            r#"{"default": {"working_from_w": 2000}, "devices": {"lathe": {"working_from_w": 0.4, "off_below_w": 0.1}}}"#,
            86_400,
        ),
        (r#"{"devices": {"press": {"working_from_w": 2000}}}"#, 28_800),
    ] {
        assert_eq!(working(given), Value::from(seconds), "{given}");
    }
    for given in [
        "[]",
        r#"{"working_from_w": 1}"#,
        r#"{"work": 5}"#,
        r#"{"default": {}, "other": 1}"#,
        r#"{"devices": {"a": 1}}"#,
    ] {
        let value = serde_json::from_str(given).unwrap();
        assert!(Given::from_json(value).is_err(), "{given}");
    }
}
