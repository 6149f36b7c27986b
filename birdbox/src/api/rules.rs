//! What a caller may see of a post that an expansion names, as pure functions.

use model::{AccountState, TweetRef, UserId, UserRef};

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
pub(super) fn sight_of_post(author: Option<&UserRef<'_>>, viewer: Option<UserId>) -> Sight {
    match author {
        Some(author) if author.state != AccountState::Active => Sight::Gone,
        Some(author) if author.protected && viewer != Some(author.id) => Sight::NotAuthorized,
        _ => Sight::Visible,
    }
}

/// Whose post it is. Who imports from X does not hold the posts of protected
/// accounts, and still learns that they are not for them.
///
/// unverified(protected-pinned): a post that is unknown, or has no known author, counts
/// as the post of the account that refers to it, so that protection is never lost.
pub(super) fn author_of(tweet: Option<&TweetRef<'_>>, referrer: UserId) -> UserId {
    tweet.and_then(|tweet| tweet.author_id).unwrap_or(referrer)
}
