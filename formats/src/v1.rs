//! User objects of API v1.1: one a line, an array of them, or a page `{"users":[…]}`.
//!
//! The embedded `status` becomes a post. What only v1.1 shows is kept as recorded;
//! what depends on who asked (`following`, `notifications`, …) is left out.

use std::fmt;

use model::{CountryCode, Observation, Timestamp, Tweet, User, UserId, UserMember, UserMembers, UserMetrics, Username};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::entities::{self, EntityKind};
use crate::line_error::{LineError, typed};
use crate::raw::{Append, finish, string};
use crate::scalar::{Count, Id, Key, Text, V1Time};
use crate::v1_status::{ReadStatus, Url, url_items};

/// The members that only v1.1 shows and that do not depend on who asked.
const V1_MEMBERS: [&str; 22] = [
    "utc_offset",
    "time_zone",
    "geo_enabled",
    "lang",
    "contributors_enabled",
    "is_translator",
    "is_translation_enabled",
    "profile_background_color",
    "profile_background_image_url",
    "profile_background_image_url_https",
    "profile_background_tile",
    "profile_link_color",
    "profile_sidebar_border_color",
    "profile_sidebar_fill_color",
    "profile_text_color",
    "profile_use_background_image",
    "has_extended_profile",
    "default_profile",
    "default_profile_image",
    "translator_type",
    "business_profile_state",
    "advertiser_account_type",
];

/// What every v1.1 user object speaks of, also by leaving it out.
const ALWAYS: UserMembers = UserMembers::NONE
    .with(UserMember::Description)
    .with(UserMember::Location)
    .with(UserMember::Url)
    .with(UserMember::Entities)
    .with(UserMember::ProfileBannerUrl)
    .with(UserMember::V1Members);

/// Reads one line.
pub(crate) fn read(line: &[u8], observed_at: Timestamp) -> Result<Vec<Observation>, LineError> {
    let users = if line.starts_with(b"[") {
        typed::<Vec<ReadV1User>>(line)?
    } else {
        match typed::<ReadV1User>(line) {
            Ok(user) => vec![user],
            // Pages are rare, so what a line is gets asked only when it is no user.
            Err(error) => match typed::<Mark>(line) {
                Ok(Mark { users: Some(_), .. }) => typed::<Page>(line)?.users,
                Ok(Mark { screen_name: None, .. }) => {
                    let expected = "a v1.1 user (`screen_name`), an array of users, or `{\"users\":[…]}`";
                    return Err(LineError::Shape { expected });
                }
                _ => return Err(error),
            },
        }
    };
    Ok(users.into_iter().flat_map(|read| read.observations(observed_at)).collect())
}

#[derive(Deserialize)]
struct Mark {
    users: Option<IgnoredAny>,
    screen_name: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Page {
    users: Vec<ReadV1User>,
}

/// A user object and the post inside.
struct ReadV1User {
    user: Box<User>,
    speaks_of: UserMembers,
    status: Option<Box<Tweet>>,
}

impl ReadV1User {
    fn observations(self, at: Timestamp) -> impl Iterator<Item = Observation> {
        let Self { mut user, speaks_of, status } = self;
        user.observed_at = Some(at);
        let tweet = status.map(|mut tweet| {
            tweet.author_id = Some(user.id);
            tweet.observed_at = Some(at);
            Observation::Tweet(tweet)
        });
        std::iter::once(Observation::User(user, speaks_of)).chain(tweet)
    }
}

impl<'de> Deserialize<'de> for ReadV1User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UserVisitor)
    }
}

struct UserVisitor;

impl<'de> Visitor<'de> for UserVisitor {
    type Value = ReadV1User;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a v1.1 user object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadV1User, A::Error> {
        let (mut id, mut screen_name, mut name) = (None, None, None);
        let mut user = Box::new(User::new(UserId::new(0), Username::derived(UserId::new(0), 0), String::new()));
        let mut speaks_of = ALWAYS;
        let mut parts = Parts::default();
        while let Some(Key(key)) = map.next_key()? {
            let member = match &*key {
                "id" | "id_str" => {
                    id = Some(map.next_value::<Id<UserId>>()?.0);
                    continue;
                }
                "screen_name" => {
                    screen_name = Some(map.next_value::<Text<Username>>()?.0);
                    continue;
                }
                "name" => {
                    name = Some(map.next_value::<String>()?);
                    continue;
                }
                "created_at" => {
                    user.created_at = map.next_value::<Option<Text<V1Time>>>()?.map(|time| time.0.0);
                    UserMember::CreatedAt
                }
                "description" => {
                    user.description = map.next_value::<Option<String>>()?.unwrap_or_default();
                    UserMember::Description
                }
                "location" => {
                    user.location = map.next_value::<Option<String>>()?.filter(|text| !text.is_empty());
                    UserMember::Location
                }
                "url" => {
                    user.url = map.next_value::<Option<String>>()?.filter(|text| !text.is_empty());
                    UserMember::Url
                }
                "profile_banner_url" => {
                    user.profile_banner_url = map.next_value()?;
                    UserMember::ProfileBannerUrl
                }
                "profile_image_url_https" => {
                    parts.image_https = map.next_value()?;
                    UserMember::ProfileImageUrl
                }
                "profile_image_url" => {
                    parts.image = map.next_value()?;
                    UserMember::ProfileImageUrl
                }
                "protected" => {
                    user.protected = map.next_value::<Option<bool>>()?.unwrap_or_default();
                    UserMember::Protected
                }
                "verified" => {
                    user.verified = map.next_value::<Option<bool>>()?.unwrap_or_default();
                    UserMember::Verified
                }
                "followers_count" => count(&mut parts.metrics.followers, &mut map)?,
                "friends_count" => count(&mut parts.metrics.following, &mut map)?,
                "statuses_count" => count(&mut parts.metrics.tweets, &mut map)?,
                "listed_count" => count(&mut parts.metrics.listed, &mut map)?,
                "favourites_count" => {
                    parts.metrics.likes = map.next_value::<Option<Count>>()?.map(|count| count.0);
                    UserMember::Metrics
                }
                "email" => {
                    user.confirmed_email = map.next_value::<Option<String>>()?.filter(|text| !text.is_empty());
                    UserMember::ConfirmedEmail
                }
                "withheld_in_countries" => {
                    parts.withheld_in = map.next_value::<Option<Vec<Text<CountryCode>>>>()?.unwrap_or_default();
                    UserMember::Withheld
                }
                "withheld_scope" => {
                    parts.withheld_whole = map.next_value::<Option<String>>()?.as_deref() == Some("user");
                    UserMember::Withheld
                }
                "status" => {
                    let Some(status) = map.next_value::<Option<ReadStatus>>()? else { continue };
                    parts.status = Some(Box::new(status.0));
                    UserMember::MostRecentTweetId
                }
                "entities" => {
                    parts.entities = map.next_value::<Option<Entities>>()?.unwrap_or_default();
                    UserMember::Entities
                }
                only_v1 if V1_MEMBERS.contains(&only_v1) => {
                    parts.v1_members.push(if parts.v1_members.is_empty() { b'{' } else { b',' });
                    string(only_v1, &mut parts.v1_members);
                    parts.v1_members.push(b':');
                    map.next_value_seed(Append(&mut parts.v1_members))?;
                    UserMember::V1Members
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            speaks_of = speaks_of.with(member);
        }
        user.id = id.ok_or_else(|| A::Error::missing_field("id_str"))?;
        user.username = screen_name.ok_or_else(|| A::Error::missing_field("screen_name"))?;
        user.name = name.ok_or_else(|| A::Error::missing_field("name"))?;
        let status = parts.join(&mut user, speaks_of);
        Ok(ReadV1User { user, speaks_of, status })
    }
}

fn count<'de, A: MapAccess<'de>>(count: &mut u64, map: &mut A) -> Result<UserMember, A::Error> {
    *count = map.next_value::<Option<Count>>()?.map_or(0, |count| count.0);
    Ok(UserMember::Metrics)
}

/// Members that become something else only when all are read.
#[derive(Default)]
struct Parts {
    image: Option<String>,
    image_https: Option<String>,
    metrics: UserMetrics,
    withheld_in: Vec<Text<CountryCode>>,
    withheld_whole: bool,
    entities: Entities,
    v1_members: Vec<u8>,
    status: Option<Box<Tweet>>,
}

impl Parts {
    fn join(self, user: &mut User, speaks_of: UserMembers) -> Option<Box<Tweet>> {
        user.profile_image_url = self.image_https.or(self.image).map(https);
        user.metrics = speaks_of.contains(UserMember::Metrics).then_some(self.metrics);
        if self.withheld_whole || !self.withheld_in.is_empty() {
            let country_codes = self.withheld_in.into_iter().map(|code| code.0).collect();
            user.withheld = Some(model::Withheld { country_codes, whole_account: self.withheld_whole });
        }
        user.entities = self.entities.join(user.url.as_deref(), &user.description);
        if !self.v1_members.is_empty() {
            let mut json = self.v1_members;
            json.push(b'}');
            user.v1_members = Some(finish(json));
        }
        user.most_recent_tweet_id = self.status.as_ref().map(|tweet| tweet.id);
        self.status
    }
}

fn https(url: String) -> String {
    match url.strip_prefix("http://") {
        Some(rest) => format!("https://{rest}"),
        None => url,
    }
}

/// `entities` of a user: v1.1 reports URLs alone.
#[derive(Deserialize, Default)]
struct Entities {
    url: Option<Urls>,
    description: Option<Urls>,
}

#[derive(Deserialize)]
struct Urls {
    #[serde(default)]
    urls: Vec<Url>,
}

impl Entities {
    /// The recorded URLs, and the other kinds as extracted from the bio.
    fn join(self, url: Option<&str>, description: &str) -> Option<model::RawJson> {
        let of_url = match self.url {
            Some(Urls { urls }) if !urls.is_empty() => {
                let mut json = br#"{"urls":["#.to_vec();
                json.append(&mut url_items(&urls));
                json.extend_from_slice(b"]}");
                Some(json)
            }
            _ => url.and_then(entities::of_url),
        };
        let recorded = self.description.map(|description| url_items(&description.urls));
        let mut extracted = entities::extract(description);
        extracted.retain(|entity| recorded.is_none() || entity.kind != EntityKind::Url);
        entities::object(of_url, entities::of_description(recorded.as_deref(), &extracted))
    }
}
