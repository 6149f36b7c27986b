//! Large imports: facts are sorted outside the store and enter it as one merge.
//!
//! A small import writes each outcome to the log and merges it later; for millions of
//! users that would write everything several times. Here nothing is seen before the
//! end, and a kill leaves nothing. Live changes go on meanwhile and are newer.

mod fact;
mod fold;
mod settle;
mod sorted;
mod spool;

use std::io;
use std::path::Path;
use std::sync::{Arc, Weak};

use model::{AccountState, Conflict, Observation, Timestamp, Username};

use self::fact::Keyed;
pub(super) use self::fact::{Done, Fold, OrdinalSet};
pub(super) use self::fold::{Fresh, Rules, changed_record, fold_into};
pub(super) use self::settle::settle;
pub(super) use self::sorted::{Sorted, give_back};
pub(super) use self::spool::Spool;
use super::edges::{Edges, Reserved};
use super::state::View;
use crate::error::is_full;
use crate::{ChangeError, Imported, ImportedEdges, ReadError};

/// The facts of a large import, or of a part of one that a thread of its own reads.
#[derive(Debug)]
pub struct BulkPart {
    users: Spool,
    tweets: Spool,
    /// States of usernames, which only make sense when it is known who bears those.
    by_username: Vec<(u64, StateOf)>,
}

/// A state of whoever bears a username; without one, of nobody.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateOf {
    username: Option<Username>,
    state: AccountState,
    at: Timestamp,
}

impl BulkPart {
    /// One of so many.
    pub(crate) fn new(dir: &Path, of: usize) -> Self {
        let spool = || Spool::new(dir, 2 * of);
        Self { users: spool(), tweets: spool(), by_username: Vec::new() }
    }

    /// Takes a fact. `place` says where it stood in the input: of facts about one account
    /// the earlier comes first.
    ///
    /// # Errors
    /// [`ChangeError::TooLarge`], or [`ChangeError::Full`] when the disk of the store has
    /// no room for what is sorted there.
    pub fn add(&mut self, observation: Observation, place: u64) -> Result<(), ChangeError> {
        let pushed = match Keyed::new(observation)? {
            Keyed::User(key, fact) => self.users.push(key, place, &[&fact]),
            Keyed::Tweet(key, fact) => self.tweets.push(key, place, &[&fact]),
            Keyed::Username(state) => {
                self.by_username.push((place, state));
                Ok(())
            }
        };
        pushed.map_err(|error| spool_error(&error))
    }
}

/// A large import that waits for its merge.
#[derive(Debug, Default)]
pub(super) struct Bulk {
    pub(super) users: Vec<Spool>,
    pub(super) tweets: Vec<Spool>,
    pub(super) edges: Option<Box<Edges>>,
    /// States of usernames, in the order of the input.
    pub(super) by_username: Vec<StateOf>,
    pub(super) conflict: Conflict,
    /// There as long as somebody waits for it.
    pub(super) wanted: Weak<()>,
}

impl Bulk {
    /// The parts together.
    pub(super) fn new(parts: Vec<BulkPart>, conflict: Conflict, wanted: Weak<()>) -> Self {
        let mut bulk = Self { conflict, wanted, ..Self::default() };
        let mut states = Vec::new();
        for BulkPart { users, tweets, by_username } in parts {
            bulk.users.push(users);
            bulk.tweets.push(tweets);
            states.extend(by_username);
        }
        states.sort_by_key(|(place, _)| *place);
        bulk.by_username = states.into_iter().map(|(_, state)| state).collect();
        bulk
    }

    /// Follows alone.
    pub(super) fn of_edges(edges: Edges, wanted: Weak<()>) -> Self {
        Self { edges: Some(Box::new(edges)), wanted, ..Self::default() }
    }

    /// The cut: what it brings comes before live changes from now on.
    pub(super) fn cut(&mut self, view: View<'_>) -> Result<Kept, ReadError> {
        let sum = |spools: &[Spool]| spools.iter().map(Spool::len).sum::<u64>();
        let mut kept = Kept { users: sum(&self.users), tweets: sum(&self.tweets), reserved: None };
        if let Some(edges) = &mut self.edges {
            kept.reserved = Some(edges.cut(view, view.users().next() + kept.users)?);
            kept.users += edges.new_users();
        }
        Ok(kept)
    }
}

/// What is kept free for a large import.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// As many ordinals as users may be new.
    pub(super) users: u64,
    /// The same of posts.
    pub(super) tweets: u64,
    pub(super) reserved: Option<Arc<Reserved>>,
}

/// What a large import did.
#[derive(Debug)]
pub(super) struct TakenIn {
    pub(super) imported: Imported,
    pub(super) edges: ImportedEdges,
}

fn spool_error(error: &io::Error) -> ChangeError {
    if is_full(error.kind()) { ChangeError::Full } else { ChangeError::MergeFailed { reason: error.to_string() } }
}
