//! The names of requests, as `x-request-id` tells them to the client.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::{HeaderName, HeaderValue};

/// The header that names a request on every reply.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request: 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RequestId(u64);

impl RequestId {
    /// As a header has it.
    pub(super) fn header(self) -> HeaderValue {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |at: u32| DIGITS.get((self.0 >> (60 - 4 * at)) as usize & 0xF).copied().unwrap_or(b'0');
        let text: [u8; 16] = std::array::from_fn(|at| digit(at as u32));
        HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("0"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A text that names no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a request id has 16 hexadecimal digits")]
pub struct InvalidRequestId;

impl FromStr for RequestId {
    type Err = InvalidRequestId;

    fn from_str(text: &str) -> Result<Self, InvalidRequestId> {
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(text, 16).ok().filter(|_| is_hex).map(Self).ok_or(InvalidRequestId)
    }
}

/// Makes names, each once.
#[derive(Debug)]
pub struct RequestIds {
    next: AtomicU64,
}

impl RequestIds {
    /// Names that begin anywhere, so that those of two servers differ.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { next: AtomicU64::new(seed) }
    }

    /// The next name. Names that follow each other look nothing alike.
    pub(super) fn next(&self) -> RequestId {
        // The finalizer of SplitMix64, which maps no two numbers to the same.
        let mut mixed = self.next.fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        RequestId(mixed ^ (mixed >> 31))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_request_has_a_name_of_its_own_that_can_be_read_again() {
        let ids = RequestIds::new(7);
        let names: HashSet<RequestId> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(names.len(), 10_000);
        for id in names {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(id.header().to_str().unwrap(), id.to_string());
        }
        for bad in ["", "123", "+123456789abcdef", "0123456789abcdefg", "zzzzzzzzzzzzzzzz"] {
            assert_eq!(bad.parse::<RequestId>(), Err(InvalidRequestId), "{bad}");
        }
    }
}
