//! Why a verb was not carried out, and what belongs to the whole transaction instead.

use model::{AccountId, AppId, Approval, GrantId, ProjectId, TokenId, UserId};
use thiserror::Error;

use crate::{ChangeError, ReadError};

/// Why nothing about accounts, Apps or tokens was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// There is no such developer account.
    #[error("there is no developer account {id}")]
    UnknownAccount {
        /// The id.
        id: AccountId,
    },
    /// There is no such Project.
    #[error("there is no Project {id}")]
    UnknownProject {
        /// The id.
        id: ProjectId,
    },
    /// There is no such App.
    #[error("there is no App {id}")]
    UnknownApp {
        /// The id.
        id: AppId,
    },
    /// There is no such access token of OAuth 1.0a.
    #[error("there is no access token {id}")]
    UnknownToken {
        /// The id.
        id: TokenId,
    },
    /// There is no such family of tokens of OAuth 2.0.
    #[error("there is no grant {id}")]
    UnknownGrant {
        /// The id.
        id: GrantId,
    },
    /// The user is suspended or deactivated.
    #[error("user {id} is not active")]
    InactiveUser {
        /// The id.
        id: UserId,
    },
    /// Only an approved account makes keys.
    #[error("the developer account {id} is {}, and only an approved one can make keys", .approval.name())]
    NotApproved {
        /// The account.
        id: AccountId,
        /// What it is.
        approval: Approval,
    },
    /// The Project is of another account.
    #[error("the Project {id} belongs to the developer account {account}")]
    ForeignProject {
        /// The Project.
        id: ProjectId,
        /// Whose it is.
        account: AccountId,
    },
    /// Something still belongs to it.
    #[error("it still has Projects or Apps")]
    NotEmpty,
    /// The account has as many of its kind as were allowed.
    #[error("the developer account {id} has {most} of them already")]
    Full {
        /// The account.
        id: AccountId,
        /// How many were allowed.
        most: usize,
    },
    /// OAuth 2.0 cannot be on without a type and a callback address.
    #[error("OAuth 2.0 needs an App with a type and a callback address")]
    OAuth2NotSet {
        /// The App.
        id: AppId,
    },
    /// A callback address leads to an App on a device, and the App is none.
    #[error("an address with a scheme of its own, such as myapp://done, is for a native App")]
    OwnScheme {
        /// The App.
        id: AppId,
    },
    /// OAuth 2.0 is off.
    #[error("OAuth 2.0 is off for the App {id}")]
    OAuth2Off {
        /// The App.
        id: AppId,
    },
    /// A token or code is not taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it, or it concerns a user of the directory.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

/// Why a token, a code or a verifier is not taken. Clients are told less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nobody was given it, or it was revoked.
    #[error("unknown or revoked")]
    Unknown,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// It was given to another App.
    #[error("given to another App")]
    OtherApp,
    /// The user has not decided yet.
    #[error("not authorized by a user")]
    NotAuthorized,
    /// The user has decided already.
    #[error("authorized already")]
    AlreadyAuthorized,
    /// The verifier is not the one that the user brought.
    #[error("wrong verifier")]
    WrongVerifier,
    /// It came a second time, and everything that it gave was revoked.
    #[error("used a second time; what it gave was revoked")]
    Reused,
}

/// What ends a verb: an answer for its caller, or a failure of the disk, which concerns
/// all who share the transaction.
#[derive(Debug)]
pub(in crate::embedded) enum Fault {
    Refused(IdentityError),
    Disk(heed::Error),
}

impl From<ReadError> for IdentityError {
    fn from(error: ReadError) -> Self {
        ChangeError::from(error).into()
    }
}

impl From<IdentityError> for Fault {
    fn from(error: IdentityError) -> Self {
        Self::Refused(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<ChangeError> for Fault {
    fn from(error: ChangeError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        IdentityError::from(error).into()
    }
}

impl From<heed::Error> for Fault {
    fn from(error: heed::Error) -> Self {
        Self::Disk(error)
    }
}
