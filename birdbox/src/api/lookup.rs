//! Users lookup: by id or username, one or up to a hundred.
//!
//! First the users asked for, then everything their expansions name in one batch
//! each, so that a store across a network answers a hundred users in as many round
//! trips as one. Then the rules. Rendering is not here.

use std::collections::HashMap;
use std::hash::Hash;

use model::{AccountState, TweetId, TweetRef, UserId, UserRef};
use store::{ReadError, Store, TweetBatch, UserBatch};
use xapi::{Expansion, IncludedTweet, KeyKind, Keys, Lookup, Page, Problem, TweetExpansion, View};

use super::rules::{self, Sight};

/// Ids in order of first mention, each once and with its position.
struct Mentions<I> {
    ids: Vec<I>,
    positions: HashMap<I, usize>,
}

impl<I: Copy + Eq + Hash> FromIterator<I> for Mentions<I> {
    fn from_iter<T: IntoIterator<Item = I>>(all: T) -> Self {
        let mut mentions = Self { ids: Vec::new(), positions: HashMap::new() };
        for id in all {
            let next = mentions.ids.len();
            if *mentions.positions.entry(id).or_insert(next) == next {
                mentions.ids.push(id);
            }
        }
        mentions
    }
}

impl<I: Copy + Eq + Hash> Mentions<I> {
    fn position(&self, id: I) -> Option<usize> {
        self.positions.get(&id).copied()
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
    tweets: TweetBatch,
    tweet_ids: Mentions<TweetId>,
    /// The posts that the first ones retweet, quote or answer.
    referenced: TweetBatch,
    referenced_ids: Mentions<TweetId>,
    /// Authors of all those posts, and organisations of affiliations.
    people: UserBatch,
    people_ids: Mentions<UserId>,
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

/// Reads everything that a lookup needs.
pub(super) async fn hydrate(store: &Store, lookup: &Lookup<'_>) -> Result<Hydrated, ReadError> {
    let users = match &lookup.keys {
        Keys::Ids(keys) => store.users_by_ids(&keys.parsed).await?,
        Keys::Usernames(keys) => store.users_by_usernames(&keys.parsed).await?,
    };
    let more = if lookup.view.expands_anything() { Some(expand(store, &lookup.view, &users).await?) } else { None };
    Ok(Hydrated { users, more: more.map(Box::new) })
}

async fn expand(store: &Store, view: &View, users: &UserBatch) -> Result<More, ReadError> {
    let tweet_ids: Mentions<TweetId> = view
        .tweet_expansions()
        .flat_map(|expansion| active(users).filter_map(move |user| expanded(&user, expansion)))
        .collect();
    let tweets = store.tweets_by_ids(&tweet_ids.ids).await?;

    let referenced_ids: Mentions<TweetId> = if view.expands(Expansion::PinnedTweetReferences) {
        let pinned = active(users).filter_map(|user| tweets.get(tweet_ids.position(user.pinned_tweet_id?)?));
        pinned.flat_map(|tweet| tweet.references()).map(|reference| reference.id).collect()
    } else {
        Mentions::from_iter([])
    };
    let referenced = store.tweets_by_ids(&referenced_ids.ids).await?;

    let authors = known(&tweets).chain(known(&referenced)).filter_map(|tweet| tweet.author_id);
    let organisations = view.expands(Expansion::Affiliation).then(|| active(users)).into_iter().flatten();
    let people_ids: Mentions<UserId> =
        organisations.flat_map(|user| user.affiliation_user_ids()).chain(authors).collect();
    let people = store.users_by_ids(&people_ids.ids).await?;
    Ok(More { tweets, tweet_ids, referenced, referenced_ids, people, people_ids })
}

/// Applies the rules: what may be shown becomes a page, everything else a problem.
pub(super) fn page<'a>(
    lookup: &'a Lookup<'_>,
    hydrated: &'a Hydrated,
    key: KeyKind,
    viewer: Option<UserId>,
) -> Page<'a> {
    let mut page = Page {
        view: &lookup.view,
        viewer,
        is_list: !key.is_in_path(),
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

/// Fills `includes` and the problems of what cannot be included.
fn include<'a>(page: &mut Page<'a>, more: &'a More) {
    let view = page.view;
    let person = |id| more.people.get(more.people_ids.position(id)?);
    if view.expands(Expansion::Affiliation) {
        let organisations: Mentions<UserId> = page.found.iter().flat_map(UserRef::affiliation_user_ids).collect();
        let shown = organisations.ids.iter().filter_map(|&id| person(id));
        page.users = shown.filter(|user| user.state == AccountState::Active).collect();
    }
    let mut seen: Vec<TweetId> = Vec::new();
    for expansion in view.tweet_expansions() {
        let parameter = view.parameter_of(expansion);
        for user in page.found.clone() {
            let Some(id) = expanded(&user, expansion).filter(|id| !seen.contains(id)) else { continue };
            seen.push(id);
            let tweet = more.tweet_ids.position(id).and_then(|at| more.tweets.get(at));
            let shown = judge(page, parameter, id, tweet, user, &person);
            let follow = shown && expansion == TweetExpansion::Pinned && view.expands(Expansion::PinnedTweetReferences);
            for reference in tweet.filter(|_| follow).iter().flat_map(TweetRef::references) {
                if seen.contains(&reference.id) {
                    continue;
                }
                seen.push(reference.id);
                let tweet = more.referenced_ids.position(reference.id).and_then(|at| more.referenced.get(at));
                judge(page, xapi::REFERENCED_TWEETS, reference.id, tweet, user, &person);
            }
        }
    }
}

/// Includes one post or says why not; whether it was included.
fn judge<'a>(
    page: &mut Page<'a>,
    parameter: &'static str,
    id: TweetId,
    tweet: Option<TweetRef<'a>>,
    referrer: UserRef<'a>,
    person: &impl Fn(UserId) -> Option<UserRef<'a>>,
) -> bool {
    let Some(tweet) = tweet else {
        page.problems.push(Problem::tweet_not_found(parameter, id));
        return false;
    };
    let author = rules::owner_of(&tweet, referrer.id);
    let account = if author == referrer.id { Some(referrer) } else { person(author) };
    match rules::sight_of_post(account.as_ref(), page.viewer) {
        Sight::Visible => {
            if page.viewer != Some(author) {
                page.problems.extend(page.view.private_metric_problems(parameter, id));
            }
            page.tweets.push(IncludedTweet { tweet, author });
            return true;
        }
        Sight::Gone => page.problems.push(Problem::tweet_not_found(parameter, id)),
        Sight::NotAuthorized => page.problems.push(Problem::tweet_not_authorized(parameter, id)),
    }
    false
}
