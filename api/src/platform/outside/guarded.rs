//! Calls to addresses that a tenant typed in. Whoever can name an address must not reach through us what only we can
//! reach: the name is resolved once, every address that it has is judged, and the connection goes to those addresses and
//! to no other, without a proxy and without following anybody elsewhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue};

use super::error::SendError;
use super::http::{Answer, CallLimits, read_beginning, read_whole, sorted};

/// Longest address that is taken, bytes.
pub const URL_BYTES_MAX: usize = 2_048;
/// The code of a failure to call an address that must not be called.
pub const ADDRESS_REFUSED: &str = "address_refused";
/// Longest wait for a name to be resolved.
const RESOLVE_MAX: Duration = Duration::from_secs(3);

/// Networks of IANA's registry of special purposes (RFC 6890 and what followed) that nobody on the Internet answers from.
const CLOSED_V4: [(Ipv4Addr, u32); 19] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    // a cloud's own service for its machines, though its network is a public one
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// Of IPv6 only 2000::/3 is given out; these parts of it lead elsewhere, some of them into IPv4.
const CLOSED_V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an address that can be called.
    #[error("not an address like https://host/path")]
    Address,
    /// Not `https`.
    #[error("only https is called")]
    Scheme,
    /// It holds a name or a password.
    #[error("an address holds no name or password")]
    Credentials,
    /// It leads to a network that is not public.
    #[error("it leads to a network that is not public")]
    Inside,
    /// The name has no address.
    #[error("the name has no address")]
    Unknown,
}

impl Refusal {
    /// What whoever typed the address is told, in Chinese and in English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Address | Self::Unknown => {
                ("请填写完整地址，如https://域名/路径", "Give an address like https://host/path")
            }
            Self::Scheme => ("只能调用https地址", "Only https is called"),
            Self::Credentials => ("地址中不能含账号或密码", "An address holds no name or password"),
            Self::Inside => ("只能调用公网地址", "Only addresses of the public Internet are called"),
        }
    }
}

/// Whether an address is one of the public Internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !CLOSED_V4.iter().any(|(network, bits)| {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            u32::from(v4) & mask == u32::from(*network) & mask
        }),
        IpAddr::V6(v6) => {
            let given_out = v6.segments()[0] & 0xe000 == 0x2000;
            given_out
                && !CLOSED_V6.iter().any(|(network, bits)| {
                    let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
                    u128::from(v6) & mask == u128::from(*network) & mask
                })
        }
    }
}

/// An IPv6 address stands in brackets in an address of the web.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Calls out, within what it is allowed.
#[derive(Debug, Clone, Default)]
pub struct Guarded {
    /// `host:port` of services of the operator's own that may be called though they are not public, also without TLS.
    allowed: Vec<String>,
}

impl Guarded {
    /// One that lets these through beside the public Internet.
    pub fn new(allowed: Vec<String>) -> Self {
        Self { allowed }
    }

    fn is_allowed(&self, url: &Url) -> bool {
        let place = url.host_str().zip(url.port_or_known_default()).map(|(host, port)| format!("{host}:{port}"));
        place.is_some_and(|place| self.allowed.contains(&place))
    }

    /// Reads an address as far as that is possible without asking anybody: for whoever types it in.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn read(&self, text: &str) -> Result<Url, Refusal> {
        if text.len() > URL_BYTES_MAX {
            return Err(Refusal::Address);
        }
        let url = Url::parse(text).map_err(|_| Refusal::Address)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if self.is_allowed(&url) && matches!(url.scheme(), "https" | "http") {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return Err(Refusal::Scheme);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refusal::Address)?;
        match bare(host).parse::<IpAddr>() {
            Ok(address) if !is_public(address) => Err(Refusal::Inside),
            _ => Ok(url),
        }
    }

    /// The addresses that a name has now, if all of them may be called: one that lies inside spoils the rest, since
    /// nobody knows which the connection would take.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, Refusal> {
        let (host, port) = url.host_str().zip(url.port_or_known_default()).ok_or(Refusal::Address)?;
        let found = tokio::time::timeout(RESOLVE_MAX, tokio::net::lookup_host((bare(host), port))).await;
        let found: Vec<SocketAddr> = found.map_err(|_| Refusal::Unknown)?.map_err(|_| Refusal::Unknown)?.collect();
        if found.is_empty() {
            return Err(Refusal::Unknown);
        }
        if !self.is_allowed(url) && !found.iter().all(|address| is_public(address.ip())) {
            return Err(Refusal::Inside);
        }
        Ok(found)
    }

    /// Posts JSON and reads the answer whole.
    ///
    /// # Errors
    /// Permanent where the address must not be called; temporary where it could not be, or did not answer in time.
    pub async fn post(&self, address: &str, headers: HeaderMap, json: Vec<u8>) -> Result<Answer, SendError> {
        let limits = CallLimits::default();
        read_whole(self.call(address, headers, json, limits).await?, limits.body_bytes_max).await
    }

    /// Posts JSON to whoever is asked only whether they took it: the status counts, and of what they say the beginning.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub async fn tell(
        &self,
        address: &str,
        headers: HeaderMap,
        json: Vec<u8>,
        limits: CallLimits,
    ) -> Result<Answer, SendError> {
        Ok(read_beginning(self.call(address, headers, json, limits).await?, limits.body_bytes_max).await)
    }

    async fn call(
        &self,
        address: &str,
        headers: HeaderMap,
        json: Vec<u8>,
        limits: CallLimits,
    ) -> Result<reqwest::Response, SendError> {
        let refused = |refusal: Refusal| SendError::permanent(ADDRESS_REFUSED, &refusal.to_string());
        let url = self.read(address).map_err(refused)?;
        let addresses = match self.addresses(&url).await {
            Ok(addresses) => addresses,
            Err(Refusal::Unknown) => return Err(SendError::not_sent(&Refusal::Unknown.to_string())),
            Err(refusal) => return Err(refused(refusal)),
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let client = reqwest::Client::builder()
            .connect_timeout(limits.connect_max)
            .timeout(limits.total_max)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .resolve_to_addrs(&host, &addresses)
            .user_agent(concat!("zhidan/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(sorted)?;
        let request = client.post(url).headers(headers).body(json);
        let request = request.header(reqwest::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.send().await.map_err(sorted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inside_is_public() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "fec0::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in
            ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.5.5.5", "2400:3200::1", "2606:4700::1"]
        {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_is_judged_before_anybody_is_asked() {
        let guarded = Guarded::new(vec!["127.0.0.1:9000".to_owned()]);
        for (text, expected) in [
            ("https://hooks.example.com/a?b=c", None),
            ("https://223.5.5.5/hook", None),
            ("http://127.0.0.1:9000/hook", None),
            ("http://127.0.0.1:9001/hook", Some(Refusal::Scheme)),
            ("https://127.0.0.1:9001/hook", Some(Refusal::Inside)),
            ("http://hooks.example.com", Some(Refusal::Scheme)),
            ("https://127.0.0.1", Some(Refusal::Inside)),
            ("https://0x7f.1/", Some(Refusal::Inside)),
            ("https://2130706433/", Some(Refusal::Inside)),
            ("https://0177.0.0.1/", Some(Refusal::Inside)),
            ("https://127.1/", Some(Refusal::Inside)),
            ("https://[::1]/", Some(Refusal::Inside)),
            ("https://[::ffff:169.254.169.254]/", Some(Refusal::Inside)),
            ("https://１２７.0.0.1/", Some(Refusal::Inside)),
            ("https://user:word@hooks.example.com/", Some(Refusal::Credentials)),
            ("https://user@hooks.example.com/", Some(Refusal::Credentials)),
            ("ftp://hooks.example.com/", Some(Refusal::Scheme)),
            ("file:///etc/passwd", Some(Refusal::Scheme)),
            ("gopher://hooks.example.com/", Some(Refusal::Scheme)),
            ("hooks.example.com", Some(Refusal::Address)),
            ("", Some(Refusal::Address)),
        ] {
            assert_eq!(guarded.read(text).err(), expected, "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let error = Guarded::default().post("https://localhost/hook", HeaderMap::new(), vec![]).await.unwrap_err();
        assert!(matches!(&error, SendError::Permanent { code, .. } if code == ADDRESS_REFUSED), "{error}");
    }
}
