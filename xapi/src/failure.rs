//! What a request fails with as a whole, in the words of the API that it was sent to. No
//! dialect ever answers in the shape of another.

use crate::denial::Denial;
use crate::flow_reply::oauth1_challenge;
use crate::lookup::Refused;
use crate::operation::Dialect;
use crate::problem::Problem;
use crate::style::ProblemTypes;
use crate::tweet_binder::TweetBinderError;
use crate::v1_error::{V1Error, write_not_authorized};

/// What every dialect has words for.
#[derive(Debug, Clone, Copy)]
pub enum Trouble {
    /// The caller is refused.
    Denied(Denial),
    /// There is no such path.
    NotFound,
    /// The path has these methods.
    MethodNotAllowed {
        /// As an `allow` header says them.
        allow: &'static str,
    },
    /// The window of the caller is used up.
    TooManyRequests,
    /// A stored record is damaged.
    Unreadable,
    /// Nothing can be written now.
    Unavailable,
    /// The edge lets no such request through.
    Edge {
        /// The status of its answer.
        status: u16,
    },
}

/// What a request fails with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// In API v2 and Labs.
    Problem(Refused),
    /// In API v1.1.
    V1(V1Error),
    /// In API v1.1: the account is protected, and its lists are for its followers.
    V1NotAuthorized {
        /// The path of the request.
        path: String,
    },
    /// In Tweet Binder's API.
    TweetBinder(TweetBinderError),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Problem(refused)
    }
}

impl From<V1Error> for Failure {
    fn from(error: V1Error) -> Self {
        Self::V1(error)
    }
}

impl From<TweetBinderError> for Failure {
    fn from(error: TweetBinderError) -> Self {
        Self::TweetBinder(error)
    }
}

impl Failure {
    /// Trouble in the words of a dialect. `types` is where its problems are, if it has problems.
    #[must_use]
    pub fn of(trouble: Trouble, dialect: Dialect, types: ProblemTypes) -> Self {
        match dialect {
            Dialect::V2 | Dialect::Labs => Refused { problem: problem(trouble), types }.into(),
            Dialect::V1 => V1Error::of(trouble).into(),
            Dialect::TweetBinder => TweetBinderError::of(trouble).into(),
        }
    }

    /// The status of the reply.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Problem(refused) => refused.problem.status(),
            Self::V1(error) => error.status,
            Self::V1NotAuthorized { .. } => 401,
            Self::TweetBinder(error) => error.status,
        }
    }

    /// The value of `www-authenticate`, on a 401 of a dialect that sends it.
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        match self {
            Self::V1(error) if error.status == 401 => Some(oauth1_challenge(Some(error.code))),
            Self::V1NotAuthorized { .. } => Some(oauth1_challenge(None)),
            Self::Problem(_) | Self::V1(_) | Self::TweetBinder(_) => None,
        }
    }

    /// Appends the body of the reply. `dialect` is that of the request.
    pub fn write(&self, dialect: Dialect, out: &mut Vec<u8>) {
        match self {
            Self::Problem(Refused { problem, types }) => problem.write(dialect, *types, out),
            Self::V1(error) => error.write(out),
            Self::V1NotAuthorized { path } => write_not_authorized(path, out),
            Self::TweetBinder(error) => error.write(out),
        }
    }
}

/// In the words of API v2 and Labs.
fn problem(trouble: Trouble) -> Problem {
    match trouble {
        Trouble::Denied(denial) => denial.problem(),
        Trouble::NotFound => Problem::not_found(),
        Trouble::MethodNotAllowed { .. } => Problem::method_not_allowed(),
        Trouble::TooManyRequests => Problem::too_many_requests(),
        Trouble::Unreadable => Problem::internal_error(),
        Trouble::Unavailable => Problem::unavailable(),
        Trouble::Edge { status } => Problem::of_status(status),
    }
}
