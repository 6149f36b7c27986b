//! Search for users by the beginning of a username or a name.

use model::{AccountState, UserId, Username};
use serde::{Deserialize, Serialize};
use store::{FoundUsers, SearchBy, SearchCursor, Store};

use super::{AdminError, wire};

/// Users who are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSearch {
    /// By their names, not by their usernames.
    pub by_name: bool,
    /// What these begin with.
    pub prefix: String,
    /// Where the page before ended.
    #[serde(with = "wire::optional_text")]
    pub after: Option<SearchCursor>,
    /// The most that a page holds.
    pub limit: usize,
}

/// A page of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// In the order of [`FoundUsers`].
    pub users: Vec<Hit>,
    /// Where to go on; `None` at the end.
    #[serde(with = "wire::optional_text")]
    pub next: Option<SearchCursor>,
}

/// A user who was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Its id.
    #[serde(with = "wire::text")]
    pub id: UserId,
    /// Its username.
    #[serde(with = "wire::text")]
    pub username: Username,
    /// Its name.
    pub name: String,
    /// Its state.
    #[serde(with = "wire::state")]
    pub state: AccountState,
}

/// The most users of a page, whatever a client asks for.
const MOST: usize = 1000;

pub(super) async fn run(store: &Store, search: UserSearch) -> Result<SearchPage, AdminError> {
    let UserSearch { by_name, prefix, after, limit } = search;
    let by = if by_name { SearchBy::Name } else { SearchBy::Username };
    let FoundUsers { users, next } = store.search_users(by, &prefix, after, limit.min(MOST)).await?;
    let there = (0..users.len()).filter_map(|at| users.get(at));
    let hit = |user: model::UserRef<'_>| {
        let username = user.username.to_text().parse().ok()?;
        Some(Hit { id: user.id, username, name: user.name.to_text(), state: user.state })
    };
    Ok(SearchPage { users: there.filter_map(hit).collect(), next })
}
