//! Developer accounts and their Projects.

use crate::words::words;
use crate::{AccountId, ProjectId, Timestamp};

words! {
    /// Whether a developer may use the API.
    Approval {
        /// Has applied. Cannot make keys.
        Pending = "pending",
        /// May make keys and use them.
        Approved = "approved",
        /// Cannot make keys, and those that were made are refused.
        Suspended = "suspended",
    }
}

/// A developer account. It is not one of the accounts of the directory, which are
/// [`User`](crate::User)s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Never given again.
    pub id: AccountId,
    /// What people call it, 1 to [`Self::MAX_NAME`] characters.
    pub name: String,
    /// Whether it may use the API.
    pub approval: Approval,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Account {
    /// Most characters of a name.
    pub const MAX_NAME: usize = 50;
}

/// A Project, the frame in which an App may use API v2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Never given again.
    pub id: ProjectId,
    /// Whose it is.
    pub account: AccountId,
    /// What people call it, 1 to [`Account::MAX_NAME`] characters.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}
