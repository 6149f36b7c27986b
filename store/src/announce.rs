//! What a lookup of one user will read, announced before it is known whether there will be one.

use model::{UserId, Username};

use crate::Store;

/// What a user is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKey {
    /// The id.
    Id(UserId),
    /// The username, without regard to letter case.
    Username(Username),
}

/// A user of whom the index is on its way; see [`Store::announce`].
#[derive(Debug, Clone, Copy)]
pub struct Announced {
    pub(crate) by: IndexedBy,
    pub(crate) hash: u64,
}

/// The index that knows a user.
#[derive(Debug, Clone, Copy)]
pub(crate) enum IndexedBy {
    Id,
    Username,
}

impl Store {
    /// Lets the processor fetch what a lookup of this user reads first, as an index says. It is a
    /// hint, which reads nothing: also for callers who will be refused.
    #[inline]
    #[must_use]
    pub fn announce(&self, user: &UserKey) -> Announced {
        match self {
            Self::Embedded(engine) => engine.announce(user),
        }
    }

    /// Lets the processor fetch what it reads next, the head of the user, once there was time for the
    /// first. This looks into the index, and may wait for the disk as the lookup would.
    #[inline]
    pub fn announce_head(&self, user: Announced) {
        match self {
            Self::Embedded(engine) => engine.announce_head(user),
        }
    }
}
