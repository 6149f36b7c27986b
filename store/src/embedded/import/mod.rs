//! How a batch of observations becomes changes.
//!
//! All facts are laid on what is known first; then the usernames are settled for the
//! whole batch at once, so that users may swap names; then what differs is stored.

pub(super) mod account;
pub(super) mod usernames;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use model::{
    AccountState, Conflict, Observation, Timestamp, Tweet, TweetId, User, UserId, UserMembers, Username, UsernameKey,
};

use self::account::{Account, Post};

use super::group::{Group, encode_tweet, encode_user};
use crate::{ChangeError, Imported};

/// Takes a batch into the group, whole or not at all.
pub(super) fn import(
    group: &mut Group<'_>,
    batch: Vec<Observation>,
    conflict: Conflict,
) -> Result<Imported, ChangeError> {
    let mut plan =
        Plan { group, conflict, accounts: HashMap::default(), posts: HashMap::default(), done: Imported::default() };
    let mut by_username = Vec::new();
    for observation in batch {
        match observation {
            Observation::User(user, speaks_of) => plan.see_user(*user, speaks_of)?,
            Observation::Tweet(tweet) => plan.see_tweet(*tweet)?,
            Observation::TweetGone { id, at } => plan.see_tweet_gone(id, at)?,
            Observation::State { id: Some(id), state, at, .. } => plan.see_state(id, state, at)?,
            Observation::State { id: None, username, state, at } => by_username.push((username, state, at)),
        }
    }
    let bearers = plan.settle_usernames()?;
    // All of them before the first state, which brings its user among the accounts.
    let of_bearers = by_username
        .into_iter()
        .map(|(username, state, at)| Ok((plan.bearer(username, &bearers)?, state, at)))
        .collect::<Result<Vec<_>, ChangeError>>()?;
    for (bearer, state, at) in of_bearers {
        match bearer {
            Some(id) => plan.see_state(id, state, at)?,
            None => plan.done.unknown_usernames += 1,
        }
    }
    plan.store()
}

struct Plan<'g, 'a> {
    group: &'g mut Group<'a>,
    conflict: Conflict,
    accounts: HashMap<UserId, Account, RandomState>,
    posts: HashMap<TweetId, Post, RandomState>,
    done: Imported,
}

impl Plan<'_, '_> {
    fn see_user(&mut self, user: User, speaks_of: UserMembers) -> Result<(), ChangeError> {
        let (conflict, place) = (self.conflict, self.accounts.len());
        match self.account(user.id)? {
            Some(account) => account.see_profile(user, speaks_of, conflict),
            None => _ = self.accounts.insert(user.id, Account::new(place, user)),
        }
        Ok(())
    }

    fn see_state(&mut self, id: UserId, state: AccountState, at: Timestamp) -> Result<(), ChangeError> {
        let (conflict, place) = (self.conflict, self.accounts.len());
        match self.account(id)? {
            Some(account) => account.see_state(state, at, conflict),
            None => _ = self.accounts.insert(id, Account::stub(place, id, state, at)),
        }
        Ok(())
    }

    fn see_tweet(&mut self, tweet: Tweet) -> Result<(), ChangeError> {
        let conflict = self.conflict;
        self.post(tweet.id)?.see(tweet, conflict);
        Ok(())
    }

    fn see_tweet_gone(&mut self, id: TweetId, at: Timestamp) -> Result<(), ChangeError> {
        let conflict = self.conflict;
        self.post(id)?.see_gone(at, conflict);
        Ok(())
    }

    /// The user, if the store or the batch knows it.
    fn account(&mut self, id: UserId) -> Result<Option<&mut Account>, ChangeError> {
        let place = self.accounts.len();
        match self.accounts.entry(id) {
            Entry::Occupied(account) => Ok(Some(account.into_mut())),
            Entry::Vacant(entry) => {
                let Some(now) = self.group.user(id)? else { return Ok(None) };
                Ok(Some(entry.insert(Account::known(place, now))))
            }
        }
    }

    fn post(&mut self, id: TweetId) -> Result<&mut Post, ChangeError> {
        let place = self.posts.len();
        match self.posts.entry(id) {
            Entry::Occupied(post) => Ok(post.into_mut()),
            Entry::Vacant(entry) => {
                let now = self.group.tweet(id)?;
                Ok(entry.insert(Post::new(place, now)))
            }
        }
    }

    /// Who bears a username after the batch.
    fn bearer(
        &self,
        username: Option<Username>,
        bearers: &HashMap<UsernameKey, UserId, RandomState>,
    ) -> Result<Option<UserId>, ChangeError> {
        let Some(key) = username.map(|username| username.key()) else { return Ok(None) };
        if let Some(&id) = bearers.get(&key) {
            return Ok(Some(id));
        }
        // Whom the batch knows and who is not in `bearers` has lost the name.
        Ok(self.group.owner(key)?.filter(|owner| !self.accounts.contains_key(owner)))
    }

    /// Stores what differs. Whatever can fail comes before the first change.
    fn store(self) -> Result<Imported, ChangeError> {
        let Self { group, accounts, posts, mut done, .. } = self;
        let mut accounts: Vec<_> = accounts.into_values().collect();
        accounts.sort_unstable_by_key(|account| account.place);
        let mut users = Vec::new();
        for account in accounts {
            if account.count(&mut done) {
                users.push((account.now.id, account.now.username, encode_user(&account.now)?, account.counted));
            }
        }
        let mut posts: Vec<_> = posts.into_values().collect();
        posts.sort_unstable_by_key(|post| post.place);
        let (mut tweets, mut gone) = (Vec::new(), Vec::new());
        for post in posts {
            if post.count(&mut done) {
                match (post.now, post.before) {
                    (Some(now), _) => tweets.push((now.id, encode_tweet(&now)?)),
                    (None, Some(before)) => gone.push(before.id),
                    (None, None) => {}
                }
            }
        }
        group.check_room(users.len() as u64, tweets.len() as u64)?;
        for (id, username, record, counted) in users {
            if counted { group.count_user(id, username, record)? } else { group.put_user(id, username, record)? }
        }
        tweets.into_iter().try_for_each(|(id, record)| group.put_tweet(id, record))?;
        gone.into_iter().try_for_each(|id| group.delete_tweet(id))?;
        Ok(done)
    }
}
