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
    CodeFirst,
    /// observed: codes 34, 88, 130 and 131.
    MessageFirst,
}

/// A row of most errors.
const fn row(code: u16, status: u16, message: &'static str) -> V1Error {
    V1Error { code, status, message, order: Order::CodeFirst }
}

impl V1Error {
    /// The signature is wrong, or was seen before.
    pub const COULD_NOT_AUTHENTICATE: Self = row(32, 401, say::COULD_NOT_AUTHENTICATE);
    /// The user of the token is suspended.
    pub const ACCOUNT_SUSPENDED: Self = row(64, 403, say::ACCOUNT_SUSPENDED);
    /// The window of the caller is used up.
    pub const RATE_LIMIT_EXCEEDED: Self = Self { order: Order::MessageFirst, ..row(88, 429, say::RATE_LIMIT_EXCEEDED) };
    /// The token is not known, or is no more.
    pub const EXPIRED_TOKEN: Self = row(89, 401, say::EXPIRED_TOKEN);
    /// The time of a signature is too far away.
    pub const TIMESTAMP_OUT_OF_BOUNDS: Self = row(135, 401, say::TIMESTAMP_OUT_OF_BOUNDS);
    /// There are no credentials.
    pub const BAD_AUTHENTICATION_DATA: Self = row(215, 400, say::BAD_AUTHENTICATION_DATA);
    /// Credentials of this kind are not for this operation.
    pub const CREDENTIALS_DO_NOT_ALLOW: Self = row(220, 403, say::CREDENTIALS_DO_NOT_ALLOW);
    /// The token allows to read alone.
    pub const CANNOT_WRITE: Self = row(261, 403, say::CANNOT_WRITE);
    /// The App may not call.
    pub const SUSPENDED_APPLICATION: Self = row(416, 401, say::SUSPENDED_APPLICATION);

    /// A callback address is not one of the App's.
    pub const CALLBACK_NOT_APPROVED: Self = row(415, 403, say::CALLBACK_NOT_APPROVED);
    /// An App without addresses names one.
    pub const DESKTOP_ONLY: Self = row(417, 401, say::DESKTOP_ONLY);
    /// The server cannot do it now.
    pub const OVER_CAPACITY: Self = Self { order: Order::MessageFirst, ..row(130, 503, say::OVER_CAPACITY) };

    /// The body of a reply that is nothing but this error.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.write(&mut body);
        body
    }

    /// Appends the body of a reply that is nothing but this error.
    pub fn write(&self, out: &mut Vec<u8>) {
        let code = |out: &mut Vec<u8>| {
            out.extend_from_slice(b"\"code\":");
            out.extend_from_slice(itoa::Buffer::new().format(self.code).as_bytes());
        };
        let message = |out: &mut Vec<u8>| {
            out.extend_from_slice(b"\"message\":\"");
            escape_into(self.message, out);
            out.push(b'"');
        };
        out.extend_from_slice(b"{\"errors\":[{");
        match self.order {
            Order::CodeFirst => {
                code(out);
                out.push(b',');
                message(out);
            }
            Order::MessageFirst => {
                message(out);
                out.push(b',');
                code(out);
            }
        }
        out.extend_from_slice(b"}]}");
    }
}
