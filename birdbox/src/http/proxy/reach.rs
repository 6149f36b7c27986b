//! Where the proxy connects to: anywhere but to itself, and for clients of other machines not
//! to its own machine.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::place::Place;
use super::refusal::Refusal;

/// How long a name may take to be looked up and a server to answer.
const DIAL: Duration = Duration::from_secs(10);

/// Where connections through the proxy may lead.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Where this server listens itself.
    pub own: Vec<SocketAddr>,
    /// Whether clients of other machines use the proxy: what listens on the server's machine
    /// alone, and what clouds tell their machines, is not for them.
    pub is_public: bool,
}

impl Reach {
    /// A connection to a place.
    pub(super) async fn dial(&self, place: &Place) -> Result<TcpStream, Refusal> {
        let dialled = timeout(DIAL, self.try_each(place)).await;
        dialled.unwrap_or_else(|_| Err(Refusal::Slow { place: place.clone() }))
    }

    async fn try_each(&self, place: &Place) -> Result<TcpStream, Refusal> {
        let unknown = |reason: String| Refusal::Unknown { place: place.clone(), reason };
        let addresses = lookup_host((place.host.as_str(), place.port)).await;
        let mut last = unknown("nobody knows the name".to_owned());
        for address in addresses.map_err(|error| unknown(error.to_string()))? {
            match self.connect(place, address).await {
                Ok(stream) => return Ok(stream),
                Err(refusal) => last = refusal,
            }
        }
        Err(last)
    }

    async fn connect(&self, place: &Place, address: SocketAddr) -> Result<TcpStream, Refusal> {
        let unreachable =
            |error: std::io::Error| Refusal::Unreachable { place: place.clone(), reason: error.to_string() };
        // The address that was checked is the one that is called: names can change.
        if self.is_public && is_private(address.ip()) {
            return Err(Refusal::Private { place: place.clone() });
        }
        let stream = TcpStream::connect(address).await.map_err(unreachable)?;
        let (here, there) = (stream.local_addr().map_err(unreachable)?, stream.peer_addr().map_err(unreachable)?);
        if self.is_own(here.ip(), there) {
            return Err(Refusal::Loop { place: place.clone() });
        }
        // Also by its address in a network, where a firewall may keep others out.
        if self.is_public && is_this_machine(here.ip(), there.ip()) {
            return Err(Refusal::Private { place: place.clone() });
        }
        // As for clients: what comes is passed on at once.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    /// Whether a connection that was made leads to this server.
    fn is_own(&self, here: IpAddr, there: SocketAddr) -> bool {
        let ip = there.ip().to_canonical();
        is_this_machine(here, ip)
            && self.own.iter().any(|own| {
                let own_ip = own.ip().to_canonical();
                own.port() == there.port() && (own_ip == ip || own_ip.is_unspecified())
            })
    }
}

/// Whether a connection that was made leads to this machine: it has two ends of one address, or
/// two of its loopback addresses.
fn is_this_machine(here: IpAddr, there: IpAddr) -> bool {
    let (here, there) = (here.to_canonical(), there.to_canonical());
    here == there || there.is_loopback()
}

/// Whether an address belongs to one machine or its next neighbours alone.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_link_local() || ip.is_multicast(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local() || ip.is_multicast(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_to_an_own_port_is_a_loop() {
        let reach = |own: &str| Reach { own: vec![own.parse().unwrap()], is_public: false };
        for (own, here, there, expected) in [
            ("127.0.0.1:80", "127.0.0.1", "127.0.0.1:80", true),
            ("127.0.0.1:80", "127.0.0.1", "127.0.0.1:81", false),
            ("127.0.0.1:80", "127.0.0.1", "127.0.0.2:80", false),
            ("0.0.0.0:80", "127.0.0.1", "127.0.0.2:80", true),
            ("0.0.0.0:80", "10.0.0.1", "10.0.0.1:80", true),
            ("0.0.0.0:80", "10.0.0.1", "10.0.0.2:80", false),
            ("[::]:80", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]:80", true),
            ("[::1]:80", "::1", "[::1]:80", true),
        ] {
            let is_own = reach(own).is_own(here.parse().unwrap(), there.parse().unwrap());
            assert_eq!(is_own, expected, "{own} {there}");
        }
    }

    #[test]
    fn this_machine_is_known_by_each_of_its_addresses() {
        for (here, there, expected) in [
            ("10.0.0.1", "10.0.0.1", true),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", true),
            ("fd00::1", "fd00::1", true),
            ("10.0.0.1", "10.0.0.2", false),
        ] {
            assert_eq!(is_this_machine(here.parse().unwrap(), there.parse().unwrap()), expected, "{here} {there}");
        }
    }

    #[test]
    fn addresses_of_the_machine_are_private() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("169.254.169.254", true),
            ("0.0.0.0", true),
            ("fe80::1", true),
            ("::1", true),
            ("10.0.0.1", false),
            ("192.0.2.1", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), expected, "{address}");
        }
    }
}
