//! The tokens of OAuth 1.0a: the one that a user authorizes, and the one that it becomes.

use super::{Permissions, Sealed, TokenDigest};
use crate::{AppId, Timestamp, TokenId, UserId};

/// Where a user goes after the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// To this address.
    Url(String),
    /// Nowhere: the user types a PIN into the App.
    Oob,
}

/// A request token. A user authorizes it once, and then the App exchanges it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestToken {
    /// Who asked for it.
    pub app: AppId,
    /// Its secret.
    pub secret: Sealed,
    /// Where the user goes after the decision.
    pub callback: Callback,
    /// What the access token will allow at most, if the App asked for less than it may
    /// have (`x_auth_access_type`).
    pub access: Option<Permissions>,
    /// From then on it is unknown.
    pub expires_at: Timestamp,
    /// The decision, once it was made. A token that was denied is gone.
    pub authorized: Option<Authorized>,
}

impl RequestToken {
    /// How long one lives, in milliseconds.
    // unverified(request-token-lifetime): X does not publish it.
    pub const LIFETIME_MS: i64 = 15 * 60 * 1000;
    /// So many of one App are kept; then those go that end first. More than four sign-ins a second
    /// for 15 minutes are a loop in a client, which is not to fill the disk.
    pub const MOST_OF_APP: usize = 4096;
    /// So many wrong verifiers end it: a PIN has seven digits.
    pub const MAX_ATTEMPTS: u8 = 5;
}

/// That a user authorized a request token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorized {
    /// Who.
    pub user: UserId,
    /// What the App shows to prove that the user came back to it.
    pub verifier: TokenDigest,
    /// Wrong verifiers until now.
    pub attempts: u8,
}

/// An access token of OAuth 1.0a. It does not expire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserToken {
    /// For lists and revocation. It is not what clients send.
    pub id: TokenId,
    /// For which App.
    pub app: AppId,
    /// On whose behalf.
    pub user: UserId,
    /// The digest of what clients send.
    pub digest: TokenDigest,
    /// Its secret.
    pub secret: Sealed,
    /// What it allows.
    pub permissions: Permissions,
    /// When it was made.
    pub created_at: Timestamp,
}
