//! What an import did.

use std::ops::AddAssign;

use model::{UserId, Username};

/// How many things an import met, each counted once per batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Unknown before.
    pub new: u64,
    /// Known, and different now.
    pub changed: u64,
    /// Known, and as it was.
    pub unchanged: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }
}

/// A user that lost a username to another and bears a derived one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenUp {
    /// Who lost it.
    pub id: UserId,
    /// The name that was lost.
    pub old: Username,
    /// The name in its place.
    pub new: Username,
}

/// What an import did; batches of one import are added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Users with a profile in the batch.
    pub users: Counts,
    /// Posts in the batch.
    pub tweets: Counts,
    /// Users of which the batch holds the account state alone; a new one becomes a
    /// stub with a derived username.
    pub states: Counts,
    /// Posts deleted because a newer observation found them gone.
    pub tweets_gone: u64,
    /// States of usernames that nobody bears: nothing is stored for them.
    pub unknown_usernames: u64,
    /// How many users lost a username.
    pub usernames_given_up: u64,
    /// The first [`Imported::LISTED`] of them.
    pub given_up: Vec<GivenUp>,
}

impl Imported {
    /// How many lost usernames are listed one by one.
    pub const LISTED: usize = 100;

    pub(crate) fn give_up(&mut self, lost: GivenUp) {
        self.usernames_given_up += 1;
        if self.given_up.len() < Self::LISTED {
            self.given_up.push(lost);
        }
    }
}

impl AddAssign for Imported {
    fn add_assign(&mut self, other: Self) {
        self.users += other.users;
        self.tweets += other.tweets;
        self.states += other.states;
        self.tweets_gone += other.tweets_gone;
        self.unknown_usernames += other.unknown_usernames;
        self.usernames_given_up += other.usernames_given_up;
        let room = Self::LISTED.saturating_sub(self.given_up.len());
        self.given_up.extend(other.given_up.into_iter().take(room));
    }
}

/// What a load of follows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportedEdges {
    /// Follows that are new.
    pub edges: u64,
    /// Those that were there already, or twice in what was loaded.
    pub known: u64,
    /// Users without a profile, of whom the load has the id alone.
    pub stubs: u64,
}
