//! Who waits for a password to be hashed. The queue is short, so that a flood of sign-ins is
//! refused early instead of making everybody wait, and one client can fill but a part of it.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// So many sign-ins of one client are in the queue or being checked …
const OF_ONE: usize = 4;
/// … and so many of all clients. Two at once take some 40 ms: the last waits a third of a second.
const OF_ALL: usize = 16;

/// The clients in the queue, each as often as it is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue(Arc<Mutex<Vec<IpAddr>>>);

/// A place in the queue, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    queue: Queue,
    client: IpAddr,
}

impl Queue {
    /// A place for a client; `None` when there are enough.
    pub(super) fn enter(&self, client: IpAddr) -> Option<Place> {
        let client = subscriber(client);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = waiting.iter().filter(|other| **other == client).count();
        (own < OF_ONE && waiting.len() < OF_ALL).then(|| {
            waiting.push(client);
            Place { queue: self.clone(), client }
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.queue.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = waiting.iter().position(|other| *other == self.client) {
            waiting.swap_remove(at);
        }
    }
}

/// A subscriber to IPv6 has a whole network of addresses.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_leaves_room_for_others_and_all_together_are_few() {
        let queue = Queue::default();
        let enter = |client: &str| queue.enter(client.parse().unwrap());
        let mut places: Vec<_> = (0..OF_ONE).map(|_| enter("192.0.2.1").unwrap()).collect();
        assert!(enter("192.0.2.1").is_none() && enter("::ffff:192.0.2.1").is_none());
        places.extend((0..OF_ONE).map(|last| enter(&format!("2001:db8::{last}")).unwrap()));
        assert!(enter("2001:db8::ffff:ffff").is_none(), "one network is one client");
        places.extend((2 * OF_ONE..OF_ALL).map(|last| enter(&format!("198.51.100.{last}")).unwrap()));
        assert!(enter("203.0.113.1").is_none());
        places.remove(0);
        assert!(enter("203.0.113.1").is_some(), "who is done leaves a place");
        assert!(enter("192.0.2.1").is_some());
    }
}
