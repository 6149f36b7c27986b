//! What Tweet Binder's API answers to what it refuses.
//!
//! unverified(tweetbinder-errors): `error` and `message`, the two members that the vendor's own client
//! knows of an error. Neither its sentences nor its statuses are published.

use model::{Timestamp, escape_into};

use crate::denial::Denial;
use crate::failure::Trouble;
use crate::sentences::{self as say, tweet_binder as own};

/// An error, which is all that a reply holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TweetBinderError {
    /// The status of the reply.
    pub status: u16,
    message: String,
}

impl TweetBinderError {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// 400: a parameter or the body cannot be used.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// 402: fewer profiles are left than the request can cost.
    #[must_use]
    pub fn not_covered(wanted: u64, available: u64, until: Timestamp) -> Self {
        Self::new(402, own::not_covered(wanted, available, until))
    }

    /// 403: the lists of a protected account are for those whom it accepted.
    #[must_use]
    pub fn protected() -> Self {
        Self::new(403, own::PROTECTED)
    }

    /// 404: no account has the id or the alias, or it is suspended or deactivated.
    #[must_use]
    pub fn no_profile() -> Self {
        Self::new(404, own::NO_PROFILE)
    }

    /// 500: a record is damaged.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::new(500, own::UNREADABLE)
    }

    /// What every API has words for, in those of this one.
    #[must_use]
    pub fn of(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Denied(denial) => Self::denied(denial),
            Trouble::NotFound => Self::new(404, own::NO_PATH),
            Trouble::MethodNotAllowed { allow } => Self::new(405, own::other_methods(allow)),
            Trouble::TooManyRequests => Self::new(429, own::TOO_MANY_REQUESTS),
            Trouble::Unreadable => Self::unreadable(),
            Trouble::Unavailable => Self::new(503, say::status_phrase(503)),
            Trouble::Edge { status } => Self::new(status, say::status_phrase(status)),
        }
    }

    fn denied(denial: Denial) -> Self {
        match denial {
            Denial::NoCredentials => Self::new(401, own::NO_TOKEN),
            Denial::BadCredentials | Denial::BadTimestamp | Denial::UnknownToken => Self::new(401, own::UNKNOWN_TOKEN),
            Denial::AppSuspended
            | Denial::NotEnrolled(_)
            | Denial::Unsupported(..)
            | Denial::MissingScope
            | Denial::ReadOnly
            | Denial::UserSuspended => Self::new(403, own::NOT_ALLOWED),
            Denial::Unavailable => Self::unreadable(),
        }
    }

    /// Appends the body of a reply that is nothing but this error.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"error\":\"");
        escape_into(say::status_phrase(self.status), out);
        out.extend_from_slice(b"\",\"message\":\"");
        escape_into(&self.message, out);
        out.extend_from_slice(b"\"}");
    }
}
