//! Rows of a file of readings: `device`, `ts` with its offset, `power_w`, and if they are there `energy_kwh` (what the counter
//! stands at), `voltage_v` and `current_a`. A field that is empty was not said, which is not the same as zero.

use chrono::{DateTime, Utc};
use csv::StringRecord;
use domain::devices::reading::{Energy, Reading};

use super::input::column;

/// Largest power, energy, voltage or current that a row may hold, in the file's unit: beyond it is no machine.
const VALUE_MAX: i128 = 1_000_000_000;

/// What tables write where there is no value.
const ABSENT: [&str; 6] = ["nan", "null", "none", "na", "n/a", "-"];

/// Forms of a time with its offset beside RFC 3339.
const TIME_FORMS: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M%#z", "%Y-%m-%dT%H:%M%#z"];

/// Where the columns of a file are.
pub(super) struct Columns {
    device: usize,
    ts: usize,
    power: Option<usize>,
    energy: Option<usize>,
    voltage: Option<usize>,
    current: Option<usize>,
}

impl Columns {
    /// Finds them; otherwise what the heading lacks. A file of counter readings needs no power.
    pub(super) fn find(heading: &StringRecord) -> Result<Self, &'static str> {
        let columns = Self {
            device: column(heading, "device").ok_or("the heading lacks the column device")?,
            ts: column(heading, "ts").ok_or("the heading lacks the column ts")?,
            power: column(heading, "power_w"),
            energy: column(heading, "energy_kwh"),
            voltage: column(heading, "voltage_v"),
            current: column(heading, "current_a"),
        };
        if columns.power.is_none() && columns.energy.is_none() {
            return Err("the heading lacks the column power_w");
        }
        Ok(columns)
    }

    /// The device and the reading of a row, or what is wrong with it.
    pub(super) fn read<'r>(&self, record: &'r StringRecord) -> Result<(&'r str, Reading), String> {
        let field = |at: usize| record.get(at).unwrap_or("").trim();
        let device = field(self.device);
        if device.is_empty() {
            return Err("device is empty".to_owned());
        }
        let value = |at: Option<usize>, name: &str, decimals: u32| match at.map(field) {
            None | Some("") => Ok(None),
            Some(text) if ABSENT.iter().any(|absent| text.eq_ignore_ascii_case(absent)) => Ok(None),
            Some(text) => scaled(text, decimals).map(Some).map_err(|why| format!("{name} {why}")),
        };
        let reading = Reading {
            power_mw: value(self.power, "power_w", 3)?,
            voltage_mv: value(self.voltage, "voltage_v", 3)?,
            current_ma: value(self.current, "current_a", 3)?,
            energy: value(self.energy, "energy_kwh", 6)?.map(Energy::Total),
            ..Reading::at(time(field(self.ts))?)
        };
        Ok((device, reading))
    }
}

/// A time with its offset.
fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let read = TIME_FORMS.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    read.map(|time| time.to_utc())
        .ok_or_else(|| "ts is no time with an offset, such as 2026-11-22T08:00:00+08:00".to_owned())
}

/// A decimal number times ten to the power of `decimals`, rounded half away from zero; the exponents that programs write for
/// small and large numbers are read too.
fn scaled(text: &str, decimals: u32) -> Result<i64, &'static str> {
    const NO_NUMBER: &str = "is no number";
    const TOO_LARGE: &str = "is too large";
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| NO_NUMBER)?),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || (whole.is_empty() && part.is_empty()) || exponent.abs() > 30 {
        return Err(NO_NUMBER);
    }
    // where the point comes to stand among the digits; what lies behind it only rounds
    let point = i64::try_from(whole.len()).map_err(|_| NO_NUMBER)? + i64::from(exponent) + i64::from(decimals);
    let all = whole.bytes().chain(part.bytes()).chain(std::iter::repeat(b'0'));
    let most = VALUE_MAX * 10_i128.pow(decimals);
    let mut value: i128 = 0;
    for digit in all.clone().take(usize::try_from(point).unwrap_or(0)) {
        value = value * 10 + i128::from(digit - b'0');
        if value > most {
            return Err(TOO_LARGE);
        }
    }
    let behind = usize::try_from(point).ok().and_then(|point| all.clone().nth(point));
    value += i128::from(behind.is_some_and(|digit| digit >= b'5'));
    i64::try_from(if negative { -value } else { value }).map_err(|_| TOO_LARGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        let rows: &[(&str, u32, Result<i64, &str>)] = &[
            ("0", 3, Ok(0)),
            ("1427.1", 3, Ok(1_427_100)),
            ("-3.5", 3, Ok(-3_500)),
            ("+.5", 3, Ok(500)),
            ("5.", 3, Ok(5_000)),
            ("0.0004", 3, Ok(0)),
            ("0.0005", 3, Ok(1)),
            ("-0.0005", 3, Ok(-1)),
            ("00012.3456", 3, Ok(12_346)),
            ("1e3", 3, Ok(1_000_000)),
            ("1E-05", 6, Ok(10)),
            ("4.1e-9", 6, Ok(0)),
            ("6.294", 6, Ok(6_294_000)),
            ("1000000000", 3, Ok(1_000_000_000_000)),
            ("1000000001", 3, Err("is too large")),
            ("1e30", 3, Err("is too large")),
            ("1e31", 3, Err("is no number")),
            ("", 3, Err("is no number")),
            (".", 3, Err("is no number")),
            ("1,5", 3, Err("is no number")),
            ("--1", 3, Err("is no number")),
            ("12W", 3, Err("is no number")),
            ("inf", 3, Err("is no number")),
        ];
        for (text, decimals, expected) in rows {
            assert_eq!(scaled(text, *decimals), *expected, "{text}");
        }
    }

    #[test]
    fn times_need_their_offset() {
        let noon = "2022-08-31T22:00:00Z".parse::<DateTime<Utc>>().unwrap();
        for text in [
            "2022-08-31T22:00:00Z",
            "2022-08-31 22:00:00+00:00",
            "2022-09-01T06:00:00+08:00",
            "2022-09-01 06:00:00.000 +08:00",
            "2022-09-01 06:00:00+0800",
            "2022-09-01T06:00:00+08",
            "2022-09-01 06:00+08:00",
        ] {
            assert_eq!(time(text), Ok(noon), "{text}");
        }
        for text in ["", "2022-08-31 22:00:00", "2022-08-31", "1661983200", "2022-02-30T00:00:00Z"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_row_does_not_say_is_absent() {
        let heading = StringRecord::from(vec!["\u{feff}device", "TS", "power_w", "energy_kwh", "current_a"]);
        let columns = Columns::find(&heading).unwrap();
        let read = |fields: &[&str]| {
            let record = StringRecord::from(fields.to_vec());
            columns.read(&record).map(|(device, reading)| (device.to_owned(), reading))
        };
        let at = Reading::at("2026-11-22T00:00:00Z".parse().unwrap());
        let ts = "2026-11-22T08:00:00+08:00";
        let rows: &[(&[&str], Result<Reading, &str>)] = &[
            (&["a", ts, "0", "", ""], Ok(Reading { power_mw: Some(0), ..at })),
            (&["a", ts, "", "1.5", ""], Ok(Reading { energy: Some(Energy::Total(1_500_000)), ..at })),
            (&["a", ts, "NaN", "", "0.25"], Ok(Reading { current_ma: Some(250), ..at })),
            (&["a", ts], Ok(at)),
            (&[" ", ts, "1"], Err("device is empty")),
            (&["a", ts, "x"], Err("power_w is no number")),
        ];
        for (fields, expected) in rows {
            let expected = expected.map(|reading| ("a".to_owned(), reading)).map_err(str::to_owned);
            assert_eq!(read(fields), expected, "{fields:?}");
        }
        assert!(Columns::find(&StringRecord::from(vec!["device", "ts"])).is_err());
    }
}
