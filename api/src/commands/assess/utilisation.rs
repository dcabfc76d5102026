//! `zhidan assess utilisation`: from a file of readings to what each machine did each day, with the same rules as the product.
//!
//! It exists so that a firm can try the rules on machines it knows before it relies on them.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use domain::devices::reading::Reading;
use domain::devices::utilisation::{Day, Thresholds, day, days_of, learn, median_interval, ordered, relevant, stand_s};
use domain::time::TenantZone;
use serde::Serialize;
use serde_json::{Map, Value};

use super::input::{Bad, open};
use super::readings::Columns;
use super::{EXIT_ALL_READ, EXIT_SOMETHING_BAD};

/// Writes one JSON line for each device and day to `out`, devices by their name and days in their order, from the first with a
/// reading to the last; what was bad goes to `err`. The order of rows does not matter, and a row that occurs twice counts once.
///
/// Devices without thresholds in the file `given` learn theirs from all their readings; what cannot be learned is the standard.
/// The thresholds that were used are written to `used` if asked, in the form that `given` has.
///
/// # Errors
/// The thresholds cannot be read or make no sense, or writing fails. Bad rows and an unreadable file of readings are no error:
/// they make the exit code 3 instead of 0.
pub fn run(
    readings: &Path,
    zone: TenantZone,
    given: Option<&Path>,
    used: Option<&Path>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> anyhow::Result<u8> {
    let given = given.map(Given::read).transpose()?.unwrap_or_default();
    let mut bad = Bad { err, any: false };
    let devices = read(readings, &mut bad)?;
    let mut written = Map::new();
    for (device, readings) in devices {
        let readings = ordered(&readings);
        let thresholds = given.of(&device).or_else(|| learn(&readings).map(|suggestion| suggestion.thresholds));
        let thresholds = thresholds.unwrap_or_else(Thresholds::standard);
        let stand_s = stand_s(median_interval(&readings));
        for date in days_of(&readings, zone) {
            let near = relevant(&readings, zone, date);
            let line = Line::of(&device, &day(&near, zone, date, &thresholds, stand_s, None));
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")?;
        }
        written.insert(device, serde_json::to_value(&thresholds)?);
    }
    out.flush()?;
    if let Some(path) = used {
        let text = serde_json::to_string_pretty(&serde_json::json!({ "devices": written }))?;
        fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if bad.any { EXIT_SOMETHING_BAD } else { EXIT_ALL_READ })
}

/// The readings of each device.
fn read<W: Write>(path: &Path, bad: &mut Bad<'_, W>) -> io::Result<BTreeMap<String, Vec<Reading>>> {
    let mut devices: Vec<(String, Vec<Reading>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let Some((heading, mut lines)) = open(path, bad)? else { return Ok(BTreeMap::new()) };
    let columns = match Columns::find(&heading) {
        Ok(columns) => columns,
        Err(why) => return bad.row(path, 1, why).map(|()| BTreeMap::new()),
    };
    loop {
        let record = match lines.next_record() {
            Ok(Some(Ok(record))) => record,
            Ok(Some(Err(why))) => {
                bad.row(path, lines.number, why)?;
                continue;
            }
            Ok(None) => break,
            // a broken archive: what came before it counts
            Err(error) => {
                bad.row(path, lines.number, format_args!("cannot be read on: {error}"))?;
                break;
            }
        };
        match columns.read(&record) {
            Ok((device, reading)) => {
                let place = places.get(device).copied().unwrap_or_else(|| {
                    places.insert(device.to_owned(), devices.len());
                    devices.push((device.to_owned(), Vec::new()));
                    devices.len() - 1
                });
                if let Some((_, readings)) = devices.get_mut(place) {
                    readings.push(reading);
                }
            }
            Err(why) => bad.row(path, lines.number, why)?,
        }
    }
    Ok(devices.into_iter().collect())
}

#[derive(Serialize)]
struct Line<'a> {
    device: &'a str,
    day: NaiveDate,
    seconds: StateSeconds,
    unknown_s: i64,
    utilisation: Option<f64>,
    error: Option<f64>,
}

#[derive(Serialize)]
struct StateSeconds {
    offline: i64,
    off: i64,
    standby: i64,
    working: i64,
    overload: i64,
}

impl<'a> Line<'a> {
    fn of(device: &'a str, day: &Day) -> Self {
        // at most six decimals, and the shortest number that says them
        let decimal = |ppm: i64| ppm as f64 / 1e6;
        let seconds = day.seconds;
        Self {
            device,
            day: day.day,
            seconds: StateSeconds {
                offline: seconds.offline,
                off: seconds.off,
                standby: seconds.standby,
                working: seconds.working,
                overload: seconds.overload,
            },
            unknown_s: seconds.unknown,
            utilisation: day.utilisation_ppm().map(decimal),
            error: day.error_ppm().map(decimal),
        }
    }
}

/// Thresholds from a file: either one object for all devices, or `{"default": {…}, "devices": {"name": {…}}}`, where devices
/// that have none learn theirs. What an object leaves out is the standard; powers may be named in watts (`working_from_w`) or in
/// milliwatts (`working_from_mw`).
#[derive(Default)]
struct Given {
    default: Option<Thresholds>,
    devices: BTreeMap<String, Thresholds>,
}

impl Given {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read(path).with_context(|| format!("cannot read the thresholds {}", path.display()))?;
        let value = serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        Self::from_json(value).with_context(|| path.display().to_string())
    }

    fn from_json(value: Value) -> anyhow::Result<Self> {
        let Value::Object(mut object) = value else { bail!("thresholds are a JSON object") };
        let (default, devices) = (object.remove("default"), object.remove("devices"));
        if default.is_none() && devices.is_none() {
            return Ok(Self { default: Some(thresholds(object)?), devices: BTreeMap::new() });
        }
        if let Some(name) = object.keys().next() {
            bail!("{name} stands neither in default nor in devices");
        }
        let mut given = Self::default();
        if let Some(Value::Object(default)) = default {
            given.default = Some(thresholds(default).context("default")?);
        }
        for (device, one) in devices.as_ref().and_then(Value::as_object).into_iter().flatten() {
            let one = one.as_object().cloned().with_context(|| format!("{device} is no JSON object"))?;
            given.devices.insert(device.clone(), thresholds(one).with_context(|| device.clone())?);
        }
        Ok(given)
    }

    fn of(&self, device: &str) -> Option<Thresholds> {
        self.devices.get(device).or(self.default.as_ref()).cloned()
    }
}

fn thresholds(given: Map<String, Value>) -> anyhow::Result<Thresholds> {
    let mut whole = serde_json::to_value(Thresholds { basis: "file".to_owned(), ..Thresholds::standard() })?;
    for (name, value) in given {
        let (name, value) = match (name.strip_suffix("_w"), value.as_f64()) {
            (Some(stem), Some(watts)) => (format!("{stem}_mw"), Value::from((watts * 1e3).round() as i64)),
            (Some(stem), None) => (format!("{stem}_mw"), value),
            _ => (name, value),
        };
        if let Value::Object(whole) = &mut whole {
            whole.insert(name, value);
        }
    }
    let thresholds: Thresholds = serde_json::from_value(whole)?;
    thresholds.check()?;
    Ok(thresholds)
}

#[cfg(test)]
mod tests;
