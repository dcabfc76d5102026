//! A recorded transaction as a pgbench script. The values stand in it as they were bound; what must be new each time (an
//! id made on the way, the request's key, the place in the audit chain) is drawn or read by the script.

use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate};
use uuid::Uuid;

use super::recorder::Asked;

/// What a script must not take as it was bound.
pub struct Changing<'a> {
    /// Ids made from this instant on, in milliseconds of the epoch, are new each time.
    pub since_ms: u64,
    /// The request's key.
    pub key: &'a str,
}

/// One transaction.
pub fn script(asked: &[Asked], changing: &Changing<'_>) -> String {
    let mut drawn: Vec<Uuid> = Vec::new();
    let mut lines = String::new();
    // a transaction that only read is rolled back when its connection is next used, after the record ends
    let ends = |one: &&Asked| matches!(one.sql.trim(), "COMMIT" | "ROLLBACK");
    let asked = if asked.first().as_ref().is_some_and(ends) { &asked[1..] } else { asked };
    for one in asked {
        let values: Vec<String> = one.values.iter().map(|value| literal(value, changing, &mut drawn)).collect();
        lines.push_str(&statement(one, values));
    }
    if !asked.last().as_ref().is_some_and(ends) {
        lines.push_str("ROLLBACK;\n");
    }
    let mut head = String::from("\\set key random(1, 9000000000000000000)\n\\set round random(1, 2000000000)\n");
    for number in 0..drawn.len() {
        let _ = writeln!(head, "\\set new{number} random(1, 9000000000000000000)");
    }
    head + &lines
}

/// The statement with its values in their places, and what makes it repeatable.
fn statement(one: &Asked, mut values: Vec<String>) -> String {
    let sql = one.sql.trim();
    let mut end = ";";
    if sql.starts_with("INSERT INTO audit_heads") {
        end = " \\gset head_";
    } else if let Some((_, entry)) = sql.split_once("INSERT INTO \"audit_entries\"") {
        // its tenant, then its place in the chain
        let tenant = entry.split_once('$').map_or("", |(_, rest)| rest);
        let digits = tenant.bytes().take_while(u8::is_ascii_digit).count();
        values[tenant[..digits].parse::<usize>().expect("the number of a value")] = ":head_seq".into();
    } else if sql.starts_with("INSERT INTO \"application_submissions\"") {
        values[3] = "CAST(:round AS int)".into();
    } else if sql.starts_with("UPDATE \"applications\"") {
        // the version written is the one that the next run finds
        let (Some(last), true) = (values.last_mut(), sql.contains("\"version\"")) else {
            panic!("no version in {sql}")
        };
        *last = last.parse::<i64>().map(|seen| (seen + 1).to_string()).expect("a version, last");
    }
    let mut text = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = rest[at + 1..=at + digits].parse().expect("the number of a value");
        text.push_str(&rest[..at]);
        text.push_str(&values[number - 1]);
        rest = &rest[at + 1 + digits..];
    }
    format!("{text}{rest}{end}\n").replace("\n;", ";")
}

/// The value as PostgreSQL would write it, without a colon, which pgbench would read as the beginning of a name.
fn literal((kind, bytes): &(u32, Option<Vec<u8>>), changing: &Changing<'_>, drawn: &mut Vec<Uuid>) -> String {
    let Some(bytes) = bytes else { return "NULL".into() };
    let whole = |bytes: &[u8]| bytes.iter().fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
    let signed = |bytes: &[u8]| match bytes.len() {
        2 => i64::from(whole(bytes) as i16),
        4 => i64::from(whole(bytes) as i32),
        _ => whole(bytes),
    };
    match kind {
        16 => {
            if bytes[0] == 0 {
                "false".into()
            } else {
                "true".into()
            }
        }
        17 => format!("decode('{}', 'hex')", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        20 | 21 | 23 => signed(bytes).to_string(),
        25 | 1043 if bytes == changing.key.as_bytes() => "CAST(:key AS text)".into(),
        25 | 1043 => quoted(bytes),
        114 | 3802 => {
            let kind_name = if *kind == 114 { "json" } else { "jsonb" };
            format!("CAST({} AS {kind_name})", quoted(&bytes[usize::from(*kind == 3802)..]))
        }
        1082 => {
            let day = NaiveDate::from_ymd_opt(2000, 1, 1).and_then(|day| {
                let days = signed(bytes);
                if days < 0 {
                    day.checked_sub_days(Days::new(days.unsigned_abs()))
                } else {
                    day.checked_add_days(Days::new(days as u64))
                }
            });
            format!("CAST('{}' AS date)", day.expect("a date"))
        }
        1184 => {
            const EPOCH_2000_US: i64 = 946_684_800_000_000;
            let at = DateTime::from_timestamp_micros(signed(bytes) + EPOCH_2000_US).expect("an instant");
            format!("CAST({} AS timestamptz)", quoted(at.to_rfc3339().as_bytes()))
        }
        2950 => id(Uuid::from_slice(bytes).expect("sixteen bytes"), changing.since_ms, drawn),
        other => panic!("a value of type {other}, which no script of the benchmarks had so far"),
    }
}

fn id(id: Uuid, since_ms: u64, drawn: &mut Vec<Uuid>) -> String {
    let made_ms = id.get_timestamp().map_or(0, |at| at.to_unix().0 * 1000 + u64::from(at.to_unix().1 / 1_000_000));
    if made_ms < since_ms {
        return format!("CAST('{id}' AS uuid)");
    }
    let number = drawn.iter().position(|known| *known == id).unwrap_or_else(|| {
        drawn.push(id);
        drawn.len() - 1
    });
    format!("CAST(lpad(to_hex(CAST(:new{number} AS bigint)), 32, '0') AS uuid)")
}

fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let safe = text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3A").replace('\n', "\\n");
    format!("E'{safe}'")
}
