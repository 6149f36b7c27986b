//! What newest posts retweet and quote, which v1.1 embeds as it was imported: whether it still may
//! be seen.

use model::{ReferenceKind, Relation, TweetId, TweetRef, UserId};
use store::{Detail, ReadError, Store, TweetBatch, UserBatch};
use xapi::{ShownUser, V1Status, v1_retweeted_author};

use super::super::hydrate::{Wanted, known};
use super::super::rules::{Sight, sight_of_post};

/// The posts that some posts embed, and who wrote them.
pub(super) struct Embedded {
    tweet_ids: Wanted<TweetId>,
    tweets: TweetBatch,
    author_ids: Wanted<UserId>,
    authors: UserBatch,
    /// By position; empty where nobody asks.
    relations: Vec<Relation>,
    viewer: Option<UserId>,
}

impl Embedded {
    /// Reads what is known of all that `posts` embed.
    pub(super) async fn load(store: &Store, posts: &TweetBatch, viewer: Option<UserId>) -> Result<Self, ReadError> {
        let tweet_ids: Wanted<TweetId> = embedding(posts)
            .flat_map(|tweet| tweet.references())
            .filter(|reference| reference.kind != ReferenceKind::RepliedTo)
            .map(|reference| reference.id)
            .collect();
        let tweets = store.tweets_by_ids(&tweet_ids.0).await?;
        let author_ids: Wanted<UserId> = known(&tweets)
            .filter_map(|tweet| tweet.author_id)
            .chain(embedding(posts).filter_map(|tweet| v1_retweeted_author(&tweet)))
            .collect();
        let authors = store.users_by_ids(&author_ids.0, Detail::Core).await?;
        let relations = match viewer {
            Some(viewer) => store.relations(viewer, &authors).await?,
            None => Vec::new(),
        };
        Ok(Self { tweet_ids, tweets, author_ids, authors, relations, viewer })
    }

    /// A post that the caller may see, with what it embeds judged.
    pub(super) fn judge<'a>(&self, tweet: TweetRef<'a>) -> V1Status<'a> {
        let shows = |kind| self.shows(&tweet, kind);
        V1Status { tweet, shows_retweeted: shows(ReferenceKind::Retweeted), shows_quoted: shows(ReferenceKind::Quoted) }
    }

    /// As `includes` of v2 are judged: by the account of the author, or of who refers to it where
    /// no author is known. v2 has nothing to show of posts that are unknown; here it was imported.
    fn shows(&self, tweet: &TweetRef<'_>, kind: ReferenceKind) -> bool {
        let Some(reference) = tweet.references().find(|reference| reference.kind == kind) else { return false };
        let post = self.tweet_ids.position(&reference.id).and_then(|at| self.tweets.get(at));
        let named = || v1_retweeted_author(tweet).filter(|_| kind == ReferenceKind::Retweeted);
        let author = post.and_then(|post| post.author_id).or_else(named);
        let account = author.and_then(|id| self.account(id));
        sight_of_post(account.as_ref(), self.viewer) == Sight::Visible
    }

    fn account(&self, id: UserId) -> Option<ShownUser<'_>> {
        let at = self.author_ids.position(&id)?;
        Some(ShownUser { user: self.authors.get(at)?, relation: self.relations.get(at).copied() })
    }
}

/// The posts that can embed others; those from v2 cannot.
fn embedding(posts: &TweetBatch) -> impl Iterator<Item = TweetRef<'_>> {
    known(posts).filter(|tweet| tweet.v1_members().is_some())
}
