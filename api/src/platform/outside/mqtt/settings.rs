//! Where the broker is, from an address such as `mqtts://name:password@broker.example.com:8883`.

use std::str::FromStr;

use crate::platform::outside::Secret;

const PORT: u16 = 1883;
const PORT_TLS: u16 = 8883;

/// The broker.
#[derive(Clone, Debug)]
pub struct MqttSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether it is spoken to under TLS.
    pub tls: bool,
    /// Our name there, if it asks for one.
    pub username: Option<String>,
    /// The password that belongs to it.
    pub password: Option<Secret>,
}

impl FromStr for MqttSettings {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (scheme, rest) = text.split_once("://").ok_or(())?;
        let tls = match scheme {
            "mqtt" => false,
            "mqtts" => true,
            _ => return Err(()),
        };
        let (who, place) = rest.rsplit_once('@').map_or((None, rest), |(who, place)| (Some(who), place));
        let place = place.strip_suffix('/').unwrap_or(place);
        // an IPv6 address stands in brackets and has colons of its own
        let (host, port) = match place.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let default = if tls { PORT_TLS } else { PORT };
        let port = port.map_or(Ok(default), |port| port.parse().map_err(drop))?;
        if host.is_empty() || host.contains(['/', '?', '#']) {
            return Err(());
        }
        let (username, password) = who.map_or((None, None), |who| match who.split_once(':') {
            Some((name, password)) => (Some(name.to_owned()), Some(Secret::new(password))),
            None => (Some(who.to_owned()), None),
        });
        Ok(Self { host: host.to_owned(), port, tls, username, password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_brokers_are_read() {
        let of = |text: &str| text.parse::<MqttSettings>().map(|s| (s.host, s.port, s.tls));
        for (text, host, port, tls) in [
            ("mqtt://127.0.0.1", "127.0.0.1", 1883, false),
            ("mqtts://broker.example.com/", "broker.example.com", 8883, true),
            ("mqtt://a:b@broker:1884", "broker", 1884, false),
            ("mqtt://[::1]:1885", "::1", 1885, false),
            ("mqtts://[2001:db8::1]", "2001:db8::1", 8883, true),
        ] {
            assert_eq!(of(text), Ok((host.to_owned(), port, tls)), "{text}");
        }
        for text in ["", "broker", "http://broker", "mqtt://", "mqtt://broker:port", "mqtt://broker/topic", "mqtt://a@"]
        {
            assert_eq!(of(text), Err(()), "{text}");
        }
        // a password may hold what else parts an address
        let read: MqttSettings = "mqtt://name:p@ss:word@broker".parse().unwrap();
        assert_eq!(
            (read.username.as_deref(), read.password.as_ref().map(Secret::reveal)),
            (Some("name"), Some("p@ss:word"))
        );
    }
}
