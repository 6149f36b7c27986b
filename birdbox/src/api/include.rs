//! What `includes` holds, and the problems of what it cannot: pure functions on what was read.

use std::collections::HashSet;

use model::{AccountState, TweetId, TweetRef, UserId};
use xapi::{Expansion, IncludedTweet, Page, Problem, ShownUser, TweetExpansion};

use super::hydrate::{More, expanded};
use super::rules::{self, Sight};

/// Fills `includes` and the problems of what cannot be included, each in the order in
/// which the users found mention it.
pub(super) fn include<'a>(page: &mut Page<'a>, more: &'a More) {
    let view = page.view;
    if view.expands(Expansion::Affiliation) {
        include_organisations(page, more);
    }
    let mut seen: HashSet<TweetId> = HashSet::with_capacity(page.found.len());
    // Out of the page while it grows, so that nobody is copied.
    let found = std::mem::take(&mut page.found);
    for expansion in view.tweet_expansions() {
        page.tweets.reserve(found.len());
        let parameter = view.parameter_of(expansion);
        let follow = expansion == TweetExpansion::Pinned && view.expands(Expansion::PinnedTweetReferences);
        for shown in &found {
            let Some(id) = expanded(&shown.user, expansion).filter(|id| seen.insert(*id)) else { continue };
            let tweet = more.tweet(id);
            let is_included = judge(page, more, Mention { parameter, id, referrer: shown }, tweet);
            let references = tweet.filter(|_| is_included && follow);
            for id in references.iter().flat_map(TweetRef::references).map(|reference| reference.id) {
                if !seen.insert(id) {
                    continue;
                }
                let mention = Mention { parameter: xapi::REFERENCED_TWEETS, id, referrer: shown };
                judge(page, more, mention, more.referenced(id));
            }
        }
    }
    page.found = found;
}

/// unverified(gone-organisations): those that are unknown or not active are left out
/// without a problem.
fn include_organisations<'a>(page: &mut Page<'a>, more: &'a More) {
    let mut seen: HashSet<UserId> = HashSet::new();
    for id in page.found.iter().flat_map(|shown| shown.user.affiliation_user_ids()) {
        if seen.insert(id) {
            page.users.extend(more.person(id).filter(|shown| shown.user.state == AccountState::Active));
        }
    }
}

/// A post that a user names, and under which name in the request.
#[derive(Clone, Copy)]
struct Mention<'a> {
    parameter: &'static str,
    id: TweetId,
    referrer: &'a ShownUser<'a>,
}

/// Includes one post or says why not; whether it was included.
fn judge<'a>(page: &mut Page<'a>, more: &'a More, mention: Mention<'_>, tweet: Option<TweetRef<'a>>) -> bool {
    let Mention { parameter, id, referrer } = mention;
    let author = rules::author_of(tweet.as_ref(), referrer.user.id);
    let other = if author == referrer.user.id { None } else { Some(more.person(author)) };
    let account = other.as_ref().map_or(Some(referrer), Option::as_ref);
    match (rules::sight_of_post(account, page.viewer.map(|viewer| viewer.user)), tweet) {
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
