//! The names under which the server is reached by TLS: those of X, those of this machine,
//! and those that were configured.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::config::Setting;

/// The hosts of X's APIs and pages, and of Tweet Binder's API, which clients have built in.
pub const X_HOSTS: [&str; 6] =
    ["api.x.com", "api.twitter.com", "x.com", "twitter.com", "mobile.twitter.com", "api.tweetbinder.com"];

/// This machine, for itself.
const LOCAL: &str = "localhost";

/// The addresses of this machine that the certificate holds; its authority may sign all of
/// [`LOCAL_NETWORKS`].
const LOCAL_ADDRESSES: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Networks of this machine: an address and the length of its prefix.
pub(super) const LOCAL_NETWORKS: [(IpAddr, u8); 2] =
    [(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8), (IpAddr::V6(Ipv6Addr::LOCALHOST), 128)];

/// The longest name that DNS has.
const MOST_OF_NAME: usize = 253;
/// The longest part of a name between two dots.
const MOST_OF_LABEL: usize = 63;

/// Whether a host, in lower case and without a port, is one of X's or this machine's name.
#[must_use]
pub fn is_known_host(host: &str) -> bool {
    host == LOCAL || X_HOSTS.contains(&host)
}

/// What a certificate is made out to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Name {
    /// A name of DNS, in lower case.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("give a name of DNS without a wildcard, or an address")]
pub struct InvalidName;

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Ip(address));
        }
        let is_label = |label: &str| {
            let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            (1..=MOST_OF_LABEL).contains(&label.len())
                && label.bytes().all(is_inner)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // A last part of digits alone would make an address that is none.
        let ends_in_letter =
            text.rsplit('.').next().is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()));
        if text.len() <= MOST_OF_NAME && text.split('.').all(is_label) && ends_in_letter {
            Ok(Self::Dns(text.to_ascii_lowercase()))
        } else {
            Err(InvalidName)
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => name.fmt(f),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

/// `server.tls_names`: what the certificate is made out to beside the names of X and of this
/// machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(Vec<Name>);

impl Names {
    /// All names that the certificate bears.
    #[must_use]
    pub fn all(&self) -> Vec<Name> {
        let known = X_HOSTS.into_iter().chain([LOCAL]).map(|host| Name::Dns(host.to_owned()));
        let mut all: Vec<Name> = known.chain(LOCAL_ADDRESSES.map(Name::Ip)).collect();
        for name in &self.0 {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
        all
    }

    /// Whether a host, in lower case and without a port, is one of the names of DNS.
    #[must_use]
    pub fn contain_host(&self, host: &str) -> bool {
        is_known_host(host) || self.0.iter().any(|name| matches!(name, Name::Dns(own) if own == host))
    }
}

impl Setting for Names {
    fn parse(text: &str) -> Option<Self> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| item.parse().ok()).collect::<Option<_>>().map(Self)
    }

    fn expected() -> String {
        "give names or addresses with commas between them, such as birdbox.internal, 192.168.1.5".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_dns_or_addresses() {
        for (text, expected) in [
            ("Birdbox.Internal", Some("birdbox.internal")),
            ("birdbox", Some("birdbox")),
            ("under_score.example", Some("under_score.example")),
            ("192.168.1.5", Some("192.168.1.5")),
            ("fd00::1", Some("fd00::1")),
            ("*.example.com", None),
            ("example.com.", None),
            ("-a.example", None),
            ("a..b", None),
            ("1.2.3", None),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Name>().ok().map(|name| name.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn configured_names_stand_beside_the_known_ones() {
        let names = Names::parse("birdbox.internal, localhost,10.0.0.1").unwrap();
        assert_eq!(names.all().len(), X_HOSTS.len() + 5);
        assert!(names.contain_host("birdbox.internal") && names.contain_host("x.com"));
        assert!(!names.contain_host("10.0.0.1") && !names.contain_host("evil.x.com"));
        assert_eq!(Names::parse("a, *"), None);
    }
}
