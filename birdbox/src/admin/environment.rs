//! How a server is reached and how it lets clients in, from its address and its key.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use model::AppId;
use serde::{Deserialize, Serialize};

use super::identity::SampleKeys;

/// The App that every data directory has at first; its token is the one that is printed.
pub const APP: AppId = AppId::new(1);

/// How to reach a server and be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Such as `http://127.0.0.1:8080`, without a slash at its end.
    pub base_url: String,
    /// The app-only bearer token, once the store was asked; empty when the first App has none.
    pub bearer_token: String,
    /// The other credentials, once the store was asked.
    #[serde(default)]
    pub keys: SampleKeys,
}

impl Environment {
    /// That of a server that listens on `listen`, without credentials.
    #[must_use]
    pub fn of(listen: SocketAddr) -> Self {
        // A server that listens everywhere listens here.
        let ip = match listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        Self {
            base_url: format!("http://{}", SocketAddr::from((ip, listen.port()))),
            bearer_token: String::new(),
            keys: SampleKeys::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_every_address_is_reached_on_this_machine() {
        let base = |listen: &str| Environment::of(listen.parse().unwrap()).base_url;
        assert_eq!(base("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(base("[::]:8080"), "http://[::1]:8080");
        assert_eq!(base("192.0.2.1:8080"), "http://192.0.2.1:8080");
    }
}
