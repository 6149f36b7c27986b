//! Verbs about follows, and about what users have to do with each other besides.

use model::{AccountState, Direction, User, UserId, Username};
use serde::{Deserialize, Serialize};
use store::{ChangeError, Detail, Followed, ListStart, Store, UserBatch};

use super::{AdminError, UserKey, find, wire};

/// Something to do with two users, or to know of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FollowVerb {
    /// Change what one has to do with another.
    Change {
        /// In which way.
        change: FollowChange,
        /// Who does something.
        user: UserKey,
        /// To whom.
        other: UserKey,
    },
    /// Say what is on the lists of a user.
    Show {
        /// Whose.
        user: UserKey,
    },
    /// List users.
    List {
        /// Which.
        list: FollowList,
        /// Whose.
        user: UserKey,
        /// Where the page before ended.
        after: Option<u64>,
        /// The most that a page holds.
        limit: usize,
    },
}

/// What one user can do to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowChange {
    /// Follow it, or wait to.
    Follow,
    /// End that.
    Unfollow,
    /// Let it follow.
    Accept,
    /// Not let it follow.
    Reject,
    /// Block it.
    Block,
    /// End that.
    Unblock,
    /// Mute it.
    Mute,
    /// End that.
    Unmute,
}

/// A list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowList {
    /// Who follows a user.
    Followers,
    /// Whom a user follows.
    Following,
    /// Who waits to be accepted by a user.
    Pending,
}

/// What became of a verb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowAnswer {
    /// To [`FollowVerb::Change`].
    Changed {
        /// Who did something.
        user: Listed,
        /// To whom.
        other: Listed,
        /// It waits to be accepted.
        is_pending: bool,
    },
    /// To [`FollowVerb::Show`].
    Shown(Shown),
    /// To [`FollowVerb::List`].
    List {
        /// The newest first.
        users: Vec<Listed>,
        /// Where to go on; `None` at the end.
        next: Option<u64>,
    },
}

/// A user as lists name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its id.
    #[serde(with = "wire::text")]
    pub id: UserId,
    /// Its username.
    #[serde(with = "wire::text")]
    pub username: Username,
}

/// A user, with what its lists say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Who it is.
    #[serde(flatten)]
    pub user: Listed,
    /// Its name.
    pub name: String,
    /// Its state.
    #[serde(with = "wire::state")]
    pub state: AccountState,
    /// Whether it is protected.
    pub protected: bool,
    /// How many follow it, as replies show it.
    pub followers_count: u64,
    /// How many it follows.
    pub following_count: u64,
    /// How many wait to be accepted by it.
    pub pending_count: u64,
}

/// Does what `verb` says.
pub(super) async fn run(store: &Store, verb: FollowVerb) -> Result<FollowAnswer, AdminError> {
    match verb {
        FollowVerb::Change { change, user, other } => {
            let [user, other] = [listed(store, user).await?, listed(store, other).await?];
            let is_pending = make(store, change, user.id, other.id).await.map_err(explain)?;
            Ok(FollowAnswer::Changed { user, other, is_pending })
        }
        FollowVerb::Show { user } => show(store, user).await.map(FollowAnswer::Shown),
        FollowVerb::List { list, user, after, limit } => {
            let of = listed(store, user).await?.id;
            match list {
                FollowList::Followers => page(store, of, Direction::Followers, after, limit).await,
                FollowList::Following => page(store, of, Direction::Following, after, limit).await,
                FollowList::Pending => {
                    let users = all(&store.users_by_ids(&store.pending_follows(of), Detail::Core).await?);
                    Ok(FollowAnswer::List { users, next: None })
                }
            }
        }
    }
}

/// Makes a change, and says whether it has to be accepted first.
async fn make(store: &Store, change: FollowChange, user: UserId, other: UserId) -> Result<bool, ChangeError> {
    match change {
        FollowChange::Follow => return Ok(store.follow(user, other).await? == Followed::Pending),
        FollowChange::Unfollow => store.unfollow(user, other).await?,
        FollowChange::Accept => store.accept_follow(other, user).await?,
        FollowChange::Reject => store.reject_follow(other, user).await?,
        FollowChange::Block => store.set_block(user, other, true).await?,
        FollowChange::Unblock => store.set_block(user, other, false).await?,
        FollowChange::Mute => store.set_mute(user, other, true).await?,
        FollowChange::Unmute => store.set_mute(user, other, false).await?,
    }
    Ok(false)
}

async fn show(store: &Store, key: UserKey) -> Result<Shown, AdminError> {
    let User { id, username, name, state, protected, .. } = find(store, key).await?;
    let mut batch = store.users_by_ids(&[id], Detail::Full).await?;
    store.load_counts(&mut batch).await?;
    let metrics = batch.get(0).map(|user| user.metrics).unwrap_or_default();
    let pending_count = store.pending_follows(id).len() as u64;
    let (followers_count, following_count) = (metrics.followers, metrics.following);
    let user = Listed { id, username };
    Ok(Shown { user, name, state, protected, followers_count, following_count, pending_count })
}

async fn page(
    store: &Store,
    of: UserId,
    direction: Direction,
    after: Option<u64>,
    limit: usize,
) -> Result<FollowAnswer, AdminError> {
    let start = after.map_or(ListStart::Newest, ListStart::Below);
    let page = store.list_page(of, direction, start, limit, Detail::Core).await?;
    let page = page.ok_or(AdminError::UnknownUser { user: UserKey::Id(of) })?;
    let next = page.slots.last().copied().filter(|_| page.more_below);
    Ok(FollowAnswer::List { users: all(&page.users), next })
}

async fn listed(store: &Store, key: UserKey) -> Result<Listed, AdminError> {
    find(store, key).await.map(|user| Listed { id: user.id, username: user.username })
}

/// Those of a batch who are there.
fn all(batch: &UserBatch) -> Vec<Listed> {
    let there = (0..batch.len()).filter_map(|at| batch.get(at));
    there.filter_map(|user| Some(Listed { id: user.id, username: user.username.to_text().parse().ok()? })).collect()
}

/// What is wrong with two users, and what to do.
fn explain(error: ChangeError) -> AdminError {
    let reason = match &error {
        ChangeError::SelfFollow { .. } | ChangeError::SelfTie { .. } => format!("{error}; name two users"),
        ChangeError::Inactive { id } => format!("{error}; make it active with: birdbox user restore {id}"),
        ChangeError::Blocked { id, by } => format!("{error}; end that with: birdbox user unblock {by} {id}"),
        ChangeError::NotPending { followed, .. } => {
            format!("{error}; see who does with: birdbox user pending {followed}")
        }
        _ => return error.into(),
    };
    AdminError::Follow { reason }
}
