//! Which maker a message on a shared broker is from.

use domain::devices::messages::{Format, recognise};

#[test]
fn messages_are_told_apart_by_topic_and_shape() {
    let rows = [
        ("tele/a/SENSOR", "{}", Some(Format::Tasmota)),
        ("a/tele/LWT", "Online", Some(Format::Tasmota)),
        ("stat/a/POWER1", "ON", Some(Format::Tasmota)),
        ("stat/a/STATUS8", "{}", Some(Format::Tasmota)),
        ("shellies/a/relay/0", "on", Some(Format::ShellyGen1)),
        ("shellies/a/online", "true", Some(Format::ShellyGen1)),
        ("a/events/rpc", "{}", Some(Format::ShellyGen2)),
        ("a/status/switch:0", "{}", Some(Format::ShellyGen2)),
        ("a/online", "false", Some(Format::ShellyGen2)),
        ("a/online", "maybe", None),
        ("zigbee2mqtt/a", "{}", Some(Format::Zigbee2Mqtt)),
        ("base/a/availability", "offline", Some(Format::Zigbee2Mqtt)),
        ("v1/devices/me/telemetry", "{}", Some(Format::ThingsBoard)),
        ("v3/app@t/devices/d/up", "{}", Some(Format::TheThingsStack)),
        ("x", r#"{"readings":[]}"#, Some(Format::Own)),
        ("x", r#"{"device":"a","at":"b"}"#, Some(Format::Own)),
        ("", r#"{"Time":"t","POWER2":"ON"}"#, Some(Format::Tasmota)),
        ("", r#"{"Time":"t","ENERGY":{}}"#, Some(Format::Tasmota)),
        ("", r#"{"method":"NotifyStatus","params":{}}"#, Some(Format::ShellyGen2)),
        ("", r#"{"sys":{},"pm1:0":{}}"#, Some(Format::ShellyGen2)),
        ("", r#"{"mac":"m","emeters":[]}"#, Some(Format::ShellyGen1)),
        ("", r#"{"event":"client.connected"}"#, Some(Format::Emqx)),
        ("", r#"{"resource":"r","event":"report","notify_data":{}}"#, Some(Format::HuaweiIotda)),
        ("", r#"{"end_device_ids":{}}"#, Some(Format::TheThingsStack)),
        ("", r#"{"devId":"d","productKey":"p","bizCode":"online"}"#, Some(Format::Tuya)),
        ("", r#"{"msg":{},"nonce":"n"}"#, Some(Format::OneNet)),
        ("", r#"{"productKey":"p","deviceName":"d"}"#, Some(Format::AliyunIot)),
        ("", r#"{"linkquality":1}"#, Some(Format::Zigbee2Mqtt)),
        ("", r#"[{"ts":1,"values":{}}]"#, Some(Format::ThingsBoard)),
        ("x", r#"{"msg":"hello"}"#, None),
        ("x", "hello", None),
        ("", "", None),
    ];
    for (topic, body, expected) in rows {
        let topic = Some(topic).filter(|topic| !topic.is_empty());
        assert_eq!(recognise(topic, body.as_bytes()), expected, "{topic:?} {body}");
    }
}
