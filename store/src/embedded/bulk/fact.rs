//! Facts on their way through a spool, and what all facts of one key make of a record.

use std::collections::HashMap;
use std::io;

use foldhash::fast::RandomState;
use model::{AccountState, Conflict, Observation, Timestamp, UserId, UserMembers};

use super::StateOf;
use super::fold::Facts;
use crate::embedded::codec::{Malformed, Ordinal, TweetRecord, UserRecord};
use crate::embedded::group::{encode_tweet, encode_user};
use crate::embedded::import::account::{Account, Post};
use crate::embedded::state::Layered;
use crate::{ChangeError, Imported, ImportedEdges};

/// The first byte of a fact.
mod kind {
    /// The members that a profile speaks of (4 bytes), and its record.
    pub(super) const PROFILE: u8 = 0;
    /// A state (1 byte) and when it was seen (8).
    pub(super) const STATE: u8 = 1;
    /// The record of a post.
    pub(super) const TWEET: u8 = 2;
    /// When a post was gone (8 bytes).
    pub(super) const GONE: u8 = 3;
}

/// A fact and by which key it is sorted.
pub(super) enum Keyed {
    User(u64, Vec<u8>),
    Tweet(u64, Vec<u8>),
    /// A state of a username, which is not sorted.
    Username(StateOf),
}

impl Keyed {
    pub(super) fn new(observation: Observation) -> Result<Self, ChangeError> {
        let fact = |kind: u8, rest: &[&[u8]]| [&[kind], rest.concat().as_slice()].concat();
        let time = |at: Timestamp| at.unix_ms().to_le_bytes();
        Ok(match observation {
            Observation::User(user, speaks_of) => {
                let record = encode_user(&user)?;
                Self::User(user.id.get(), fact(kind::PROFILE, &[&speaks_of.bits().to_le_bytes(), record.as_bytes()]))
            }
            Observation::State { id: Some(id), state, at, .. } => {
                Self::User(id.get(), fact(kind::STATE, &[&[state as u8], &time(at)]))
            }
            Observation::State { id: None, username, state, at } => Self::Username(StateOf { username, state, at }),
            Observation::Tweet(tweet) => {
                Self::Tweet(tweet.id.get(), fact(kind::TWEET, &[encode_tweet(&tweet)?.as_bytes()]))
            }
            Observation::TweetGone { id, at } => Self::Tweet(id.get(), fact(kind::GONE, &[&time(at)])),
        })
    }
}

/// What becomes of a record.
pub(in crate::embedded) enum Outcome {
    Unchanged,
    /// It is this from now on.
    Is(Vec<u8>),
    Gone,
}

/// What the claim of a user to its username rests on, where the records do not show it:
/// when it was seen with that name, and whether a profile of the import counted.
pub(in crate::embedded) type Notes = HashMap<u64, (Option<Timestamp>, bool), RandomState>;

/// What an import did so far.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Done {
    pub(in crate::embedded) imported: Imported,
    pub(in crate::embedded) edges: ImportedEdges,
    pub(in crate::embedded) notes: Notes,
    /// Known users whose numbers are those of the import.
    pub(in crate::embedded) counted: OrdinalSet,
    /// The last one that was folded is such a user.
    pub(super) counts: bool,
}

/// A set of ordinals: a bit for each.
#[derive(Debug, Default)]
pub(in crate::embedded) struct OrdinalSet(Vec<u64>);

impl OrdinalSet {
    pub(super) fn insert(&mut self, Ordinal(ordinal): Ordinal) {
        let at = (ordinal / u64::BITS) as usize;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (ordinal % u64::BITS);
        }
    }

    pub(in crate::embedded) fn contains(&self, Ordinal(ordinal): Ordinal) -> bool {
        self.0.get((ordinal / u64::BITS) as usize).is_some_and(|word| word >> (ordinal % u64::BITS) & 1 == 1)
    }

    /// All of them in order.
    pub(in crate::embedded) fn iter(&self) -> impl Iterator<Item = Ordinal> {
        let ordinals = self.0.iter().zip((0..).step_by(u64::BITS as usize));
        ordinals.flat_map(|(word, first)| {
            (0..u64::BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| Ordinal(first + bit))
        })
    }
}

/// A kind of record that can be imported.
pub(in crate::embedded) trait Fold: Layered {
    /// What `facts`, of which there is one at least, make of what is known.
    fn fold(
        known: Option<&[u8]>,
        facts: &mut Facts<'_>,
        conflict: Conflict,
        done: &mut Done,
    ) -> Result<Outcome, FoldError>;
}

/// Why facts cannot be taken in.
#[derive(Debug)]
pub(in crate::embedded) enum FoldError {
    /// What is known, or a fact, cannot be decoded.
    Malformed,
    Change(ChangeError),
    /// The sorted facts cannot be read.
    Disk(io::Error),
}

impl From<Malformed> for FoldError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<io::Error> for FoldError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<ChangeError> for FoldError {
    fn from(error: ChangeError) -> Self {
        Self::Change(error)
    }
}

impl Fold for UserRecord {
    fn fold(
        known: Option<&[u8]>,
        facts: &mut Facts<'_>,
        conflict: Conflict,
        done: &mut Done,
    ) -> Result<Outcome, FoldError> {
        let id = facts.key;
        let mut account = match known {
            Some(bytes) => Some(Account::known(0, Self::user(bytes)?)),
            None => None,
        };
        while facts.advance()? {
            let (kind, rest) = facts.fact().split_first().ok_or(Malformed)?;
            // Most users of a large file are new and stand in it once: nothing is decoded then.
            if account.is_none() && facts.is_at_end() && *kind == kind::PROFILE {
                done.imported.users.new += 1;
                return Ok(Outcome::Is(rest.get(4..).ok_or(Malformed)?.to_vec()));
            }
            if *kind == kind::PROFILE {
                let (speaks_of, record) = rest.split_first_chunk::<4>().ok_or(Malformed)?;
                let (speaks_of, user) = (UserMembers::from_bits(u32::from_le_bytes(*speaks_of)), Self::user(record)?);
                match &mut account {
                    Some(account) => account.see_profile(user, speaks_of, conflict),
                    None => account = Some(Account::new(0, user)),
                }
            } else {
                let (state, at) = rest.split_first().ok_or(Malformed)?;
                let states = AccountState::ALL;
                let (state, _) = states.iter().find(|(known, _)| *known as u8 == *state).ok_or(Malformed)?;
                match &mut account {
                    Some(account) => account.see_state(*state, time(at)?, conflict),
                    None => account = Some(Account::stub(0, UserId::new(id), *state, time(at)?)),
                }
            }
        }
        let differs = account.as_ref().is_some_and(|account| account.count(&mut done.imported));
        if let Some(account) = &account
            && (account.named_at, account.from_file) != (account.now.observed_at, differs)
        {
            done.notes.insert(id, (account.named_at, account.from_file));
        }
        done.counts = account.as_ref().is_some_and(|account| account.counted);
        match account {
            Some(account) if differs => Ok(Outcome::Is(encode_user(&account.now)?.as_bytes().to_vec())),
            _ => Ok(Outcome::Unchanged),
        }
    }
}

impl Fold for TweetRecord {
    fn fold(
        known: Option<&[u8]>,
        facts: &mut Facts<'_>,
        conflict: Conflict,
        done: &mut Done,
    ) -> Result<Outcome, FoldError> {
        let mut post = Post::new(0, known.map(Self::tweet).transpose()?);
        while facts.advance()? {
            let (kind, rest) = facts.fact().split_first().ok_or(Malformed)?;
            if post.is_blank() && facts.is_at_end() && *kind == kind::TWEET {
                done.imported.tweets.new += 1;
                return Ok(Outcome::Is(rest.to_vec()));
            }
            match *kind {
                kind::TWEET => post.see(Self::tweet(rest)?, conflict),
                _ => post.see_gone(time(rest)?, conflict),
            }
        }
        match (post.count(&mut done.imported), post.now) {
            (false, _) => Ok(Outcome::Unchanged),
            (true, Some(now)) => Ok(Outcome::Is(encode_tweet(&now)?.as_bytes().to_vec())),
            (true, None) => Ok(Outcome::Gone),
        }
    }
}

fn time(bytes: &[u8]) -> Result<Timestamp, Malformed> {
    bytes.try_into().map(|bytes| Timestamp::from_unix_ms(i64::from_le_bytes(bytes))).map_err(|_| Malformed)
}
