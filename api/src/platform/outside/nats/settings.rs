//! Where the servers are, from addresses such as `tls://name:password@one:4222,tls://two:4222`, and what the stream is to be.

use std::str::FromStr;
use std::time::Duration;

use crate::platform::outside::Secret;

const PORT: u16 = 4222;

/// The servers of one cluster, and who we are there.
#[derive(Clone, Debug, Default)]
pub struct NatsServers {
    /// Each as `nats://host:port` or `tls://host:port`, without who we are.
    pub addresses: Vec<String>,
    /// Our name there, if they ask for one.
    pub username: Option<String>,
    /// The password that belongs to it; without a name, a token.
    pub password: Option<Secret>,
}

/// The stream, as it is made and kept.
#[derive(Clone, Debug)]
pub struct StreamSettings {
    /// Where it is.
    pub servers: NatsServers,
    /// Its name, with which its subjects begin.
    pub name: String,
    /// Parts of it, each with a durable consumer of its own.
    pub partitions: u64,
    /// Servers that hold a copy.
    pub replicas: usize,
    /// Most that it holds, bytes.
    pub bytes_max: u64,
    /// Most messages of one tenant that it holds.
    pub tenant_messages_max: u64,
    /// How long a worker may be silent about what it has in hand before another gets it.
    pub ack_wait: Duration,
}

impl FromStr for NatsServers {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut servers = Self::default();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            let (who, address) = address(one).ok_or(())?;
            servers.addresses.push(address);
            // who we are is the same at all of them, and need not be said more than once
            if let Some(who) = who {
                let (name, secret) = who.split_once(':').map_or((None, who), |(name, secret)| (Some(name), secret));
                servers.username = name.map(str::to_owned);
                servers.password = Some(Secret::new(secret));
            }
        }
        if servers.addresses.is_empty() { Err(()) } else { Ok(servers) }
    }
}

/// Who we are and where the server is.
fn address(text: &str) -> Option<(Option<&str>, String)> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "nats" | "tls"))?;
    let (who, place) = rest.rsplit_once('@').map_or((None, rest), |(who, place)| (Some(who), place));
    let place = place.strip_suffix('/').unwrap_or(place);
    // an IPv6 address stands in brackets and has colons of its own
    let (host, port) = match place.split_once(']') {
        Some((host, port)) if host.starts_with('[') => (format!("{host}]"), port.strip_prefix(':')),
        Some(_) => return None,
        None => place.split_once(':').map_or((place.to_owned(), None), |(host, port)| (host.to_owned(), Some(port))),
    };
    let port: u16 = port.map_or(Some(PORT), |port| port.parse().ok())?;
    let fits = !host.is_empty() && !host.contains(['/', '?', '#', ' ']);
    fits.then(|| (who, format!("{scheme}://{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_servers_are_read() {
        let of = |text: &str| text.parse::<NatsServers>().map(|read| read.addresses.join(" "));
        for (text, expected) in [
            ("nats://127.0.0.1", "nats://127.0.0.1:4222"),
            ("tls://one.example.com:4443/", "tls://one.example.com:4443"),
            ("nats://a:b@one, nats://two:4223", "nats://one:4222 nats://two:4223"),
            ("nats://[::1]:4224,nats://[2001:db8::1]", "nats://[::1]:4224 nats://[2001:db8::1]:4222"),
        ] {
            assert_eq!(of(text).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            ",",
            "one:4222",
            "http://one",
            "nats://",
            "nats://one:port",
            "nats://one/x",
            "nats://a@",
            "nats://x]:1",
        ] {
            assert_eq!(of(text), Err(()), "{text}");
        }
    }

    #[test]
    fn who_we_are_is_apart_from_where_they_are_and_not_shown() {
        let read = |text: &str| text.parse::<NatsServers>().unwrap();
        let who = |text: &str| (read(text).username, read(text).password.map(|secret| secret.reveal().to_owned()));
        assert_eq!(who("nats://name:p@ss:word@one"), (Some("name".to_owned()), Some("p@ss:word".to_owned())));
        assert_eq!(who("nats://t0ken@one,nats://two"), (None, Some("t0ken".to_owned())));
        assert_eq!(who("nats://one"), (None, None));
        let shown = format!("{:?}", read("nats://name:pa55@one"));
        assert!(!shown.contains("pa55"), "{shown}");
    }
}
