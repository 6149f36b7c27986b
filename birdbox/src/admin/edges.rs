//! Follows, and the lists of users, page by page.

use model::{Direction, User};
use store::{Detail, EdgeCursor, ListStart, Store};

use super::AdminError;
use super::protocol::{EdgePage, ListedPage};

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
