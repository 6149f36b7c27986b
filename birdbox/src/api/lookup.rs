//! Users lookup: by id or username, one or up to a hundred.
//!
//! First the users asked for, then everything their expansions name in one batch
//! each, so that a store across a network answers a hundred users in as many round
//! trips as one. Then the rules. Rendering is not here.

use model::{AccountState, TweetId, TweetRef, UserId, UserRef};
use store::{Detail, ReadError, Store, TweetBatch, UserBatch};
use xapi::{Expansion, IncludedTweet, KeyKind, Keys, Lookup, Page, Problem, TweetExpansion, View, Viewer};

use super::rules::{self, Sight};

/// Ids to be read, each once, in ascending order. The order of a reply is decided by
/// the users that mention them.
struct Wanted<I>(Vec<I>);

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
    fn position(&self, id: &I) -> Option<usize> {
        self.0.binary_search(id).ok()
    }
}

/// What the store knew, before any rule decides what is shown. A page borrows from it.
pub(super) struct Hydrated {
    /// By position among the keys of the lookup.
    users: UserBatch,
    more: Option<Box<More>>,
}

/// What expansions name. Most lookups have none.
struct More {
    tweet_ids: Wanted<TweetId>,
    tweets: TweetBatch,
    /// The posts that the pinned ones retweet, quote or answer.
    referenced_ids: Wanted<TweetId>,
    referenced: TweetBatch,
    /// Authors of all those posts, and organisations of affiliations.
    people_ids: Wanted<UserId>,
    people: UserBatch,
}

impl More {
    fn tweet(&self, id: TweetId) -> Option<TweetRef<'_>> {
        self.tweets.get(self.tweet_ids.position(&id)?)
    }

    fn referenced(&self, id: TweetId) -> Option<TweetRef<'_>> {
        self.referenced.get(self.referenced_ids.position(&id)?)
    }

    fn person(&self, id: UserId) -> Option<UserRef<'_>> {
        self.people.get(self.people_ids.position(&id)?)
    }
}

/// The post that an expansion of a user names.
fn expanded(user: &UserRef<'_>, expansion: TweetExpansion) -> Option<TweetId> {
    match expansion {
        TweetExpansion::Pinned => user.pinned_tweet_id,
        TweetExpansion::MostRecent => user.most_recent_tweet_id,
    }
}

fn active(users: &UserBatch) -> impl Iterator<Item = UserRef<'_>> {
    (0..users.len()).filter_map(|at| users.get(at)).filter(|user| user.state == AccountState::Active)
}

fn known(tweets: &TweetBatch) -> impl Iterator<Item = TweetRef<'_>> {
    (0..tweets.len()).filter_map(|at| tweets.get(at))
}

/// How much of each user a reply needs.
const fn detail(view: &View) -> Detail {
    if view.shows_core_alone() { Detail::Core } else { Detail::Full }
}

/// Reads everything that a lookup needs.
pub(super) async fn hydrate(store: &Store, lookup: &Lookup<'_>) -> Result<Hydrated, ReadError> {
    let detail = detail(&lookup.view);
    let users = match &lookup.keys {
        Keys::Ids(keys) => store.users_by_ids(&keys.parsed, detail).await?,
        Keys::Usernames(keys) => store.users_by_usernames(&keys.parsed, detail).await?,
    };
    let more = if lookup.view.expands_anything() { Some(expand(store, &lookup.view, &users).await?) } else { None };
    Ok(Hydrated { users, more: more.map(Box::new) })
}

async fn expand(store: &Store, view: &View, users: &UserBatch) -> Result<More, ReadError> {
    let tweet_ids: Wanted<TweetId> = view
        .tweet_expansions()
        .flat_map(|expansion| active(users).filter_map(move |user| expanded(&user, expansion)))
        .collect();
    let tweets = store.tweets_by_ids(&tweet_ids.0).await?;

    let follow = view.expands(Expansion::PinnedTweetReferences);
    let pinned = active(users).filter(|_| follow).filter_map(|user| user.pinned_tweet_id);
    let pinned = pinned.filter_map(|id| tweets.get(tweet_ids.position(&id)?));
    let referenced_ids: Wanted<TweetId> =
        pinned.flat_map(|tweet| tweet.references()).map(|reference| reference.id).collect();
    let referenced = store.tweets_by_ids(&referenced_ids.0).await?;

    let authors = known(&tweets).chain(known(&referenced)).filter_map(|tweet| tweet.author_id);
    let affiliated = active(users).filter(|_| view.expands(Expansion::Affiliation));
    let organisations = affiliated.flat_map(|user| user.affiliation_user_ids());
    let people_ids: Wanted<UserId> = organisations.chain(authors).collect();
    let people = store.users_by_ids(&people_ids.0, detail(view)).await?;
    Ok(More { tweet_ids, tweets, referenced_ids, referenced, people_ids, people })
}

/// Applies the rules: what may be shown becomes a page, everything else a problem.
pub(super) fn page<'a>(
    lookup: &'a Lookup<'_>,
    hydrated: &'a Hydrated,
    key: KeyKind,
    viewer: Option<Viewer>,
) -> Page<'a> {
    let mut page = Page {
        view: &lookup.view,
        viewer,
        is_list: !key.is_single(),
        found: Vec::with_capacity(lookup.keys.len()),
        users: Vec::new(),
        tweets: Vec::new(),
        problems: Vec::new(),
    };
    let parameter = key.parameter();
    for at in 0..lookup.keys.len() {
        let user = hydrated.users.get(at);
        match user.map(|user| user.state) {
            Some(AccountState::Active) => page.found.extend(user),
            // unverified(suspended-by-name): recorded for ids.
            Some(AccountState::Suspended) => {
                page.problems.push(Problem::user_suspended(parameter, lookup.keys.spelling(at)));
            }
            // unverified(deactivated-users): no recording names the state.
            Some(AccountState::Deactivated) | None => {
                page.problems.push(Problem::user_not_found(parameter, lookup.keys.spelling(at)));
            }
        }
    }
    if let Some(more) = &hydrated.more {
        include(&mut page, more);
    }
    page
}

/// Fills `includes` and the problems of what cannot be included, each in the order in
/// which the users found mention it.
fn include<'a>(page: &mut Page<'a>, more: &'a More) {
    let view = page.view;
    if view.expands(Expansion::Affiliation) {
        include_organisations(page, more);
    }
    let mut seen: Vec<TweetId> = Vec::new();
    for expansion in view.tweet_expansions() {
        let parameter = view.parameter_of(expansion);
        let follow = expansion == TweetExpansion::Pinned && view.expands(Expansion::PinnedTweetReferences);
        for at in 0..page.found.len() {
            let Some(user) = page.found.get(at).copied() else { continue };
            let Some(id) = expanded(&user, expansion).filter(|id| !seen.contains(id)) else { continue };
            seen.push(id);
            let tweet = more.tweet(id);
            let shown = judge(page, more, Mention { parameter, id, referrer: user }, tweet);
            let references = tweet.filter(|_| shown && follow);
            for id in references.iter().flat_map(TweetRef::references).map(|reference| reference.id) {
                if seen.contains(&id) {
                    continue;
                }
                seen.push(id);
                let mention = Mention { parameter: xapi::REFERENCED_TWEETS, id, referrer: user };
                judge(page, more, mention, more.referenced(id));
            }
        }
    }
}

/// unverified(gone-organisations): those that are unknown or not active are left out
/// without a problem.
fn include_organisations<'a>(page: &mut Page<'a>, more: &'a More) {
    for id in page.found.iter().flat_map(UserRef::affiliation_user_ids) {
        let shown = more.person(id).filter(|user| user.state == AccountState::Active);
        if page.users.iter().all(|user| user.id != id) {
            page.users.extend(shown);
        }
    }
}

/// A post that a user names, and under which name in the request.
#[derive(Clone, Copy)]
struct Mention<'a> {
    parameter: &'static str,
    id: TweetId,
    referrer: UserRef<'a>,
}

/// Includes one post or says why not; whether it was included.
fn judge<'a>(page: &mut Page<'a>, more: &'a More, mention: Mention<'a>, tweet: Option<TweetRef<'a>>) -> bool {
    let Mention { parameter, id, referrer } = mention;
    let author = rules::author_of(tweet.as_ref(), referrer.id);
    let account = if author == referrer.id { Some(referrer) } else { more.person(author) };
    match (rules::sight_of_post(account.as_ref(), page.viewer.map(|viewer| viewer.user)), tweet) {
        (Sight::Visible, Some(tweet)) => {
            if !page.is_viewer(author) {
                page.problems.extend(page.view.private_metric_problems(parameter, id));
            }
            page.tweets.push(IncludedTweet { tweet, author });
            return true;
        }
        (Sight::Visible | Sight::Gone, _) => page.problems.push(Problem::tweet_not_found(parameter, id)),
        (Sight::NotAuthorized, _) => page.problems.push(Problem::tweet_not_authorized(parameter, id)),
    }
    false
}
