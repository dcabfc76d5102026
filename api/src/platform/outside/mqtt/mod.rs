//! A client of MQTT 3.1.1 that only listens: it subscribes, hands over one message after the other, and acknowledges each
//! when it is told to, which no broker forgets before. Written here because every client library that speaks TLS brings a
//! second cryptographic provider with it, and because this much of the protocol is four kinds of packets.

mod client;
mod packet;
mod settings;

pub use client::{Client, MqttError};
pub use packet::Message;
pub use settings::MqttSettings;
