//! A reading as one line, so that a table of messages can be read from top to bottom.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::devices::messages::{Decoded, Envelope, Format, Heard, ItemFault, decode};
use domain::devices::reading::Energy;

pub const NOW: &str = "2026-11-22T08:00:00Z";

pub fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// An envelope with a topic, received at [`NOW`]; an empty topic is none.
pub fn on(topic: &str) -> Envelope<'_> {
    Envelope { topic: Some(topic).filter(|topic| !topic.is_empty()), ..Envelope::received(now()) }
}

/// `device/channel time clock #sequence facts`; `now` stands for the time of receipt.
pub fn line(heard: &Heard) -> String {
    let reading = &heard.reading;
    let at = if reading.at == now() { "now".into() } else { reading.at.to_rfc3339_opts(SecondsFormat::AutoSi, true) };
    let mut line = format!("{}/{} {at} {}", heard.device, heard.channel, heard.timed_by.code());
    if reading.sequence != 0 {
        line += &format!(" #{}", reading.sequence);
    }
    let mut add = |name: &str, value: Option<i64>| {
        if let Some(value) = value {
            line += &format!(" {name}={value}");
        }
    };
    add("mW", reading.power_mw);
    add("mV", reading.voltage_mv);
    add("mA", reading.current_ma);
    match reading.energy {
        Some(Energy::Total(value)) => add("total", Some(value)),
        Some(Energy::Added(value)) => add("added", Some(value)),
        None => {}
    }
    if let Some(on) = reading.relay_on {
        line += if on { " relay" } else { " no-relay" };
    }
    if let Some(online) = reading.online {
        line += if online { " online" } else { " offline" };
    }
    line
}

/// `!code pointer`.
fn fault(fault: &ItemFault) -> String {
    format!("!{} {}", fault.code(), fault.pointer).trim_end().to_owned()
}

/// The lines of a message; `-code` where there is nothing in it.
pub fn lines(decoded: &Decoded) -> Vec<String> {
    assert_eq!(decoded.items.is_empty(), decoded.empty_reason.is_some(), "nothing has a reason, and only nothing");
    for (index, item) in decoded.items.iter().enumerate() {
        if let Err(fault) = item {
            assert_eq!(fault.index, index);
            assert!(!fault.words().zh.is_empty() && !fault.words().en.is_empty());
        }
    }
    let reason = decoded.empty_reason.iter().map(|reason| format!("-{}", reason.code()));
    decoded.items.iter().map(|item| item.as_ref().map_or_else(fault, line)).chain(reason).collect()
}

/// What a message says, or the code of its fault after `!!`.
pub fn read(format: Format, body: &str, envelope: &Envelope<'_>) -> Vec<String> {
    match decode(format, body.as_bytes(), envelope) {
        Ok(decoded) => lines(&decoded),
        Err(fault) => vec![format!("!!{}", fault.code())],
    }
}

/// One row of a table: topic, body, expected lines.
pub type Row<'a> = (&'a str, &'a str, &'a [&'a str]);

pub fn check(format: Format, rows: &[Row<'_>]) {
    for (topic, body, expected) in rows {
        assert_eq!(read(format, body, &on(topic)), *expected, "{} {topic} {body}", format.code());
    }
}
