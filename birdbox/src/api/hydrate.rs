//! What a reply needs of the store beyond the users that were asked for: their counts, what
//! connects them with the caller, and all that expansions name.
//!
//! One batch each, so that a store across a network answers a thousand users in as many round
//! trips as one. Rules and rendering are not here.

use model::{AccountState, Relation, TweetId, TweetRef, UserHead, UserId, UserRef};
use store::{Detail, ReadError, Store, TweetBatch, UserBatch};
use xapi::{Expansion, ShownUser, TweetExpansion, View};

/// Ids to be read, each once, in ascending order. The order of a reply is decided by
/// the users that mention them.
pub(super) struct Wanted<I>(pub(super) Vec<I>);

impl<I: Ord> FromIterator<I> for Wanted<I> {
    fn from_iter<T: IntoIterator<Item = I>>(mentions: T) -> Self {
        let mut ids: Vec<I> = mentions.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids)
    }
}

impl<I: Ord> Wanted<I> {
    /// The position of an id in the batch that was read for these ids.
    pub(super) fn position(&self, id: &I) -> Option<usize> {
        self.0.binary_search(id).ok()
    }
}

/// Users, and what connects the caller with them.
struct People {
    users: UserBatch,
    /// By position; empty where nobody asks.
    relations: Vec<Relation>,
}

impl People {
    /// Users of whom no more is known yet.
    fn of(users: UserBatch) -> Self {
        Self { users, relations: Vec::new() }
    }

    async fn load(&mut self, store: &Store, view: &View, viewer: Option<UserId>) -> Result<(), ReadError> {
        if view.shows_counts() {
            store.load_counts(&mut self.users).await?;
        }
        let users = &self.users;
        if let Some(viewer) = viewer
            // Whoever follows a protected account sees its posts.
            && (view.shows_relations() || expands_posts(view) && active(users).any(|it| it.protected))
        {
            self.relations = store.relations(viewer, users).await?;
        }
        Ok(())
    }

    fn get(&self, at: usize) -> Option<ShownUser<'_>> {
        Some(ShownUser { user: self.users.get(at)?, relation: self.relations.get(at).copied() })
    }
}

/// What the store knew, before any rule decides what is shown. A page borrows from it.
pub(super) struct Hydrated {
    people: People,
    more: Option<Box<More>>,
}

/// What expansions name. Most requests have none.
pub(super) struct More {
    tweet_ids: Wanted<TweetId>,
    tweets: TweetBatch,
    /// The posts that the pinned ones retweet, quote or answer.
    referenced_ids: Wanted<TweetId>,
    referenced: TweetBatch,
    /// Authors of those posts who do not refer to them themselves, and organisations of affiliations.
    people_ids: Wanted<UserId>,
    people: People,
}

impl More {
    /// A post that an expansion names.
    pub(super) fn tweet(&self, id: TweetId) -> Option<TweetRef<'_>> {
        self.tweets.get(self.tweet_ids.position(&id)?)
    }

    /// A post to which such a post refers.
    pub(super) fn referenced(&self, id: TweetId) -> Option<TweetRef<'_>> {
        self.referenced.get(self.referenced_ids.position(&id)?)
    }

    /// An author or an organisation.
    pub(super) fn person(&self, id: UserId) -> Option<ShownUser<'_>> {
        self.people.get(self.people_ids.position(&id)?)
    }
}

impl Hydrated {
    /// These users and nothing else, not to be shown before [`Self::load`].
    pub(super) fn of(users: UserBatch) -> Self {
        Self { people: People::of(users), more: None }
    }

    /// Reads everything else that a reply needs that shows them to `viewer`. The users stay where they
    /// are meanwhile: in the future of a lookup each of them would stand once more.
    pub(super) async fn load(&mut self, store: &Store, view: &View, viewer: Option<UserId>) -> Result<(), ReadError> {
        self.people.load(store, view, viewer).await?;
        if view.expands_anything() {
            self.more = Some(Box::new(Box::pin(expand(store, view, viewer, &self.people.users)).await?));
        }
        Ok(())
    }

    /// How many users were asked for, known or not.
    pub(super) fn len(&self) -> usize {
        self.people.users.len()
    }

    /// What every reply shows of the user at a position of the batch; `None` if there is none.
    #[inline]
    pub(super) fn head(&self, at: usize) -> Option<UserHead<'_>> {
        self.people.users.head(at)
    }

    /// The user at a position of the batch; `None` if there is none.
    pub(super) fn get(&self, at: usize) -> Option<ShownUser<'_>> {
        self.people.get(at)
    }

    /// What expansions name.
    pub(super) fn more(&self) -> Option<&More> {
        self.more.as_deref()
    }
}

/// How much of each user a reply needs.
pub(super) const fn detail(view: &View) -> Detail {
    if view.shows_core_alone() { Detail::Core } else { Detail::Full }
}

/// The post that an expansion of a user names.
pub(super) fn expanded(user: &UserRef<'_>, expansion: TweetExpansion) -> Option<TweetId> {
    match expansion {
        TweetExpansion::Pinned => user.pinned_tweet_id,
        TweetExpansion::MostRecent => user.most_recent_tweet_id,
    }
}

fn expands_posts(view: &View) -> bool {
    view.tweet_expansions().next().is_some()
}

/// The users whose accounts are active.
pub(super) fn active(users: &UserBatch) -> impl Iterator<Item = UserRef<'_>> {
    (0..users.len()).filter_map(|at| users.get(at)).filter(|user| user.state == AccountState::Active)
}

/// The same if they are asked for: each is taken apart, which takes its time.
fn active_if(asked: bool, users: &UserBatch) -> impl Iterator<Item = UserRef<'_>> {
    asked.then(|| active(users)).into_iter().flatten()
}

/// The posts that the store knows.
pub(super) fn known(tweets: &TweetBatch) -> impl Iterator<Item = TweetRef<'_>> {
    (0..tweets.len()).filter_map(|at| tweets.get(at))
}

async fn expand(store: &Store, view: &View, viewer: Option<UserId>, users: &UserBatch) -> Result<More, ReadError> {
    let named: Mentions = view
        .tweet_expansions()
        .flat_map(|expansion| active(users).filter_map(move |user| Some((expanded(&user, expansion)?, user.id))))
        .collect();
    let tweet_ids = named.ids();
    let tweets = store.tweets_by_ids(&tweet_ids.0).await?;

    let follow = view.expands(Expansion::PinnedTweetReferences);
    let pinned = active_if(follow, users).filter_map(|user| Some((user.pinned_tweet_id?, user.id)));
    let pinned = pinned.filter_map(|(id, referrer)| Some((tweets.get(tweet_ids.position(&id)?)?, referrer)));
    let referred: Mentions =
        pinned.flat_map(|(tweet, referrer)| tweet.references().map(move |it| (it.id, referrer))).collect();
    let referenced_ids = referred.ids();
    let referenced = store.tweets_by_ids(&referenced_ids.0).await?;

    let authors = named.strangers(&tweet_ids, &tweets).chain(referred.strangers(&referenced_ids, &referenced));
    let affiliated = active_if(view.expands(Expansion::Affiliation), users);
    let organisations = affiliated.flat_map(|user| user.affiliation_user_ids());
    let people_ids: Wanted<UserId> = organisations.chain(authors).collect();
    let mut people = People::of(store.users_by_ids(&people_ids.0, detail(view)).await?);
    people.load(store, view, viewer).await?;
    Ok(More { tweet_ids, tweets, referenced_ids, referenced, people_ids, people })
}

/// Posts, and who refers to each.
struct Mentions(Vec<(TweetId, UserId)>);

impl FromIterator<(TweetId, UserId)> for Mentions {
    fn from_iter<T: IntoIterator<Item = (TweetId, UserId)>>(mentions: T) -> Self {
        Self(mentions.into_iter().collect())
    }
}

impl Mentions {
    fn ids(&self) -> Wanted<TweetId> {
        self.0.iter().map(|(id, _)| *id).collect()
    }

    /// The authors of posts to which others refer. Who refers to their own, as nearly all do, is there
    /// already.
    fn strangers<'a>(&'a self, ids: &'a Wanted<TweetId>, tweets: &'a TweetBatch) -> impl Iterator<Item = UserId> + 'a {
        self.0.iter().filter_map(|(id, referrer)| {
            let tweet = tweets.get(ids.position(id)?)?;
            tweet.author_id.filter(|author| author != referrer)
        })
    }
}
