//! Topics, which name the device where the message does not.

use super::fault::ItemFaultKind;
use super::{DEVICE_CHARS_MAX, Envelope};
use crate::words::{TextFault, plain_text};

/// The device of a message, or why there is none.
pub(super) type Device = Result<String, ItemFaultKind>;

/// The first name given: by the message, by the topic, beside the message.
pub(super) fn device(said: Option<String>, by_topic: Option<String>, envelope: &Envelope<'_>) -> Device {
    let named = |name: &Option<String>| name.as_deref().is_some_and(|name| !name.trim().is_empty());
    let name = [said, by_topic, envelope.device.map(str::to_owned)].into_iter().find(named).flatten();
    plain_text(&name.unwrap_or_default(), DEVICE_CHARS_MAX, false).map_err(|fault| match fault {
        TextFault::Empty => ItemFaultKind::DeviceMissing,
        TextFault::TooLong | TextFault::Control => ItemFaultKind::DeviceUnacceptable,
    })
}

/// The parts of a topic; none without one.
pub(super) fn parts<'a>(envelope: &Envelope<'a>) -> Vec<&'a str> {
    split(envelope.topic)
}

/// The same of a bare topic.
pub(super) fn split(topic: Option<&str>) -> Vec<&str> {
    topic.map(|topic| topic.trim_matches('/').split('/').collect()).unwrap_or_default()
}

/// A channel from its number counted from 1 (`POWER2`, `switch_2`).
pub(super) fn channel_from_one(digits: &str) -> Option<i16> {
    let digits_only = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i16 = digits_only.then(|| digits.parse().ok()).flatten()?;
    (1..=super::CHANNELS_MAX).contains(&number).then(|| number.saturating_sub(1))
}

/// A channel from its number counted from 0 (`switch:0`, `relay/0`).
pub(super) fn channel_from_zero(digits: &str) -> Option<i16> {
    let digits_only = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    digits_only.then(|| digits.parse().ok()).flatten().filter(|number| *number < super::CHANNELS_MAX)
}
