//! Messages of sockets themselves: Tasmota, Shelly, Zigbee2MQTT, and Tuya's cloud, which speaks for its sockets.

use chrono::SecondsFormat;
use domain::devices::messages::{Envelope, Format, TuyaScales, decode};
use domain::time::TenantZone;

use crate::support::{check, now, on, read};

#[test]
fn tasmota_says_kilowatt_hours_and_local_time() {
    check(
        Format::Tasmota,
        &[
            (
                "tele/press-3/SENSOR",
                r#"{"Time":"2026-03-05T17:37:10","Switch1":"ON","ENERGY":{"Total":14.68792,"Yesterday":1e-05,
                    "Period":217,"Power":2635,"Voltage":227,"Current":11.661}}"#,
                &["press-3/0 2026-03-05T09:37:10Z device #1 mW=2635000 mV=227000 mA=11661 total=14687920"],
            ),
            // the device after the prefix, before it, and in several levels
            (
                "press-3/tele/STATE",
                r#"{"Time":"2026-03-05T17:37:10+02:00","POWER":"OFF"}"#,
                &["press-3/0 2026-03-05T15:37:10Z device no-relay"],
            ),
            (
                "hall/tele/press-3/STATE",
                r#"{"POWER1":"ON","POWER2":"OFF","POWER65":"ON"}"#,
                &["hall/press-3/0 now server relay", "hall/press-3/1 now server no-relay"],
            ),
            (
                "stat/press-3/STATUS8",
                r#"{"StatusSNS":{"Time":"2026-03-05T00:00:00","ENERGY":{"Total":6.404,"Power":0}}}"#,
                &["press-3/0 2026-03-04T16:00:00Z device #1 mW=0 total=6404000"],
            ),
            ("tele/press-3/LWT", "Online", &["press-3/0 now server online"]),
            ("tele/press-3/LWT", "Offline", &["press-3/0 now server offline"]),
            ("stat/press-3/POWER2", "ON", &["press-3/1 now server relay"]),
            ("stat/press-3/RESULT", r#"{"POWER":"ON"}"#, &["press-3/0 now server relay"]),
            ("cmnd/press-3/POWER", "ON", &["-command"]),
            ("tele/press-3/INFO1", r#"{"Info1":{"Module":"Generic"}}"#, &["-no_electricity"]),
            ("tele/press-3/SENSOR", "nonsense", &["!!message_not_json"]),
            ("", r#"{"POWER":"ON"}"#, &["!device_missing /POWER"]),
            // before its clock is set a device counts from 1970; the caller sees that
            (
                "tele/press-3/STATE",
                r#"{"Time":"1970-01-01T08:00:10","POWER":"ON"}"#,
                &["press-3/0 1970-01-01T00:00:10Z device relay"],
            ),
            ("tele/press-3/STATE", r#"{"Time":"soon","POWER":"ON"}"#, &["!time_unreadable /POWER"]),
        ],
    );
}

#[test]
fn tasmota_of_two_channels_shares_the_voltage_and_no_sum() {
    check(
        Format::Tasmota,
        &[
            (
                "tele/duo/SENSOR",
                r#"{"ENERGY":{"Total":[2.813,0.254],"Power":[52,5],"Voltage":235,"Current":[0.278,null]}}"#,
                &[
                    "duo/0 now server #1 mW=52000 mV=235000 mA=278 total=2813000",
                    "duo/1 now server #1 mW=5000 mV=235000 total=254000",
                ],
            ),
            (
                "tele/trio/SENSOR",
                r#"{"ENERGY":{"Total":9.5,"Power":[10,20,-30],"Voltage":[230,231,232]}}"#,
                &[
                    "trio/0 now server #1 mW=10000 mV=230000",
                    "trio/1 now server #1 mW=20000 mV=231000",
                    "trio/2 now server #1 mW=-30000 mV=232000",
                ],
            ),
        ],
    );
}

#[test]
fn a_bad_value_costs_its_own_reading_only() {
    check(
        Format::Tasmota,
        &[
            (
                "tele/duo/SENSOR",
                r#"{"ENERGY":{"Power":[52,99999999999],"Total":[1,2]}}"#,
                &["duo/0 now server #1 mW=52000 total=1000000", "!value_out_of_range /ENERGY/Power/1"],
            ),
            ("tele/one/SENSOR", r#"{"ENERGY":{"Power":"much","Total":1}}"#, &["!value_not_number /ENERGY/Power"]),
            ("tele/one/SENSOR", r#"{"ENERGY":{"Total":-0.001}}"#, &["!value_out_of_range /ENERGY/Total"]),
            ("tele/one/SENSOR", r#"{"ENERGY":{"Voltage":100000.001}}"#, &["!value_out_of_range /ENERGY/Voltage"]),
            ("tele/one/SENSOR", r#"{"ENERGY":{"Current":100000}}"#, &["one/0 now server #1 mA=100000000"]),
        ],
    );
}

#[test]
fn shelly_of_the_first_generation_counts_watt_minutes_and_its_energy_meters_watt_hours() {
    let status = r#"{"mac":"84CCA8ABCDEF","unixtime":1676134770,"relays":[{"ison":false}],"meters":[{"power":4711.12,
        "is_valid":true,"timestamp":1676163570,"counters":[1,2,3],"total":6472513}]}"#;
    let no_clock =
        r#"{"mac":"84CCA8ABCDEF","unixtime":0,"relays":[{"ison":true}],"meters":[{"power":1,"timestamp":1676163570}]}"#;
    let meters = r#"{"mac":"C45BBE000001","unixtime":1676110566,"relays":[{"ison":false}],"emeters":[
        {"power":-620.34,"voltage":235.68,"is_valid":true,"total":401472.9,"total_returned":653673.7},
        {"power":9,"voltage":235.68,"is_valid":false,"total":173411.3}]}"#;
    check(
        Format::ShellyGen1,
        &[
            // off, with power: both are what it says
            ("", status, &["84CCA8ABCDEF/0 2023-02-11T16:59:30Z device mW=4711120 total=107875217 no-relay"]),
            // the meter's clock is local time as unix seconds
            ("", no_clock, &["84CCA8ABCDEF/0 2023-02-11T16:59:30Z device mW=1000 relay"]),
            ("", meters, &["C45BBE000001/0 2023-02-11T10:16:06Z device mW=-620340 mV=235680 total=401472900 no-relay"]),
            ("", r#"{"mac":"84CCA8ABCDEF","relays":[{"ison":true}]}"#, &["84CCA8ABCDEF/0 now server relay"]),
            (
                "shellies/shelly1pm-ABCDEF/info",
                status,
                &["shelly1pm-ABCDEF/0 2023-02-11T16:59:30Z device mW=4711120 total=107875217 no-relay"],
            ),
            ("shellies/shelly1pm-ABCDEF/relay/1", "on", &["shelly1pm-ABCDEF/1 now server relay"]),
            ("shellies/shelly1pm-ABCDEF/relay/0", "overpower", &["shelly1pm-ABCDEF/0 now server no-relay"]),
            ("shellies/shelly1pm-ABCDEF/relay/0/power", "12.34", &["shelly1pm-ABCDEF/0 now server mW=12340"]),
            ("shellies/shelly1pm-ABCDEF/relay/0/energy", "60", &["shelly1pm-ABCDEF/0 now server total=1000"]),
            ("shellies/shellyem-ABCDEF/emeter/1/total", "60", &["shellyem-ABCDEF/1 now server total=60000"]),
            ("shellies/shelly1pm-ABCDEF/online", "false", &["shelly1pm-ABCDEF/0 now server offline"]),
            ("shellies/shelly1pm-ABCDEF/relay/0/command", "on", &["-command"]),
            ("shellies/shelly1pm-ABCDEF/temperature", "45.1", &["-no_electricity"]),
            ("", r#"{"mac":"84CCA8ABCDEF"}"#, &["-no_electricity"]),
            ("", "[]", &["!!message_wrong_shape"]),
        ],
    );
}

#[test]
fn shelly_of_the_second_generation_says_only_what_changed() {
    let notify = |ts: &str, rest: &str| {
        format!(r#"{{"src":"shellyplus-0a","dst":"x/events","method":"NotifyStatus","params":{{"ts":{ts},{rest}}}}}"#)
    };
    let counts = notify("1675072985.86", r#""switch:0":{"counts":{"on_time":12}}"#);
    let energy = notify(
        "1675072985.86",
        r#""switch:3":{"id":3,"aenergy":{"by_minute":[9000.5,1,2],"minute_ts":1675072980,"total":1885.832}}"#,
    );
    let off = notify("1675072985.86", r#""switch:1":{"id":1,"apower":0,"current":0.2,"output":false}"#);
    let output = notify("null", r#""switch:0":{"id":0,"output":true}"#);
    let full = r#"{"input:0":{"id":0,"state":false},"switch:0":{"id":0,"output":false,"apower":47.11,"voltage":232.0,
        "current":0.0,"aenergy":{"total":5.125}},"sys":{"mac":"30C6F7000001","unixtime":1675718522}}"#;
    let three = r#"{"em:0":{"id":0,"a_act_power":1.5,"a_voltage":230,"a_current":0.1,"b_act_power":2,"total_act_power":3.5,
        "total_current":0.3},"emdata:0":{"a_total_act_energy":10.25,"total_act":99}}"#;
    check(
        Format::ShellyGen2,
        &[
            ("", &counts, &["-no_electricity"]),
            ("", &energy, &["shellyplus-0a/3 2023-01-30T10:03:05.860Z device total=1885832"]),
            // no power, with current: both are what it says
            ("", &off, &["shellyplus-0a/1 2023-01-30T10:03:05.860Z device mW=0 mA=200 no-relay"]),
            ("", &output, &["shellyplus-0a/0 now server relay"]),
            ("", full, &["30C6F7000001/0 2023-02-06T21:22:02Z device mW=47110 mV=232000 mA=0 total=5125 no-relay"]),
            (
                "hall/press/status/switch:1",
                r#"{"id":1,"apower":-5.5,"aenergy":{"total":1,"minute_ts":1654511972}}"#,
                &["hall/press/1 now server mW=-5500 total=1000"],
            ),
            ("hall/em/status/em:0", three, &["-no_electricity"]),
            (
                "hall/em/events/rpc",
                three,
                &[
                    "hall/em/0 now server mW=3500 mA=300 total=99000",
                    "hall/em/1 now server mW=1500 mV=230000 mA=100 total=10250",
                    "hall/em/2 now server mW=2000",
                ],
            ),
            ("hall/press/online", "true", &["hall/press/0 now server online"]),
            ("hall/press/online", "false", &["hall/press/0 now server offline"]),
            ("", r#"{"src":"a","method":"NotifyEvent","params":{}}"#, &["-other_event"]),
            (
                "",
                r#"{"id":1,"src":"shellyplus-0a","result":{"id":0,"output":true}}"#,
                &["shellyplus-0a/0 now server relay"],
            ),
        ],
    );
}

#[test]
fn zigbee2mqtt_has_no_time_unless_it_is_asked_for() {
    check(
        Format::Zigbee2Mqtt,
        &[
            (
                "zigbee2mqtt/hall/press",
                r#"{"current":0.07,"energy":1.54,"linkquality":63,"power":0,"state":"ON","voltage":239}"#,
                &["hall/press/0 now server mW=0 mV=239000 mA=70 total=1540000 relay"],
            ),
            (
                "zigbee2mqtt/press",
                r#"{"last_seen":"2026-07-27T09:41:40+02:00","power":null,"voltage":243,"update":{"state":"idle"}}"#,
                &["press/0 2026-07-27T07:41:40Z device mV=243000"],
            ),
            (
                "zigbee2mqtt/press",
                r#"{"last_seen":1790000000123,"power_l2":7,"state_left":"OFF","state_right":"ON"}"#,
                &[
                    "press/1 2026-09-21T14:13:20.123Z device mW=7000 relay",
                    "press/0 2026-09-21T14:13:20.123Z device no-relay",
                ],
            ),
            ("zigbee2mqtt/press/availability", r#"{"state":"offline"}"#, &["press/0 now server offline"]),
            ("zigbee2mqtt/press/availability", "online", &["press/0 now server online"]),
            ("zigbee2mqtt/bridge/state", r#"{"state":"online"}"#, &["-other_event"]),
            ("zigbee2mqtt/press/set", r#"{"state":"ON"}"#, &["-command"]),
            ("zigbee2mqtt/lamp", r#"{"linkquality":3,"state":"OPEN"}"#, &["-no_electricity"]),
        ],
    );
}

#[test]
fn tuya_says_each_property_with_its_time_and_adds_energy() {
    let v2 = |list: &str| {
        format!(
            r#"{{"bizCode":"devicePropertyMessage","bizData":{{"devId":"bf22","properties":[{list}]}},"ts":1790000000999}}"#
        )
    };
    let together =
        v2(r#"{"code":"switch_1","dpId":1,"time":1790000000123,"value":true},{"code":"cur_power","dpId":"19",
        "time":1790000000123,"value":2480},{"code":"cur_current","time":1790000000500,"value":178},
        {"code":"cur_voltage","time":1790000000500,"value":"2356"},{"code":"add_ele","time":1790000000500,"value":7}"#);
    let twice = v2(r#"{"code":"cur_power","time":1,"value":10},{"code":"cur_power","time":1,"value":20},
        {"code":"cur_power","time":1,"value":20}"#);
    let untimed = v2(r#"{"code":"switch_2","value":false}"#);
    let report = r#"{"dataId":"d","devId":"bf22","productKey":"p","status":[{"code":"cur_power","value":"1234","t":"1790000000200",
        "19":"1234"},{"code":"add_ele","value":3},{"code":"relay_status","value":"last"}]}"#;
    let queried = r#"{"success":true,"result":[{"code":"switch_1","value":true},{"code":"add_ele","value":7},{"code":"cur_power","value":248}]}"#;
    check(
        Format::Tuya,
        &[
            (
                "",
                &together,
                &[
                    "bf22/0 2026-09-21T14:13:20.123Z device mW=248000 relay",
                    "bf22/0 2026-09-21T14:13:20.500Z device mV=235600 mA=178 added=7000",
                ],
            ),
            // two values of one instant are two readings in their order; the same again is the same
            (
                "",
                &twice,
                &[
                    "bf22/0 1970-01-01T00:00:00.001Z device mW=1000",
                    "bf22/0 1970-01-01T00:00:00.001Z device #1 mW=2000",
                ],
            ),
            ("", &untimed, &["bf22/1 2026-09-21T14:13:20.999Z server no-relay"]),
            ("", report, &["bf22/0 2026-09-21T14:13:20.200Z device mW=123400", "!increment_untimed /status/1/value"]),
            (
                "",
                r#"{"bizCode":"deviceOffline","bizData":{"devId":"bf22","time":1790000000},"ts":1790000000456}"#,
                &["bf22/0 2026-09-21T14:13:20Z server offline"],
            ),
            (
                "",
                r#"{"devId":"bf22","bizCode":"online","bizData":{},"ts":1790000000456}"#,
                &["bf22/0 2026-09-21T14:13:20.456Z server online"],
            ),
            ("", r#"{"devId":"bf22","bizCode":"nameUpdate","bizData":{"name":"x"}}"#, &["-other_event"]),
            ("", r#"{"messageId":"m","payload":"AAEC","properties":{"em":"aes_gcm"}}"#, &["!!message_encrypted"]),
            ("", r#"{"hello":1}"#, &["!!message_wrong_shape"]),
        ],
    );
    let named = Envelope { device: Some("bf22"), ..on("") };
    assert_eq!(
        read(Format::Tuya, queried, &named),
        ["bf22/0 now server mW=24800 relay"],
        "the last increment is no news"
    );
}

#[test]
fn tuya_scales_are_the_products() {
    let specification = r#"{"status":[{"code":"switch_1","type":"Boolean","values":"{}"},
        {"code":"cur_power","values":"{\"unit\":\"W\",\"scale\":0}"},{"code":"cur_voltage","values":"{\"unit\":\"V\",\"scale\":2}"},
        {"code":"cur_current","values":"{\"unit\":\"mA\",\"scale\":1}"},{"code":"add_ele","values":"{\"unit\":\"\",\"scale\":2}"}]}"#;
    let scales = TuyaScales::of_specification(specification.as_bytes()).unwrap();
    assert_eq!(scales, TuyaScales { power: 0, voltage: 2, current: 4, added: 2, total: 2 });
    let body = r#"{"devId":"bf22","status":[{"code":"cur_power","value":248,"t":1},{"code":"cur_voltage","value":23560,"t":1},
        {"code":"cur_current","value":1785,"t":1},{"code":"add_ele","value":7,"t":1}]}"#;
    let envelope = Envelope { tuya: scales, ..on("") };
    let expected = "bf22/0 1970-01-01T00:00:00.001Z device mW=248000 mV=235600 mA=179 added=70000";
    assert_eq!(read(Format::Tuya, body, &envelope), [expected]);
    for body in ["", "[]", r#"{"x":1}"#] {
        assert_eq!(TuyaScales::of_specification(body.as_bytes()), None, "{body}");
    }
    let kilowatts = br#"{"result":{"status":[{"code":"cur_power","values":"{\"unit\":\"kW\",\"scale\":3}"}]}}"#;
    assert_eq!(TuyaScales::of_specification(kilowatts).unwrap().power, 0, "0.001 kW is 1 W");
}

#[test]
fn what_a_broker_kept_is_read_only_with_its_own_time() {
    let rows = [
        (Format::Tasmota, "tele/a/LWT", "Online", "!retained"),
        (Format::Tasmota, "stat/a/POWER", "ON", "!retained"),
        (Format::Zigbee2Mqtt, "zigbee2mqtt/a", r#"{"power":5}"#, "!retained /power"),
        (Format::ShellyGen2, "a/online", "true", "!retained"),
        (Format::ShellyGen1, "shellies/a/relay/0", "on", "!retained"),
        (
            Format::Tasmota,
            "tele/a/STATE",
            r#"{"Time":"2026-11-22T15:00:00","POWER":"ON"}"#,
            "a/0 2026-11-22T07:00:00Z device relay",
        ),
        (
            Format::Zigbee2Mqtt,
            "zigbee2mqtt/a",
            r#"{"power":5,"last_seen":"2026-11-22T07:00:00Z"}"#,
            "a/0 2026-11-22T07:00:00Z device mW=5000",
        ),
    ];
    for (format, topic, body, expected) in rows {
        let kept = Envelope { retained: true, ..on(topic) };
        assert_eq!(read(format, body, &kept), [expected], "{topic} {body}");
    }
}

#[test]
fn local_times_are_the_sources_zone() {
    let body = br#"{"Time":"2026-03-05T17:37:10","POWER":"OFF"}"#;
    for (zone, expected) in [("Asia/Shanghai", "09:37:10"), ("UTC", "17:37:10"), ("-03:00", "20:37:10")] {
        let envelope = Envelope { zone: TenantZone::parse(zone).unwrap(), ..on("tele/a/STATE") };
        let decoded = decode(Format::Tasmota, body, &envelope).unwrap();
        let at = decoded.items[0].as_ref().unwrap().reading.at;
        assert_eq!(at.to_rfc3339_opts(SecondsFormat::Secs, true), format!("2026-03-05T{expected}Z"), "{zone}");
    }
}

#[test]
fn a_device_is_named_by_the_message_then_the_topic_then_beside_it() {
    let beside = |topic| Envelope { device: Some(" plug-9 "), ..on(topic) };
    let state = r#"{"POWER":"ON"}"#;
    assert_eq!(read(Format::Tasmota, state, &beside("tele/a/STATE")), ["a/0 now server relay"]);
    assert_eq!(read(Format::Tasmota, state, &beside("")), ["plug-9/0 now server relay"]);
    assert_eq!(
        read(Format::ShellyGen1, r#"{"mac":"AA","relays":[{"ison":true}]}"#, &beside("")),
        ["AA/0 now server relay"]
    );
    let long = "x".repeat(129);
    let envelope = Envelope { device: Some(&long), ..Envelope::received(now()) };
    assert_eq!(read(Format::Tasmota, state, &envelope), ["!device_unacceptable /POWER"]);
}
