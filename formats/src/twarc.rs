//! What twarc2 writes: API v2 replies one a line, their flattened Tweets, or bare
//! users and Tweets.
//!
//! A reply is observed at `__twarc.retrieved_at`. Its errors tell which accounts are
//! suspended or gone and which posts are deleted. Media, polls and places are left out.

use model::{AccountState, Observation, Timestamp, TweetId, UserMember, UserMembers};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::entities;
use crate::line_error::{LineError, typed};
use crate::scalar::Text;
use crate::v2::ReadUser;
use crate::v2_tweet::ReadTweet;

/// Reads one line.
pub(crate) fn read(line: &[u8], fallback_observed_at: Timestamp) -> Result<Vec<Observation>, LineError> {
    const EXPECTED: &str = "an API v2 reply (`data`, `includes`, `errors`), a user (`username`) or a Tweet (`text`)";
    let object: Line<'_> = typed(line)?;
    let mut page = Page::default();
    // A Tweet may have a member `username` too, a user has no `text`.
    if object.text.is_some() {
        page.tweet(line)?;
    } else if object.username.is_some() {
        page.users.push(typed(line)?);
    } else if object.is_reply() {
        page.reply(&object)?;
    } else {
        return Err(LineError::Shape { expected: EXPECTED });
    }
    let at = object.twarc.and_then(|twarc| twarc.retrieved_at).map_or(fallback_observed_at, |time| time.0);
    let mut observations = page.observations(at);
    observations.extend(object.errors.iter().flatten().filter_map(|problem| problem.observation(at)));
    Ok(observations)
}

/// The members by which a line is recognised. Users and Tweets are read afterwards,
/// when it is known where they are.
#[derive(Deserialize)]
struct Line<'a> {
    username: Option<IgnoredAny>,
    text: Option<IgnoredAny>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    includes: Option<Includes<'a>>,
    errors: Option<Vec<Problem>>,
    meta: Option<IgnoredAny>,
    #[serde(rename = "__twarc")]
    twarc: Option<Twarc>,
}

impl Line<'_> {
    fn is_reply(&self) -> bool {
        self.data.is_some() || self.includes.is_some() || self.errors.is_some() || self.meta.is_some()
    }
}

#[derive(Deserialize)]
struct Includes<'a> {
    #[serde(borrow, default)]
    users: Vec<&'a RawValue>,
    /// `posts` in the post vocabulary.
    #[serde(borrow, default, alias = "posts")]
    tweets: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Twarc {
    retrieved_at: Option<Text<Timestamp>>,
}

/// The members by which users and Tweets are told apart.
#[derive(Deserialize)]
struct Marks {
    username: Option<IgnoredAny>,
    text: Option<IgnoredAny>,
}

/// Objects that a flattened Tweet carries inside.
#[derive(Deserialize)]
struct Flattened<'a> {
    #[serde(borrow)]
    author: Option<&'a RawValue>,
    #[serde(borrow)]
    in_reply_to_user: Option<&'a RawValue>,
    #[serde(borrow, default)]
    referenced_tweets: Vec<&'a RawValue>,
}

/// All users and Tweets of one reply.
#[derive(Default)]
struct Page {
    users: Vec<ReadUser>,
    tweets: Vec<ReadTweet>,
}

impl Page {
    fn reply(&mut self, reply: &Line<'_>) -> Result<(), LineError> {
        match reply.data {
            Some(data) if data.get().starts_with('[') => {
                let objects: Vec<&RawValue> = typed(data.get().as_bytes())?;
                for (at, object) in objects.into_iter().enumerate() {
                    self.any(object).map_err(|error| error.below(&format!("data[{at}]")))?;
                }
            }
            Some(data) => self.any(data).map_err(|error| error.below("data"))?,
            None => {}
        }
        let Some(includes) = &reply.includes else { return Ok(()) };
        for (at, object) in includes.users.iter().enumerate() {
            self.user(object).map_err(|error| error.below(&format!("includes.users[{at}]")))?;
        }
        for (at, object) in includes.tweets.iter().enumerate() {
            self.tweet(object.get().as_bytes()).map_err(|error| error.below(&format!("includes.tweets[{at}]")))?;
        }
        Ok(())
    }

    /// Takes an object of `data`. What is neither a user nor a Tweet (a list, a count,
    /// a follow) says nothing of accounts.
    fn any(&mut self, object: &RawValue) -> Result<(), LineError> {
        let marks: Marks = typed(object.get().as_bytes())?;
        match (marks.text, marks.username) {
            (Some(_), _) => self.tweet(object.get().as_bytes()),
            (None, Some(_)) => self.user(object),
            (None, None) => Ok(()),
        }
    }

    fn user(&mut self, object: &RawValue) -> Result<(), LineError> {
        self.users.push(typed(object.get().as_bytes())?);
        Ok(())
    }

    /// Takes a Tweet and the objects that twarc's flattening put into it.
    fn tweet(&mut self, object: &[u8]) -> Result<(), LineError> {
        self.tweets.push(typed(object)?);
        let inside: Flattened<'_> = typed(object)?;
        for (name, user) in [("author", inside.author), ("in_reply_to_user", inside.in_reply_to_user)] {
            if let Some(user) = user {
                self.any(user).map_err(|error| error.below(name))?;
            }
        }
        for (at, tweet) in inside.referenced_tweets.into_iter().enumerate() {
            self.any(tweet).map_err(|error| error.below(&format!("referenced_tweets[{at}]")))?;
        }
        Ok(())
    }

    /// What the reply says. A field was asked for when any of its users has it; one
    /// that was asked for and is missing from a user is empty there.
    fn observations(self, at: Timestamp) -> Vec<Observation> {
        let asked = self.users.iter().fold(UserMembers::NONE, |asked, read| asked.union(read.has));
        let compute_entities = asked.contains(UserMember::Description) && !asked.contains(UserMember::Entities);
        let speaks_of = if compute_entities { asked.with(UserMember::Entities) } else { asked };
        let users = self.users.into_iter().map(|ReadUser { mut user, .. }| {
            user.location = user.location.filter(|location| !location.is_empty());
            user.url = user.url.filter(|url| !url.is_empty());
            if compute_entities {
                user.entities = entities::of_profile(user.url.as_deref(), &user.description);
            }
            user.observed_at = Some(at);
            Observation::User(user, speaks_of)
        });
        let tweets = self.tweets.into_iter().map(|ReadTweet { mut tweet, .. }| {
            tweet.observed_at = Some(at);
            Observation::Tweet(Box::new(tweet))
        });
        users.chain(tweets).collect()
    }
}

/// A partial error of a reply.
#[derive(Deserialize)]
struct Problem {
    resource_type: Option<String>,
    title: Option<String>,
    detail: Option<String>,
    parameter: Option<String>,
    resource_id: Option<String>,
    value: Option<String>,
}

impl Problem {
    /// What a problem says of an account or a post. A post that may not be seen exists,
    /// and is no news.
    fn observation(&self, at: Timestamp) -> Option<Observation> {
        let detail = self.detail.as_deref().unwrap_or_default();
        match (self.resource_type.as_deref()?, self.title.as_deref()?) {
            ("user", "Not Found Error") => self.state(AccountState::Deactivated, at),
            ("user", "Forbidden") if detail.starts_with("User has been suspended") => {
                self.state(AccountState::Suspended, at)
            }
            ("tweet" | "post", "Not Found Error") => {
                let id: TweetId = self.subject()?.parse().ok()?;
                Some(Observation::TweetGone { id, at })
            }
            _ => None,
        }
    }

    fn state(&self, state: AccountState, at: Timestamp) -> Option<Observation> {
        let subject = self.subject()?;
        // `usernames`, `username`, `entities.mentions.username`: digits are a name there.
        let by_name = self.parameter.as_deref().is_some_and(|parameter| parameter.contains("username"));
        let (id, username) =
            if by_name { (None, Some(subject.parse().ok()?)) } else { (Some(subject.parse().ok()?), None) };
        Some(Observation::State { id, username, state, at })
    }

    fn subject(&self) -> Option<&str> {
        self.resource_id.as_deref().or(self.value.as_deref())
    }
}
