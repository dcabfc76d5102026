//! Where a request comes from when proxies stand before the product: each adds the address that it was asked from to
//! `X-Forwarded-For`, and only those of our own are believed, from the last one back.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use actix_web::http::header::{self, HeaderMap};
use domain::network::Network;

/// Most addresses looked at: nobody has more proxies in a row, and anybody may send a long header.
const HOPS_MAX: usize = 16;
/// Leading bits of an IPv6 address that are one subscriber's; the rest they choose as they like.
const SUBSCRIBER_BITS: u32 = 64;

/// The proxies whose word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

impl FromStr for TrustedProxies {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(Self(parts.map(|part| part.parse().map_err(drop)).collect::<Result<_, _>>()?))
    }
}

impl TrustedProxies {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.has(address))
    }

    /// The address that a request comes from: the last that no proxy of ours has. What stands before it in the header is
    /// whatever the client wrote.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut from = peer;
        let lines: Vec<&str> = headers.get_all(header::X_FORWARDED_FOR).filter_map(|line| line.to_str().ok()).collect();
        let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(HOPS_MAX);
        while self.has(from) {
            let Some(before) = hops.next().and_then(|hop| address(hop.trim())) else { break };
            from = before;
        }
        from
    }
}

/// An address as proxies write it: alone, or with the port it was asked from.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|with_port| with_port.ip()))
}

/// What is counted as one: an IPv4 address, or all IPv6 addresses of one subscriber.
pub fn bucket(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !(u128::MAX >> SUBSCRIBER_BITS)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_counts() {
        let ours: TrustedProxies = "127.0.0.1, 10.0.0.0/8,2001:db8:1::/48".parse().unwrap();
        for (peer, lines, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.7, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.1, 10.1.2.3"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.7", "198.51.100.1,10.1.2.3"], "198.51.100.1"),
            ("127.0.0.1", &["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
            ("127.0.0.1", &["198.51.100.1, nonsense"], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("2001:db8:1::5", &["[2001:db8:2::7]:443"], "2001:db8:2::7"),
            ("2001:db8:2::5", &["198.51.100.1"], "2001:db8:2::5"),
            ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::X_FORWARDED_FOR, line.parse().unwrap());
            }
            let found = ours.client(peer.parse().unwrap(), &headers);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        }
        let long = ["10.0.0.1"; 1000].join(",");
        let mut headers = HeaderMap::new();
        headers.append(header::X_FORWARDED_FOR, format!("198.51.100.1,{long}").parse().unwrap());
        assert_eq!(ours.client("127.0.0.1".parse().unwrap(), &headers), "10.0.0.1".parse::<IpAddr>().unwrap());
    }

    #[test]
    fn what_is_no_list_of_networks_is_refused() {
        for text in ["10.0.0.0/33", "::/129", "proxy.example.com", "10.0.0.0/", "1.2.3", "10.0.0.1;10.0.0.2"] {
            assert!(text.parse::<TrustedProxies>().is_err(), "{text}");
        }
        assert_eq!("".parse::<TrustedProxies>(), Ok(TrustedProxies::default()));
        let all: TrustedProxies = "0.0.0.0/0".parse().unwrap();
        assert!(all.has("192.0.2.1".parse().unwrap()) && !all.has("2001:db8::1".parse().unwrap()));
    }

    #[test]
    fn addresses_of_one_subscriber_are_counted_together() {
        let of = |text: &str| bucket(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::5"), of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(of("2001:db8:1:2::5"), of("2001:db8:1:3::5"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
