//! User objects of API v2, read straight into the model.
//!
//! The native form is the same object with a few members more, and takes no member
//! that it does not know; X's may get new ones at any time, which are skipped.

use std::fmt;

use model::{
    Affiliation, CountryCode, Gender, Timestamp, TweetId, User, UserId, UserMember, UserMembers, UserMetrics, Username,
    Withheld,
};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::raw::RawObject;
use crate::scalar::{Count, Id, Key, Text};

/// Whose objects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// X's.
    V2,
    /// Birdbox's own.
    Native,
}

/// The members of a user, X's first, then those of the native form alone.
const USER_MEMBERS: [&str; 28] = [
    "id",
    "name",
    "username",
    "created_at",
    "description",
    "location",
    "url",
    "entities",
    "pinned_tweet_id",
    "most_recent_tweet_id",
    "profile_image_url",
    "profile_banner_url",
    "protected",
    "verified",
    "verified_type",
    "public_metrics",
    "verified_followers_count",
    "is_identity_verified",
    "parody",
    "subscription_type",
    "confirmed_email",
    "affiliation",
    "withheld",
    // Native:
    "state",
    "v1_members",
    "gender",
    "observed_at",
    "synthetic",
];
const METRICS: [&str; 7] =
    ["followers_count", "following_count", "tweet_count", "listed_count", "like_count", "media_count", "post_count"];
const WITHHELD: [&str; 2] = ["country_codes", "scope"];

/// A user object and what it says of itself.
pub(crate) struct ReadUser {
    pub(crate) user: Box<User>,
    /// The members that the object has.
    pub(crate) has: UserMembers,
    /// Whether it has `observed_at`, which may be null.
    pub(crate) has_observed_at: bool,
}

/// Reads one user object.
#[derive(Clone, Copy)]
pub(crate) struct UserSeed(pub(crate) Dialect);

impl<'de> DeserializeSeed<'de> for UserSeed {
    type Value = ReadUser;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ReadUser, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Deserialize<'de> for ReadUser {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UserSeed(Dialect::V2).deserialize(deserializer)
    }
}

impl<'de> Visitor<'de> for UserSeed {
    type Value = ReadUser;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a user object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadUser, A::Error> {
        let (mut id, mut username, mut name) = (None, None, None);
        let mut user = Box::new(User::new(UserId::new(0), Username::derived(UserId::new(0), 0), String::new()));
        let mut has = UserMembers::NONE;
        let mut has_observed_at = false;
        while let Some(Key(key)) = map.next_key()? {
            let native = self.0 == Dialect::Native;
            let member = match &*key {
                "id" => {
                    id = Some(map.next_value::<Id<UserId>>()?.0);
                    continue;
                }
                "username" => {
                    username = Some(map.next_value::<Text<Username>>()?.0);
                    continue;
                }
                "name" => {
                    name = Some(map.next_value::<String>()?);
                    continue;
                }
                "created_at" => {
                    user.created_at = map.next_value::<Option<Text<Timestamp>>>()?.map(|time| time.0);
                    UserMember::CreatedAt
                }
                "description" => {
                    user.description = map.next_value::<Option<String>>()?.unwrap_or_default();
                    UserMember::Description
                }
                "location" => {
                    user.location = map.next_value()?;
                    UserMember::Location
                }
                "url" => {
                    user.url = map.next_value()?;
                    UserMember::Url
                }
                "entities" => {
                    user.entities = map.next_value::<Option<RawObject>>()?.map(|raw| raw.0);
                    UserMember::Entities
                }
                "pinned_tweet_id" | "pinned_post_id" => {
                    user.pinned_tweet_id = map.next_value::<Option<Id<TweetId>>>()?.map(|id| id.0);
                    UserMember::PinnedTweetId
                }
                "most_recent_tweet_id" | "most_recent_post_id" => {
                    user.most_recent_tweet_id = map.next_value::<Option<Id<TweetId>>>()?.map(|id| id.0);
                    UserMember::MostRecentTweetId
                }
                "profile_image_url" => {
                    user.profile_image_url = map.next_value()?;
                    UserMember::ProfileImageUrl
                }
                "profile_banner_url" => {
                    user.profile_banner_url = map.next_value()?;
                    UserMember::ProfileBannerUrl
                }
                "protected" => {
                    user.protected = map.next_value()?;
                    UserMember::Protected
                }
                "verified" => {
                    user.verified = map.next_value()?;
                    UserMember::Verified
                }
                "verified_type" => {
                    user.verified_type = map.next_value::<Option<Text<_>>>()?.map(|kind| kind.0);
                    UserMember::VerifiedType
                }
                "public_metrics" => {
                    user.metrics = Some(map.next_value_seed(MetricsSeed(self.0))?);
                    UserMember::Metrics
                }
                "verified_followers_count" => {
                    user.verified_followers = map.next_value::<Option<Count>>()?.map(|count| count.0);
                    UserMember::VerifiedFollowers
                }
                "is_identity_verified" => {
                    user.identity_verified = map.next_value()?;
                    UserMember::IdentityVerified
                }
                "parody" => {
                    user.parody = map.next_value()?;
                    UserMember::Parody
                }
                "subscription_type" => {
                    user.subscription_type = map.next_value::<Text<_>>()?.0;
                    UserMember::SubscriptionType
                }
                "confirmed_email" => {
                    user.confirmed_email = map.next_value()?;
                    UserMember::ConfirmedEmail
                }
                "affiliation" => {
                    user.affiliation = map.next_value::<Option<RawObject>>()?.map(affiliation).transpose()?;
                    UserMember::Affiliation
                }
                "withheld" => {
                    user.withheld = Some(map.next_value_seed(WithheldSeed(self.0))?);
                    UserMember::Withheld
                }
                "v1_members" if native => {
                    user.v1_members = map.next_value::<Option<RawObject>>()?.map(|raw| raw.0);
                    UserMember::V1Members
                }
                "gender" if native => {
                    user.gender = map.next_value::<Option<Text<Gender>>>()?.map(|gender| gender.0);
                    UserMember::Gender
                }
                "state" if native => {
                    user.state = map.next_value::<Text<_>>()?.0;
                    continue;
                }
                "observed_at" if native => {
                    user.observed_at = map.next_value::<Option<Text<Timestamp>>>()?.map(|time| time.0);
                    has_observed_at = true;
                    continue;
                }
                "synthetic" if native => {
                    user.synthetic = map.next_value()?;
                    continue;
                }
                unknown => {
                    skip(self.0, unknown, &USER_MEMBERS, &mut map)?;
                    continue;
                }
            };
            has = has.with(member);
        }
        user.id = id.ok_or_else(|| A::Error::missing_field("id"))?;
        user.username = username.ok_or_else(|| A::Error::missing_field("username"))?;
        user.name = name.ok_or_else(|| A::Error::missing_field("name"))?;
        Ok(ReadUser { user, has, has_observed_at })
    }
}

/// Skips a member of X's that is not known; the native form has none such.
pub(crate) fn skip<'de, A: MapAccess<'de>>(
    dialect: Dialect,
    name: &str,
    known: &[&str],
    map: &mut A,
) -> Result<(), A::Error> {
    match dialect {
        Dialect::V2 => map.next_value::<IgnoredAny>().map(|_| ()),
        Dialect::Native => Err(unknown_member(name, known)),
    }
}

/// "unknown member", with the known name that is nearest, if one is near.
pub(crate) fn unknown_member<E: Error>(name: &str, known: &[&str]) -> E {
    let nearest = known.iter().map(|word| (strsim::damerau_levenshtein(name, word), word)).min();
    match nearest {
        Some((distance, word)) if distance <= 1 + word.len() / 4 => {
            E::custom(format_args!("unknown member `{name}`; did you mean `{word}`?"))
        }
        _ => E::custom(format_args!("unknown member `{name}`")),
    }
}

/// Finds the accounts that an affiliation names. X's documents show a list; a single
/// id is taken as well.
fn affiliation<E: Error>(object: RawObject) -> Result<Affiliation, E> {
    #[derive(serde::Deserialize)]
    struct Members {
        user_id: Option<OneOrMany>,
    }
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        Many(Vec<Id<UserId>>),
        One(Id<UserId>),
    }
    let members: Members = serde_json::from_str(object.0.as_str())
        .map_err(|_| E::custom("`affiliation.user_id` is not a list of ids of 1 to 19 decimal digits"))?;
    let user_ids = match members.user_id {
        None => Vec::new(),
        Some(OneOrMany::One(id)) => vec![id.0],
        Some(OneOrMany::Many(ids)) => ids.into_iter().map(|id| id.0).collect(),
    };
    Ok(Affiliation { json: object.0, user_ids })
}

/// Reads `public_metrics`.
struct MetricsSeed(Dialect);

impl<'de> DeserializeSeed<'de> for MetricsSeed {
    type Value = UserMetrics;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<UserMetrics, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MetricsSeed {
    type Value = UserMetrics;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of counts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UserMetrics, A::Error> {
        let (mut followers, mut following, mut tweets, mut listed) = (None, None, None, None);
        let (mut likes, mut media) = (None, None);
        while let Some(Key(key)) = map.next_key()? {
            let count = match &*key {
                "followers_count" => &mut followers,
                "following_count" => &mut following,
                "tweet_count" | "post_count" => &mut tweets,
                "listed_count" => &mut listed,
                "like_count" => &mut likes,
                "media_count" => &mut media,
                unknown => {
                    skip(self.0, unknown, &METRICS, &mut map)?;
                    continue;
                }
            };
            *count = map.next_value::<Option<Count>>()?.map(|count| count.0);
        }
        let required = |count: Option<u64>, name| count.ok_or_else(|| A::Error::missing_field(name));
        Ok(UserMetrics {
            followers: required(followers, "followers_count")?,
            following: required(following, "following_count")?,
            tweets: required(tweets, "tweet_count")?,
            listed: required(listed, "listed_count")?,
            likes,
            media,
        })
    }
}

/// Reads `withheld` of a user.
struct WithheldSeed(Dialect);

impl<'de> DeserializeSeed<'de> for WithheldSeed {
    type Value = Withheld;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Withheld, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for WithheldSeed {
    type Value = Withheld;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `country_codes`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Withheld, A::Error> {
        let mut withheld = Withheld::default();
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "country_codes" => {
                    let codes = map.next_value::<Vec<Text<CountryCode>>>()?;
                    withheld.country_codes = codes.into_iter().map(|code| code.0).collect();
                }
                "scope" => withheld.whole_account = map.next_value::<String>()? == "user",
                unknown => skip(self.0, unknown, &WITHHELD, &mut map)?,
            }
        }
        Ok(withheld)
    }
}
