//! Tuya's cloud, after decryption: property messages (`devicePropertyMessage`), the older status reports, going online
//! and offline, and the answer to a query of a device's status. Each property has its own time; those of one instant
//! make one reading. Values are integers whose decimal point the product's specification sets ([`TuyaScales`]).
//!
//! `add_ele` is an increment. A queried status repeats the last increment at every query, so there it is left out.

use super::fault::{MessageFault, Nothing};
use super::gather::{Fact, Gather, Quantity, Subject};
use super::json::{Node, parse};
use super::moment::{self, Timing};
use super::number::Unit;
use super::topic::{Device, channel_from_one, device};
use super::{Decoded, Envelope};

/// How many digits of a product's integers stand after the point, in W, V, A and kWh. The default is that of most
/// sockets: 0.1 W, 0.1 V, 1 mA, 1 Wh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TuyaScales {
    /// Of `cur_power`, in W.
    pub power: i8,
    /// Of `cur_voltage`, in V.
    pub voltage: i8,
    /// Of `cur_current`, in A.
    pub current: i8,
    /// Of `add_ele`, in kWh.
    pub added: i8,
    /// Of the counters `forward_energy_total` and `total_forward_energy`, in kWh.
    pub total: i8,
}

impl Default for TuyaScales {
    fn default() -> Self {
        Self { power: 1, voltage: 1, current: 3, added: 3, total: 2 }
    }
}

impl TuyaScales {
    /// Reads a device's specification (`GET /v1.0/…/devices/{id}/specifications`), also inside its `result`; what it
    /// does not say stays as usual. Nothing when it is no specification.
    pub fn of_specification(body: &[u8]) -> Option<Self> {
        let value = parse(body).ok()?;
        let root = Node::root(&value);
        let status = root.get("status").or_else(|| root.deep(&["result", "status"]))?;
        let mut scales = Self::default();
        for entry in status.items() {
            let place = match entry.get("code").and_then(|code| code.text()) {
                Some("cur_power") => &mut scales.power,
                Some("cur_voltage") => &mut scales.voltage,
                Some("cur_current") => &mut scales.current,
                Some("add_ele") => &mut scales.added,
                Some("forward_energy_total" | "total_forward_energy") => &mut scales.total,
                _ => continue,
            };
            *place = entry.get("values").and_then(|values| digits(&values)).unwrap_or(*place);
        }
        Some(scales)
    }
}

/// Digits after the point in the whole unit: a scale in a thousandth of it (mA, Wh) is three more, in kW three fewer.
fn digits(values: &Node<'_>) -> Option<i8> {
    let inner = parse(values.text()?.as_bytes()).ok()?;
    let inner = Node::root(&inner);
    let scale = inner.get("scale")?.integer().filter(|scale| (0..=6).contains(scale))?;
    let unit = inner.get("unit").and_then(|unit| unit.text()).unwrap_or_default();
    let shift = match unit.to_lowercase().as_str() {
        "ma" | "mv" | "wh" | "w·h" | "w.h" => 3,
        "kw" => -3,
        _ => 0,
    };
    i8::try_from(scale.saturating_add(shift)).ok()
}

pub(super) fn decode(body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let value = parse(body)?;
    let root = Node::root(&value);
    let said = root.deep(&["bizData", "devId"]).or_else(|| root.get("devId")).and_then(|id| id.id());
    let name = device(said, None, envelope);
    match root.get("bizCode").and_then(|code| code.text()) {
        Some("online" | "deviceOnline") => connection(true, name, &root, envelope),
        Some("offline" | "deviceOffline") => connection(false, name, &root, envelope),
        Some("devicePropertyMessage") => {
            let list = root.deep(&["bizData", "properties"]).ok_or(MessageFault::WrongShape)?;
            properties(&list, "time", &name, root.get("ts"), envelope)
        }
        Some(_) => Ok(Decoded::nothing(Nothing::Event)),
        None => match (root.get("status"), root.get("result")) {
            (Some(list), _) if list.value.is_array() => properties(&list, "t", &name, None, envelope),
            (_, Some(list)) if list.value.is_array() => queried(&list, &name, envelope),
            _ if root.first(&["data", "payload"]).is_some_and(|hidden| hidden.text().is_some()) => {
                Err(MessageFault::Encrypted)
            }
            _ => Err(MessageFault::WrongShape),
        },
    }
}

fn connection(online: bool, name: Device, root: &Node<'_>, envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let mut gather = Gather::new(envelope);
    let time = root.deep(&["bizData", "time"]).or_else(|| root.get("ts"));
    let when = time.map_or(Ok(gather.received()), |time| moment::by_server(moment::epoch(&time)));
    gather.put(&Subject::new(name, when), 0, &root.pointer, Ok(Fact::Online(online)));
    gather.finish(Nothing::Event)
}

/// Properties with a time of their own, else that of the message, else that of receipt.
fn properties(
    list: &Node<'_>,
    time: &str,
    name: &Device,
    sent: Option<Node<'_>>,
    envelope: &Envelope<'_>,
) -> Result<Decoded, MessageFault> {
    let mut gather = Gather::in_order(envelope);
    let fallback: Timing = sent.map_or(Ok(gather.received()), |sent| moment::by_server(moment::millis(&sent)));
    for property in list.items() {
        let when = property.get(time).map_or(fallback, |time| moment::by_device(moment::millis(&time)));
        put(&mut gather, &Subject::new(name.clone(), when), &property, true);
    }
    gather.finish(Nothing::NoElectricity)
}

fn queried(list: &Node<'_>, name: &Device, envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    let mut gather = Gather::new(envelope);
    let of = Subject::new(name.clone(), Ok(gather.received()));
    for property in list.items() {
        put(&mut gather, &of, &property, false);
    }
    gather.finish(Nothing::NoElectricity)
}

fn put(gather: &mut Gather<'_>, of: &Subject, property: &Node<'_>, fresh: bool) {
    let scales = gather.envelope().tuya;
    let Some(code) = property.get("code").and_then(|code| code.text()) else { return };
    let value = property.get("value");
    let (base, channel) =
        code.rsplit_once('_').and_then(|(base, digits)| Some((base, channel_from_one(digits)?))).unwrap_or((code, 0));
    match base {
        "switch" => gather.relay(of, channel, value),
        "cur_power" => gather.measure(of, channel, value, Quantity::Power, Unit::ONE.scaled(scales.power)),
        "cur_voltage" => gather.measure(of, channel, value, Quantity::Voltage, Unit::ONE.scaled(scales.voltage)),
        "cur_current" => gather.measure(of, channel, value, Quantity::Current, Unit::ONE.scaled(scales.current)),
        "add_ele" if fresh => gather.measure(of, channel, value, Quantity::Added, Unit::THOUSAND.scaled(scales.added)),
        "forward_energy_total" | "total_forward_energy" => {
            gather.measure(of, channel, value, Quantity::Total, Unit::THOUSAND.scaled(scales.total));
        }
        _ => {}
    }
}
