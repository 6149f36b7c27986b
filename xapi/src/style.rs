//! How replies look where X has changed over time: what the configuration, the host
//! of a request and its words decide together.

use crate::fields::Vocabulary;
use crate::operation::Dialect;

/// When `public_metrics` carries `post_count` beside `tweet_count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PostCount {
    /// When a request of v2 used the post vocabulary or came to host api.x.com.
    #[default]
    Auto,
    /// Always.
    Always,
}

/// The host in the `type` of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProblemHost {
    /// api.x.com when the request used the post vocabulary or came to that host,
    /// else api.twitter.com.
    #[default]
    Auto,
    /// Always api.twitter.com.
    Twitter,
    /// Always api.x.com.
    X,
}

/// What the configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// See [`PostCount`].
    pub post_count: PostCount,
    /// See [`ProblemHost`].
    pub problem_host: ProblemHost,
}

/// The style of one request: the configuration and the host that it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestStyle {
    style: Style,
    to_x_host: bool,
}

impl Style {
    /// The style of a request to `host`, which has lower case and no default port.
    #[must_use]
    pub fn for_host(self, host: &str) -> RequestStyle {
        RequestStyle { style: self, to_x_host: host == "api.x.com" }
    }
}

impl RequestStyle {
    /// Whether users show `post_count`. Labs never spoke of posts.
    pub(crate) fn shows_post_count(self, dialect: Dialect, vocabulary: Vocabulary) -> bool {
        match (self.style.post_count, dialect) {
            (PostCount::Always, _) => true,
            (PostCount::Auto, Dialect::V2) => self.speaks_x(vocabulary),
            (PostCount::Auto, Dialect::Labs | Dialect::V1 | Dialect::TweetBinder) => false,
        }
    }

    /// Where the types of problems are; the vocabulary is unknown before the
    /// parameters are read, and is then that of tweets.
    #[must_use]
    pub fn problem_types(self, vocabulary: Vocabulary) -> ProblemTypes {
        match self.style.problem_host {
            ProblemHost::Twitter => ProblemTypes::Twitter,
            ProblemHost::X => ProblemTypes::X,
            ProblemHost::Auto if self.speaks_x(vocabulary) => ProblemTypes::X,
            ProblemHost::Auto => ProblemTypes::Twitter,
        }
    }

    fn speaks_x(self, vocabulary: Vocabulary) -> bool {
        self.to_x_host || vocabulary == Vocabulary::Post
    }
}

/// The host in the `type` of the problems of one reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemTypes {
    /// api.twitter.com.
    Twitter,
    /// api.x.com.
    X,
}

impl ProblemTypes {
    /// What stands before the name of a problem.
    pub(crate) const fn base(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            // Only API v2 and Labs have problems.
            (Self::Twitter, Dialect::V2 | Dialect::V1 | Dialect::TweetBinder) => "https://api.twitter.com/2/problems/",
            (Self::X, Dialect::V2 | Dialect::V1 | Dialect::TweetBinder) => "https://api.x.com/2/problems/",
            // unverified(labs-problems): documented on api.twitter.com alone.
            (Self::Twitter | Self::X, Dialect::Labs) => "https://api.twitter.com/labs/2/problems/",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_count_is_for_those_who_speak_of_posts_or_are_told_to_see_it() {
        use Dialect::{Labs, V2};
        use Vocabulary::{Post, Tweet};
        for (post_count, host, dialect, vocabulary, shown) in [
            (PostCount::Auto, "127.0.0.1", V2, Tweet, false),
            (PostCount::Auto, "api.twitter.com", V2, Tweet, false),
            (PostCount::Auto, "api.x.com", V2, Tweet, true),
            (PostCount::Auto, "127.0.0.1", V2, Post, true),
            (PostCount::Auto, "api.x.com", Labs, Tweet, false),
            (PostCount::Always, "127.0.0.1", V2, Tweet, true),
            (PostCount::Always, "127.0.0.1", Labs, Tweet, true),
        ] {
            let style = Style { post_count, problem_host: ProblemHost::Auto }.for_host(host);
            assert_eq!(style.shows_post_count(dialect, vocabulary), shown, "{post_count:?} {host} {dialect:?}");
        }
    }
}
