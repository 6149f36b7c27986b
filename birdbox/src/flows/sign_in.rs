//! Who may sign in: by password, or on this machine by choosing an account.
//!
//! Hashing a password takes memory and tens of milliseconds, so that few are hashed at once and
//! few wait for it; and nobody guesses often, whether or not the account exists.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use model::{AccountState, User, Username};
use oauth::password;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Flows;
use super::queue::{Place, Queue};
use super::refusal::SignInFault;
use crate::admin::Secrets;
use crate::config::Login;

/// So many passwords are hashed at once; each takes 19 MiB.
const AT_ONCE: usize = 2;

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Whoever signs in is told but little of it.
    Fault(SignInFault),
    /// The store or the machine cannot do it now.
    Unavailable,
}

/// What keeps strangers out.
pub(super) struct Gate {
    pub(super) login: Login,
    queue: Queue,
    permits: Arc<Semaphore>,
    /// The hash of a password that nobody has.
    nobody: String,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("login", &self.login).finish_non_exhaustive()
    }
}

impl Gate {
    pub(super) fn new(login: Login, secrets: &Secrets) -> Self {
        let nobody = match login {
            Login::Password => password::hash(&format!("{:?}", secrets.bytes::<32>()), &secrets.bytes()),
            Login::Picker => None,
        };
        let permits = Arc::new(Semaphore::new(AT_ONCE));
        Self { login, queue: Queue::default(), permits, nobody: nobody.unwrap_or_default() }
    }

    /// Keeps `place` until it is found out, also when nobody waits for it any more.
    async fn is_password(&self, place: Place, shown: String, hash: String) -> Result<bool, Refused> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Refused::Unavailable)?;
        let verified = spawn_blocking(move || {
            let is_right = password::verify(&shown, &hash);
            drop((permit, place));
            is_right
        });
        verified.await.map_err(|_| Refused::Unavailable)
    }
}

/// The user who may sign in with what `client` typed.
pub(super) async fn check(flows: &Flows, client: IpAddr, username: &str, shown: &str) -> Result<User, Refused> {
    // Guesses count for the account, however it is written.
    let username = username.trim();
    let username = username.strip_prefix('@').unwrap_or(username);
    match flows.gate.login {
        Login::Picker => find(flows, username).await?.ok_or(Refused::Fault(SignInFault::NoAccount)),
        Login::Password => by_password(flows, client, username, shown).await,
    }
}

async fn by_password(flows: &Flows, client: IpAddr, username: &str, shown: &str) -> Result<User, Refused> {
    let gate = &flows.gate;
    let place = gate.queue.enter(client).ok_or(Refused::Fault(SignInFault::Busy))?;
    if !flows.state.guesses.count(username, flows.state.clock.now()) {
        return Err(Refused::Fault(SignInFault::TooMany));
    }
    let user = find(flows, username).await?;
    let hash = match &user {
        Some(user) => flows.state.store.identity().password(user.id).map_err(|error| {
            tracing::error!(%error, "a password cannot be read");
            Refused::Unavailable
        })?,
        None => None,
    };
    // It takes as long for a user who is not there.
    let has_password = hash.is_some();
    let is_right = gate.is_password(place, shown.to_owned(), hash.unwrap_or_else(|| gate.nobody.clone())).await?;
    match user {
        Some(user) if has_password && is_right => {
            flows.state.guesses.forget(username);
            Ok(user)
        }
        Some(_) if has_password => Err(Refused::Fault(SignInFault::OtherPassword)),
        Some(_) => Err(Refused::Fault(SignInFault::NoPassword)),
        None => Err(Refused::Fault(SignInFault::NoAccount)),
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
    let id = store
        .users_by_usernames(&[username], store::Detail::Core)
        .await
        .map_err(unavailable)?
        .get(0)
        .map(|user| user.id);
    let user = match id {
        Some(id) => store.user(id).await.map_err(unavailable)?,
        None => None,
    };
    Ok(user.filter(|user| user.state == AccountState::Active))
}
