//! Why a page is not shown, and the page that says so instead.

use std::sync::LazyLock;

use http::StatusCode;
use store::{IdentityError, ReadError};

use super::cx::MOST_OF_ACCOUNT;

/// Why a page is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is no such page or thing, or it belongs to somebody else: nobody learns which.
    NotFound,
    /// The address takes another method.
    OtherMethod,
    /// The form came from another site, or does not say where from.
    Foreign,
    /// Others may go there.
    Role(&'static str),
    /// A link that was used, is too old, or never was one.
    Link,
    /// What the form names is gone, or is not what it was.
    Stale,
    /// Only an approved account makes keys.
    NotApproved,
    /// The account has as many Projects or Apps as one may have.
    Full,
    /// It is nothing that the server takes from anybody.
    Edge(StatusCode),
    /// Something does not work; the log says what.
    Broken,
}

static FULL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "It has {MOST_OF_ACCOUNT} Projects or {MOST_OF_ACCOUNT} Apps, and makes no more. Delete some, or ask the owner of the server."
    )
});

/// The page in place of another.
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) line: &'static str,
}

impl Refused {
    /// What a person reads.
    pub(super) fn told(self) -> Told {
        let (status, title, line) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "The address is wrong, or what was here is gone or belongs to another account.",
            ),
            Self::OtherMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "This address is for a form",
                "Go back to the page with the form and send it from there.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "This form did not come from the portal",
                "Changes are made from pages of this server alone, and the browser has to say so. Open the portal and try again.",
            ),
            Self::Role(line) => (StatusCode::FORBIDDEN, "This page is not for you", line),
            Self::Link => (
                StatusCode::FORBIDDEN,
                "This link does not work any more",
                "It was used, or its time is over. On the machine of the server make a new one with: birdbox portal link",
            ),
            Self::Stale => (
                StatusCode::CONFLICT,
                "That cannot be done any more",
                "Something changed since the page was shown. Go back, load it anew, and try again.",
            ),
            Self::NotApproved => (
                StatusCode::FORBIDDEN,
                "The developer account is not approved",
                "Only an approved account makes Apps and keys. The owner of the server approves it, under Accounts.",
            ),
            Self::Full => (StatusCode::FORBIDDEN, "The developer account is full", FULL.as_str()),
            Self::Edge(status) => {
                let (title, line) = edge(status);
                (status, title, line)
            }
            Self::Broken => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "The log of the server says what. Try again later.",
            ),
        };
        Told { status, title, line }
    }
}

/// What a person reads of what the server takes from nobody.
fn edge(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("This is too much at once", "The form is larger than the server takes. Go back and send less.")
        }
        StatusCode::URI_TOO_LONG => {
            ("The address is too long", "It is longer than the server takes. Open the portal and go on from there.")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("The form did not arrive", "It took too long to get here. Go back and send it again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => ("This took too long", "The server gave it up. Try again later."),
        StatusCode::INTERNAL_SERVER_ERROR => {
            ("Something went wrong", "The log of the server says what. Try again later.")
        }
        _ => ("The request cannot be read", "It is not what browsers send. Open the portal and go on from there."),
    }
}

impl From<ReadError> for Refused {
    fn from(error: ReadError) -> Self {
        tracing::error!(%error, "a page of the portal cannot be read");
        Self::Broken
    }
}

impl From<IdentityError> for Refused {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::UnknownAccount { .. }
            | IdentityError::UnknownProject { .. }
            | IdentityError::UnknownApp { .. }
            | IdentityError::UnknownToken { .. }
            | IdentityError::UnknownGrant { .. } => Self::NotFound,
            IdentityError::NotApproved { .. } => Self::NotApproved,
            IdentityError::Full { .. } => Self::Full,
            IdentityError::InactiveUser { .. }
            | IdentityError::ForeignProject { .. }
            | IdentityError::NotEmpty
            | IdentityError::OwnScheme { .. }
            | IdentityError::OAuth2NotSet { .. }
            | IdentityError::OAuth2Off { .. }
            | IdentityError::Refused(_) => Self::Stale,
            IdentityError::Change(error) => {
                tracing::error!(%error, "a change from the portal cannot be made");
                Self::Broken
            }
        }
    }
}
