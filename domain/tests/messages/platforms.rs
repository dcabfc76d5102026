//! Messages of platforms: EMQX, ThingsBoard, The Things Stack, Alibaba Cloud, Huawei Cloud, OneNET.

use domain::devices::messages::{Envelope, Format};

use crate::support::{Row, check, on, read};

#[test]
fn emqx_carries_the_devices_own_message() {
    let publish = |topic: &str, payload: &str| {
        let payload = serde_json::to_string(payload).unwrap();
        format!(
            r#"{{"event":"message.publish","clientid":"c7","topic":"{topic}","payload":{payload},"timestamp":1694681417728,
            "publish_received_at":1694681417728,"qos":1,"flags":{{"retain":true,"dup":true}}}}"#
        )
    };
    let tasmota = publish("tele/press/SENSOR", r#"{"Time":"2023-09-14T16:50:17","ENERGY":{"Power":12}}"#);
    let word = publish("tele/press/LWT", "Offline");
    let plain = publish("t/1", r#"{"power":12.5,"Energy":"3"}"#);
    let shelly = publish(
        "x/events/rpc",
        r#"{"src":"s-1","method":"NotifyStatus","params":{"ts":1694681417.5,"switch:0":{"apower":3}}}"#,
    );
    let ours = publish("t/1", r#"{"device":"d","at":"2023-09-14T08:50:17Z","power_w":1,"oops":2}"#);
    let greeting = publish("t/1", r#"{"msg":"Hello"}"#);
    let text = publish("t/1", "hello");
    let broken = publish("tele/press/SENSOR", "{");
    check(
        Format::Emqx,
        &[
            ("", &tasmota, &["press/0 2023-09-14T08:50:17Z device #1 mW=12000"]),
            ("", &word, &["press/0 2023-09-14T08:50:17.728Z server offline"]),
            ("", &plain, &["c7/0 2023-09-14T08:50:17.728Z server mW=12500 total=3000000"]),
            ("", &shelly, &["s-1/0 2023-09-14T08:50:17.500Z device mW=3000"]),
            ("", &ours, &["!field_unknown /payload/oops"]),
            ("", &greeting, &["-no_electricity"]),
            ("", &text, &["-no_electricity"]),
            ("", &broken, &["!payload_unreadable /payload"]),
            ("", r#"{"topic":"zigbee2mqtt/a","payload":{"power":1}}"#, &["a/0 now server mW=1000"]),
        ],
    );
}

#[test]
fn emqx_tells_a_lost_client_from_one_that_came_again() {
    let event =
        |event: &str, rest: &str| format!(r#"{{"event":"{event}","clientid":"c7","timestamp":1694681417729,{rest}}}"#);
    let lost = event("client.disconnected", r#""reason":"keepalive_timeout","disconnected_at":1694681417700"#);
    let again = event("client.disconnected", r#""reason":"takenover","disconnected_at":1694681417700"#);
    let came = event("client.connected", r#""connected_at":1694681417700"#);
    let other = event("session.subscribed", r#""topic":"x""#);
    check(
        Format::Emqx,
        &[
            ("", &lost, &["c7/0 2023-09-14T08:50:17.700Z server offline"]),
            ("", &again, &["-connection_taken_over"]),
            ("", &came, &["c7/0 2023-09-14T08:50:17.700Z server online"]),
            ("", &other, &["-other_event"]),
            // version 4 of the broker, in seconds
            (
                "",
                r#"{"action":"client_connected","clientid":"c7","connected_at":1694681417}"#,
                &["c7/0 2023-09-14T08:50:17Z server online"],
            ),
            ("", r#"{"hello":1}"#, &["!!message_wrong_shape"]),
        ],
    );
}

#[test]
fn thingsboard_says_it_in_many_ways() {
    let rows: &[Row<'_>] = &[
        (
            "",
            r#"{"ts":1451649600512,"values":{"power":"12.5","Voltage":230,"key":"value"}}"#,
            &["lathe/0 2016-01-01T12:00:00.512Z device mW=12500 mV=230000"],
        ),
        ("", r#"{"active_power":12,"power_factor":0.9}"#, &["lathe/0 now server mW=12000"]),
        (
            "",
            r#"[{"ts":1451649600000,"values":{"power":1}},{"ts":1451649601000,"values":{"power":2}}]"#,
            &["lathe/0 2016-01-01T12:00:00Z device mW=1000", "lathe/0 2016-01-01T12:00:01Z device mW=2000"],
        ),
        (
            "",
            r#"{"mill":[{"ts":1451649600000,"values":{"energy":1}}],"saw":[{"relay":"off"}]}"#,
            &["mill/0 2016-01-01T12:00:00Z device total=1000000", "saw/0 now server no-relay"],
        ),
        (
            "",
            r#"{"msg":{"power_kw":1.2},"metadata":{"deviceName":"mill","ts":"1451649600000"}}"#,
            &["mill/0 2016-01-01T12:00:00Z device mW=1200000"],
        ),
        ("", r#"{"ts":1451649600512,"values":{"key1":"value1"}}"#, &["-no_electricity"]),
        ("", r#"{"power":2,"power_w":2000}"#, &["!value_ambiguous /power_w"]),
        ("", r#"{"hall/4~b":[{"power":"x"}]}"#, &["!value_not_number /hall~14~0b/0/power"]),
        ("", r#"{"energy_added":0.5}"#, &["!increment_untimed /energy_added"]),
        ("", "7", &["!!message_wrong_shape"]),
    ];
    for (_, body, expected) in rows {
        let named = Envelope { device: Some("lathe"), ..on("") };
        assert_eq!(read(Format::ThingsBoard, body, &named), *expected, "{body}");
    }
}

#[test]
fn the_things_stack_is_timed_by_the_network() {
    let up = |rest: &str| {
        format!(
            r#"{{"end_device_ids":{{"device_id":"meter-5"}},"received_at":"2026-01-15T16:02:10.668892406Z",{rest}}}"#
        )
    };
    let decoded =
        up(r#""uplink_message":{"f_cnt":13,"received_at":"2026-01-15T16:02:10.448769590Z","decoded_payload":{
        "current_ma":80,"voltage":231.25,"status":1,"time":0,"state":"on"}}"#);
    let outer = up(r#""uplink_message":{"decoded_payload":{"power":1}}"#);
    let raw = up(r#""uplink_message":{"frm_payload":"AdsmAADiAAA="}"#);
    let join = up(r#""join_accept":{}"#);
    check(
        Format::TheThingsStack,
        &[
            ("", &decoded, &["meter-5/0 2026-01-15T16:02:10.448769Z server mV=231250 mA=80 relay"]),
            ("", &outer, &["meter-5/0 2026-01-15T16:02:10.668892Z server mW=1000"]),
            ("", &raw, &["-payload_undecoded"]),
            ("", &join, &["-other_event"]),
            ("", "{}", &["!!message_wrong_shape"]),
        ],
    );
}

#[test]
fn aliyun_times_each_property() {
    let post =
        |items: &str| format!(r#"{{"iotId":"iot7","deviceName":"d7","gmtCreate":1510799670999,"items":{{{items}}}}}"#);
    let values = post(
        r#""ActivePower":{"value":12.5,"time":1510799670074},"PowerSwitch":{"value":1,"time":1510799670074},
        "RMSVoltage":{"value":230,"time":1510799671000},"PowerConsumption":{"value":4.5}"#,
    );
    let word = post(r#""Power":{"value":"on","time":1510799670074},"Position":{"time":1,"value":{"latitude":39.9}}"#);
    let bad =
        post(r#""ActivePower":{"value":"x","time":1510799670074},"RMSVoltage":{"value":230,"time":1510799671000}"#);
    check(
        Format::AliyunIot,
        &[
            (
                "",
                &values,
                &[
                    "iot7/0 2017-11-16T02:34:30.074Z device mW=12500 relay",
                    "iot7/0 2017-11-16T02:34:30.999Z server total=4500000",
                    "iot7/0 2017-11-16T02:34:31Z device mV=230000",
                ],
            ),
            // the word on is a switch, whatever the property is called
            ("", &word, &["iot7/0 2017-11-16T02:34:30.074Z device relay"]),
            ("", &bad, &["!value_not_number /items/ActivePower/value", "iot7/0 2017-11-16T02:34:31Z device mV=230000"]),
            (
                "",
                r#"{"iotId":"iot7","action":"offline","status":{"value":"0","time":1510292697471}}"#,
                &["iot7/0 2017-11-10T05:44:57.471Z server offline"],
            ),
            (
                "",
                r#"{"deviceName":"d7","status":"online","utcTime":"2018-08-31T07:32:28.195Z"}"#,
                &["d7/0 2018-08-31T07:32:28.195Z server online"],
            ),
            ("", "{}", &["!!message_wrong_shape"]),
        ],
    );
}

#[test]
fn huawei_writes_basic_iso() {
    let push = |resource: &str, body: &str| {
        format!(
            r#"{{"resource":"{resource}","event":"report","event_time":"20210521T122549Z","notify_data":{{"header":{{"device_id":"p_86"}},"body":{body}}}}}"#
        )
    };
    let report = push(
        "device.property",
        r#"{"services":[{"service_id":"a","properties":{"electric_current":8.5,"water_discharge":80},"event_time":"20210521T122548Z"},
            {"service_id":"b","properties":{"voltage":380}},{"service_id":"c","properties":{"power":1},"event_time":"20210521T122548Z"}]}"#,
    );
    let clash = push("device.property", r#"{"services":[{"properties":{"power":1}},{"properties":{"power":2}}]}"#);
    let status = push("device.status", r#"{"status":"OFFLINE","status_update_time":"2021-05-21T12:25:48.815Z"}"#);
    check(
        Format::HuaweiIotda,
        &[
            (
                "",
                &report,
                &["p_86/0 2021-05-21T12:25:48Z device mW=1000 mA=8500", "p_86/0 2021-05-21T12:25:49Z server mV=380000"],
            ),
            ("", &clash, &["!value_ambiguous /notify_data/body/services/1/properties/power"]),
            ("", &status, &["p_86/0 2021-05-21T12:25:48.815Z server offline"]),
            ("", &push("device.message", "{}"), &["-other_event"]),
            ("", r#"{"resource":"device.property"}"#, &["!!message_wrong_shape"]),
        ],
    );
}

#[test]
fn onenet_sends_one_or_many_or_a_text() {
    let point = |stream: &str, at: i64, value: &str| {
        format!(r#"{{"type":1,"dev_id":2016,"ds_id":"{stream}","at":{at},"value":{value}}}"#)
    };
    let one = format!(r#"{{"msg":{},"nonce":"n"}}"#, point("power", 1466133706841, "42"));
    let batch = [
        point("power", 1466133706841, "42"),
        point("voltage", 1466133706841, "\"220.5\""),
        point("power", 1466133706841, "43"),
        point("current", 1466133706842, "[]"),
        point("power", 1466133706843, "\"x\""),
        point("meter", 1466133706844, r#"{"power":1,"energy":2}"#),
        r#"{"type":7,"dev_id":2016,"at":1}"#.to_owned(),
    ];
    let many = format!(r#"{{"msg":[{}],"nonce":"n"}}"#, batch.join(","));
    let text =
        format!(r#"{{"msg":{},"nonce":"n"}}"#, serde_json::to_string(&point("power", 1466133706843, "1e11")).unwrap());
    check(
        Format::OneNet,
        &[
            ("", &one, &["2016/0 2016-06-17T03:21:46.841Z server mW=42000"]),
            (
                "",
                &many,
                &[
                    "2016/0 2016-06-17T03:21:46.841Z server mW=42000 mV=220500",
                    "2016/0 2016-06-17T03:21:46.841Z server #1 mW=43000",
                    "!value_not_number /msg/4/value",
                    "2016/0 2016-06-17T03:21:46.844Z server mW=1000 total=2000000",
                ],
            ),
            ("", &text, &["!value_out_of_range /msg/value"]),
            (
                "",
                r#"{"msg":{"type":2,"dev_id":2016,"status":0,"at":1466133706841}}"#,
                &["2016/0 2016-06-17T03:21:46.841Z server offline"],
            ),
            (
                "",
                r#"{"msg":{"type":2,"dev_id":"a","status":1,"at":1466133706841}}"#,
                &["a/0 2016-06-17T03:21:46.841Z server online"],
            ),
            ("", r#"{"msg":"{","nonce":"n"}"#, &["!!message_not_json"]),
            ("", r#"{"enc_msg":"x"}"#, &["!!message_encrypted"]),
            ("", r#"{"msg":7}"#, &["!!message_wrong_shape"]),
        ],
    );
}

/// Redelivery is at least once everywhere; what comes twice has to be the same twice.
#[test]
fn a_message_that_comes_again_later_says_the_same() {
    let rows = [
        (Format::OneNet, r#"{"msg":{"type":1,"dev_id":1,"ds_id":"power","at":1466133706841,"value":42}}"#),
        (Format::Tuya, r#"{"devId":"b","status":[{"code":"add_ele","value":3,"t":1790000000200}]}"#),
        (
            Format::Emqx,
            r#"{"event":"message.publish","clientid":"c","topic":"t","payload":"{\"power\":1}","timestamp":1694681417728}"#,
        ),
    ];
    for (format, body) in rows {
        let later = Envelope { received_at: "2026-11-23T00:00:00Z".parse().unwrap(), ..on("") };
        let first = read(format, body, &on(""));
        assert!(first[0].contains("mW=") || first[0].contains("added="), "{first:?}");
        assert_eq!(first, read(format, body, &later), "{}", format.code());
    }
}
