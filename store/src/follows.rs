//! What is asked and answered about follows.

pub use model::Relation;
use model::{AccountState, UserId};

use crate::UserBatch;

/// Where a page of a list begins. Places are slots: the first follow of a list has slot 0, each
/// later one the next, and none changes its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListStart {
    /// With the newest follow.
    Newest,
    /// With the newest follow before this slot, which is not part of it.
    Below(u64),
    /// So that it ends just before this slot, which is not part of it.
    Above(u64),
}

/// A page of a list, the newest follow first.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// Those on it. Deleted users have a place and no record.
    pub users: UserBatch,
    /// Their slots, by the same position.
    pub slots: Vec<u64>,
    /// Whether there are older follows.
    pub more_below: bool,
    /// Whether there are newer ones.
    pub more_above: bool,
}

/// A page of a list of which no more was read than who stands on it, the newest follow first.
#[derive(Debug, Clone)]
pub struct IdPage {
    /// The ids, and what is the matter with each account. Deleted users are left out.
    pub users: Vec<(UserId, AccountState)>,
    /// The slots of the page, those of deleted users among them.
    pub slots: Vec<u64>,
    /// Whether there are older follows.
    pub more_below: bool,
    /// Whether there are newer ones.
    pub more_above: bool,
}

/// What became of a wish to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// One follows the other, now or already.
    Follows,
    /// The other one is protected and has to accept.
    Pending,
}

/// A follow: who follows, and whom.
pub type Edge = (UserId, UserId);

/// Where [`crate::Store::export_edges`] goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeCursor {
    /// The number of a user.
    pub(crate) user: u32,
    /// A slot of its list of those whom it follows: the last that was given.
    pub(crate) slot: u64,
}

impl EdgeCursor {
    /// A cursor from its numbers.
    #[must_use]
    pub const fn from_numbers([user, slot]: [u64; 2]) -> Self {
        Self { user: user as u32, slot }
    }

    /// Its numbers, by which another process can go on.
    #[must_use]
    pub const fn numbers(self) -> [u64; 2] {
        [self.user as u64, self.slot]
    }
}
