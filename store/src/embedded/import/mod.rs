//! How a batch of observations becomes changes.
//!
//! All facts are laid on what is known first; then the usernames are settled for the
//! whole batch at once, so that users may swap names; then what differs is stored.

mod usernames;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use model::{
    AccountState, Conflict, Observation, Timestamp, Tweet, TweetId, User, UserId, UserMembers, Username, UsernameKey,
};

use super::group::{Group, encode_tweet, encode_user};
use crate::{ChangeError, Counts, Imported};

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

/// Whether an observation replaces one that is known. One without a time is older
/// than any other, and of equal ones the known one stays.
fn wins(conflict: Conflict, new: Option<Timestamp>, known: Option<Timestamp>) -> bool {
    match conflict {
        Conflict::Newer => new > known,
        Conflict::Keep => false,
        Conflict::Replace => true,
    }
}

struct Plan<'g, 'a> {
    group: &'g mut Group<'a>,
    conflict: Conflict,
    accounts: HashMap<UserId, Account, RandomState>,
    posts: HashMap<TweetId, Post, RandomState>,
    done: Imported,
}

/// A user that the batch touches.
struct Account {
    /// The order in which the batch came to it.
    place: usize,
    /// As known before the batch.
    before: Option<User>,
    /// As known after it.
    now: User,
    /// What the batch holds of it.
    seen: Seen,
    /// A profile of the batch counted.
    from_file: bool,
    /// When it was seen with the username that it has now.
    named_at: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    /// Nothing: it bears a username that the batch gives to another.
    Nothing,
    /// The account state alone.
    State,
    /// A profile.
    Profile,
}

/// A post that the batch touches.
struct Post {
    place: usize,
    before: Option<Tweet>,
    now: Option<Tweet>,
    /// When it was gone, if the batch says so.
    gone_at: Option<Timestamp>,
    /// The batch holds the post itself.
    seen: bool,
}

impl Plan<'_, '_> {
    fn see_user(&mut self, user: User, speaks_of: UserMembers) -> Result<(), ChangeError> {
        let (conflict, named_at) = (self.conflict, user.observed_at);
        let Some(account) = self.account(user.id)? else {
            self.add_account(user, Seen::Profile);
            return Ok(());
        };
        account.seen = Seen::Profile;
        if wins(conflict, user.observed_at, account.now.observed_at) {
            account.now.update_from(user, speaks_of);
        } else if is_stub(&account.now) {
            // Older than the state that made the stub, and all that is known beside it.
            let (state, observed_at) = (account.now.state, account.now.observed_at);
            account.now = User { state, observed_at, ..user };
        } else {
            return Ok(());
        }
        account.from_file = true;
        account.named_at = named_at;
        Ok(())
    }

    fn see_state(&mut self, id: UserId, state: AccountState, at: Timestamp) -> Result<(), ChangeError> {
        let conflict = self.conflict;
        let Some(account) = self.account(id)? else {
            let username = Username::derived(id, 0);
            let stub = User { state, observed_at: Some(at), ..User::new(id, username, username.as_str()) };
            self.add_account(stub, Seen::State);
            return Ok(());
        };
        account.seen = account.seen.max(Seen::State);
        if wins(conflict, Some(at), account.now.observed_at) {
            account.now.state = state;
            account.now.observed_at = Some(at);
        }
        Ok(())
    }

    fn see_tweet(&mut self, tweet: Tweet) -> Result<(), ChangeError> {
        let conflict = self.conflict;
        let post = self.post(tweet.id)?;
        post.seen = true;
        let replaces = match (&post.now, post.gone_at) {
            (Some(now), _) => wins(conflict, tweet.observed_at, now.observed_at),
            (None, Some(_)) => wins(conflict, tweet.observed_at, post.gone_at),
            (None, None) => true,
        };
        if replaces {
            post.now = Some(tweet);
        }
        Ok(())
    }

    fn see_tweet_gone(&mut self, id: TweetId, at: Timestamp) -> Result<(), ChangeError> {
        let conflict = self.conflict;
        let post = self.post(id)?;
        if post.now.as_ref().is_none_or(|now| wins(conflict, Some(at), now.observed_at)) {
            post.now = None;
            post.gone_at = post.gone_at.max(Some(at));
        }
        Ok(())
    }

    /// The user, if the store or the batch knows it.
    fn account(&mut self, id: UserId) -> Result<Option<&mut Account>, ChangeError> {
        let place = self.accounts.len();
        match self.accounts.entry(id) {
            Entry::Occupied(account) => Ok(Some(account.into_mut())),
            Entry::Vacant(entry) => {
                let Some(now) = self.group.user(id)? else { return Ok(None) };
                let before = Some(now.clone());
                let named_at = now.observed_at;
                let account = Account { place, before, now, seen: Seen::Nothing, from_file: false, named_at };
                Ok(Some(entry.insert(account)))
            }
        }
    }

    fn add_account(&mut self, user: User, seen: Seen) {
        let (place, named_at) = (self.accounts.len(), user.observed_at);
        let account = Account { place, before: None, now: user, seen, from_file: true, named_at };
        self.accounts.insert(account.now.id, account);
    }

    fn post(&mut self, id: TweetId) -> Result<&mut Post, ChangeError> {
        let place = self.posts.len();
        match self.posts.entry(id) {
            Entry::Occupied(post) => Ok(post.into_mut()),
            Entry::Vacant(entry) => {
                let now = self.group.tweet(id)?;
                Ok(entry.insert(Post { place, before: now.clone(), now, gone_at: None, seen: false }))
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
            let counts = match account.seen {
                Seen::Profile => Some(&mut done.users),
                Seen::State => Some(&mut done.states),
                Seen::Nothing => None,
            };
            if count(account.before.as_ref(), Some(&account.now), counts) {
                users.push((account.now.id, account.now.username, encode_user(&account.now)?));
            }
        }
        let mut posts: Vec<_> = posts.into_values().collect();
        posts.sort_unstable_by_key(|post| post.place);
        let (mut tweets, mut gone) = (Vec::new(), Vec::new());
        for post in posts {
            let counts = if post.seen { Some(&mut done.tweets) } else { None };
            if count(post.before.as_ref(), post.now.as_ref(), counts) {
                match (post.now, post.before) {
                    (Some(now), _) => tweets.push((now.id, encode_tweet(&now)?)),
                    (None, Some(before)) => gone.push(before.id),
                    (None, None) => {}
                }
            }
        }
        done.tweets_gone += gone.len() as u64;
        group.check_room(users.len() as u64, tweets.len() as u64)?;
        users.into_iter().try_for_each(|(id, username, record)| group.put_user(id, username, record))?;
        tweets.into_iter().try_for_each(|(id, record)| group.put_tweet(id, record))?;
        gone.into_iter().try_for_each(|id| group.delete_tweet(id))?;
        Ok(done)
    }
}

/// Counts one thing, and says whether it differs.
fn count<T: PartialEq>(before: Option<&T>, now: Option<&T>, counts: Option<&mut Counts>) -> bool {
    let differs = before != now;
    if let Some(counts) = counts {
        match (before, differs) {
            (None, true) => counts.new += 1,
            (Some(_), true) => counts.changed += 1,
            (_, false) => counts.unchanged += 1,
        }
    }
    differs
}

/// Whether nothing is known of a user but the account state.
fn is_stub(user: &User) -> bool {
    let User { id, username, state, observed_at, .. } = *user;
    usernames::is_derived(username, id)
        && *user == User { state, observed_at, ..User::new(id, username, username.as_str()) }
}
