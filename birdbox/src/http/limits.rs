//! How much and how long a client may take.

use std::time::Duration;

/// The bounds of the edge. Every one of them holds for each connection by itself,
/// but for `connections` and `drain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of a request (for the first request: from the accept) to
    /// the end of its head. A slower client is cut off.
    pub header_read: Duration,
    /// From the end of the head to the end of the body; a slower body is a 408.
    pub body_read: Duration,
    /// How long the handler may take for a request (then 503), and after it the
    /// client to take the answer.
    pub request: Duration,
    /// How long a connection may stay idle between two requests.
    pub keep_alive: Duration,
    /// How long a connection through the proxy to another server may pass nothing on.
    pub relay_idle: Duration,
    /// Connections open at once; further ones wait to be accepted.
    pub connections: usize,
    /// The largest body of a request; a larger one is a 413, before it is read if it
    /// is announced.
    pub body_bytes: usize,
    /// The longest request target; a longer one is a 414. At most 65,534 count: what
    /// is longer is a 414 in any case.
    pub uri_bytes: usize,
    /// The largest head of a request with its request line; a larger one is a 431.
    pub header_bytes: usize,
    /// The most header lines; more are a 431. Any value but 100 costs an allocation
    /// for each request.
    pub headers: usize,
    /// How long running requests may take to end when the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(10),
            body_read: Duration::from_secs(10),
            request: Duration::from_secs(30),
            keep_alive: Duration::from_secs(60),
            relay_idle: Duration::from_secs(300),
            connections: 16_384,
            body_bytes: 1 << 20,
            uri_bytes: 16 << 10,
            header_bytes: 64 << 10,
            headers: 100,
            drain: Duration::from_secs(10),
        }
    }
}
