//! What the messages of sockets and of the platforms behind them mean: bytes in, readings out. Makers disagree about
//! units, times and names, and all of that ends here; what comes out is whole thousandths and UTC.
//!
//! What holds for every format:
//! - What a message does not say is absent, never zero: most sockets send only what changed.
//! - Relay and power may contradict one another (off, with power); both are kept.
//! - Negative power is legal. Counters that begin anew are for whoever sums them.
//! - Numbers may be integers, fractions or texts; they are read as decimals and rounded half away from zero.
//! - A wrong time is kept: only the caller knows what is too far past or future. A time of receipt is used only where
//!   the message says none, and a retained message without a time of its own is refused, because a broker hands out
//!   such messages again at every reconnect.
//! - A reading is taken whole or not at all: one value that cannot be read makes its reading a fault and leaves the
//!   others alone, so that a replay after a correction does not meet half of itself.
//! - Makers' unknown fields are passed over; [our own format](own) refuses them.

mod aliyun;
mod emqx;
mod fault;
mod gather;
mod huawei;
mod json;
mod moment;
pub mod names;
mod number;
mod onenet;
pub mod own;
mod recognise;
mod shelly1;
mod shelly2;
mod tasmota;
mod things_stack;
mod thingsboard;
mod topic;
mod tuya;
mod zigbee2mqtt;

use chrono::{DateTime, Utc};

use super::reading::Reading;
use crate::coded::coded;
use crate::time::TenantZone;
pub use fault::{ItemFault, ItemFaultKind, MessageFault, Nothing};
pub use recognise::recognise;
pub use tuya::TuyaScales;

/// The most readings of one message.
pub const ITEMS_MAX: usize = 5_000;

/// The most characters of a maker's device id.
pub const DEVICE_CHARS_MAX: usize = 128;

/// The most channels of a device whose maker counts them in names (`POWER12`, `switch_12`).
pub const CHANNELS_MAX: i16 = 64;

coded! {
    /// Whose messages a source sends.
    Format {
        /// Ours.
        Own "own" "自有格式" "our own format";
        /// Sockets with the Tasmota firmware.
        Tasmota "tasmota" "Tasmota 固件" "Tasmota";
        /// Shelly's first generation.
        ShellyGen1 "shelly_gen1" "Shelly 第一代" "Shelly, first generation";
        /// Shelly's second generation and the later ones, which speak the same.
        ShellyGen2 "shelly_gen2" "Shelly 第二代及以后" "Shelly, second generation and later";
        /// Tuya's cloud, after decryption.
        Tuya "tuya" "涂鸦智能" "Tuya";
        /// The bridge Zigbee2MQTT.
        Zigbee2Mqtt "zigbee2mqtt" "Zigbee2MQTT" "Zigbee2MQTT";
        /// The broker EMQX by its webhook.
        Emqx "emqx" "EMQX" "EMQX";
        /// ThingsBoard.
        ThingsBoard "thingsboard" "ThingsBoard" "ThingsBoard";
        /// The Things Stack, for LoRaWAN.
        TheThingsStack "the_things_stack" "The Things Stack（LoRaWAN）" "The Things Stack (LoRaWAN)";
        /// Alibaba Cloud IoT platform.
        AliyunIot "aliyun_iot" "阿里云物联网平台" "Alibaba Cloud IoT";
        /// Huawei Cloud IoTDA.
        HuaweiIotda "huawei_iotda" "华为云 IoTDA" "Huawei Cloud IoTDA";
        /// China Mobile OneNET.
        OneNet "onenet" "中国移动 OneNET" "China Mobile OneNET";
    }
}

coded! {
    /// By whose clock a reading is timed.
    TimedBy {
        /// By the socket's, or by that of the gateway or platform which says when it measured.
        Device "device" "设备时间" "the device's clock";
        /// By the clock of the server that took the message in: ours, or a platform's that says when.
        Server "server" "接收时间" "the receiving server's clock";
    }
}

/// How a message came: what the message itself does not say.
///
/// A device is named by the message, else by the topic, else by `device`.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// When we received it.
    pub received_at: DateTime<Utc>,
    /// The MQTT topic, or the end of the URL where a device posts to an address of that form.
    pub topic: Option<&'a str>,
    /// The zone of times without a zone (Tasmota, the meters of Shelly's first generation).
    pub zone: TenantZone,
    /// The device as named beside the message, in its query or a header, for formats that do not name it.
    pub device: Option<&'a str>,
    /// Whether the broker had kept the message and hands it out again. It is the flag of a delivery, which brokers set
    /// only on what they had kept, not the flag of a publication.
    pub retained: bool,
    /// How Tuya scales the values of this source's product.
    pub tuya: TuyaScales,
}

impl<'a> Envelope<'a> {
    /// A message received now, of which nothing else is known.
    pub fn received(received_at: DateTime<Utc>) -> Self {
        Self {
            received_at,
            topic: None,
            zone: TenantZone::default(),
            device: None,
            retained: false,
            tuya: TuyaScales::default(),
        }
    }
}

/// What was heard from one channel of one device at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The maker's id, trimmed, at most [`DEVICE_CHARS_MAX`] characters.
    pub device: String,
    /// The channel; 0 is the only or the first one.
    pub channel: i16,
    /// What it said.
    pub reading: Reading,
    /// By whose clock it is timed.
    pub timed_by: TimedBy,
}

/// A message as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Its readings in the message's order, each one or why not; never more than [`ITEMS_MAX`].
    pub items: Vec<Result<Heard, ItemFault>>,
    /// Why there are none, when the message is in order and says nothing that matters here.
    pub empty_reason: Option<Nothing>,
}

impl Decoded {
    fn nothing(reason: Nothing) -> Self {
        Self { items: Vec::new(), empty_reason: Some(reason) }
    }
}

/// Reads a message of a format.
///
/// The caller limits the size of `body`; readings are limited to [`ITEMS_MAX`] and nesting to 128 levels.
///
/// # Errors
/// [`MessageFault`] when no part of it can be read.
pub fn decode(format: Format, body: &[u8], envelope: &Envelope<'_>) -> Result<Decoded, MessageFault> {
    match format {
        Format::Own => own::decode(body),
        Format::Tasmota => tasmota::decode(body, envelope),
        Format::ShellyGen1 => shelly1::decode(body, envelope),
        Format::ShellyGen2 => shelly2::decode(body, envelope),
        Format::Tuya => tuya::decode(body, envelope),
        Format::Zigbee2Mqtt => zigbee2mqtt::decode(body, envelope),
        Format::Emqx => emqx::decode(body, envelope),
        Format::ThingsBoard => thingsboard::decode(body, envelope),
        Format::TheThingsStack => things_stack::decode(body, envelope),
        Format::AliyunIot => aliyun::decode(body, envelope),
        Format::HuaweiIotda => huawei::decode(body, envelope),
        Format::OneNet => onenet::decode(body, envelope),
    }
}
