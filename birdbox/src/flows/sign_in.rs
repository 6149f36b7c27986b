//! Who may sign in: by password, or on this machine by choosing an account.
//!
//! Hashing a password takes memory and tens of milliseconds, so that few are hashed at once;
//! and nobody guesses often, whether or not the account exists.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use model::{AccountState, Timestamp, User, Username};
use oauth::{digest, password};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Flows;
use crate::admin::Secrets;
use crate::config::Login;

/// So many passwords are hashed at once; each takes 19 MiB.
const AT_ONCE: usize = 2;
/// So many guesses for one username …
const GUESSES: u32 = 10;
/// … in so many milliseconds.
const WINDOW_MS: i64 = 15 * 60 * 1000;
/// Usernames share so many counters: memory is bounded, and whoever shares one with another
/// is refused too early, never too late.
const COUNTERS: usize = 4096;

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// No such user, not active, no password, or another one: nobody learns which.
    Wrong,
    /// Too many guesses.
    TooMany,
    /// The store or the machine cannot do it now.
    Unavailable,
}

/// What keeps strangers out.
pub(super) struct Gate {
    pub(super) login: Login,
    permits: Arc<Semaphore>,
    guesses: Mutex<Vec<Guesses>>,
    /// The hash of a password that nobody has.
    nobody: String,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("login", &self.login).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy)]
struct Guesses {
    since: Timestamp,
    count: u32,
}

impl Gate {
    pub(super) fn new(login: Login, secrets: &Secrets) -> Self {
        let nobody = match login {
            Login::Password => password::hash(&format!("{:?}", secrets.bytes::<32>()), &secrets.bytes()),
            Login::Picker => None,
        };
        Self {
            login,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            guesses: Mutex::new(vec![Guesses { since: Timestamp::MIN, count: 0 }; COUNTERS]),
            nobody: nobody.unwrap_or_default(),
        }
    }

    /// Counts a guess before it is made, so that guesses at the same time count as well.
    fn guess(&self, username: &str, now: Timestamp) -> bool {
        self.with_counter(username, |guesses| {
            if now.unix_ms().saturating_sub(guesses.since.unix_ms()) >= WINDOW_MS {
                *guesses = Guesses { since: now, count: 0 };
            }
            guesses.count = guesses.count.saturating_add(1);
            guesses.count <= GUESSES
        })
    }

    fn forget(&self, username: &str) {
        self.with_counter(username, |guesses| guesses.count = 0);
    }

    fn with_counter<T: Default>(&self, username: &str, with: impl FnOnce(&mut Guesses) -> T) -> T {
        let digest = digest(&username.to_ascii_lowercase());
        let [first, second, ..] = digest.as_bytes();
        let place = usize::from(u16::from_be_bytes([*first, *second])) % COUNTERS;
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.get_mut(place).map(with).unwrap_or_default()
    }

    async fn is_password(&self, shown: String, hash: String) -> Result<bool, Refused> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Refused::Unavailable)?;
        let verified = spawn_blocking(move || {
            let is_right = password::verify(&shown, &hash);
            drop(permit);
            is_right
        });
        verified.await.map_err(|_| Refused::Unavailable)
    }
}

/// The user who may sign in with what was typed.
pub(super) async fn check(flows: &Flows, username: &str, shown: &str) -> Result<User, Refused> {
    // Guesses count for the account, however it is written.
    let username = username.trim();
    let username = username.strip_prefix('@').unwrap_or(username);
    let user = find(flows, username).await?;
    match flows.gate.login {
        Login::Picker => user.ok_or(Refused::Wrong),
        Login::Password => by_password(flows, username, shown, user).await,
    }
}

async fn by_password(flows: &Flows, username: &str, shown: &str, user: Option<User>) -> Result<User, Refused> {
    let gate = &flows.gate;
    if !gate.guess(username, flows.state.clock.now()) {
        return Err(Refused::TooMany);
    }
    let hash = match &user {
        Some(user) => flows.state.store.identity().password(user.id).map_err(|error| {
            tracing::error!(%error, "a password cannot be read");
            Refused::Unavailable
        })?,
        None => None,
    };
    // It takes as long for a user who is not there.
    let has_password = hash.is_some();
    let is_right = gate.is_password(shown.to_owned(), hash.unwrap_or_else(|| gate.nobody.clone())).await?;
    match user.filter(|_| has_password && is_right) {
        Some(user) => {
            gate.forget(username);
            Ok(user)
        }
        None => Err(Refused::Wrong),
    }
}

/// An active user.
async fn find(flows: &Flows, username: &str) -> Result<Option<User>, Refused> {
    let Ok(username) = username.parse::<Username>() else { return Ok(None) };
    let store = &flows.state.store;
    let unavailable = |error| {
        tracing::error!(%error, "a user cannot be read");
        Refused::Unavailable
    };
    let id = store.users_by_usernames(&[username]).await.map_err(unavailable)?.get(0).map(|user| user.id);
    let user = match id {
        Some(id) => store.user(id).await.map_err(unavailable)?,
        None => None,
    };
    Ok(user.filter(|user| user.state == AccountState::Active))
}
