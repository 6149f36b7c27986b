//! A group of changes before it is written: what readers see, with the group's own
//! changes laid over it.
//!
//! Each request of a group is checked here, so two requests that want one username
//! meet although neither is published yet.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::{Timestamp, Tweet, TweetId, User, UserChange, UserId, Username, UsernameKey};

use super::codec::{Change, Ordinal, TweetRecord, UserRecord};
use super::delta::Delta;
use crate::{ChangeError, ReadError};

/// Changes over a published state. `None` in a map means: not any more.
pub(super) struct Group<'a> {
    published: &'a Delta,
    users: HashMap<UserId, Option<(Ordinal, UserRecord)>, RandomState>,
    usernames: HashMap<UsernameKey, Option<UserId>, RandomState>,
    tweets: HashMap<TweetId, Option<(Ordinal, TweetRecord)>, RandomState>,
    next_user: u64,
    next_tweet: u64,
    changes: Vec<Change>,
    unreadable: &'a dyn Fn(String) -> ReadError,
}

impl<'a> Group<'a> {
    /// An empty group. `unreadable` makes the error for a record that is damaged.
    pub(super) fn new(published: &'a Delta, unreadable: &'a dyn Fn(String) -> ReadError) -> Self {
        Self {
            published,
            users: HashMap::default(),
            usernames: HashMap::default(),
            tweets: HashMap::default(),
            next_user: published.users.next(),
            next_tweet: published.tweets.next(),
            changes: Vec::new(),
            unreadable,
        }
    }

    /// What is to be written, in order.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    pub(super) fn create_user(&mut self, user: &User) -> Result<(), ChangeError> {
        if self.find_user(user.id).is_some() {
            return Err(ChangeError::IdTaken { id: user.id });
        }
        self.claim(user.username, user.id)?;
        self.check_room(1, 0)?;
        self.put_user(user.id, user.username, encode_user(user)?)
    }

    pub(super) fn update_user(
        &mut self,
        id: UserId,
        changes: Vec<UserChange>,
        at: Timestamp,
    ) -> Result<(), ChangeError> {
        let mut user = self.user(id)?.ok_or(ChangeError::UnknownUser { id })?;
        for change in changes {
            user.apply(change);
        }
        user.observed_at = Some(at);
        self.claim(user.username, id)?;
        self.put_user(id, user.username, encode_user(&user)?)
    }

    pub(super) fn delete_user(&mut self, id: UserId) -> Result<(), ChangeError> {
        let (ordinal, record) = self.find_user(id).ok_or(ChangeError::UnknownUser { id })?;
        self.free_username(&record, id)?;
        self.users.insert(id, None);
        self.changes.push(Change::DeleteUser(ordinal, id));
        Ok(())
    }

    /// All that is known of a user.
    pub(super) fn user(&self, id: UserId) -> Result<Option<User>, ChangeError> {
        self.find_user(id)
            .map(|(_, record)| record.to_user().map_err(|_| (self.unreadable)(format!("user {id}")).into()))
            .transpose()
    }

    /// All that is known of a post.
    pub(super) fn tweet(&self, id: TweetId) -> Result<Option<Tweet>, ChangeError> {
        self.find_tweet(id)
            .map(|(_, record)| record.to_tweet().map_err(|_| (self.unreadable)(format!("post {id}")).into()))
            .transpose()
    }

    /// Who bears a username.
    pub(super) fn owner(&self, username: UsernameKey) -> Result<Option<UserId>, ChangeError> {
        if let Some(owner) = self.usernames.get(&username) {
            return Ok(*owner);
        }
        let Some(&ordinal) = self.published.usernames.get(&username) else { return Ok(None) };
        let Some(record) = self.published.users.record(ordinal) else { return Ok(None) };
        self.keys(record).map(|(id, _)| Some(id))
    }

    /// Whether so many new users and posts can get ordinals.
    pub(super) fn check_room(&self, users: u64, tweets: u64) -> Result<(), ChangeError> {
        const LIMIT: u64 = 1 << 32;
        let fits = self.next_user + users <= LIMIT && self.next_tweet + tweets <= LIMIT;
        if fits { Ok(()) } else { Err(ChangeError::NoOrdinalsLeft) }
    }

    /// Stores a user whose username is free, or is given up by its owner in the same
    /// request. For a new one there must be room.
    pub(super) fn put_user(&mut self, id: UserId, username: Username, record: UserRecord) -> Result<(), ChangeError> {
        let ordinal = match self.find_user(id) {
            Some((ordinal, old)) => {
                self.free_username(&old, id)?;
                ordinal
            }
            None => take(&mut self.next_user)?,
        };
        self.usernames.insert(username.key(), Some(id));
        self.users.insert(id, Some((ordinal, record.clone())));
        self.changes.push(Change::PutUser(ordinal, record));
        Ok(())
    }

    /// Stores a post. For a new one there must be room.
    pub(super) fn put_tweet(&mut self, id: TweetId, record: TweetRecord) -> Result<(), ChangeError> {
        let ordinal = match self.find_tweet(id) {
            Some((ordinal, _)) => ordinal,
            None => take(&mut self.next_tweet)?,
        };
        self.tweets.insert(id, Some((ordinal, record.clone())));
        self.changes.push(Change::PutTweet(ordinal, record));
        Ok(())
    }

    pub(super) fn delete_tweet(&mut self, id: TweetId) {
        if let Some((ordinal, _)) = self.find_tweet(id) {
            self.tweets.insert(id, None);
            self.changes.push(Change::DeleteTweet(ordinal, id));
        }
    }

    /// Whether `id` may bear `username`.
    fn claim(&self, username: Username, id: UserId) -> Result<(), ChangeError> {
        match self.owner(username.key())? {
            Some(by) if by != id => Err(ChangeError::UsernameTaken { username, by }),
            _ => Ok(()),
        }
    }

    /// In one import another user may have the name already: then it stays.
    fn free_username(&mut self, record: &UserRecord, id: UserId) -> Result<(), ChangeError> {
        let (_, username) = self.keys(record)?;
        if self.owner(username)? == Some(id) {
            self.usernames.insert(username, None);
        }
        Ok(())
    }

    fn find_user(&self, id: UserId) -> Option<(Ordinal, UserRecord)> {
        if let Some(here) = self.users.get(&id) {
            return here.clone();
        }
        let ordinal = self.published.users.ordinal(id)?;
        Some((ordinal, self.published.users.record(ordinal)?.clone()))
    }

    fn find_tweet(&self, id: TweetId) -> Option<(Ordinal, TweetRecord)> {
        if let Some(here) = self.tweets.get(&id) {
            return here.clone();
        }
        let ordinal = self.published.tweets.ordinal(id)?;
        Some((ordinal, self.published.tweets.record(ordinal)?.clone()))
    }

    fn keys(&self, record: &UserRecord) -> Result<(UserId, UsernameKey), ChangeError> {
        record.keys().map_err(|_| (self.unreadable)("a user".to_owned()).into())
    }
}

/// The stored form of a user, unless it is too large.
pub(super) fn encode_user(user: &User) -> Result<UserRecord, ChangeError> {
    let record = UserRecord::new(user);
    check_size(user.id.get(), record.as_bytes())?;
    Ok(record)
}

/// The stored form of a post, unless it is too large.
pub(super) fn encode_tweet(tweet: &Tweet) -> Result<TweetRecord, ChangeError> {
    let record = TweetRecord::new(tweet);
    check_size(tweet.id.get(), record.as_bytes())?;
    Ok(record)
}

fn check_size(id: u64, record: &[u8]) -> Result<(), ChangeError> {
    let bytes = record.len();
    if bytes > ChangeError::MAX_RECORD { Err(ChangeError::TooLarge { id, bytes }) } else { Ok(()) }
}

fn take(next: &mut u64) -> Result<Ordinal, ChangeError> {
    let ordinal = u32::try_from(*next).map_err(|_| ChangeError::NoOrdinalsLeft)?;
    *next += 1;
    Ok(Ordinal(ordinal))
}
