//! Users lookup: by id or username, one or up to a hundred.
//!
//! First the users asked for, then everything their expansions name in one batch
//! each, so that a store across a network answers a hundred users in as many round
//! trips as one. Then the rules. Rendering is not here.

use std::collections::HashMap;
use std::hash::Hash;

use model::{AccountState, TweetId, TweetRef, UserId, UserRef};
use store::{ReadError, Store, TweetBatch, UserBatch};
use xapi::{Data, Keys, Lookup, Page, Problem, TweetExpansion};

use super::rules::{self, Sight};

/// Ids in order of first mention, each with its position.
#[derive(Default)]
struct Mentions<I> {
    ids: Vec<I>,
    positions: HashMap<I, usize>,
}

impl<I: Copy + Eq + Hash> Mentions<I> {
    fn add(&mut self, id: I) {
        let next = self.ids.len();
        if *self.positions.entry(id).or_insert(next) == next {
            self.ids.push(id);
        }
    }

    fn position(&self, id: I) -> Option<usize> {
        self.positions.get(&id).copied()
    }
}

/// What the store knew, before any rule decides what is shown. A page borrows from it.
pub(super) struct Hydrated {
    /// By position among the keys of the lookup.
    users: UserBatch,
    /// The posts that expansions name, and those that they refer to.
    tweets: TweetBatch,
    tweet_ids: Mentions<TweetId>,
    referenced: TweetBatch,
    referenced_ids: Mentions<TweetId>,
    /// Authors of those posts and organisations of affiliations.
    others: UserBatch,
    other_ids: Mentions<UserId>,
}
