//! The rules on all the real data, where `ZHIDAN_DATA` names its folder. The figures are those of docs/measurements.md.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::on_postgres;

fn folder() -> Option<PathBuf> {
    let data = std::env::var("ZHIDAN_DATA").ok().filter(|path| !path.is_empty());
    if data.is_none() || on_postgres() {
        println!("not run: the rules on the full real data need ZHIDAN_DATA (and no database)");
        return None;
    }
    data.map(|path| PathBuf::from(path).join("enterprises"))
}

fn assess(dir: &std::path::Path) -> Vec<Value> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = api::commands::assess::run(dir, None, &mut out, &mut err).expect("the folder can be read");
    assert_eq!((code, String::from_utf8_lossy(&err).as_ref()), (0, ""), "every row is read");
    out.split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).expect("a JSON line"))
        .collect()
}

/// Area under the ROC curve of `total` against default, ties counted half.
fn auc(totals: &[(i64, bool)]) -> f64 {
    let of = |side: bool| totals.iter().filter(move |(_, default)| *default == side).map(|(total, _)| *total);
    let (bad, good): (Vec<i64>, Vec<i64>) = (of(true).collect(), of(false).collect());
    let wins: f64 = bad
        .iter()
        .flat_map(|b| good.iter().map(move |g| f64::from(u8::from(b > g)) + 0.5 * f64::from(u8::from(b == g))))
        .sum();
    wins / (bad.len() * good.len()) as f64
}

#[test]
fn the_firms_are_scored_as_written_down() {
    let Some(dir) = folder() else { return };
    let labels: BTreeMap<String, bool> = std::fs::read_to_string(dir.join("companies_labeled.csv"))
        .expect("the labels")
        .lines()
        .skip(1)
        .filter_map(|line| {
            Some((line.split(',').next()?.trim_start_matches('\u{feff}').to_owned(), line.trim_end().ends_with(",1")))
        })
        .collect();

    let firms = assess(&dir);
    assert_eq!(firms.len(), 137);
    let count = |decision: &str| firms.iter().filter(|f| f["decision"] == decision).count();
    assert_eq!([count("accept"), count("review"), count("refuse")], [92, 18, 27]);
    let sum = |what: &str| firms.iter().filter_map(|f| f["left_out"][what].as_i64()).sum::<i64>();
    assert_eq!((sum("bad"), sum("void"), sum("duplicate")), (0, 21_116, 2_464));
    let totals: Vec<(i64, bool)> =
        firms.iter().filter_map(|f| Some((f["total"].as_i64()?, *labels.get(f["company_id"].as_str()?)?))).collect();
    assert_eq!(totals.len(), 77);
    assert!(auc(&totals) > 0.85, "{}", auc(&totals));
}
