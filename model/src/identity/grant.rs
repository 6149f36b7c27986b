//! What OAuth 2.0 gives for a user's consent: a code, and then a family of tokens that
//! lives and dies together.

use super::Scopes;
use crate::words::words;
use crate::{AppId, GrantId, Timestamp, UserId};

words! {
    /// How a code verifier becomes a challenge (RFC 7636, 4.2).
    ChallengeMethod {
        /// By SHA-256.
        S256 = "S256",
        /// Not at all.
        Plain = "plain",
    }
}

/// What the verifier must match when a code is exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge {
    /// How it was made.
    pub method: ChallengeMethod,
    /// The base64url of the SHA-256 of the verifier, also where the client has shown the
    /// verifier itself: until it is used, that is a secret.
    pub text: String,
}

/// An authorization code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// For which App.
    pub app: AppId,
    /// Who consented.
    pub user: UserId,
    /// To what.
    pub scopes: Scopes,
    /// The address that the user was sent to; the exchange has to name the same.
    pub redirect_uri: String,
    /// What the verifier must match.
    pub challenge: CodeChallenge,
    /// From then on it cannot be exchanged.
    pub expires_at: Timestamp,
    /// The family that it became, once it was exchanged.
    pub grant: Option<GrantId>,
}

impl AuthorizationCode {
    /// How long one lives, in milliseconds (X's guide to OAuth 2.0 with PKCE).
    pub const LIFETIME_MS: i64 = 30 * 1000;
    /// So many of one user wait to be exchanged; then those go that end first.
    pub const MOST_OF_USER: usize = 64;
}

/// A family: all tokens that came from one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// For lists and revocation.
    pub id: GrantId,
    /// For which App.
    pub app: AppId,
    /// On whose behalf.
    pub user: UserId,
    /// What its tokens allow.
    pub scopes: Scopes,
    /// When the code was exchanged.
    pub created_at: Timestamp,
    /// When the last of its tokens ends, and with it the family.
    pub expires_at: Timestamp,
}

/// An access token of OAuth 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessToken {
    /// The family.
    pub grant: GrantId,
    /// For which App.
    pub app: AppId,
    /// On whose behalf.
    pub user: UserId,
    /// What it allows.
    pub scopes: Scopes,
    /// From then on it is unknown.
    pub expires_at: Timestamp,
}

impl AccessToken {
    /// How long one lives, in milliseconds (X's guide: two hours).
    pub const LIFETIME_MS: i64 = 2 * 60 * 60 * 1000;
    /// So many of one family live at once, which is refreshed each two hours as a rule; then those
    /// go that end first. They are in memory.
    pub const MOST_OF_GRANT: usize = 64;
}

/// A refresh token of OAuth 2.0, with scope `offline.access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// The family.
    pub grant: GrantId,
    /// From then on it is unknown.
    pub expires_at: Timestamp,
    /// Whether it was exchanged. If it comes again, the family dies.
    pub used: bool,
}

impl RefreshToken {
    /// How long one lives unless it is used, in milliseconds.
    // unverified(refresh-token-lifetime): X does not publish it.
    pub const LIFETIME_MS: i64 = 180 * 24 * 60 * 60 * 1000;
    /// So many of one family are remembered: the one that lives, and those that were used before
    /// it, so that a second use is noticed.
    pub const MOST_OF_GRANT: usize = 4096;
}
