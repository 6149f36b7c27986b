//! Changes in memory: what the log says of the time since the segments were made.
//!
//! A table knows only what changed; an ordinal that it does not know is as before. A
//! user that was deleted stays in it, without a record.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use foldhash::fast::RandomState;
use model::UsernameKey;

use super::codec::{Change, Changed, Malformed, Of, Ordinal, Record, TweetRecord, UserRecord};
use super::lists::ListsDelta;

/// Changed records by ordinal, and their ordinals by id.
#[derive(Debug)]
pub(super) struct Table<R: Record> {
    ordinals: HashMap<R::Id, Ordinal, RandomState>,
    records: HashMap<Ordinal, Option<R>, RandomState>,
    /// The first ordinal that was not given when the table began.
    first_new: u64,
    next: u64,
    /// Records more, or fewer, than when the table began.
    net: i64,
    bytes: usize,
}

/// What a changed record costs beside its bytes: its counts, and its places in the maps.
const BESIDE: usize = 112;

impl<R: Record> Table<R> {
    fn new(next: u64) -> Self {
        Self { ordinals: HashMap::default(), records: HashMap::default(), first_new: next, next, net: 0, bytes: 0 }
    }

    /// The ordinal of an id that was created, changed or deleted.
    #[inline]
    pub(super) fn ordinal(&self, id: R::Id) -> Option<Ordinal> {
        self.ordinals.get(&id).copied()
    }

    /// What an ordinal is now, if that changed.
    #[inline]
    pub(super) fn record(&self, ordinal: Ordinal) -> Option<Option<&R>> {
        self.records.get(&ordinal).map(Option::as_ref)
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The first ordinal that was never given.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    pub(super) fn net(&self) -> i64 {
        self.net
    }

    /// All changed ordinals, in no order.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = Ordinal> {
        self.records.keys().copied()
    }

    /// Those that changed and are there, in no order.
    pub(super) fn live(&self) -> impl Iterator<Item = (Ordinal, &R)> {
        self.records.iter().filter_map(|(ordinal, record)| Some((*ordinal, record.as_ref()?)))
    }

    /// Counts those as new that took ordinals which were kept free in vain.
    fn count_kept(&mut self, kept: &Range<u64>) {
        let taken = self.records.keys().filter(|ordinal| kept.contains(&u64::from(ordinal.0)));
        self.net += taken.count() as i64;
    }

    fn knows(&self, ordinal: Ordinal) -> bool {
        self.records.contains_key(&ordinal)
    }

    /// Returns the record that this replaces.
    fn set(&mut self, ordinal: Ordinal, id: R::Id, record: Option<R>) -> Option<R> {
        let number = u64::from(ordinal.0);
        let is_there = record.is_some();
        self.bytes += record.as_ref().map_or(0, |record| record.as_ref().len());
        let (was_there, old) = match self.records.entry(ordinal) {
            Entry::Vacant(entry) => {
                entry.insert(record);
                self.bytes += BESIDE;
                (number < self.first_new, None)
            }
            Entry::Occupied(mut entry) => {
                let old = entry.insert(record);
                (old.is_some(), old)
            }
        };
        self.bytes -= old.as_ref().map_or(0, |old| old.as_ref().len());
        self.net += i64::from(is_there) - i64::from(was_there);
        self.next = self.next.max(number + 1);
        if is_there || self.ordinals.get(&id).is_none_or(|known| *known == ordinal) {
            self.ordinals.insert(id, ordinal);
        }
        old
    }
}

/// A record that a change took out of use.
#[derive(Debug)]
#[expect(dead_code, reason = "kept only to be freed later, outside the lock")]
pub(super) enum Displaced {
    User(UserRecord),
    Tweet(TweetRecord),
}

/// Changed users, posts and lists, and the usernames that were taken.
#[derive(Debug)]
pub(super) struct Delta {
    pub(super) users: Table<UserRecord>,
    usernames: HashMap<UsernameKey, Ordinal, RandomState>,
    pub(super) tweets: Table<TweetRecord>,
    pub(super) lists: ListsDelta,
    /// Rows of the log that are in here.
    pub(super) rows: u64,
}

impl Delta {
    /// No change yet, after so many ordinals of users and posts.
    pub(super) fn new(next_user: u64, next_tweet: u64) -> Self {
        let (users, tweets) = (Table::new(next_user), Table::new(next_tweet));
        Self { users, usernames: HashMap::default(), tweets, lists: ListsDelta::default(), rows: 0 }
    }

    /// Who took a username. A hit counts only if that user still bears it.
    #[inline]
    pub(super) fn bearer(&self, key: &UsernameKey) -> Option<Ordinal> {
        self.usernames.get(key).copied()
    }

    /// The usernames that were taken, in no order.
    pub(super) fn usernames(&self) -> impl Iterator<Item = (UsernameKey, Ordinal)> {
        self.usernames.iter().map(|(key, ordinal)| (*key, *ordinal))
    }

    /// Memory that this takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.users.bytes + self.tweets.bytes + self.lists.bytes()
    }

    /// A load of follows has ended, and does not need ordinals that were kept free for it.
    pub(super) fn end_load(&mut self, kept: &Range<u64>) {
        self.users.count_kept(kept);
        self.lists.forget_over_import();
    }

    /// Makes a change visible. Returns the record that it replaced.
    pub(super) fn apply(&mut self, change: Change) -> Result<Option<Displaced>, Malformed> {
        self.rows += 1;
        Ok(match change {
            Change::PutUser(ordinal, record) => self.put_user(ordinal, record)?,
            Change::CountUser(ordinal, record) => {
                self.lists.reset_counts(ordinal);
                self.put_user(ordinal, record)?
            }
            Change::Follow(follow) => {
                self.lists.follow(&follow);
                None
            }
            Change::Unfollow(follower, followed) => {
                self.lists.unfollow(follower, followed);
                None
            }
            Change::Overtake(follower, followed) => {
                self.lists.overtake(follower, followed);
                None
            }
            Change::DeleteUser(ordinal, id) => {
                let old = self.users.set(ordinal, id, None);
                if let Some(old) = &old {
                    self.free_username(old, ordinal)?;
                }
                old.map(Displaced::User)
            }
            Change::PutTweet(ordinal, record) => {
                let id = TweetRecord::id(record.as_bytes())?;
                self.tweets.set(ordinal, id, Some(record)).map(Displaced::Tweet)
            }
            Change::DeleteTweet(ordinal, id) => self.tweets.set(ordinal, id, None).map(Displaced::Tweet),
        })
    }

    fn put_user(&mut self, ordinal: Ordinal, record: UserRecord) -> Result<Option<Displaced>, Malformed> {
        let (id, username) = record.keys()?;
        let old = self.users.set(ordinal, id, Some(record));
        if let Some(old) = &old {
            self.free_username(old, ordinal)?;
        }
        self.usernames.insert(username, ordinal);
        Ok(old.map(Displaced::User))
    }

    /// Takes a row about users or posts in a replay, which goes from the last row to the first: what
    /// is known already is newer.
    pub(super) fn replay(&mut self, row: Changed<'_>) -> Result<(), Malformed> {
        let (ordinal, rows) = (row.ordinal(), self.rows + 1);
        let known = match row.of() {
            Of::User => self.users.knows(ordinal),
            Of::Tweet => self.tweets.knows(ordinal),
            Of::Lists => row.change().map(|_| true)?,
        };
        if !known {
            self.apply(row.change()?)?;
        }
        self.rows = rows;
        Ok(())
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
