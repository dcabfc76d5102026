//! The makers' own examples, where `ZHIDAN_DATA` names the folder that has them: each is read, or has a reason why not.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use domain::devices::messages::{Envelope, Format, TuyaScales, decode};

use crate::support::{lines, now};

fn folder() -> Option<PathBuf> {
    let data = std::env::var("ZHIDAN_DATA").ok().filter(|path| !path.is_empty());
    if data.is_none() {
        println!("not run: the makers' own examples need ZHIDAN_DATA");
    }
    data.map(|path| PathBuf::from(path).join("socket-payloads"))
}

/// By the beginning of its name: the format and the topic of an example.
const SOURCES: &[(&str, Format, &str)] = &[
    ("aliyun_iot", Format::AliyunIot, ""),
    ("emqx", Format::Emqx, ""),
    ("huawei_iotda", Format::HuaweiIotda, ""),
    ("onenet", Format::OneNet, ""),
    ("shelly_gen1", Format::ShellyGen1, ""),
    ("shelly_gen2", Format::ShellyGen2, ""),
    ("tasmota", Format::Tasmota, "tele/plug/SENSOR"),
    ("the_things_stack", Format::TheThingsStack, ""),
    ("thingsboard", Format::ThingsBoard, ""),
    ("tuya", Format::Tuya, ""),
    ("zigbee2mqtt", Format::Zigbee2Mqtt, "zigbee2mqtt/plug"),
];

/// What each says: how many readings, or the code of a reason or fault.
const EXPECTED: &[(&str, &str)] = &[
    ("aliyun_iot_property_post.json", "1"),
    ("aliyun_iot_status.json", "1"),
    ("emqx_webhook_client_disconnected.json", "1"),
    ("emqx_webhook_message_publish.json", "-no_electricity"),
    ("huawei_iotda_property_report.json", "1"),
    ("onenet_http_push_batch.json", "-no_electricity"),
    ("onenet_http_push_datapoint.json", "-no_electricity"),
    ("onenet_http_push_offline.json", "1"),
    ("shelly_gen1_em_status.json", "2"),
    ("shelly_gen1_status.json", "1"),
    ("shelly_gen2_notifystatus_counts_only.json", "-no_electricity"),
    ("shelly_gen2_notifystatus_energy_only.json", "1"),
    ("shelly_gen2_notifystatus_full.json", "1"),
    ("shelly_gen2_notifystatus_off.json", "1"),
    ("shelly_gen2_notifystatus_output_only.json", "1"),
    ("shelly_gen2_shelly_getstatus.json", "1"),
    ("shelly_gen2_switch_getstatus.json", "1"),
    ("tasmota_sensor_energy.json", "1"),
    ("tasmota_sensor_energy_dual_channel.json", "2"),
    ("tasmota_sensor_switch_and_energy.json", "1"),
    ("tasmota_state.json", "1"),
    ("tasmota_state_no_timezone.json", "1"),
    ("tasmota_status8_energy.json", "1"),
    ("the_things_stack_uplink.json", "1"),
    ("thingsboard_telemetry.json", "-no_electricity"),
    // no message: read by TuyaScales below
    ("tuya_device_specification.json", "-no_electricity"),
    ("tuya_device_status.json", "1"),
    ("tuya_message_offline_v2.json", "1"),
    ("tuya_message_online.json", "1"),
    ("tuya_message_property_v2.json", "1"),
    ("tuya_message_status_report.json", "2"),
    ("tuya_pulsar_frame_aes_gcm.json", "!!message_encrypted"),
    ("tuya_pulsar_frame_plain.json", "1"),
    // test vectors for signatures, no message
    ("tuya_signature_vectors.json", "!!message_wrong_shape"),
    ("zigbee2mqtt_availability.json", "1"),
    ("zigbee2mqtt_plug.json", "1"),
    ("zigbee2mqtt_plug_minimal.json", "1"),
];

#[test]
fn every_example_is_read_or_has_its_reason() {
    let Some(dir) = folder() else { return };
    let mut said = BTreeMap::new();
    for entry in fs::read_dir(&dir).expect("the folder of examples") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let (_, format, topic) = SOURCES.iter().find(|(start, _, _)| name.starts_with(start)).expect("a known maker");
        let topic = Some(*topic).filter(|topic| !topic.is_empty());
        let envelope = Envelope { topic, device: Some("beside"), ..Envelope::received(now()) };
        let result = match decode(*format, &fs::read(&path).expect("an example"), &envelope) {
            Err(fault) => format!("!!{}", fault.code()),
            Ok(decoded) => {
                let lines = lines(&decoded);
                assert!(lines.iter().all(|line| !line.starts_with('!')), "{name}: {lines:?}");
                decoded.empty_reason.map_or(lines.len().to_string(), |reason| format!("-{}", reason.code()))
            }
        };
        said.insert(name, result);
    }
    let expected: BTreeMap<String, String> =
        EXPECTED.iter().map(|(name, result)| ((*name).to_owned(), (*result).to_owned())).collect();
    assert_eq!(said, expected);
    let specification = fs::read(dir.join("tuya_device_specification.json")).expect("the specification");
    assert_eq!(TuyaScales::of_specification(&specification), Some(TuyaScales::default()));
}
