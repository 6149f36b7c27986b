//! What commands can ask of a store: one implementation, run by the command itself
//! or, beside a running server, by that server over `admin.sock`.
//!
//! [`run`] gives meaning to a [`Verb`]. [`protocol`] says how verbs and answers
//! travel, [`server`] and [`Client`] carry them.

pub mod ca;
mod client;
mod edges;
mod environment;
mod follows;
pub mod guest;
pub mod identity;
mod members;
pub mod protocol;
mod search;
pub mod server;
mod session;
pub mod socket;
mod user_key;
mod wire;

use std::sync::Arc;

use model::{AccountState, Observation, Timestamp, User, UserChange, UserId, Username};
use store::{BackupError, ChangeError, Detail, ReadError, Store, TweetCursor, UserCursor};
use thiserror::Error;
use tokio::task::spawn_blocking;

use crate::explain::{self, ExplainError};
use crate::limits::{self, LimitsError};
use crate::requests::{self, RequestsError};
use crate::state::State;
pub(crate) use client::Replies;
pub use client::{Client, ClientError};
pub use edges::{EdgePage, ListedPage};
pub use environment::{APP, Addresses, Environment, first_request};
pub use follows::{FollowAnswer, FollowChange, FollowList, FollowVerb, Listed, Shown};
pub use guest::GuestDoors;
pub use identity::Secrets;
pub use members::{MemberError, SETTABLE, Settable};
pub use protocol::{Answer, Known, Page, Statistics, Verb};
pub use search::{Hit, SearchPage, UserSearch};
pub use session::{Local, Missing, Session, SessionError, has_nothing};
pub use user_key::UserKey;

/// What a verb works on.
#[derive(Debug, Clone)]
pub struct Context {
    /// The data.
    pub store: Store,
    /// What [`Verb::Environment`] answers.
    pub environment: Environment,
    /// What credentials are made from.
    pub secrets: Secrets,
    /// What [`Verb::Limits`] works on.
    pub limits: limits::Source,
    /// The server, where there is one: what [`Verb::Explain`] works on.
    pub running: Option<Arc<State>>,
    /// What [`Verb::Ca`] works on.
    pub ca: ca::Source,
    /// Where the server is, where there is one: what [`Verb::Addresses`] answers.
    pub addresses: Option<Addresses>,
    /// What opens doors of the server, where there is one: what [`Verb::OpenDoors`] works on.
    pub host: Option<guest::Host>,
}

/// Why a verb did nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error, serde::Serialize, serde::Deserialize)]
pub enum AdminError {
    /// Nobody has this id or username.
    #[error("USER: there is no user {user}; give the id or the username of one that exists")]
    UnknownUser {
        /// As it was asked for.
        user: UserKey,
    },
    /// The id of a new user.
    #[error("--id: there is a user {id} already; give another id, or none to have one made")]
    IdTaken {
        /// The id.
        #[serde(with = "wire::text")]
        id: UserId,
    },
    /// A username belongs to somebody.
    #[error("USERNAME: @{username} belongs to user {by}; rename that one first, or choose another")]
    UsernameTaken {
        /// The username that was asked for.
        #[serde(with = "wire::text")]
        username: Username,
        /// Who bears it.
        #[serde(with = "wire::text")]
        by: UserId,
    },
    /// The API could not ask for such a username.
    #[error("USERNAME: @{username} is too long; give at most {} characters", Username::MAX_REQUESTED)]
    UsernameTooLong {
        /// The username that was asked for.
        #[serde(with = "wire::text")]
        username: Username,
    },
    /// A `member=value` cannot be used.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// Another argument cannot be used.
    #[error("{argument}: {reason}")]
    Argument {
        /// What it is called.
        argument: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// Limits cannot be shown, set or reset.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// What one user cannot do to another.
    #[error("{reason}")]
    Follow {
        /// Why not, and what to do.
        reason: String,
    },
    /// No backup can be made there.
    #[error("DIR: {reason}")]
    BackupDir {
        /// What is wrong with the directory.
        reason: String,
    },
    /// A refusal cannot be explained.
    #[error(transparent)]
    Explain(#[from] ExplainError),
    /// Requests cannot be shown.
    #[error(transparent)]
    Requests(#[from] RequestsError),
    /// The directory has no certificate authority.
    #[error(
        "there is no certificate authority in the data directory yet; make one with: birdbox ca rotate, or start \
         birdbox serve --tls auto"
    )]
    NoAuthority,
    /// Only a server has addresses.
    #[error("no server runs on this data directory; start one with: birdbox serve")]
    NotRunning,
    /// The request itself cannot be read.
    #[error("the server did not understand the request: {reason}")]
    Request {
        /// What is wrong with it.
        reason: String,
    },
    /// Client and server are of different versions.
    #[error("the running server speaks protocol {server} and this command {client}; use the same Birdbox for both")]
    Version {
        /// What the server speaks.
        server: u32,
        /// What the request was written in.
        client: u32,
    },
    /// The store could not do it.
    #[error("{reason}")]
    Store {
        /// What it said.
        reason: String,
    },
}

impl AdminError {
    /// Whether asking for something else would help.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::UnknownUser { .. }
            | Self::IdTaken { .. }
            | Self::UsernameTaken { .. }
            | Self::UsernameTooLong { .. }
            | Self::Follow { .. }
            | Self::BackupDir { .. }
            | Self::NoAuthority
            | Self::Member(_)
            | Self::Argument { .. } => true,
            Self::Limits(error) => error.is_input(),
            Self::Explain(error) => error.is_input(),
            Self::Requests(_) | Self::NotRunning | Self::Request { .. } | Self::Version { .. } | Self::Store { .. } => {
                false
            }
        }
    }
}

impl From<ReadError> for AdminError {
    fn from(error: ReadError) -> Self {
        Self::Store { reason: error.to_string() }
    }
}

impl From<ChangeError> for AdminError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::IdTaken { id } => Self::IdTaken { id },
            ChangeError::UnknownUser { id } => Self::UnknownUser { user: UserKey::Id(id) },
            ChangeError::UsernameTaken { username, by } => Self::UsernameTaken { username, by },
            other => Self::Store { reason: other.to_string() },
        }
    }
}

impl From<BackupError> for AdminError {
    fn from(error: BackupError) -> Self {
        let reason = error.to_string();
        if error.is_input() { Self::BackupDir { reason } } else { Self::Store { reason } }
    }
}

/// Does what `verb` says. `now` becomes the time at which changed users were observed.
///
/// # Errors
/// [`AdminError`]; nothing was changed then.
pub async fn run(context: &Context, verb: Verb, now: Timestamp) -> Result<Answer, AdminError> {
    let store = &context.store;
    match verb {
        Verb::Hello => Ok(Answer::Hello),
        Verb::Environment => Ok(Answer::Environment(identity::environment(context, now).await?)),
        Verb::Identity(verb) => identity::run(context, verb, now).await.map(Answer::Identity),
        Verb::Follows(verb) => follows::run(store, verb).await.map(Answer::Follows),
        Verb::Search(search) => search::run(store, search).await.map(Answer::Found),
        Verb::GetUser { user } => Ok(Answer::User(Box::new(find(store, user).await?))),
        Verb::CreateUser { id, username, name, members } => {
            create(store, id, username, name, &members, now).await.map(|user| done(&user))
        }
        Verb::SetUser { user, members } => {
            let user = find(store, user).await?;
            let changes = members::changes(&user, &members)?;
            update(store, user, changes, now).await.map(|user| done(&user))
        }
        Verb::RenameUser { user, username } => {
            let username = can_be_requested(username)?;
            update(store, find(store, user).await?, vec![UserChange::Username(username)], now)
                .await
                .map(|user| done(&user))
        }
        Verb::SetState { user, state } => set_state(store, user, state, now).await.map(|user| done(&user)),
        Verb::DeleteUser { user } => {
            let user = find(store, user).await?;
            store.delete_user(user.id).await?;
            Ok(done(&user))
        }
        Verb::Limits(verb) => {
            let (source, store) = (context.limits.clone(), store.clone());
            let run = spawn_blocking(move || limits::run(&source, &store, verb, now)).await;
            Ok(Answer::Limits(run.map_err(|error| AdminError::Store { reason: error.to_string() })??))
        }
        Verb::Explain { request } => Ok(Answer::Explanation(Box::new(explain::run(context, request).await?))),
        Verb::Requests(query) => {
            let running = context.running.as_ref().map(|state| &state.requests);
            Ok(Answer::Requests(requests::run(running, &query)?))
        }
        Verb::Ca(verb) => Ok(Answer::Ca(Box::new(ca::run(&context.ca, store, verb, now)?))),
        Verb::Addresses => context.addresses.clone().map(Answer::Addresses).ok_or(AdminError::NotRunning),
        // These belong to a connection with a running server, which answers them itself.
        Verb::OpenDoors { .. } | Verb::Seen => Err(AdminError::NotRunning),
        Verb::Import { observations, conflict } => {
            Ok(Answer::Imported(store.import(observations, conflict.into()).await?))
        }
        Verb::Known { users, usernames, tweets } => Ok(Answer::Known(known(store, &users, usernames, &tweets).await?)),
        Verb::ExportUsers { after, limit } => {
            let (users, next) = store.export_users(after.map(UserCursor::from_number), limit).await?;
            Ok(Answer::Users(Page { items: users, next: next.map(UserCursor::number) }))
        }
        Verb::ExportTweets { after, limit } => {
            let (tweets, next) = store.export_tweets(after.map(TweetCursor::from_number), limit).await?;
            Ok(Answer::Tweets(Page { items: tweets, next: next.map(TweetCursor::number) }))
        }
        Verb::ExportEdges { after, limit } => edges::export(store, after, limit).await.map(Answer::Edges),
        Verb::ListUsers { of, followers, below, limit } => {
            let of = find(store, of).await?;
            edges::list(store, &of, followers, below, limit).await.map(Answer::Listed)
        }
        Verb::Stats => Ok(Answer::Stats(Statistics { stats: store.stats(), files: store.files() })),
        Verb::Merge => {
            store.merge().await?;
            Ok(Answer::Merged)
        }
        Verb::Backup { dir } => {
            let store = store.clone();
            let copied = spawn_blocking(move || store.backup(&dir)).await;
            let copied = copied.map_err(|error| AdminError::Store { reason: error.to_string() })?;
            Ok(Answer::BackedUp(copied?))
        }
    }
}

/// The first name that stands more than once among texts of the form `name=value`.
fn given_twice(texts: &[String]) -> Option<&str> {
    let names: Vec<_> = texts.iter().filter_map(|text| Some(text.split_once('=')?.0)).collect();
    names
        .iter()
        .enumerate()
        .find(|(at, name)| names.iter().take(*at).any(|known| known == *name))
        .map(|(_, name)| *name)
}

fn done(user: &User) -> Answer {
    Answer::Done { id: user.id, username: user.username }
}

async fn find(store: &Store, key: UserKey) -> Result<User, AdminError> {
    let id = match key {
        UserKey::Id(id) => Some(id),
        UserKey::Username(username) => {
            store.users_by_usernames(&[username], Detail::Core).await?.get(0).map(|user| user.id)
        }
    };
    let user = match id {
        Some(id) => store.user(id).await?,
        None => None,
    };
    user.ok_or(AdminError::UnknownUser { user: key })
}

fn can_be_requested(username: Username) -> Result<Username, AdminError> {
    if username.can_be_requested() { Ok(username) } else { Err(AdminError::UsernameTooLong { username }) }
}

async fn create(
    store: &Store,
    id: Option<UserId>,
    username: Username,
    name: Option<String>,
    members: &[String],
    now: Timestamp,
) -> Result<User, AdminError> {
    let username = can_be_requested(username)?;
    let mut user = User::new(id.unwrap_or_else(|| id_made_at(now)), username, username.as_str());
    user.created_at = Some(now);
    user.observed_at = Some(now);
    let name = name.map(|name| format!("name={name}"));
    let members: Vec<_> = name.iter().chain(members).cloned().collect();
    for change in members::changes(&user, &members)? {
        user.apply(change);
    }
    loop {
        match store.create_user(user.clone()).await {
            // Made in the same millisecond as another one.
            Err(ChangeError::IdTaken { .. }) if id.is_none() => user.id = UserId::new(user.id.get() + 1),
            outcome => return outcome.map(|()| user).map_err(AdminError::from),
        }
    }
}

/// An id in the form that X has used since 2013: the milliseconds since its epoch,
/// then 22 bits that tell ids of one millisecond apart.
fn id_made_at(now: Timestamp) -> UserId {
    const EPOCH_MS: i64 = 1_288_834_974_657;
    let ms = u64::try_from(now.unix_ms() - EPOCH_MS).unwrap_or(1);
    UserId::new(ms << 22)
}

async fn update(store: &Store, mut user: User, changes: Vec<UserChange>, now: Timestamp) -> Result<User, AdminError> {
    store.update_user(user.id, changes.clone(), now).await?;
    for change in changes {
        user.apply(change);
    }
    Ok(user)
}

async fn set_state(store: &Store, key: UserKey, state: AccountState, now: Timestamp) -> Result<User, AdminError> {
    update(store, find(store, key).await?, vec![UserChange::State(state)], now).await
}

/// What is stored under these ids and usernames; those of nobody are left out.
async fn known(
    store: &Store,
    ids: &[UserId],
    usernames: Vec<Username>,
    tweet_ids: &[model::TweetId],
) -> Result<Known, AdminError> {
    let named = store.users_by_usernames(&usernames, Detail::Core).await?;
    let mut ids: Vec<UserId> =
        (0..named.len()).filter_map(|at| named.get(at)).map(|user| user.id).chain(ids.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut observations = Vec::new();
    for id in ids {
        observations
            .extend(store.user(id).await?.map(|user| Observation::User(Box::new(user), model::UserMembers::ALL)));
    }
    for &id in tweet_ids {
        observations.extend(store.tweet(id).await?.map(|tweet| Observation::Tweet(Box::new(tweet))));
    }
    Ok(Known { observations })
}
