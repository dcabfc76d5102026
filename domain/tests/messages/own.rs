//! Our own format: each refusal by its code, and what is written is read again.

use domain::devices::messages::own::encode;
use domain::devices::messages::{Format, Heard, ITEMS_MAX, TimedBy, decode};
use domain::devices::reading::{Energy, Reading};
use proptest::option;
use proptest::prelude::*;

use crate::support::{check, lines, on};

#[test]
fn readings_are_taken_one_by_one() {
    let at = r#""at":"2026-11-22T08:00:00+08:00""#;
    let full = format!(
        r#"{{"device":" p ","channel":2,{at},"sequence":5,"power_w":-1.5,"voltage_v":"230.4","current_a":0.0004,
        "energy_kwh":1.0000005,"relay":true,"online":false}}"#
    );
    let list = format!(
        r#"{{"readings":[{{"device":"p",{at},"power_w":1}},7,{{"device":"p",{at},"pwer_w":1}},{{"device":"p",{at},"relay":false,"power_w":null}}]}}"#
    );
    check(
        Format::Own,
        &[
            ("", &full, &["p/2 2026-11-22T00:00:00Z device #5 mW=-1500 mV=230400 mA=0 total=1000001 relay offline"]),
            (
                "",
                &list,
                &[
                    "p/0 2026-11-22T00:00:00Z device mW=1000",
                    "!item_not_object /readings/1",
                    "!field_unknown /readings/2/pwer_w",
                    "p/0 2026-11-22T00:00:00Z device no-relay",
                ],
            ),
            ("", r#"{"readings":[]}"#, &["-no_electricity"]),
        ],
    );
}

#[test]
fn each_mistake_has_its_code() {
    let rows = [
        (r#""power_w":1"#, "!device_missing"),
        (r#""device":"  ","power_w":1"#, "!device_missing /device"),
        (r#""device":7,"power_w":1"#, "!device_missing /device"),
        ("\"device\":\"a\\u0000\",\"power_w\":1", "!device_unacceptable /device"),
        (r#""device":"p","channel":-1,"power_w":1"#, "!channel_unacceptable /channel"),
        (r#""device":"p","channel":32768,"power_w":1"#, "!channel_unacceptable /channel"),
        (r#""device":"p","channel":1.5,"power_w":1"#, "!channel_unacceptable /channel"),
        (r#""device":"p","sequence":2147483648,"power_w":1"#, "!sequence_unacceptable /sequence"),
        (r#""device":"p","power_w":true"#, "!value_not_number /power_w"),
        (r#""device":"p","power_w":10000000.001"#, "!value_out_of_range /power_w"),
        (r#""device":"p","energy_added_kwh":-1"#, "!value_out_of_range /energy_added_kwh"),
        (r#""device":"p","energy_added_kwh":1,"energy_kwh":1"#, "!energy_twice /energy_added_kwh"),
        (r#""device":"p","relay":1"#, "!value_not_boolean /relay"),
        (r#""device":"p","online":"yes""#, "!value_not_boolean /online"),
        (r#""device":"p""#, "!says_nothing"),
        (r#""device":"p","a/b~c":1"#, "!field_unknown /a~1b~0c"),
    ];
    for (fields, expected) in rows {
        let body = format!(r#"{{"at":"2026-11-22T00:00:00Z",{fields}}}"#);
        check(Format::Own, &[("", &body, &[expected])]);
    }
    check(
        Format::Own,
        &[
            ("", r#"{"device":"p","power_w":1}"#, &["!time_missing"]),
            ("", r#"{"device":"p","at":"2026-11-22T00:00:00","power_w":1}"#, &["!time_unreadable /at"]),
            ("", r#"{"device":"p","at":1790000000,"power_w":1}"#, &["!time_unreadable /at"]),
            ("", r#"{"readings":[],"source":"x"}"#, &["!!message_unknown_field"]),
            ("", r#"{"readings":{}}"#, &["!!message_wrong_shape"]),
            ("", "[]", &["!!message_wrong_shape"]),
            ("", "", &["!!message_not_json"]),
        ],
    );
}

#[test]
fn a_message_has_its_limits() {
    let reading = r#"{"device":"p","at":"2026-11-22T00:00:00Z","power_w":1}"#;
    let list = |count| format!(r#"{{"readings":[{}]}}"#, vec![reading; count].join(","));
    assert_eq!(decode(Format::Own, list(ITEMS_MAX).as_bytes(), &on("")).unwrap().items.len(), ITEMS_MAX);
    check(Format::Own, &[("", &list(ITEMS_MAX + 1), &["!!message_too_many_items"])]);
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    check(Format::Own, &[("", &deep, &["!!message_too_deep"])]);
    let point = |at: usize| format!(r#"{{"type":1,"dev_id":1,"ds_id":"power","at":{at},"value":1}}"#);
    let points = |count| format!(r#"{{"msg":[{}]}}"#, (0..count).map(point).collect::<Vec<_>>().join(","));
    assert_eq!(decode(Format::OneNet, points(ITEMS_MAX).as_bytes(), &on("")).unwrap().items.len(), ITEMS_MAX);
    check(Format::OneNet, &[("", &points(ITEMS_MAX + 1), &["!!message_too_many_items"])]);
}

fn readings() -> impl Strategy<Value = Heard> {
    let energy = option::of((any::<bool>(), 0i64..=1_000_000_000_000_000));
    let values = (
        option::of(-10_000_000_000i64..=10_000_000_000),
        option::of(-100_000_000i64..=100_000_000),
        option::of(-100_000_000i64..=100_000_000),
        energy,
        option::of(any::<bool>()),
        any::<bool>(),
    );
    let place = ("[a-zA-Z0-9_:/. 一-龥-]{0,40}[a-z]", 0i16.., 0i32.., 0i64..4_000_000_000_000_000);
    (place, values).prop_map(|((device, channel, sequence, micros), values)| {
        let (power_mw, voltage_mv, current_ma, energy, relay_on, online) = values;
        let energy = energy.map(|(total, value)| if total { Energy::Total(value) } else { Energy::Added(value) });
        let at = chrono::DateTime::from_timestamp_micros(micros).unwrap();
        let reading =
            Reading { at, sequence, power_mw, voltage_mv, current_ma, energy, relay_on, online: Some(online) };
        Heard { device: device.trim().to_owned(), channel, reading, timed_by: TimedBy::Device }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(readings in proptest::collection::vec(readings(), 0..6)) {
        let body = encode(&readings).to_string();
        let decoded = decode(Format::Own, body.as_bytes(), &on("")).unwrap();
        let again: Vec<Heard> = decoded.items.iter().map(|item| item.clone().unwrap()).collect();
        prop_assert_eq!(&again, &readings);
        prop_assert_eq!(lines(&decoded).len(), readings.len().max(1));
        prop_assert_eq!(encode(&again).to_string(), body);
    }
}
