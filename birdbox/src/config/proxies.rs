//! `server.trusted_proxies`: whose word is taken for what a client has called.

use std::net::{IpAddr, Ipv6Addr};

use super::Setting;

/// Networks whose hosts may say, by `X-Forwarded-Proto` and `X-Forwarded-Host`, which address
/// their clients called, and by `X-Forwarded-For` who they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxies(Vec<Network>);

/// The first bits of addresses. IPv4 is taken as the part of IPv6 that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    bits: u128,
    length: u32,
}

impl Proxies {
    /// Whether an address is in one of the networks.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let bits = bits(address);
        let is_in = |network: &Network| {
            let shift = 128 - network.length;
            bits.checked_shr(shift) == network.bits.checked_shr(shift)
        };
        self.0.iter().any(is_in)
    }
}

fn bits(address: IpAddr) -> u128 {
    let address = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    Ipv6Addr::to_bits(address)
}

impl Setting for Proxies {
    fn parse(text: &str) -> Option<Self> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(network).collect::<Option<_>>().map(Self)
    }

    fn expected() -> String {
        "give addresses or networks with commas between them, such as 127.0.0.0/8, ::1".to_owned()
    }
}

fn network(text: &str) -> Option<Network> {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length: u32 = length.map_or(Some(most), |length| length.parse().ok()).filter(|length| *length <= most)?;
    Some(Network { bits: bits(address), length: length + 128 - most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_begins_like_them() {
        let proxies = Proxies::parse("127.0.0.0/8, ::1,10.1.2.3, fd00::/8").unwrap();
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.255.0.9", true),
            ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false),
            ("::1", true),
            ("::2", false),
            ("10.1.2.3", true),
            ("10.1.2.4", false),
            ("fd12::1", true),
            ("fe12::1", false),
        ] {
            assert_eq!(proxies.contain(address.parse().unwrap()), expected, "{address}");
        }
        assert!(!Proxies::parse("").unwrap().contain("127.0.0.1".parse().unwrap()));
        assert!(Proxies::parse("0.0.0.0/0").unwrap().contain("9.9.9.9".parse().unwrap()));
        assert!(!Proxies::parse("0.0.0.0/0").unwrap().contain("fd12::1".parse().unwrap()));
        assert!(Proxies::parse("::/0").unwrap().contain("fd12::1".parse().unwrap()));
        for bad in ["localhost", "127.0.0.1/33", "::1/129", "10.0.0.0/", "1.2.3"] {
            assert_eq!(Proxies::parse(bad), None, "{bad}");
        }
    }
}
