//! The errors of Tweet Binder's API.

use std::borrow::Cow;

use model::escape_into;

use crate::denial::Denial;
use crate::failure::Trouble;
use crate::sentences as say;

/// An error of Tweet Binder's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TweetBinderError {
    /// The status of the reply.
    pub status: u16,
    message: Cow<'static, str>,
}

impl TweetBinderError {
    /// An error with nothing to say but its status.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        Self { status, message: say::status_phrase(status).into() }
    }

    /// What every dialect has words for.
    #[must_use]
    pub(crate) fn of(trouble: Trouble) -> Self {
        Self::of_status(match trouble {
            Trouble::Denied(denial) => match denial {
                Denial::NoCredentials | Denial::BadCredentials | Denial::BadTimestamp | Denial::UnknownToken => 401,
                Denial::AppSuspended
                | Denial::NotEnrolled(_)
                | Denial::Unsupported(..)
                | Denial::MissingScope
                | Denial::ReadOnly
                | Denial::UserSuspended => 403,
                Denial::Unavailable => 503,
            },
            Trouble::NotFound => 404,
            Trouble::MethodNotAllowed { .. } => 405,
            Trouble::TooManyRequests => 429,
            Trouble::Unreadable => 500,
            Trouble::Unavailable => 503,
            Trouble::Edge { status } => status,
        })
    }

    /// Appends the body of the reply.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"error\":\"");
        escape_into(&self.message, out);
        out.extend_from_slice(b"\"}");
    }
}
