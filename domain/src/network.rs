//! Networks of addresses, as lists of who may come in are written: an address, or all that begin with the same bits.

use core::fmt;
use core::net::{IpAddr, Ipv6Addr};
use core::str::FromStr;

/// Bits before an IPv4 address, where it is written as the IPv6 address that stands for it.
const BEFORE_V4: u8 = 96;

/// An address, or all that begin with the same bits. IPv4 and IPv6 are compared in one way: an IPv4 address is the same as the
/// IPv6 address that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    base: u128,
    bits: u8,
}

/// Neither an address nor an address with a number of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("network")]
pub struct NotANetwork;

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn leading(address: u128, bits: u8) -> u128 {
    address & u128::MAX.checked_shl(128_u32.saturating_sub(bits.into())).unwrap_or(0)
}

impl Network {
    /// Whether an address lies in it.
    pub fn has(&self, address: IpAddr) -> bool {
        leading(number(address), self.bits) == self.base
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    /// Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; bits of the address beyond the network's are dropped.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let plain = |bits: &str| bits.bytes().all(|b| b.is_ascii_digit()).then(|| bits.parse::<u8>().ok()).flatten();
        let bits = bits.map(|bits| plain(bits).ok_or(NotANetwork)).transpose()?;
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let (own, before) = if address.is_ipv4() { (32, BEFORE_V4) } else { (128, 0) };
        let bits = bits.unwrap_or(own);
        if bits > own {
            return Err(NotANetwork);
        }
        let bits = before + bits;
        Ok(Self { base: leading(number(address), bits), bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = Ipv6Addr::from_bits(self.base);
        match (self.bits.checked_sub(BEFORE_V4), base.to_ipv4_mapped()) {
            (Some(bits), Some(v4)) => write!(f, "{v4}/{bits}"),
            _ => write!(f, "{base}/{}", self.bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_network_has_what_begins_with_its_bits() {
        for (network, address, expected) in [
            ("192.0.2.0/24", "192.0.2.255", true),
            ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.77/24", "192.0.2.1", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.0/24", "::ffff:192.0.2.9", true),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "203.0.113.1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("2001:db8::1", "2001:db8::2", false),
        ] {
            let found = network.parse::<Network>().unwrap().has(address.parse().unwrap());
            assert_eq!(found, expected, "{network} {address}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused_and_others_are_shown_as_they_are_kept() {
        for text in
            ["", "10.0.0.0/33", "::/129", "bank.example.com", "10.0.0.0/", "10.0.0.0/+8", "1.2.3", "10.0.0.1 ", "/8"]
        {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
        for (text, shown) in [
            ("192.0.2.7", "192.0.2.7/32"),
            ("192.0.2.77/24", "192.0.2.0/24"),
            ("2001:DB8:0::7/32", "2001:db8::/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), shown);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(address: [u8; 4], bits in 0_u8..=32, text in "\\PC{0,40}") {
            let [a, b, c, d] = address;
            let network: Network = format!("{a}.{b}.{c}.{d}/{bits}").parse().unwrap();
            prop_assert_eq!(network.to_string().parse::<Network>(), Ok(network));
            prop_assert!(network.has(core::net::Ipv4Addr::new(a, b, c, d).into()));
            let _ = text.parse::<Network>();
        }
    }
}
