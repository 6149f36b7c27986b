//! What the log says, in memory: the records of users and posts, and their indexes.
//!
//! A row that is replayed and a row that was just written go through the same
//! [`Delta::apply`], so memory after a restart is memory before it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use foldhash::fast::RandomState;
use model::{TweetId, UserId, UsernameKey};

use super::codec::{Change, Malformed, Ordinal, TweetRecord, UserRecord};

/// Records by ordinal, and the ordinals by id.
#[derive(Debug)]
pub(super) struct Table<Id, Record> {
    ordinals: HashMap<Id, Ordinal, RandomState>,
    records: HashMap<Ordinal, Record, RandomState>,
    /// The first ordinal that was never given; one more than the last is possible.
    next: u64,
}

impl<Id: Hash + Eq + Copy, Record> Table<Id, Record> {
    fn new() -> Self {
        Self { ordinals: HashMap::default(), records: HashMap::default(), next: 0 }
    }

    #[inline]
    pub(super) fn ordinal(&self, id: Id) -> Option<Ordinal> {
        self.ordinals.get(&id).copied()
    }

    #[inline]
    pub(super) fn record(&self, ordinal: Ordinal) -> Option<&Record> {
        self.records.get(&ordinal)
    }

    /// The record of an id.
    #[inline]
    pub(super) fn find(&self, id: Id) -> Option<&Record> {
        self.record(self.ordinal(id)?)
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The first ordinal that was never given.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Records in the order of their ordinals, from `first` on.
    pub(super) fn from(&self, first: u64) -> impl Iterator<Item = (Ordinal, &Record)> {
        (first..self.next).filter_map(|number| {
            let ordinal = Ordinal(u32::try_from(number).ok()?);
            Some((ordinal, self.record(ordinal)?))
        })
    }

    fn put(&mut self, ordinal: Ordinal, id: Id, record: Record) -> Option<Record> {
        self.next = self.next.max(u64::from(ordinal.0) + 1);
        self.ordinals.insert(id, ordinal);
        self.records.insert(ordinal, record)
    }

    fn delete(&mut self, ordinal: Ordinal, id: Id) -> Option<Record> {
        self.next = self.next.max(u64::from(ordinal.0) + 1);
        if self.ordinal(id) == Some(ordinal) {
            self.ordinals.remove(&id);
        }
        self.records.remove(&ordinal)
    }
}

/// A record that a change took out of use.
#[derive(Debug)]
#[expect(dead_code, reason = "kept only to be freed later, outside the lock")]
pub(super) enum Displaced {
    User(UserRecord),
    Tweet(TweetRecord),
}

/// Users and posts with their indexes.
#[derive(Debug)]
pub(super) struct Delta {
    pub(super) users: Table<UserId, UserRecord>,
    pub(super) usernames: HashMap<UsernameKey, Ordinal, RandomState>,
    pub(super) tweets: Table<TweetId, TweetRecord>,
    /// Rows of the log that are in here.
    pub(super) rows: u64,
}

impl Delta {
    pub(super) fn new() -> Self {
        Self { users: Table::new(), usernames: HashMap::default(), tweets: Table::new(), rows: 0 }
    }

    /// Makes a change visible. Returns the record that it replaced.
    pub(super) fn apply(&mut self, change: Change) -> Result<Option<Displaced>, Malformed> {
        self.rows += 1;
        Ok(match change {
            Change::PutUser(ordinal, record) => {
                let (id, username) = record.keys()?;
                let old = self.users.put(ordinal, id, record);
                if let Some(old) = &old {
                    self.free_username(old, ordinal)?;
                }
                self.usernames.insert(username, ordinal);
                old.map(Displaced::User)
            }
            Change::DeleteUser(ordinal, id) => {
                let old = self.users.delete(ordinal, id);
                if let Some(old) = &old {
                    self.free_username(old, ordinal)?;
                }
                old.map(Displaced::User)
            }
            Change::PutTweet(ordinal, record) => {
                let id = record.id()?;
                self.tweets.put(ordinal, id, record).map(Displaced::Tweet)
            }
            Change::DeleteTweet(ordinal, id) => self.tweets.delete(ordinal, id).map(Displaced::Tweet),
        })
    }

    /// In a group of changes another user may have the name already: then it stays.
    fn free_username(&mut self, old: &UserRecord, ordinal: Ordinal) -> Result<(), Malformed> {
        let (_, username) = old.keys()?;
        if self.usernames.get(&username) == Some(&ordinal) {
            self.usernames.remove(&username);
        }
        Ok(())
    }
}

/// The delta that readers and the writer share. A reader holds its guard while it
/// copies references, and the writer while it puts a written group in.
#[derive(Debug)]
pub(super) struct Published(RwLock<Delta>);

impl Published {
    pub(super) fn new(delta: Delta) -> Self {
        Self(RwLock::new(delta))
    }

    /// Nothing panics under the lock, so a poisoned one holds a whole state.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Delta> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the writer thread alone.
    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Delta> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
