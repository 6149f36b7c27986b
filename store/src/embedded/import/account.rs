//! What facts make of one account or one post: the rules that small and large imports
//! share.

use model::{AccountState, Conflict, Timestamp, Tweet, User, UserId, UserMember, UserMembers, Username};

use super::usernames;
use crate::{Counts, Imported};

/// Whether an observation replaces one that is known. One without a time is older
/// than any other, and of equal ones the known one stays.
fn wins(conflict: Conflict, new: Option<Timestamp>, known: Option<Timestamp>) -> bool {
    match conflict {
        Conflict::Newer => new > known,
        Conflict::Keep => false,
        Conflict::Replace => true,
    }
}

/// A user that an import touches.
pub(crate) struct Account {
    /// The order in which the import came to it.
    pub(super) place: usize,
    /// As known before the import.
    pub(crate) before: Option<User>,
    /// As known after it.
    pub(crate) now: User,
    /// What the import holds of it.
    seen: Seen,
    /// A profile of the import counted.
    pub(crate) from_file: bool,
    /// Its numbers are those of a profile of the import.
    pub(crate) counted: bool,
    /// When it was seen with the username that it has now.
    pub(crate) named_at: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    /// Nothing: it bears a username that the import gives to another.
    Nothing,
    /// The account state alone.
    State,
    /// A profile.
    Profile,
}

impl Account {
    /// One that the store knows.
    pub(crate) fn known(place: usize, now: User) -> Self {
        let (before, named_at) = (Some(now.clone()), now.observed_at);
        Self { place, before, now, seen: Seen::Nothing, from_file: false, counted: false, named_at }
    }

    /// One of which a profile is the first that is known.
    pub(crate) fn new(place: usize, user: User) -> Self {
        let named_at = user.observed_at;
        let (seen, now) = (Seen::Profile, user);
        Self { place, before: None, now, seen, from_file: true, counted: false, named_at }
    }

    /// One of which a state is the first that is known.
    pub(crate) fn stub(place: usize, id: UserId, state: AccountState, at: Timestamp) -> Self {
        let username = Username::derived(id, 0);
        let stub = User { state, observed_at: Some(at), ..User::new(id, username, username.as_str()) };
        Self { seen: Seen::State, ..Self::new(place, stub) }
    }

    pub(crate) fn see_profile(&mut self, user: User, speaks_of: UserMembers, conflict: Conflict) {
        let named_at = user.observed_at;
        self.seen = Seen::Profile;
        if wins(conflict, user.observed_at, self.now.observed_at) {
            self.counted |= user.metrics.is_some() && speaks_of.contains(UserMember::Metrics);
            self.now.update_from(user, speaks_of);
        } else if is_stub(&self.now) {
            // Older than the state that made the stub, and all that is known beside it.
            let (state, observed_at) = (self.now.state, self.now.observed_at);
            self.now = User { state, observed_at, ..user };
        } else {
            return;
        }
        self.from_file = true;
        self.named_at = named_at;
    }

    pub(crate) fn see_state(&mut self, state: AccountState, at: Timestamp, conflict: Conflict) {
        self.seen = self.seen.max(Seen::State);
        if wins(conflict, Some(at), self.now.observed_at) {
            self.now.state = state;
            self.now.observed_at = Some(at);
        }
    }

    /// Counts it, and says whether it differs from before.
    pub(crate) fn count(&self, done: &mut Imported) -> bool {
        let counts = match self.seen {
            Seen::Profile => Some(&mut done.users),
            Seen::State => Some(&mut done.states),
            Seen::Nothing => None,
        };
        count(self.before.as_ref(), Some(&self.now), counts)
    }
}

/// A post that an import touches.
pub(crate) struct Post {
    pub(super) place: usize,
    pub(crate) before: Option<Tweet>,
    pub(crate) now: Option<Tweet>,
    /// When it was gone, if the import says so.
    gone_at: Option<Timestamp>,
    /// The import holds the post itself.
    seen: bool,
}

impl Post {
    /// As the store knows it, if it does.
    pub(crate) fn new(place: usize, now: Option<Tweet>) -> Self {
        Self { place, before: now.clone(), now, gone_at: None, seen: false }
    }

    /// Whether nothing is known of it yet.
    pub(crate) fn is_blank(&self) -> bool {
        self.now.is_none() && self.gone_at.is_none() && !self.seen
    }

    pub(crate) fn see(&mut self, tweet: Tweet, conflict: Conflict) {
        self.seen = true;
        let replaces = match (&self.now, self.gone_at) {
            (Some(now), _) => wins(conflict, tweet.observed_at, now.observed_at),
            (None, Some(_)) => wins(conflict, tweet.observed_at, self.gone_at),
            (None, None) => true,
        };
        if replaces {
            self.now = Some(tweet);
        }
    }

    pub(crate) fn see_gone(&mut self, at: Timestamp, conflict: Conflict) {
        if self.now.as_ref().is_none_or(|now| wins(conflict, Some(at), now.observed_at)) {
            self.now = None;
            self.gone_at = self.gone_at.max(Some(at));
        }
    }

    /// Counts it, and says whether it differs from before.
    pub(crate) fn count(&self, done: &mut Imported) -> bool {
        let counts = if self.seen { Some(&mut done.tweets) } else { None };
        let differs = count(self.before.as_ref(), self.now.as_ref(), counts);
        done.tweets_gone += u64::from(differs && self.now.is_none());
        differs
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
pub(crate) fn is_stub(user: &User) -> bool {
    let User { id, username, state, observed_at, .. } = *user;
    usernames::is_derived(username, id)
        && *user == User { state, observed_at, ..User::new(id, username, username.as_str()) }
}
