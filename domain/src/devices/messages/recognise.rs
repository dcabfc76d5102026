//! Which format a message has, for subscriptions to a broker where sockets of several makers publish. The topic says it
//! where the maker prescribes topics, else the shape of the body.

use serde_json::Value;

use super::json::{connected, parse, switched};
use super::tasmota::relay_channel;
use super::{Format, topic};

/// The format of a message; nothing when it is none of ours.
pub fn recognise(topic: Option<&str>, body: &[u8]) -> Option<Format> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    by_topic(&topic::split(topic), text).or_else(|| by_shape(&parse(body).ok()?))
}

fn by_topic(parts: &[&str], text: &str) -> Option<Format> {
    let leaf = parts.last().copied()?;
    let tasmota_leaf = matches!(leaf, "LWT" | "SENSOR" | "STATE" | "RESULT") || leaf.starts_with("STATUS");
    match parts {
        ["shellies", _, ..] => Some(Format::ShellyGen1),
        ["zigbee2mqtt", _, ..] => Some(Format::Zigbee2Mqtt),
        ["v1", "devices", "me", "telemetry"] | ["v1", "gateway", "telemetry"] => Some(Format::ThingsBoard),
        ["v3", _, "devices", _, "up"] => Some(Format::TheThingsStack),
        [.., "events", "rpc"] => Some(Format::ShellyGen2),
        [.., "status", component] if component.contains(':') => Some(Format::ShellyGen2),
        [_, .., "online"] if text.len() > 1 && switched(text).is_some() => Some(Format::ShellyGen2),
        [_, .., "availability"] if connected(text).is_some() => Some(Format::Zigbee2Mqtt),
        [before @ .., _] => {
            let prefixed = before.iter().any(|part| matches!(*part, "tele" | "stat"));
            (prefixed && (tasmota_leaf || relay_channel(leaf).is_some())).then_some(Format::Tasmota)
        }
        [] => None,
    }
}

fn by_shape(value: &Value) -> Option<Format> {
    if value.as_array().and_then(|list| list.first()).is_some_and(is_telemetry) {
        return Some(Format::ThingsBoard);
    }
    let fields = value.as_object()?;
    let has = |key: &str| fields.contains_key(key);
    let any = |test: fn(&str) -> bool| fields.keys().any(|key| test(key));
    let component = |key: &str| {
        ["switch:", "pm1:", "em:", "em1:", "emdata:", "em1data:", "cover:"].iter().any(|kind| key.starts_with(kind))
    };
    let method = fields.get("method").and_then(Value::as_str).unwrap_or_default();
    let event = fields.get("event").and_then(Value::as_str).unwrap_or_default();
    let rows = [
        (has("readings") || has("device") && has("at"), Format::Own),
        (has("ENERGY") || has("StatusSNS") || has("StatusSTS"), Format::Tasmota),
        (any(|key| relay_channel(key).is_some()), Format::Tasmota),
        (method.starts_with("Notify") || any(component) || has("apower") || has("aenergy"), Format::ShellyGen2),
        (has("mac") && (has("relays") || has("meters") || has("emeters")), Format::ShellyGen1),
        (event.starts_with("client.") || event.starts_with("message."), Format::Emqx),
        (has("notify_data"), Format::HuaweiIotda),
        (has("end_device_ids"), Format::TheThingsStack),
        (has("bizCode") || has("devId"), Format::Tuya),
        (has("msg") && (has("nonce") || has("msg_signature")), Format::OneNet),
        (has("iotId") || has("productKey") && has("deviceName"), Format::AliyunIot),
        (has("linkquality"), Format::Zigbee2Mqtt),
        (is_telemetry(value), Format::ThingsBoard),
    ];
    rows.into_iter().find(|(matches, _)| *matches).map(|(_, format)| format)
}

fn is_telemetry(value: &Value) -> bool {
    value.get("ts").is_some() && value.get("values").is_some_and(Value::is_object)
}
