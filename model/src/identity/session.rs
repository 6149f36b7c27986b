//! What the login and consent pages remember.

use super::{Permissions, Scopes};
use crate::{AppId, Timestamp, UserId};

/// What a user allowed an App to do, so that the next time need not be asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who.
    pub user: UserId,
    /// To whom.
    pub app: AppId,
    /// With OAuth 1.0a, if ever.
    pub permissions: Option<Permissions>,
    /// With OAuth 2.0, all times together.
    pub scopes: Scopes,
    /// The last time.
    pub at: Timestamp,
}

/// A browser in which a user is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginSession {
    /// Who.
    pub user: UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// From then on it is unknown.
    pub expires_at: Timestamp,
}

impl LoginSession {
    /// How long one lives, in milliseconds.
    pub const LIFETIME_MS: i64 = 12 * 60 * 60 * 1000;
    /// So many of one user are kept; then those go that end first. A person has a few browsers,
    /// and a program that signs in again and again does not fill the disk.
    pub const MOST_OF_USER: usize = 64;
}
