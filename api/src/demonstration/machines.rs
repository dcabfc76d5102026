//! Machines of the demonstration firm: the power is real, names and papers are fictional. A week of it ends now, so that a
//! first start shows machines at work.

use std::io::Read;

use anyhow::Context;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::devices::category::EquipmentCategory;
use domain::devices::reading::Reading;
use domain::devices::score::papers::Papers;
use flate2::read::GzDecoder;
use serde_json::json;
use uuid::Uuid;

use crate::devices::{SampleMachine, add_samples};
use crate::platform::db::TenantTx;

/// Machine, minute of the week, kilowatts.
const POWER: &[u8] = include_bytes!("data/machines.csv.gz");
/// Minutes of the week.
const WEEK_MIN: i64 = 7 * 24 * 60;
/// Milliwatts of a kilowatt.
const KILOWATT_MW: i64 = 1_000_000;
/// The machines, as the demonstration calls them.
const NAMES: [(&str, EquipmentCategory, &str); 3] = [
    ("示例数控车床一号", EquipmentCategory::Lathe, "demo-plug-1"),
    ("示例数控车床二号", EquipmentCategory::Lathe, "demo-plug-2"),
    ("示例铣床", EquipmentCategory::MillingMachine, "demo-plug-3"),
];

/// The power of one of the machines, a reading each five minutes for the week that ends at `now`.
///
/// # Errors
/// If the file that was compiled in does not read.
pub fn readings(machine: usize, now: DateTime<Utc>) -> anyhow::Result<Vec<Reading>> {
    let mut text = String::new();
    GzDecoder::new(POWER).read_to_string(&mut text).context("the machines' power")?;
    let mut all = vec![];
    for line in text.lines().skip(1) {
        let mut parts = line.split(',').map(str::parse::<i64>);
        let (Some(Ok(of)), Some(Ok(minute)), Some(Ok(kilowatts))) = (parts.next(), parts.next(), parts.next()) else {
            anyhow::bail!("a line of the machines' power: {line}");
        };
        if usize::try_from(of).ok() == Some(machine) {
            let at = now - Duration::minutes(WEEK_MIN - minute);
            let power_mw = Some(kilowatts.saturating_mul(KILOWATT_MW));
            all.push(Reading { power_mw, ..Reading::at(at) });
        }
    }
    Ok(all)
}

/// Papers of a machine that leave little to wish for.
///
/// # Errors
/// If they do not fit the domain's shape.
pub fn papers(number: usize, today: NaiveDate) -> anyhow::Result<Papers> {
    let ago = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let later = today.checked_add_days(Days::new(200)).unwrap_or(today);
    let papers = json!({
        "basic": {
            "category": if number == 2 { "milling_machine" } else { "lathe" },
            "maker": "示例机床", "model": "CK6140", "serial_number": format!("SL-000{number}"),
            "made_on": ago(900), "bought_on": ago(880), "price_fen": 18_000_000, "condition": "new",
            "rated_power_w": 7_500, "nameplate_matches": true,
        },
        "use": { "place": "owned", "operator": "own_staff", "maintenance_contract": true, "last_maintained_on": ago(45),
            "insured_until": later },
        "title": { "ownership": "owned", "invoice": true, "paid_in_full": true, "registry": "clear",
            "registry_searched_on": ago(5), "disputed": false },
        "control": { "locator": number != 1, "site_access": true, "beneficiary": true, "remote_stop": false },
        "disposal": { "machine": "standard", "market": "active", "buy_back": false, "dismantling_share_bp": 300,
            "realisation_share_bp": 6_000 },
    });
    serde_json::from_value(papers).context("the machines' papers")
}

/// Adds the machines.
pub(super) async fn make(tx: &TenantTx, department: Uuid, officer: Uuid, today: NaiveDate) -> anyhow::Result<()> {
    let mut machines = vec![];
    for (number, (name, category, device)) in NAMES.iter().enumerate() {
        machines.push(SampleMachine {
            name: (*name).to_owned(),
            category: *category,
            papers: papers(number, today)?,
            device: (*device).to_owned(),
            readings: readings(number, tx.now())?,
            since: tx.now() - Duration::minutes(WEEK_MIN),
        });
    }
    Ok(add_samples(tx, "示例车间网关", machines, (department, officer)).await?)
}
