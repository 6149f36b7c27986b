//! Who bears which username after a batch: one rule for the whole batch, so that the
//! order of its lines does not matter and users may swap names.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use model::{Conflict, Timestamp, UserId, Username, UsernameKey};

use super::Plan;
use super::account::{Account, is_stub};
use crate::{ChangeError, GivenUp};

/// Usernames of the users that the batch touches.
type Bearers = HashMap<UsernameKey, UserId, RandomState>;

/// How good a claim is; the greatest gets the name.
type Claim = (bool, bool, Option<Timestamp>, bool, Reverse<UserId>);

impl Plan<'_, '_> {
    /// Leaves every name with its best claim and gives derived names to the others.
    pub(super) fn settle_usernames(&mut self) -> Result<Bearers, ChangeError> {
        let wanted: Vec<_> = self.accounts.values().map(|account| account.now.username.key()).collect();
        for key in wanted {
            if let Some(owner) = self.group.owner(key)? {
                // One whom the batch does not speak of has a claim all the same.
                self.account(owner)?;
            }
        }
        let conflict = self.conflict;
        let mut claims: Vec<_> = self
            .accounts
            .values()
            .map(|account| (claim(account, conflict), account.now.username.key(), account.now.id))
            .collect();
        claims.sort_unstable_by_key(|&(claim, ..)| Reverse(claim));
        let mut bearers = Bearers::default();
        let mut losers = Vec::new();
        for (_, key, id) in claims {
            match bearers.entry(key) {
                Entry::Vacant(free) => _ = free.insert(id),
                Entry::Occupied(_) => losers.push(id),
            }
        }
        for id in losers {
            let username = self.free_derived(id, &bearers)?;
            bearers.insert(username.key(), id);
            self.rename(id, username);
        }
        Ok(bearers)
    }

    /// A derived name that nobody else bears after the batch.
    fn free_derived(&self, id: UserId, bearers: &Bearers) -> Result<Username, ChangeError> {
        let mut taken = ChangeError::UnknownUser { id };
        for attempt in 0..Username::MAX_STORED {
            let username = Username::derived(id, attempt);
            match self.bearer(Some(username), bearers)? {
                None => return Ok(username),
                Some(by) => taken = ChangeError::UsernameTaken { username, by },
            }
        }
        Err(taken)
    }

    fn rename(&mut self, id: UserId, new: Username) {
        let Some(account) = self.accounts.get_mut(&id) else { return };
        let old = account.now.username;
        let stub = is_stub(&account.now);
        account.now.username = new;
        if stub {
            account.now.name = new.to_string();
        }
        if !stub || account.before.is_some() {
            self.done.give_up(GivenUp { id, old, new });
        }
    }
}

/// Derived names give way to real ones; then it is as the person who imports decided;
/// then the newer observation wins, then who bears the name already, then the lower id.
fn claim(account: &Account, conflict: Conflict) -> Claim {
    let username = account.now.username;
    let bears_it = account.before.as_ref().is_some_and(|before| before.username.key() == username.key());
    let decided = match conflict {
        Conflict::Newer => false,
        Conflict::Keep => bears_it,
        Conflict::Replace => account.from_file,
    };
    (!is_derived(username, account.now.id), decided, account.named_at, bears_it, Reverse(account.now.id))
}

/// Whether a name is one that [`Username::derived`] gives to the user.
pub(crate) fn is_derived(username: Username, id: UserId) -> bool {
    let bare = |username: &Username| username.as_str().trim_start_matches('_').to_ascii_lowercase();
    username.as_str().starts_with('_') && bare(&username) == bare(&Username::derived(id, 0))
}
