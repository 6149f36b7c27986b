//! Users with what v1.1 shows of them: their counts, what connects the caller with them, and
//! their newest posts.

use model::{AccountState, Relation, TweetId, UserId};
use store::{ReadError, Store, TweetBatch, UserBatch};
use xapi::{ShownUser, V1User, V1View};

use super::super::hydrate::{Wanted, active};
use super::super::rules::{Sight, author_of, sight_of_post};
use super::embedded::Embedded;

/// Some users, in the order in which they were read.
pub(in crate::api) struct People {
    users: UserBatch,
    /// By position; empty where nobody asks.
    relations: Vec<Relation>,
    /// The newest posts.
    status_ids: Wanted<TweetId>,
    statuses: TweetBatch,
    embedded: Embedded,
    viewer: Option<UserId>,
}

impl People {
    /// Reads all that is shown of `users` by `view`.
    pub(in crate::api) async fn load(store: &Store, mut users: UserBatch, view: &V1View) -> Result<Self, ReadError> {
        store.load_counts(&mut users).await?;
        let viewer = view.viewer.map(|viewer| viewer.user);
        let relations = match viewer {
            Some(viewer) => store.relations(viewer, &users).await?,
            None => Vec::new(),
        };
        let shown = active(&users).filter(|_| view.status);
        let status_ids: Wanted<TweetId> = shown.filter_map(|user| user.most_recent_tweet_id).collect();
        let statuses = store.tweets_by_ids(&status_ids.0).await?;
        let embedded = Embedded::load(store, &statuses, viewer).await?;
        Ok(Self { users, relations, status_ids, statuses, embedded, viewer })
    }

    /// How many users were read, known or not.
    pub(in crate::api) fn len(&self) -> usize {
        self.users.len()
    }

    /// The user at a position, whatever its state; `None` if there is none.
    pub(in crate::api) fn get(&self, at: usize) -> Option<V1User<'_>> {
        let shown = ShownUser { user: self.users.get(at)?, relation: self.relations.get(at).copied() };
        let newest = shown.user.most_recent_tweet_id;
        let status = newest.and_then(|id| self.statuses.get(self.status_ids.position(&id)?));
        // A post of somebody else that the data calls the newest is judged by this account.
        let status = status.filter(|tweet| author_of(Some(tweet), shown.user.id) == shown.user.id);
        let status = status.filter(|_| sight_of_post(Some(&shown), self.viewer) == Sight::Visible);
        let status = status.map(|tweet| self.embedded.judge(tweet));
        Some(V1User { user: shown.user, relation: shown.relation, status })
    }

    /// The user at a position, if it is active.
    pub(in crate::api) fn active(&self, at: usize) -> Option<V1User<'_>> {
        self.get(at).filter(|shown| shown.user.state == AccountState::Active)
    }
}
