//! What a reply shows: fields and expansions, compiled once per request.

use model::{TweetField, TweetId};

use crate::fields::{Expansion, UserField, Vocabulary};
use crate::operation::{Dialect, Operation};
use crate::problem::Problem;
use crate::style::{ProblemTypes, RequestStyle};

/// Fields of a post that only its author sees, with their sub-fields. Asking for one
/// without being the author gives a problem for each sub-field.
const PRIVATE_METRICS: [(TweetField, &[&str]); 3] = [
    (TweetField::NonPublicMetrics, &["impression_count", "url_link_clicks", "user_profile_clicks"]),
    (TweetField::OrganicMetrics, ALL_METRICS),
    (TweetField::PromotedMetrics, ALL_METRICS),
];

const ALL_METRICS: &[&str] =
    &["impression_count", "like_count", "reply_count", "retweet_count", "url_link_clicks", "user_profile_clicks"];

/// The fields of [`PRIVATE_METRICS`] as a set.
const PRIVATE: u64 =
    TweetField::NonPublicMetrics.bit() | TweetField::OrganicMetrics.bit() | TweetField::PromotedMetrics.bit();

/// The members that every post has in a reply.
const TWEET_CORE: u64 = TweetField::Id.bit() | TweetField::Text.bit();

/// The members that every user has in a reply; records hold them as one run.
const CORE: u64 = UserField::Id.bit() | UserField::Name.bit() | UserField::Username.bit();

/// What a reply shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The API that is spoken.
    pub dialect: Dialect,
    /// The words that are used.
    pub vocabulary: Vocabulary,
    /// Where the types of problems are.
    pub types: ProblemTypes,
    pub(crate) shows_post_count: bool,
    /// Members beyond the core, in the order of the reply.
    pub(crate) user_fields: Vec<UserField>,
    /// Members of posts beyond id and text, in the order of the reply; the first for
    /// their authors, the second for everybody else.
    tweet_fields: [Vec<TweetField>; 2],
    asked_for: u64,
    expansions: u64,
}

/// The name of [`Expansion::PinnedTweetReferences`] in problems.
pub const REFERENCED_TWEETS: &str = "pinned_tweet_id.referenced_tweets.id";

/// An expansion that brings posts, with the name by which the request knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TweetExpansion {
    /// The pinned post.
    Pinned,
    /// The newest post.
    MostRecent,
}

impl View {
    pub(crate) fn new(
        operation: &Operation,
        vocabulary: Vocabulary,
        style: RequestStyle,
        user_fields: u64,
        tweet_fields: u64,
        expansions: u64,
    ) -> Self {
        const BY_EXPANSION: [Expansion; 3] =
            [Expansion::Affiliation, Expansion::MostRecentTweet, Expansion::PinnedTweet];
        let expanded = BY_EXPANSION.iter().filter(|expansion| expansions & expansion.bit() != 0);
        let shown = expanded.fold(user_fields, |set, expansion| set | expansion.user_field().bit()) & !CORE;
        Self {
            dialect: operation.dialect,
            vocabulary,
            types: style.problem_types(vocabulary),
            shows_post_count: style.shows_post_count(operation.dialect, vocabulary),
            user_fields: members(UserField::ALL, shown),
            tweet_fields: [0, PRIVATE].map(|hidden| members(TweetField::ALL, tweet_fields & !hidden & !TWEET_CORE)),
            asked_for: tweet_fields,
            expansions,
        }
    }

    /// Whether `expansion` was asked for.
    #[must_use]
    pub const fn expands(&self, expansion: Expansion) -> bool {
        self.expansions & expansion.bit() != 0
    }

    /// Whether users are shown with their default members alone, and nothing beside them.
    #[must_use]
    pub const fn shows_core_alone(&self) -> bool {
        self.user_fields.is_empty() && !self.expands_anything()
    }

    /// Whether any expansion was asked for.
    #[must_use]
    pub const fn expands_anything(&self) -> bool {
        self.expansions != 0
    }

    /// Whether numbers of followers and following are shown.
    #[must_use]
    pub fn shows_counts(&self) -> bool {
        self.user_fields.contains(&UserField::PublicMetrics)
    }

    /// Whether it is shown what connects users with the caller.
    #[must_use]
    pub fn shows_relations(&self) -> bool {
        self.user_fields.iter().any(|field| matches!(field, UserField::ConnectionStatus | UserField::ReceivesYourDm))
    }

    /// The expansions that bring posts, in the order in which they are included.
    pub fn tweet_expansions(&self) -> impl Iterator<Item = TweetExpansion> + use<> {
        let pinned = self.expands(Expansion::PinnedTweet).then_some(TweetExpansion::Pinned);
        let newest = self.expands(Expansion::MostRecentTweet).then_some(TweetExpansion::MostRecent);
        pinned.into_iter().chain(newest)
    }

    /// The name of an expansion in problems.
    ///
    /// unverified(post-problems): that of the request's vocabulary, and not the word
    /// by which it was asked for.
    #[must_use]
    pub const fn parameter_of(&self, expansion: TweetExpansion) -> &'static str {
        match (expansion, self.vocabulary) {
            (TweetExpansion::Pinned, Vocabulary::Tweet) => "pinned_tweet_id",
            (TweetExpansion::Pinned, Vocabulary::Post) => "pinned_post_id",
            (TweetExpansion::MostRecent, Vocabulary::Tweet) => "most_recent_tweet_id",
            (TweetExpansion::MostRecent, Vocabulary::Post) => "most_recent_post_id",
        }
    }

    /// The problems of a viewer that is not the author of a shown post: one for each
    /// number asked for that only the author sees.
    #[must_use]
    pub fn private_metric_problems(&self, parameter: &'static str, tweet: TweetId) -> Vec<Problem> {
        if self.asked_for & PRIVATE == 0 {
            return Vec::new();
        }
        let asked = PRIVATE_METRICS.iter().filter(|(field, _)| self.asked_for & field.bit() != 0);
        asked
            .flat_map(|(field, parts)| parts.iter().map(move |part| format!("{}.{part}", field.name())))
            .map(|field| Problem::field_not_authorized(parameter, &field, tweet))
            .collect()
    }

    /// The members of a post that are shown to its author, or to somebody else.
    pub(crate) fn tweet_fields_for(&self, viewer_is_author: bool) -> &[TweetField] {
        let [for_author, for_others] = &self.tweet_fields;
        if viewer_is_author { for_author } else { for_others }
    }

    /// About how many bytes a reply has, so that its buffer seldom grows.
    pub(crate) fn estimate(&self, users: usize, tweets: usize) -> usize {
        // Figures of real profiles: 70 bytes of core, some 40 for a member, 300 for a post.
        let [fields, _] = &self.tweet_fields;
        256 + users * (90 + 45 * self.user_fields.len()) + tweets * (360 + 40 * fields.len())
    }
}

/// The members of a set, whose bits are positions in `all`.
fn members<T: Copy>(all: &[T], mut set: u64) -> Vec<T> {
    let mut members = Vec::with_capacity(set.count_ones() as usize);
    while set != 0 {
        members.extend(all.get(set.trailing_zeros() as usize));
        set &= set - 1;
    }
    members
}
