//! The errors of API v1.1, each a row: its code, its status, its sentence.

use std::borrow::Cow;

use crate::failure::Trouble;
use crate::render::v1::text_into;

use crate::sentences as say;

/// An error of API v1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct V1Error {
    /// The number by which clients know it.
    pub code: u16,
    /// The status of a reply that holds nothing else.
    pub status: u16,
    message: Cow<'static, str>,
    order: Order,
}

/// Which member comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Code,
    /// observed: codes 34, 88, 130 and 131.
    Message,
}

/// A row of the few with their message first.
const fn message_first(code: u16, status: u16, message: &'static str) -> V1Error {
    V1Error { code, status, message: Cow::Borrowed(message), order: Order::Message }
}

/// A row of most errors.
const fn row(code: u16, status: u16, message: &'static str) -> V1Error {
    V1Error { code, status, message: Cow::Borrowed(message), order: Order::Code }
}

impl V1Error {
    /// The signature is wrong, or was seen before.
    pub const COULD_NOT_AUTHENTICATE: Self = row(32, 401, say::COULD_NOT_AUTHENTICATE);
    /// The user of the token is suspended.
    pub const ACCOUNT_SUSPENDED: Self = row(64, 403, say::ACCOUNT_SUSPENDED);
    /// The window of the caller is used up.
    pub const RATE_LIMIT_EXCEEDED: Self = message_first(88, 429, say::RATE_LIMIT_EXCEEDED);
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
    pub const OVER_CAPACITY: Self = message_first(130, 503, say::OVER_CAPACITY);

    /// A stored record is damaged.
    pub const INTERNAL_ERROR: Self = message_first(131, 500, say::INTERNAL_ERROR);
    /// There is no such path.
    pub const NO_SUCH_PAGE: Self = message_first(34, 404, say::NO_SUCH_PAGE);
    /// Nobody has this id or screen name.
    pub const USER_NOT_FOUND: Self = row(50, 404, say::V1_USER_NOT_FOUND);
    /// The user that is asked for is suspended.
    pub const USER_SUSPENDED: Self = row(63, 403, say::V1_USER_SUSPENDED);
    /// None of many users is there.
    pub const NO_USER_MATCHES: Self = row(17, 404, say::NO_USER_MATCHES);
    /// More users are asked for than one request may.
    ///
    /// unverified(v1-too-many-terms)
    pub const TOO_MANY_TERMS: Self = row(18, 403, say::TOO_MANY_TERMS);
    /// A parameter without which nothing can be done is not there.
    pub const PARAMETERS_MISSING: Self = row(25, 400, say::PARAMETERS_MISSING);

    /// The user that is to be followed, or no more, is not there.
    // observed: 403, also where the request names nobody.
    pub const CANNOT_FIND_USER: Self = row(108, 403, say::CANNOT_FIND_USER);
    /// Nobody follows themselves.
    ///
    /// unverified(v1-follow-refusals)
    pub const SELF_FOLLOW: Self = row(158, 403, say::SELF_FOLLOW);
    /// A list is full.
    pub const CANNOT_FOLLOW_MORE: Self = row(161, 403, say::CANNOT_FOLLOW_MORE);
    /// The other user blocks the one.
    pub const BLOCKED: Self = row(162, 403, say::V1_BLOCKED);
    /// The first of two users is not there, or is not named by an App.
    pub const NO_SOURCE_USER: Self = row(163, 403, say::NO_SOURCE_USER);
    /// The caller blocks whom it wants to follow.
    ///
    /// unverified(v1-follow-refusals)
    pub const NOT_PERMITTED: Self = row(87, 403, say::NOT_PERMITTED);

    /// The user has been asked already, and has not answered.
    #[must_use]
    pub fn already_requested(screen_name: &str) -> Self {
        Self { code: 160, status: 403, message: say::already_requested(screen_name).into(), order: Order::Code }
    }

    /// What every dialect has words for.
    #[must_use]
    pub(crate) fn of(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Denied(denial) => denial.v1(),
            Trouble::NotFound => Self::NO_SUCH_PAGE,
            Trouble::MethodNotAllowed { allow } => Self::method_not_allowed(allow),
            Trouble::TooManyRequests => Self::RATE_LIMIT_EXCEEDED,
            Trouble::Unreadable => Self::INTERNAL_ERROR,
            Trouble::Unavailable => Self::OVER_CAPACITY,
            Trouble::Edge { status } => Self::of_edge(status),
        }
    }

    /// The path has other methods, which `allow` names.
    ///
    /// unverified(v1-methods): status and code.
    fn method_not_allowed(allow: &str) -> Self {
        let methods = allow.split(", ").filter(|method| *method != "HEAD").collect::<Vec<_>>().join(" or a ");
        Self { code: 86, status: 405, message: say::requires_a_method(&methods).into(), order: Order::Code }
    }

    /// unverified(v1-edge): the code of what has none of its own.
    fn of_edge(status: u16) -> Self {
        match status {
            500 => Self::INTERNAL_ERROR,
            503 => Self::OVER_CAPACITY,
            _ => row(214, status, say::status_phrase(status)),
        }
    }

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
            text_into(&self.message, out);
            out.push(b'"');
        };
        out.extend_from_slice(b"{\"errors\":[{");
        match self.order {
            Order::Code => {
                code(out);
                out.push(b',');
                message(out);
            }
            Order::Message => {
                message(out);
                out.push(b',');
                code(out);
            }
        }
        out.extend_from_slice(b"}]}");
    }
}

/// Appends the body of the reply about lists of a protected account.
// observed: no code, and the path escaped.
pub(crate) fn write_not_authorized(path: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"request\":\"");
    text_into(path, out);
    out.extend_from_slice(b"\",\"error\":\"");
    text_into(say::NOT_AUTHORIZED, out);
    out.extend_from_slice(b"\"}");
}
