//! The stream of NATS JetStream between the webhook and the tables, if there is to be one.

use std::time::Duration;

use anyhow::bail;

use super::{Sections, number};
use crate::platform::outside::nats::StreamSettings;

const NAME: &str = "zhidan-readings";
const NAME_CHARS_MAX: usize = 64;

pub(super) fn read(sections: &Sections) -> anyhow::Result<Option<StreamSettings>> {
    let Some(url) = sections.get("NATS__URL") else {
        if let Some(name) = sections.0.keys().find(|name| name.starts_with("NATS__") && *name != "NATS__URL") {
            bail!("ZHIDAN_{name} is of use with ZHIDAN_NATS__URL only");
        }
        return Ok(None);
    };
    // the address may hold a password and is not repeated
    let Ok(servers) = url.parse() else {
        bail!("ZHIDAN_NATS__URL: expected nats:// or tls:// and the server's name, several with commas between")
    };
    let name = sections.get("NATS__STREAM").unwrap_or(NAME);
    if !is_name(name) {
        bail!("ZHIDAN_NATS__STREAM is {name:?}; expected 1 to {NAME_CHARS_MAX} letters, digits, - and _");
    }
    Ok(Some(StreamSettings {
        servers,
        name: name.to_owned(),
        partitions: number(sections, "NATS__PARTITIONS", 4, 1..=64)?,
        replicas: number(sections, "NATS__REPLICAS", 1, 1..=5)?,
        bytes_max: number(sections, "NATS__MAX_BYTES", 4_294_967_296, 1_048_576..=1_125_899_906_842_624)?,
        tenant_messages_max: number(sections, "NATS__TENANT_MESSAGES", 1_000, 1..=1_000_000)?,
        ack_wait: Duration::from_secs(number(sections, "NATS__ACK_WAIT_S", 30, 1..=3_600)?),
    }))
}

/// Whether it can be the name of a stream and the beginning of its subjects.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> anyhow::Result<Option<StreamSettings>> {
        let all = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        read(&Sections(all.collect()))
    }

    #[test]
    fn a_stream_is_there_where_a_server_is_named() {
        assert!(of(&[]).unwrap().is_none());
        let read = of(&[("NATS__URL", "nats://name:secret@host"), ("NATS__PARTITIONS", "8")]).unwrap().unwrap();
        assert_eq!((read.name.as_str(), read.partitions, read.replicas), (NAME, 8, 1));
        for (name, value) in
            [("NATS__STREAM", "a.b"), ("NATS__STREAM", "a b"), ("NATS__REPLICAS", "6"), ("NATS__MAX_BYTES", "1")]
        {
            let error = of(&[("NATS__URL", "nats://name:secret@host"), (name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) && !error.contains("secret"), "{error}");
        }
        let error = of(&[("NATS__URL", "host:secret@")]).unwrap_err().to_string();
        assert!(error.contains("nats:// or tls://") && !error.contains("secret"), "{error}");
    }
}
