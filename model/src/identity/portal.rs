//! Who works in the developer portal: one-time links, the sessions they begin, and which user
//! of the directory has which developer account.

use crate::{AccountId, Timestamp, UserId};

/// A link that signs somebody in, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalLink {
    /// The developer account that it is for; none is the owner of the server.
    pub account: Option<AccountId>,
    /// From then on it is unknown.
    pub expires_at: Timestamp,
}

impl PortalLink {
    /// How long one lives, in milliseconds.
    pub const LIFETIME_MS: i64 = 60 * 60 * 1000;
}

/// A browser that a link has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalSession {
    /// The developer account; none is the owner of the server.
    pub account: Option<AccountId>,
    /// Since when.
    pub created_at: Timestamp,
    /// From then on it is unknown.
    pub expires_at: Timestamp,
}

impl PortalSession {
    /// How long one lives, in milliseconds.
    pub const LIFETIME_MS: i64 = 12 * 60 * 60 * 1000;
}

/// A user of the directory who signed up for a developer account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Developer {
    /// Who.
    pub user: UserId,
    /// For which account.
    pub account: AccountId,
}
