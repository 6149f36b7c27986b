//! Why credentials are refused, and the words of each API for it.

use model::AppId;

use crate::operation::{Authentication, Operation};
use crate::problem::Problem;
use crate::v1_error::V1Error;

/// Why a caller is refused, as far as it is told.
#[derive(Debug, Clone, Copy)]
pub enum Denial {
    /// There are no credentials.
    NoCredentials,
    /// They are malformed, or their signature is wrong or was seen before.
    BadCredentials,
    /// Their signature is right, and of another time.
    BadTimestamp,
    /// Their token is not known, or is no more.
    UnknownToken,
    /// The developer account of the App may not use the API.
    AppSuspended,
    /// The App is in no Project.
    NotEnrolled(AppId),
    /// The operation wants credentials of another kind.
    Unsupported(Authentication, &'static Operation),
    /// The token of OAuth 2.0 lacks a scope.
    MissingScope,
    /// The token of OAuth 1.0a may read alone.
    ReadOnly,
    /// The user of the token is suspended.
    UserSuspended,
    /// Who calls cannot be found out now.
    Unavailable,
}

impl Denial {
    /// In the words of API v2 and of Labs. All 401 are alike, so that nobody learns what was
    /// nearly right.
    ///
    /// unverified(suspended-callers): what an App or a user is told that may not call.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::NoCredentials | Self::BadCredentials | Self::BadTimestamp | Self::UnknownToken => {
                Problem::unauthorized()
            }
            Self::AppSuspended | Self::MissingScope | Self::UserSuspended => Problem::forbidden(),
            Self::NotEnrolled(app) => Problem::client_not_enrolled(app),
            Self::Unsupported(used, operation) => {
                Problem::unsupported_authentication(used, operation.access.authentication)
            }
            Self::ReadOnly => Problem::oauth1_permissions(),
            Self::Unavailable => Problem::internal_error(),
        }
    }

    /// In the words of API v1.1, and of the endpoints of OAuth 1.0a.
    #[must_use]
    pub fn v1(self) -> V1Error {
        match self {
            Self::NoCredentials => V1Error::BAD_AUTHENTICATION_DATA,
            Self::BadCredentials => V1Error::COULD_NOT_AUTHENTICATE,
            Self::BadTimestamp => V1Error::TIMESTAMP_OUT_OF_BOUNDS,
            Self::UnknownToken => V1Error::EXPIRED_TOKEN,
            Self::AppSuspended => V1Error::SUSPENDED_APPLICATION,
            Self::NotEnrolled(_) | Self::Unsupported(..) | Self::MissingScope => V1Error::CREDENTIALS_DO_NOT_ALLOW,
            Self::ReadOnly => V1Error::CANNOT_WRITE,
            Self::UserSuspended => V1Error::ACCOUNT_SUSPENDED,
            Self::Unavailable => V1Error::OVER_CAPACITY,
        }
    }
}
