//! The errors of API v1.1, each a row: its code, its status, its sentence.

use model::escape_into;

use crate::sentences as say;

/// An error of API v1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V1Error {
    /// The number by which clients know it.
    pub code: u16,
    /// The status of a reply that holds nothing else.
    pub status: u16,
    message: &'static str,
    order: Order,
}

/// Which member comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// observed: codes 34, 88, 130 and 131.
    MessageFirst,
}

impl V1Error {
    /// The window of the caller is used up.
    pub const RATE_LIMIT_EXCEEDED: Self =
        Self { code: 88, status: 429, message: say::RATE_LIMIT_EXCEEDED, order: Order::MessageFirst };

    /// Appends the body of a reply that is nothing but this error.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self.order {
            Order::MessageFirst => {
                out.extend_from_slice(b"{\"errors\":[{\"message\":\"");
                escape_into(self.message, out);
                out.extend_from_slice(b"\",\"code\":");
                out.extend_from_slice(itoa::Buffer::new().format(self.code).as_bytes());
                out.extend_from_slice(b"}]}");
            }
        }
    }
}
