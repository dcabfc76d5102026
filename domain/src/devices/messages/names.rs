//! The usual names of electrical quantities on platforms where the customer's product model chooses the names
//! (ThingsBoard, The Things Stack, Alibaba Cloud, Huawei Cloud, OneNET, payloads behind EMQX), with the unit that each
//! name stands for. A property of another name says nothing to us; a product with other units needs another name.
//!
//! A name is compared without case, spaces and the marks `_`, `-`, `.`; a number at its end after a mark is the
//! channel, counted from 1 (`power_2` is channel 1).

use super::fault::ItemFaultKind;
use super::gather::{Fact, Gather, Quantity, Subject};
use super::json::{Node, switched};
use super::number::Unit;
use super::topic::channel_from_one;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Active power in watts; the words on and off under such a name are the relay's state.
    PowerW,
    /// Active power in kilowatts.
    PowerKw,
    /// Voltage in volts.
    VoltageV,
    /// Current in amperes.
    CurrentA,
    /// Current in milliamperes.
    CurrentMa,
    /// Counter of energy in kilowatt-hours.
    TotalKwh,
    /// Counter of energy in watt-hours.
    TotalWh,
    /// Energy since the message before, in kilowatt-hours.
    AddedKwh,
    /// State of the relay: true, 1 or on.
    Relay,
    /// State of the relay where it is a word for on or off; anything else (running, idle, 3) says nothing about it.
    RelayWord,
    /// Whether the device is connected.
    Online,
}

/// Every name we know, as compared.
pub const NAMES: &[(&str, Meaning)] = &[
    ("power", Meaning::PowerW),
    ("powerw", Meaning::PowerW),
    ("activepower", Meaning::PowerW),
    ("activepowerw", Meaning::PowerW),
    ("realpower", Meaning::PowerW),
    ("realtimepower", Meaning::PowerW),
    ("totalactivepower", Meaning::PowerW),
    ("electricpower", Meaning::PowerW),
    ("currentpower", Meaning::PowerW),
    ("curpower", Meaning::PowerW),
    ("apower", Meaning::PowerW),
    ("watt", Meaning::PowerW),
    ("watts", Meaning::PowerW),
    ("功率", Meaning::PowerW),
    ("有功功率", Meaning::PowerW),
    ("powerkw", Meaning::PowerKw),
    ("activepowerkw", Meaning::PowerKw),
    ("voltage", Meaning::VoltageV),
    ("voltagev", Meaning::VoltageV),
    ("volt", Meaning::VoltageV),
    ("volts", Meaning::VoltageV),
    ("rmsvoltage", Meaning::VoltageV),
    ("currentvoltage", Meaning::VoltageV),
    ("curvoltage", Meaning::VoltageV),
    ("electricvoltage", Meaning::VoltageV),
    ("电压", Meaning::VoltageV),
    ("current", Meaning::CurrentA),
    ("currenta", Meaning::CurrentA),
    ("amps", Meaning::CurrentA),
    ("amperes", Meaning::CurrentA),
    ("rmscurrent", Meaning::CurrentA),
    ("curcurrent", Meaning::CurrentA),
    ("electriccurrent", Meaning::CurrentA),
    ("电流", Meaning::CurrentA),
    ("currentma", Meaning::CurrentMa),
    ("energy", Meaning::TotalKwh),
    ("energykwh", Meaning::TotalKwh),
    ("totalenergy", Meaning::TotalKwh),
    ("totalenergykwh", Meaning::TotalKwh),
    ("activeenergy", Meaning::TotalKwh),
    ("energytotal", Meaning::TotalKwh),
    ("electricenergy", Meaning::TotalKwh),
    ("powerconsumption", Meaning::TotalKwh),
    ("kwh", Meaning::TotalKwh),
    ("totalkwh", Meaning::TotalKwh),
    ("电量", Meaning::TotalKwh),
    ("energywh", Meaning::TotalWh),
    ("totalenergywh", Meaning::TotalWh),
    ("wh", Meaning::TotalWh),
    ("energyadded", Meaning::AddedKwh),
    ("energyaddedkwh", Meaning::AddedKwh),
    ("relay", Meaning::Relay),
    ("relayon", Meaning::Relay),
    ("relaystate", Meaning::Relay),
    ("switch", Meaning::Relay),
    ("switchstate", Meaning::Relay),
    ("powerswitch", Meaning::Relay),
    ("output", Meaning::Relay),
    ("开关", Meaning::Relay),
    ("state", Meaning::RelayWord),
    ("online", Meaning::Online),
];

/// The channel and the meaning of a property's name.
pub fn meaning(name: &str) -> Option<(i16, Meaning)> {
    let (base, channel) = name
        .rsplit_once(['_', '-', '.', ' '])
        .and_then(|(base, digits)| Some((base, channel_from_one(digits)?)))
        .unwrap_or((name, 0));
    let compared: String =
        base.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).flat_map(char::to_lowercase).collect();
    NAMES.iter().find(|(name, _)| *name == compared).map(|(_, meaning)| (channel, *meaning))
}

/// Takes all properties of an object that have a name we know.
pub(super) fn put_all(gather: &mut Gather<'_>, of: &Subject, properties: &Node<'_>) {
    for (name, node) in properties.fields() {
        put(gather, of, name, &node);
    }
}

/// Takes one property, if its name is known.
pub(super) fn put(gather: &mut Gather<'_>, of: &Subject, name: &str, node: &Node<'_>) {
    if let Some((channel, meaning)) = meaning(name)
        && let Some(fact) = fact(meaning, node)
    {
        gather.put(of, channel, &node.pointer, fact);
    }
}

fn fact(meaning: Meaning, node: &Node<'_>) -> Option<Result<Fact, ItemFaultKind>> {
    let (what, unit) = match meaning {
        Meaning::PowerW => (Quantity::Power, Unit::ONE),
        Meaning::PowerKw => (Quantity::Power, Unit::THOUSAND),
        Meaning::VoltageV => (Quantity::Voltage, Unit::ONE),
        Meaning::CurrentA => (Quantity::Current, Unit::ONE),
        Meaning::CurrentMa => (Quantity::Current, Unit::THOUSANDTH),
        Meaning::TotalKwh => (Quantity::Total, Unit::THOUSAND),
        Meaning::TotalWh => (Quantity::Total, Unit::ONE),
        Meaning::AddedKwh => (Quantity::Added, Unit::THOUSAND),
        Meaning::Relay => return node.on_off().map(|on| Ok(Fact::Relay(on))),
        Meaning::RelayWord => return node.text().and_then(switched).map(|on| Ok(Fact::Relay(on))),
        Meaning::Online => return node.online().map(|online| Ok(Fact::Online(online))),
    };
    // the words on and off under a power's name are a switch; a structure under any name is something else
    if what == Quantity::Power && node.decimal().is_none() && node.on_off().is_some() {
        return node.on_off().map(|on| Ok(Fact::Relay(on)));
    }
    (!node.value.is_object() && !node.value.is_array()).then(|| node.measure(what, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_marks() {
        let rows = [
            ("PowerW", Some((0, Meaning::PowerW))),
            ("active_power", Some((0, Meaning::PowerW))),
            ("Active Power", Some((0, Meaning::PowerW))),
            ("power_2", Some((1, Meaning::PowerW))),
            ("PowerSwitch_1", Some((0, Meaning::Relay))),
            ("current-ma", Some((0, Meaning::CurrentMa))),
            ("电压", Some((0, Meaning::VoltageV))),
            ("power_0", None),
            ("power_65", None),
            ("power_factor", None),
            ("status", None),
            ("", None),
            ("_1", None),
        ];
        for (name, expected) in rows {
            assert_eq!(meaning(name), expected, "{name}");
        }
    }

    #[test]
    fn every_name_of_the_table_finds_itself_once() {
        for (name, expected) in NAMES {
            assert_eq!(meaning(name), Some((0, *expected)), "{name}");
            assert_eq!(NAMES.iter().filter(|(other, _)| other == name).count(), 1, "{name}");
        }
    }
}
