//! The machine's part of the story: put on record, a socket at it, real power sent with a signature, counted as states and
//! utilisation, thresholds learned and confirmed, a score, watched, and an alarm.

use anyhow::{Context, ensure};
use chrono::{Duration, SecondsFormat, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use super::client::{Actor, Answer};
use super::decide::Cast;
use crate::demonstration::machines::{papers, readings};

/// Readings of one message.
const MESSAGE_READINGS: usize = 500;

/// Plays it.
pub async fn play(cast: &Cast, gateway: &Actor, tenant: &str) -> anyhow::Result<()> {
    let mark = uuid::Uuid::now_v7().simple().to_string();
    let mark = mark.get(20..).unwrap_or_default();
    let source = json!({ "name": format!("示例网关{mark}"), "format": "own", "verification": "hmac" });
    let source = cast.keeper.post("建立数据接入源，得到密钥", "/v1/telemetry-sources", &source, 201).await?;
    let (id, secret) = (source.text("/source/id")?, source.text("/secret")?);
    let device = format!("demo-{mark}");
    let socket = json!({ "source": id, "device": device, "channel": 0 });
    let socket = cast.keeper.post("登记智能插座", "/v1/sockets", &socket, 201).await?.text("/id")?;
    let today = domain::time::TenantZone::default().date_of(Utc::now());
    let mut papers = serde_json::to_value(papers(2, today)?)?;
    if let Some(basic) = papers.pointer_mut("/basic").and_then(Value::as_object_mut) {
        basic.remove("category");
    }
    let machine = json!({ "name": "示例铣床", "category": "milling_machine", "papers": papers });
    let machine = cast.keeper.post("登记设备，五个维度的资料", "/v1/equipment", &machine, 201).await?.text("/id")?;
    let from = (Utc::now() - Duration::days(7)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let bind = json!({ "socket": socket, "from": from });
    let path = format!("/v1/equipment/{machine}");
    cast.keeper.post("把插座绑定到设备", &format!("{path}/bindings"), &bind, 201).await?;
    let address = format!("/v1/t/{tenant}/telemetry/{id}");
    send(gateway, &address, &secret, &device).await?;
    used(cast, &path).await?;
    score(cast, &path).await?;
    alarm(cast, gateway, (&address, &secret, &device), (&path, &machine)).await
}

/// Signs a message as the operation says and sends it.
async fn message(gateway: &Actor, what: &str, (address, secret): (&str, &str), body: &Value) -> anyhow::Result<Answer> {
    let (timestamp, nonce) = (Utc::now().timestamp().to_string(), uuid::Uuid::now_v7().simple().to_string());
    let body = body.to_string();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).context("the secret")?;
    mac.update(format!("{timestamp}.{nonce}.{body}").as_bytes());
    let signature = format!("v1={}", hex::encode(mac.finalize().into_bytes()));
    let headers = [("Zhidan-Timestamp", timestamp), ("Zhidan-Nonce", nonce), ("Zhidan-Signature", signature)];
    gateway.signed(what, address, &headers, body).await
}

/// A week of real power, twice: the second time nothing is new.
async fn send(gateway: &Actor, address: &str, secret: &str, device: &str) -> anyhow::Result<()> {
    let week = readings(2, Utc::now())?;
    let items: Vec<Value> = week
        .iter()
        .filter_map(|reading| {
            let at = reading.at.to_rfc3339_opts(SecondsFormat::Micros, true);
            Some(json!({ "device": device, "at": at, "power_w": reading.power_mw? / 1_000 }))
        })
        .collect();
    for some in items.chunks(MESSAGE_READINGS) {
        let body = json!({ "readings": some });
        let taken = message(gateway, "发送一批带签名的读数", (address, secret), &body).await?;
        ensure!(taken.body["stored"] == some.len(), "all are new: {}", taken.body);
    }
    let again = json!({ "readings": items.get(..MESSAGE_READINGS).unwrap_or(&items) });
    let taken = message(gateway, "重复发送，不重复计数", (address, secret), &again).await?;
    ensure!(taken.body["stored"] == 0, "nothing is new: {}", taken.body);
    Ok(())
}

/// Days, thresholds that a person confirms, and days again.
async fn used(cast: &Cast, path: &str) -> anyhow::Result<()> {
    let days = format!("{path}/days");
    let counted = |seen: &Value| seen["days"].as_array().is_some_and(|days| days.len() >= 6);
    cast.keeper.until("按天统计各状态时长与使用率", &days, counted).await?;
    let suggested =
        cast.keeper.post("由最近的读数学习阈值", &format!("{path}/thresholds/learn"), &json!({}), 201).await?;
    let thresholds = format!("/v1/thresholds/{}", suggested.text("/id")?);
    let confirm = format!("{thresholds}/confirm");
    let version = Some(suggested.version);
    cast.keeper.call("人工确认阈值", Method::POST, &confirm, Some(&json!({})), version, 200).await?;
    let id = suggested.text("/id")?;
    let anew = move |seen: &Value| seen["thresholds"] == id.as_str() && counted(seen);
    let seen = cast.keeper.until("按新阈值重新统计，原结果保留", &days, anew).await?;
    let utilisation = seen.body.pointer("/total/utilisation").and_then(Value::as_f64).context("a utilisation")?;
    ensure!((0.0..=1.0).contains(&utilisation), "a share: {}", seen.body);
    let day = seen.text("/days/2/day")?;
    cast.keeper.get("查看一天的状态色带与逐时统计", &format!("{days}/{day}")).await?;
    cast.keeper.get("查看设备当前状态", &format!("{path}/state")).await?;
    cast.keeper.get("查看按星期与小时的使用热力图", &format!("{path}/heat-map")).await?;
    Ok(())
}

/// A score with a written opinion, and the machine is watched.
async fn score(cast: &Cast, path: &str) -> anyhow::Result<()> {
    let scored = cast.keeper.post("设备风控评分，附书面意见", &format!("{path}/scores"), &json!({}), 201).await?;
    ensure!(scored.body["verdict"] == "controllable", "its risk is controllable: {}", scored.body);
    cast.keeper.act("风险可控，开始在线监控", path, "start-monitoring", &json!({})).await?;
    cast.keeper.get("查看二手价值与每步计算", &format!("{path}/value")).await?;
    Ok(())
}

/// A counter that goes back raises an alarm, once; somebody sees to it.
async fn alarm(
    cast: &Cast,
    gateway: &Actor,
    (address, secret, device): (&str, &str, &str),
    (path, machine): (&str, &str),
) -> anyhow::Result<()> {
    let at = |seconds: i64| (Utc::now() + Duration::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Millis, true);
    let items = json!([
        { "device": device, "at": at(0), "power_w": 2000, "energy_kwh": 5321.5 },
        { "device": device, "at": at(1), "power_w": 2000, "energy_kwh": 3.2 },
        // one that falls for a single reading may be an old message again
        { "device": device, "at": at(2), "power_w": 2000, "energy_kwh": 3.201 },
    ]);
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    message(gateway, "电表读数回退", (address, secret), &json!({ "readings": items })).await?;
    let alarms = format!("/v1/alarms?equipment={machine}&kind=meter_reset");
    let raised = |seen: &Value| seen["items"].as_array().is_some_and(|items| items.len() == 1);
    let seen = cast.keeper.until("产生一条报警", &alarms, raised).await?;
    let alarm = format!("/v1/alarms/{}", seen.text("/items/0/id")?);
    cast.keeper.act("确认报警", &alarm, "acknowledge", &json!({})).await?;
    cast.keeper.get("查看设备的全部经历", &format!("{path}/life")).await?;
    Ok(())
}
