//! Follows, and the lists of users, page by page.

use model::{Direction, User};
use serde::{Deserialize, Serialize};
use store::{Detail, EdgeCursor, ListStart, Store};

use super::AdminError;

/// A part of all follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgePage {
    /// The ids of a follower and of whom it follows.
    pub edges: Vec<[u64; 2]>,
    /// Where to go on; `None` at the end.
    pub next: Option<[u64; 2]>,
}

/// A part of the list of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPage {
    /// The id of the user whose list it is.
    pub of: u64,
    /// Its username.
    pub username: String,
    /// The ids and usernames of those on the list.
    pub users: Vec<(u64, String)>,
    /// Where to go on; `None` at the end.
    pub next: Option<u64>,
}

/// Some follows of all, in the order of the store.
pub(super) async fn export(store: &Store, after: Option<[u64; 2]>, limit: usize) -> Result<EdgePage, AdminError> {
    let (edges, next) = store.export_edges(after.map(EdgeCursor::from_numbers), limit).await?;
    let edges = edges.into_iter().map(|(follower, followed)| [follower.get(), followed.get()]).collect();
    Ok(EdgePage { edges, next: next.map(EdgeCursor::numbers) })
}

/// Some of those on a list of `of`, newest first. Deleted users are left out.
pub(super) async fn list(
    store: &Store,
    of: &User,
    followers: bool,
    below: Option<u64>,
    limit: usize,
) -> Result<ListedPage, AdminError> {
    let direction = if followers { Direction::Followers } else { Direction::Following };
    let start = below.map_or(ListStart::Newest, ListStart::Below);
    let page = store.list_page(of.id, direction, start, limit, Detail::Core).await?;
    let mut listed = ListedPage { of: of.id.get(), username: of.username.to_string(), users: Vec::new(), next: None };
    if let Some(page) = page {
        let users = (0..page.users.len()).filter_map(|at| page.users.get(at));
        listed.users.extend(users.map(|user| (user.id.get(), user.username.to_text())));
        listed.next = page.slots.last().copied().filter(|_| page.more_below);
    }
    Ok(listed)
}
