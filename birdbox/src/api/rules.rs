//! What a caller may see of accounts and posts, as pure functions.

use model::{AccountState, Relation, TweetRef, UserId};
use xapi::ShownUser;

/// Whether a post can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// Shown.
    Visible,
    /// As if it did not exist.
    Gone,
    /// It exists, and is for others.
    NotAuthorized,
}

/// Judges a post by the account of its author, where that is known.
///
/// unverified(posts-of-the-gone): the posts of accounts that are suspended or
/// deactivated are gone with them.
pub(super) fn sight_of_post(author: Option<&ShownUser<'_>>, viewer: Option<UserId>) -> Sight {
    let Some(ShownUser { user, relation }) = author else { return Sight::Visible };
    match user.state {
        AccountState::Suspended | AccountState::Deactivated => Sight::Gone,
        AccountState::Active if user.protected && !sees_protected(user.id, *relation, viewer) => Sight::NotAuthorized,
        AccountState::Active => Sight::Visible,
    }
}

/// Whether a caller sees lists and posts of a protected account: its own, and those of accounts
/// that it follows. `relation` is that of the caller to the account.
pub(super) fn sees_protected(account: UserId, relation: Option<Relation>, viewer: Option<UserId>) -> bool {
    viewer == Some(account) || viewer.is_some() && relation.is_some_and(|relation| relation.following)
}

/// Whose post it is. Who imports from X does not hold the posts of protected
/// accounts, and still learns that they are not for them.
///
/// unverified(protected-pinned): a post that is unknown, or has no known author, counts
/// as the post of the account that refers to it, so that protection is never lost.
pub(super) fn author_of(tweet: Option<&TweetRef<'_>>, referrer: UserId) -> UserId {
    tweet.and_then(|tweet| tweet.author_id).unwrap_or(referrer)
}
