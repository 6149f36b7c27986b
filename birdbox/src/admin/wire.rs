//! The JSON forms of values of other crates, none of which carry serde.

use std::fmt::Display;
use std::str::FromStr;

use formats::{Format, native};
use model::{AccountState, Observation, Timestamp, Tweet, User, UserId, UserMember, UserMembers, Username};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;
use store::{Copied, Counts, GivenUp, Imported, Stats, StoredFile};

/// For lines that always say when they were observed.
const NEVER_USED: Timestamp = Timestamp::MIN;

/// A value as its text.
pub(super) mod text {
    use super::*;

    pub(in super::super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(in super::super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The same, of values that may be missing.
pub(super) mod optional_text {
    use super::*;

    pub(in super::super) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

/// The same, of lists.
pub(super) mod texts {
    use super::*;

    pub(in super::super) fn serialize<T: Display, S: Serializer>(
        values: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(ToString::to_string))
    }

    pub(in super::super) fn deserialize<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
    }
}

/// The state of an account as its name.
pub(super) mod state {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(state: &AccountState, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(state.name())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccountState, D::Error> {
        let name = String::deserialize(deserializer)?;
        AccountState::from_name(&name).ok_or_else(|| D::Error::custom("no such state"))
    }
}

/// A user in the native form.
pub(super) mod user {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(user: &User, serializer: S) -> Result<S::Ok, S::Error> {
        native_user::<S>(user)?.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<User>, D::Error> {
        read_user::<D>(&Box::<RawValue>::deserialize(deserializer)?)
    }
}

macro_rules! native_page {
    ($module:ident, $item:ty, $write:ident, $read:ident) => {
        /// A page in the native form.
        pub(super) mod $module {
            use super::*;
            use crate::admin::protocol::Page;

            #[derive(serde::Serialize, serde::Deserialize)]
            struct Form {
                items: Vec<Box<RawValue>>,
                next: Option<u32>,
            }

            pub(in super::super) fn serialize<S: Serializer>(
                page: &Page<$item>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                let items = page.items.iter().map($write::<S>).collect::<Result<_, _>>()?;
                Form { items, next: page.next }.serialize(serializer)
            }

            pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Page<$item>, D::Error> {
                let form = Form::deserialize(deserializer)?;
                let items =
                    form.items.iter().map(|item| $read::<D>(item).map(|item| *item)).collect::<Result<_, _>>()?;
                Ok(Page { items, next: form.next })
            }
        }
    };
}

native_page!(user_page, User, native_user, read_user);
native_page!(tweet_page, Tweet, native_tweet, read_tweet);

fn native_user<S: Serializer>(user: &User) -> Result<Box<RawValue>, S::Error> {
    raw::<S>(|out| native::write_user(user, out))
}

fn native_tweet<S: Serializer>(tweet: &Tweet) -> Result<Box<RawValue>, S::Error> {
    raw::<S>(|out| native::write_tweet(tweet, out))
}

fn raw<S: Serializer>(write: impl FnOnce(&mut Vec<u8>)) -> Result<Box<RawValue>, S::Error> {
    let mut line = Vec::new();
    write(&mut line);
    let text = String::from_utf8(line).map_err(S::Error::custom)?;
    RawValue::from_string(text).map_err(S::Error::custom)
}

fn read_user<'de, D: Deserializer<'de>>(line: &RawValue) -> Result<Box<User>, D::Error> {
    match read_native::<D>(line)? {
        Observation::User(user, _) => Ok(user),
        _ => Err(D::Error::custom("expected a user")),
    }
}

fn read_tweet<'de, D: Deserializer<'de>>(line: &RawValue) -> Result<Box<Tweet>, D::Error> {
    match read_native::<D>(line)? {
        Observation::Tweet(tweet) => Ok(tweet),
        _ => Err(D::Error::custom("expected a post")),
    }
}

fn read_native<'de, D: Deserializer<'de>>(line: &RawValue) -> Result<Observation, D::Error> {
    let observations = Format::Native.read_line(line.get().as_bytes(), NEVER_USED).map_err(D::Error::custom)?;
    observations.into_iter().next().ok_or_else(|| D::Error::custom("expected a user or a post"))
}

/// Observations: users with the members that the source spoke of.
pub(super) mod observations {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Form {
        /// The native line, and a bit for each of [`UserMember::ALL`].
        User(Box<RawValue>, u32),
        Tweet(Box<RawValue>),
        State {
            #[serde(with = "optional_text")]
            id: Option<UserId>,
            #[serde(with = "optional_text")]
            username: Option<Username>,
            #[serde(with = "state")]
            state: AccountState,
            at: i64,
        },
        TweetGone {
            id: u64,
            at: i64,
        },
    }

    pub(in super::super) fn serialize<S: Serializer>(
        observations: &[Observation],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let forms = observations.iter().map(|observation| {
            Ok(match observation {
                Observation::User(user, speaks_of) => Form::User(native_user::<S>(user)?, bits(*speaks_of)),
                Observation::Tweet(tweet) => Form::Tweet(native_tweet::<S>(tweet)?),
                &Observation::State { id, username, state, at } => {
                    Form::State { id, username, state, at: at.unix_ms() }
                }
                Observation::TweetGone { id, at } => Form::TweetGone { id: id.get(), at: at.unix_ms() },
            })
        });
        forms.collect::<Result<Vec<Form>, S::Error>>()?.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Observation>, D::Error> {
        let read = |form| {
            Ok(match form {
                Form::User(line, speaks_of) => Observation::User(read_user::<D>(&line)?, members(speaks_of)),
                Form::Tweet(line) => Observation::Tweet(read_tweet::<D>(&line)?),
                Form::State { id, username, state, at } => {
                    Observation::State { id, username, state, at: Timestamp::from_unix_ms(at) }
                }
                Form::TweetGone { id, at } => {
                    Observation::TweetGone { id: model::TweetId::new(id), at: Timestamp::from_unix_ms(at) }
                }
            })
        };
        Vec::<Form>::deserialize(deserializer)?.into_iter().map(read).collect()
    }

    fn bits(members: UserMembers) -> u32 {
        let spoken = (0u32..).zip(UserMember::ALL).filter(|(_, member)| members.contains(**member));
        spoken.fold(0, |bits, (at, _)| bits | 1 << at)
    }

    fn members(bits: u32) -> UserMembers {
        let spoken = (0u32..).zip(UserMember::ALL).filter(|(at, _)| bits & 1 << at != 0);
        spoken.fold(UserMembers::NONE, |members, (_, member)| members.with(*member))
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Imported")]
pub(super) struct ImportedForm {
    #[serde(with = "CountsForm")]
    users: Counts,
    #[serde(with = "CountsForm")]
    tweets: Counts,
    #[serde(with = "CountsForm")]
    states: Counts,
    tweets_gone: u64,
    unknown_usernames: u64,
    usernames_given_up: u64,
    #[serde(with = "given_up")]
    given_up: Vec<GivenUp>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Counts")]
struct CountsForm {
    new: u64,
    changed: u64,
    unchanged: u64,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "GivenUp")]
struct GivenUpForm {
    #[serde(with = "text")]
    id: UserId,
    #[serde(with = "text")]
    old: Username,
    #[serde(with = "text")]
    new: Username,
}

mod given_up {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Item(#[serde(with = "GivenUpForm")] GivenUp);

    pub(super) fn serialize<S: Serializer>(list: &[GivenUp], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().copied().map(Item))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<GivenUp>, D::Error> {
        Ok(Vec::<Item>::deserialize(deserializer)?.into_iter().map(|Item(lost)| lost).collect())
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Copied")]
pub(super) struct CopiedForm {
    files: u64,
    bytes: u64,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Stats")]
pub(super) struct StatsForm {
    users: u64,
    tweets: u64,
    follows: u64,
    log_rows: u64,
    log_bytes: u64,
    delta_bytes: u64,
    segment_bytes: u64,
    merging: bool,
    merges: u64,
    failed_merges: u64,
    generation: u64,
    stopped: bool,
}

/// Files with their sizes.
pub(super) mod files {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Form {
        name: String,
        bytes: u64,
    }

    pub(in super::super) fn serialize<S: Serializer>(files: &[StoredFile], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(files.iter().map(|file| Form { name: file.name.clone(), bytes: file.bytes }))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<StoredFile>, D::Error> {
        let files = Vec::<Form>::deserialize(deserializer)?.into_iter();
        Ok(files.map(|Form { name, bytes }| StoredFile { name, bytes }).collect())
    }
}
