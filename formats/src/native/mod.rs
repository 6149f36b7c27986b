//! Birdbox's own form: NDJSON, one `{"user":{…}}` or `{"tweet":{…}}` a line, lossless.
//!
//! Members have X's names of API v2. Beside them a user has `state`, `v1_members`, `gender`,
//! `observed_at` and `synthetic`, a Tweet has `v1_members` and `observed_at`. A member at its default
//! is left out. Two members tell "left out" from null, because a person who writes
//! such lines by hand means "find out": `observed_at` (the time of the import) and
//! `entities` (extracted from the text).

mod compact;
mod write;

use std::fmt;

use model::{Observation, Timestamp, UserMember, UserMembers};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use crate::entities;
use crate::line_error::{self, LineError};
use crate::scalar::Key;
use crate::v2::{Dialect, ReadUser, UserSeed, unknown_member};
use crate::v2_tweet::{ReadTweet, TweetSeed};

pub use write::{write_tweet, write_user};

/// Reads one line.
pub(crate) fn read(line: &[u8], fallback_observed_at: Timestamp) -> Result<Vec<Observation>, LineError> {
    // What Birdbox wrote itself is read fast, everything else with care.
    let line = match compact::read_user(line) {
        Some(user) => Line::User(user),
        None => line_error::read(LineSeed, line)?,
    };
    let observation = match line {
        Line::User(ReadUser { mut user, has, has_observed_at }) => {
            if !has.contains(UserMember::Entities) {
                user.entities = entities::of_profile(user.url.as_deref(), &user.description);
            }
            if !has_observed_at {
                user.observed_at = Some(fallback_observed_at);
            }
            Observation::User(user, UserMembers::ALL)
        }
        Line::Tweet(read) => {
            let ReadTweet { mut tweet, has_observed_at } = *read;
            if !has_observed_at {
                tweet.observed_at = Some(fallback_observed_at);
            }
            Observation::Tweet(Box::new(tweet))
        }
    };
    Ok(vec![observation])
}

enum Line {
    User(ReadUser),
    Tweet(Box<ReadTweet>),
}

/// Reads the object around the one member of a line.
#[derive(Clone, Copy)]
struct LineSeed;

impl<'de> DeserializeSeed<'de> for LineSeed {
    type Value = Line;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Line, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LineSeed {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"{"user":{…}} or {"tweet":{…}}"#)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let Some(Key(key)) = map.next_key()? else {
            return Err(A::Error::custom("an empty object; expected a member `user` or `tweet`"));
        };
        let line = match &*key {
            "user" => Line::User(map.next_value_seed(UserSeed(Dialect::Native))?),
            "tweet" => Line::Tweet(Box::new(map.next_value_seed(TweetSeed(Dialect::Native))?)),
            unknown => return Err(unknown_member(unknown, &["user", "tweet"])),
        };
        match map.next_key::<Key<'de>>()? {
            None => Ok(line),
            Some(_) => Err(A::Error::custom("more than one member; expected `user` or `tweet` alone")),
        }
    }
}
