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

/// What a row says of a machine: when (seconds since 1970), its status, and kilowatts.
type MachineRow = (i64, f64, f64);

/// Utilisation by the true status, by business day: known time in automatic production ÷ known time, each row standing until the
/// next, 900 s at most.
fn truth(rows: &[MachineRow]) -> BTreeMap<String, f64> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let ends = rows.iter().skip(1).map(|(at, ..)| *at).chain([i64::MAX]);
    for ((at, status, _), end) in rows.iter().zip(ends) {
        let mut from = *at;
        let to = end.min(at + 900);
        while from < to {
            let day = (from + 28_800).div_euclid(86_400);
            let until = to.min((day + 1) * 86_400 - 28_800);
            let date = chrono::DateTime::from_timestamp(day * 86_400, 0).expect("a day").date_naive();
            let (busy, known) = sums.entry(date.to_string()).or_default();
            *known += until - from;
            *busy += if *status == 2.0 { until - from } else { 0 };
            from = until;
        }
    }
    sums.into_iter().map(|(day, (busy, known))| (day, busy as f64 / known as f64)).collect()
}

#[test]
fn machines_are_as_busy_as_their_status_says() {
    let Some(dir) = folder() else { return };
    let text = std::fs::read_to_string(dir.with_file_name("power").join("sme_machines_5min.csv")).expect("the rows");
    let mut machines: BTreeMap<String, Vec<MachineRow>> = BTreeMap::new();
    let mut input = String::from("device,ts,power_w\n");
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let at = cells[0].replacen(' ', "T", 1);
        let seconds = chrono::DateTime::parse_from_rfc3339(&at).expect("an instant").timestamp();
        let number = |place: usize| cells[place].parse::<f64>();
        let (Ok(status), Ok(kilowatts)) = (number(3), number(5)) else { continue };
        machines.entry(format!("sme-{}", cells[1])).or_default().push((seconds, status, kilowatts));
        input.push_str(&format!("sme-{},{at},{}\n", cells[1], kilowatts * 1_000.0));
    }
    let place = std::env::temp_dir().join(format!("zhidan-sme-{}.csv", uuid::Uuid::now_v7().simple()));
    std::fs::write(&place, input).expect("the readings");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let zone = domain::time::TenantZone::default();
    let code = api::commands::assess::run_utilisation(&place, zone, None, None, &mut out, &mut err).expect("it runs");
    std::fs::remove_file(&place).expect("it is removed");
    assert_eq!((code, String::from_utf8_lossy(&err).as_ref()), (0, ""));
    let said: Vec<Value> = out
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("a line"))
        .collect();
    for (machine, days, most) in [("sme-0", 12, 0.021), ("sme-1", 15, 0.009), ("sme-2", 15, 0.039)] {
        let truth = truth(&machines[machine]);
        let errors: Vec<f64> = said
            .iter()
            .filter(|line| line["device"] == machine)
            .filter_map(|line| {
                let day = truth.get(line["day"].as_str()?)?;
                Some((line["utilisation"].as_f64()? - day).abs())
            })
            .collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        println!("{machine}: {} days, mean error {mean:.4}", errors.len());
        assert!(errors.len() == days && mean < most, "{machine}: {} days, {mean}", errors.len());
    }
}
