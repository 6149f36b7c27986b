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
    /// By ordinal; those that were deleted are empty.
    records: Vec<Option<Record>>,
    live: usize,
}

/// Ordinals are given one after the other. A row that leaves out more than this many
/// is none that was ever written.
const MOST_SKIPPED: usize = 1 << 20;

impl<Id: Hash + Eq + Copy, Record> Table<Id, Record> {
    fn new() -> Self {
        Self { ordinals: HashMap::default(), records: Vec::new(), live: 0 }
    }

    #[inline]
    pub(super) fn ordinal(&self, id: Id) -> Option<Ordinal> {
        self.ordinals.get(&id).copied()
    }

    #[inline]
    pub(super) fn record(&self, ordinal: Ordinal) -> Option<&Record> {
        self.records.get(ordinal.0 as usize)?.as_ref()
    }

    /// The record of an id.
    #[inline]
    pub(super) fn find(&self, id: Id) -> Option<&Record> {
        self.record(self.ordinal(id)?)
    }

    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// The first ordinal that was never given.
    pub(super) fn next(&self) -> u64 {
        self.records.len() as u64
    }

    /// Records in the order of their ordinals, from `first` on.
    pub(super) fn from(&self, first: u64) -> impl Iterator<Item = (Ordinal, &Record)> {
        (first..self.next()).filter_map(|number| {
            let ordinal = Ordinal(u32::try_from(number).ok()?);
            Some((ordinal, self.record(ordinal)?))
        })
    }

    /// The place of an ordinal, new or not.
    fn place(&mut self, ordinal: Ordinal) -> Result<&mut Option<Record>, Malformed> {
        let at = ordinal.0 as usize;
        if at > self.records.len() + MOST_SKIPPED {
            return Err(Malformed);
        }
        if at >= self.records.len() {
            self.records.resize_with(at + 1, || None);
        }
        self.records.get_mut(at).ok_or(Malformed)
    }

    fn put(&mut self, ordinal: Ordinal, id: Id, record: Record) -> Result<Option<Record>, Malformed> {
        let old = self.place(ordinal)?.replace(record);
        self.live += usize::from(old.is_none());
        self.ordinals.insert(id, ordinal);
        Ok(old)
    }

    fn delete(&mut self, ordinal: Ordinal, id: Id) -> Result<Option<Record>, Malformed> {
        let old = self.place(ordinal)?.take();
        self.live -= usize::from(old.is_some());
        if self.ordinal(id) == Some(ordinal) {
            self.ordinals.remove(&id);
        }
        Ok(old)
    }
}

impl<Id: Hash + Eq + Copy, Record: Clone + AsRef<[u8]>> Table<Id, Record> {
    /// The records of many ids, in their order.
    pub(super) fn find_all(&self, ids: &[Id]) -> Vec<Option<Record>> {
        let ordinals: Vec<_> = ids.iter().map(|&id| self.ordinal(id)).collect();
        self.records(&ordinals)
    }

    /// The records of many ordinals, in their order.
    ///
    /// Records lie anywhere in memory. Each step is made for all of them before the
    /// next, so that the processor waits for many at once; an atomic count in between
    /// would make it wait for each by itself.
    pub(super) fn records(&self, ordinals: &[Option<Ordinal>]) -> Vec<Option<Record>> {
        let records: Vec<Option<&Record>> = ordinals.iter().map(|ordinal| self.record((*ordinal)?)).collect();
        if records.len() > 1 {
            touch(records.iter().copied().flatten());
        }
        records.into_iter().map(Option::<&Record>::cloned).collect()
    }
}

/// Brings the beginnings of records near: the count of their `Arc` and what a reply
/// with default fields needs.
fn touch<'a, Record: AsRef<[u8]> + 'a>(records: impl Iterator<Item = &'a Record>) {
    const LINES: [usize; 3] = [0, 64, 128];
    let byte = |record: &[u8], at: usize| record.get(at).copied().unwrap_or_default();
    let sum = records.fold(0, |sum, record| LINES.iter().fold(sum, |sum, &at| sum ^ byte(record.as_ref(), at)));
    std::hint::black_box(sum);
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
                let old = self.users.put(ordinal, id, record)?;
                if let Some(old) = &old {
                    self.free_username(old, ordinal)?;
                }
                self.usernames.insert(username, ordinal);
                old.map(Displaced::User)
            }
            Change::DeleteUser(ordinal, id) => {
                let old = self.users.delete(ordinal, id)?;
                if let Some(old) = &old {
                    self.free_username(old, ordinal)?;
                }
                old.map(Displaced::User)
            }
            Change::PutTweet(ordinal, record) => {
                let id = record.id()?;
                self.tweets.put(ordinal, id, record)?.map(Displaced::Tweet)
            }
            Change::DeleteTweet(ordinal, id) => self.tweets.delete(ordinal, id)?.map(Displaced::Tweet),
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
