//! A group of changes before it is written: what readers see, with the group's own
//! changes laid over it.
//!
//! Each request of a group is checked here, so two requests that want one username
//! meet although neither is published yet.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::{Both, Direction, Timestamp, Tweet, TweetId, User, UserChange, UserId, Username, UsernameKey};

use super::codec::{Change, Malformed, Ordinal, Record, TweetRecord, UserRecord};
use super::segment::Segment;
use super::state::{Slot, View};
use crate::{ChangeError, ReadError};

/// Changes over a published state. `None` in a map means: not any more.
pub(super) struct Group<'a> {
    published: View<'a>,
    /// Whether one follows another.
    pub(super) pairs: HashMap<(Ordinal, Ordinal), bool, RandomState>,
    pub(super) next_slots: HashMap<(Ordinal, Direction), u64, RandomState>,
    users: HashMap<UserId, Option<(Ordinal, UserRecord)>, RandomState>,
    usernames: HashMap<UsernameKey, Option<UserId>, RandomState>,
    tweets: HashMap<TweetId, Option<(Ordinal, TweetRecord)>, RandomState>,
    next_user: u64,
    next_tweet: u64,
    pub(super) changes: Vec<Change>,
}

impl<'a> Group<'a> {
    /// An empty group.
    pub(super) fn new(published: View<'a>) -> Self {
        Self {
            published,
            pairs: HashMap::default(),
            next_slots: HashMap::default(),
            users: HashMap::default(),
            usernames: HashMap::default(),
            tweets: HashMap::default(),
            next_user: published.users().next(),
            next_tweet: published.tweets().next(),
            changes: Vec::new(),
        }
    }

    /// What readers see.
    pub(super) fn published(&self) -> View<'a> {
        self.published
    }

    /// What is to be written, in order.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    pub(super) fn create_user(&mut self, user: &User) -> Result<(), ChangeError> {
        if self.find_user(user.id)?.is_some() {
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
        let counted = changes.iter().any(|change| matches!(change, UserChange::Metrics(Some(_))));
        for change in changes {
            user.apply(change);
        }
        user.observed_at = Some(at);
        self.claim(user.username, id)?;
        let record = encode_user(&user)?;
        if counted { self.count_user(id, user.username, record) } else { self.put_user(id, user.username, record) }
    }

    pub(super) fn delete_user(&mut self, id: UserId) -> Result<(), ChangeError> {
        let (ordinal, record) = self.find_user(id)?.ok_or(ChangeError::UnknownUser { id })?;
        self.free_username(ordinal, &record)?;
        self.users.insert(id, None);
        self.changes.push(Change::DeleteUser(ordinal, id));
        Ok(())
    }

    /// All that is known of a user.
    pub(super) fn user(&self, id: UserId) -> Result<Option<User>, ChangeError> {
        let Some((ordinal, record)) = self.find_user(id)? else { return Ok(None) };
        UserRecord::user(record.as_bytes()).map(Some).map_err(|Malformed| self.unreadable(ordinal))
    }

    /// All that is known of a post.
    pub(super) fn tweet(&self, id: TweetId) -> Result<Option<Tweet>, ChangeError> {
        let Some((ordinal, record)) = self.find_tweet(id)? else { return Ok(None) };
        let unreadable = |Malformed| self.published.segments.tweets.unreadable(ordinal).into();
        TweetRecord::tweet(record.as_bytes()).map(Some).map_err(unreadable)
    }

    /// Who bears a username.
    pub(super) fn owner(&self, username: UsernameKey) -> Result<Option<UserId>, ChangeError> {
        if let Some(owner) = self.usernames.get(&username) {
            return Ok(*owner);
        }
        let Some((ordinal, slot)) = self.published.bearer(&username)? else { return Ok(None) };
        let Some(bytes) = slot.head(&self.published.segments.users) else { return Ok(None) };
        UserRecord::id(bytes).map(Some).map_err(|Malformed| self.unreadable(ordinal))
    }

    /// Whether so many new users and posts can get ordinals.
    pub(super) fn check_room(&self, users: u64, tweets: u64) -> Result<(), ChangeError> {
        // The last number stands for a free place in an index.
        const LIMIT: u64 = u32::MAX as u64;
        let fits = self.next_user + users <= LIMIT && self.next_tweet + tweets <= LIMIT;
        if fits { Ok(()) } else { Err(ChangeError::NoOrdinalsLeft) }
    }

    /// Stores a user whose username is free, or is given up by its owner in the same
    /// request. For a new one there must be room.
    pub(super) fn put_user(&mut self, id: UserId, username: Username, record: UserRecord) -> Result<(), ChangeError> {
        self.place_user(id, username, record, Change::PutUser)
    }

    /// Like [`Self::put_user`], and the numbers in the record are those that hold now.
    pub(super) fn count_user(&mut self, id: UserId, username: Username, record: UserRecord) -> Result<(), ChangeError> {
        let has_changed = match self.find_user(id)? {
            Some((ordinal, _)) => {
                !self.pairs.is_empty() || self.published.lists().counts(ordinal)?.net != Both::default()
            }
            None => false,
        };
        // Of nearly all users nothing changed, and then there is nothing to set back.
        self.place_user(id, username, record, if has_changed { Change::CountUser } else { Change::PutUser })
    }

    fn place_user(
        &mut self,
        id: UserId,
        username: Username,
        record: UserRecord,
        change: impl FnOnce(Ordinal, UserRecord) -> Change,
    ) -> Result<(), ChangeError> {
        let ordinal = match self.find_user(id)? {
            Some((ordinal, old)) => {
                self.free_username(ordinal, &old)?;
                ordinal
            }
            None => match self.published.reserved.and_then(|reserved| reserved.ordinal(id)) {
                // A load of follows is about to bring this user.
                Some(ordinal) => ordinal,
                None => take(&mut self.next_user)?,
            },
        };
        self.usernames.insert(username.key(), Some(id));
        self.users.insert(id, Some((ordinal, record.clone())));
        self.changes.push(change(ordinal, record));
        Ok(())
    }

    /// Stores a post. For a new one there must be room.
    pub(super) fn put_tweet(&mut self, id: TweetId, record: TweetRecord) -> Result<(), ChangeError> {
        let ordinal = match self.find_tweet(id)? {
            Some((ordinal, _)) => ordinal,
            None => take(&mut self.next_tweet)?,
        };
        self.tweets.insert(id, Some((ordinal, record.clone())));
        self.changes.push(Change::PutTweet(ordinal, record));
        Ok(())
    }

    pub(super) fn delete_tweet(&mut self, id: TweetId) -> Result<(), ChangeError> {
        if let Some((ordinal, _)) = self.find_tweet(id)? {
            self.tweets.insert(id, None);
            self.changes.push(Change::DeleteTweet(ordinal, id));
        }
        Ok(())
    }

    /// Whether `id` may bear `username`.
    fn claim(&self, username: Username, id: UserId) -> Result<(), ChangeError> {
        match self.owner(username.key())? {
            Some(by) if by != id => Err(ChangeError::UsernameTaken { username, by }),
            _ => Ok(()),
        }
    }

    /// In one import another user may have the name already: then it stays.
    fn free_username(&mut self, ordinal: Ordinal, record: &UserRecord) -> Result<(), ChangeError> {
        let (id, username) = record.keys().map_err(|Malformed| self.unreadable(ordinal))?;
        if self.owner(username)? == Some(id) {
            self.usernames.insert(username, None);
        }
        Ok(())
    }

    pub(super) fn find_user(&self, id: UserId) -> Result<Option<(Ordinal, UserRecord)>, ChangeError> {
        if let Some(here) = self.users.get(&id) {
            return Ok(here.clone());
        }
        Ok(owned(self.published.users().find(id)?, &self.published.segments.users)?)
    }

    fn find_tweet(&self, id: TweetId) -> Result<Option<(Ordinal, TweetRecord)>, ChangeError> {
        if let Some(here) = self.tweets.get(&id) {
            return Ok(here.clone());
        }
        Ok(owned(self.published.tweets().find(id)?, &self.published.segments.tweets)?)
    }

    pub(super) fn unreadable(&self, ordinal: Ordinal) -> ChangeError {
        self.published.segments.users.unreadable(ordinal).into()
    }
}

/// A record that was found, as one that can be kept.
fn owned<R: Record>(
    found: Option<(Ordinal, Slot<R>)>,
    segment: &Segment<R>,
) -> Result<Option<(Ordinal, R)>, ReadError> {
    let Some((ordinal, slot)) = found else { return Ok(None) };
    let Some(bytes) = slot.bytes(segment) else { return Ok(None) };
    R::from_bytes(&bytes).map(|record| Some((ordinal, record))).map_err(|Malformed| segment.unreadable(ordinal))
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
