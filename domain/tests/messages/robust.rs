//! Any bytes, and any JSON made of the makers' own words: nothing panics, and what comes out keeps its bounds.

use domain::devices::messages::{Envelope, Format, ITEMS_MAX, decode, recognise};
use domain::devices::reading::Energy;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::now;

const WORDS: &[&str] = &[
    "Time",
    "ENERGY",
    "Power",
    "Total",
    "Voltage",
    "Current",
    "POWER",
    "POWER1",
    "StatusSNS",
    "StatusSTS",
    "mac",
    "unixtime",
    "relays",
    "meters",
    "emeters",
    "ison",
    "power",
    "total",
    "timestamp",
    "is_valid",
    "src",
    "method",
    "NotifyStatus",
    "params",
    "ts",
    "switch:0",
    "em:0",
    "emdata:0",
    "sys",
    "apower",
    "aenergy",
    "output",
    "id",
    "result",
    "bizCode",
    "bizData",
    "devId",
    "properties",
    "status",
    "code",
    "value",
    "t",
    "time",
    "cur_power",
    "add_ele",
    "switch_1",
    "devicePropertyMessage",
    "deviceOffline",
    "last_seen",
    "state",
    "event",
    "message.publish",
    "client.connected",
    "topic",
    "payload",
    "clientid",
    "values",
    "metadata",
    "msg",
    "deviceName",
    "end_device_ids",
    "device_id",
    "uplink_message",
    "decoded_payload",
    "received_at",
    "iotId",
    "items",
    "gmtCreate",
    "notify_data",
    "body",
    "header",
    "services",
    "resource",
    "device.property",
    "event_time",
    "type",
    "dev_id",
    "ds_id",
    "at",
    "readings",
    "device",
    "channel",
    "sequence",
    "power_w",
    "energy_kwh",
    "relay",
    "online",
    "ON",
    "OFF",
    "offline",
    "2026-11-22T08:00:00Z",
    "20261122T080000Z",
    "-1e309",
    "1e400",
    "0.0005",
];
const TOPICS: &[&str] = &[
    "tele/a/SENSOR",
    "tele/a/LWT",
    "stat/a/POWER2",
    "tele",
    "/",
    "shellies/a/info",
    "shellies/a/relay/0/energy",
    "shellies",
    "a/events/rpc",
    "a/status/em:0",
    "a/online",
    "online",
    "zigbee2mqtt/a",
    "zigbee2mqtt",
    "zigbee2mqtt/a/availability",
    "zigbee2mqtt/a/set/b",
    "v1/gateway/telemetry",
    "",
];

fn word() -> impl Strategy<Value = String> {
    proptest::sample::select(WORDS).prop_map(str::to_owned)
}

fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000i64..2_000).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        Just(json!(1_790_000_000_123i64)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((word(), inner.clone()), 0..6).prop_map(|fields| Value::Object(Map::from_iter(fields))),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

fn topics() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![proptest::sample::select(TOPICS).prop_map(str::to_owned), "\\PC{0,20}"])
}

/// Decodes in every format and looks at what came out; gives back how many readings.
fn all_formats(body: &[u8], topic: Option<&str>, retained: bool) -> usize {
    let envelope = Envelope { topic, retained, device: Some("beside"), ..Envelope::received(now()) };
    let mut taken = 0;
    for format in Format::ALL {
        let Ok(decoded) = decode(*format, body, &envelope) else { continue };
        assert_eq!(decoded.items.is_empty(), decoded.empty_reason.is_some(), "{}", format.code());
        assert!(decoded.items.len() <= ITEMS_MAX);
        for heard in decoded.items.iter().flatten() {
            taken += 1;
            let reading = &heard.reading;
            assert!(reading.says_something() && heard.channel >= 0 && reading.sequence >= 0);
            assert!(!heard.device.trim().is_empty() && heard.device.chars().count() <= 128);
            assert!(reading.power_mw.is_none_or(|value| value.abs() <= 10_000_000_000));
            let (Some(Energy::Total(energy)) | Some(Energy::Added(energy))) = reading.energy else { continue };
            assert!((0..=1_000_000_000_000_000).contains(&energy));
        }
    }
    let _ = recognise(topic, body);
    taken
}

/// Messages in order, to be damaged at one place.
const SOUND: &[&str] = &[
    r#"{"Time":"2026-03-05T17:37:10","POWER1":"ON","ENERGY":{"Total":[2.8,0.2],"Power":[52,5],"Voltage":235}}"#,
    r#"{"mac":"AA","unixtime":1676134770,"relays":[{"ison":true}],"meters":[{"power":1,"timestamp":2,"total":3}]}"#,
    r#"{"src":"s","method":"NotifyStatus","params":{"ts":1675072985.86,"switch:0":{"apower":1,"aenergy":{"total":2}}}}"#,
    r#"{"bizCode":"devicePropertyMessage","bizData":{"devId":"b","properties":[{"code":"add_ele","time":1,"value":7}]}}"#,
    r#"{"linkquality":1,"power":5,"energy":2,"state":"ON","last_seen":"2026-11-22T07:00:00Z"}"#,
    r#"{"event":"message.publish","clientid":"c","topic":"t","payload":{"power":1},"timestamp":1694681417728}"#,
    r#"{"ts":1451649600512,"values":{"power":"12.5","voltage":230}}"#,
    r#"{"end_device_ids":{"device_id":"m"},"uplink_message":{"decoded_payload":{"power":1}}}"#,
    r#"{"iotId":"i","gmtCreate":1,"items":{"power":{"value":1,"time":1510799670074}},"status":{"value":"1","time":1}}"#,
    r#"{"resource":"device.property","notify_data":{"header":{"device_id":"p"},"body":{"services":[{"properties":{"power":1}}]}}}"#,
    r#"{"msg":[{"type":1,"dev_id":1,"ds_id":"power","at":1466133706841,"value":42}]}"#,
    r#"{"readings":[{"device":"p","at":"2026-11-22T08:00:00Z","power_w":1.5,"energy_kwh":2,"relay":true}]}"#,
];

/// Puts something else at the place that is reached after so many steps.
fn damage(value: &mut Value, steps: &mut usize, with: &Value) {
    if *steps == 0 {
        *value = with.clone();
    }
    *steps = steps.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| damage(item, steps, with)),
        Value::Object(fields) => fields.values_mut().for_each(|field| damage(field, steps, with)),
        _ => {}
    }
}

#[test]
fn sound_messages_are_read() {
    for body in SOUND {
        assert!(all_formats(body.as_bytes(), Some("tele/a/SENSOR"), false) > 0, "{body}");
    }
}

proptest! {
    #[test]
    fn a_message_damaged_anywhere_is_judged(
        sound in proptest::sample::select(SOUND),
        steps in 0usize..20,
        with in trees(),
        topic in topics(),
        retained: bool,
    ) {
        let mut value: Value = serde_json::from_str(sound).unwrap();
        damage(&mut value, &mut steps.clone(), &with);
        all_formats(value.to_string().as_bytes(), topic.as_deref(), retained);
    }

    #[test]
    fn any_bytes_are_judged(body in vec(any::<u8>(), 0..200), topic in topics(), retained: bool) {
        all_formats(&body, topic.as_deref(), retained);
    }

    #[test]
    fn any_text_is_judged(body in "\\PC{0,80}", topic in topics(), retained: bool) {
        all_formats(body.as_bytes(), topic.as_deref(), retained);
    }

    #[test]
    fn any_json_of_the_makers_words_is_judged(tree in trees(), topic in topics(), retained: bool) {
        all_formats(tree.to_string().as_bytes(), topic.as_deref(), retained);
    }

    /// A reading beside another is the same as alone: one bad item never takes others with it.
    #[test]
    fn items_of_our_own_format_do_not_touch_each_other(items in vec(trees(), 0..6), place in 0usize..6) {
        let good = json!({ "device": "p", "at": "2026-11-22T08:00:00Z", "power_w": 1.5 });
        let place = place.min(items.len());
        let mut list = items;
        list.insert(place, good);
        let body = json!({ "readings": list }).to_string();
        let decoded = decode(Format::Own, body.as_bytes(), &Envelope::received(now())).unwrap();
        prop_assert_eq!(decoded.items.len(), list.len());
        prop_assert_eq!(decoded.items[place].as_ref().unwrap().reading.power_mw, Some(1_500));
    }
}

#[test]
fn every_prefix_of_a_message_is_judged_and_the_whole_is_read() {
    let body =
        br#"{"src":"a","method":"NotifyStatus","params":{"ts":1675072985.86,"switch:0":{"apower":1,"output":true}}}"#;
    let readings: usize = (0..body.len()).map(|end| all_formats(&body[..end], Some("a/events/rpc"), false)).sum();
    assert_eq!(readings, 0, "half a message is none");
    assert_eq!(all_formats(body, Some("a/events/rpc"), false), 1);
}

#[test]
fn of_a_key_that_comes_twice_the_last_counts() {
    let body = br#"{"power":1,"power":2,"linkquality":1}"#;
    let envelope = Envelope { topic: Some("zigbee2mqtt/a"), ..Envelope::received(now()) };
    let decoded = decode(Format::Zigbee2Mqtt, body, &envelope).unwrap();
    assert_eq!(decoded.items[0].as_ref().unwrap().reading.power_mw, Some(2_000));
}
