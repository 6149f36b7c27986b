//! Tweet objects of API v2, read straight into the model.

use std::fmt;

use model::{RawJson, Reference, ReferenceKind, Timestamp, Tweet, TweetField, TweetId, TweetMetrics, UserId};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use crate::raw::{Raw, RawObject};
use crate::scalar::{Count, Id, Key, Text};
use crate::v2::{Dialect, skip};

const METRICS: [&str; 6] =
    ["retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count"];
const REFERENCE: [&str; 2] = ["type", "id"];

/// The names of the post vocabulary that differ.
const POST_VOCABULARY: [(&str, TweetField); 3] = [
    ("edit_history_post_ids", TweetField::EditHistoryTweetIds),
    ("referenced_posts", TweetField::ReferencedTweets),
    ("note_post", TweetField::NoteTweet),
];

/// A Tweet object and what it says of itself.
pub(crate) struct ReadTweet {
    pub(crate) tweet: Tweet,
    /// Whether it has `observed_at`, which may be null.
    pub(crate) has_observed_at: bool,
}

/// Reads one Tweet object.
#[derive(Clone, Copy)]
pub(crate) struct TweetSeed(pub(crate) Dialect);

impl<'de> DeserializeSeed<'de> for TweetSeed {
    type Value = ReadTweet;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ReadTweet, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Deserialize<'de> for ReadTweet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TweetSeed(Dialect::V2).deserialize(deserializer)
    }
}

impl<'de> Visitor<'de> for TweetSeed {
    type Value = ReadTweet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Tweet object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadTweet, A::Error> {
        let (mut id, mut text) = (None, None);
        let mut tweet = Tweet::new(TweetId::new(0), String::new());
        let mut has_observed_at = false;
        while let Some(Key(key)) = map.next_key()? {
            let Some(field) = field(&key) else {
                match &*key {
                    "observed_at" if self.0 == Dialect::Native => {
                        tweet.observed_at = map.next_value::<Option<Text<Timestamp>>>()?.map(|time| time.0);
                        has_observed_at = true;
                    }
                    "v1_members" if self.0 == Dialect::Native => {
                        tweet.v1_members = map.next_value::<Option<RawObject>>()?.map(|raw| raw.0);
                    }
                    _ => {
                        let mut known: Vec<&str> = TweetField::ALL.iter().map(|field| field.name()).collect();
                        known.extend(["v1_members", "observed_at"]);
                        skip(self.0, &key, &known, &mut map)?;
                    }
                }
                continue;
            };
            match field {
                TweetField::Id => id = Some(map.next_value::<Id<TweetId>>()?.0),
                TweetField::Text => text = Some(map.next_value::<String>()?),
                TweetField::AuthorId => {
                    tweet.author_id = map.next_value::<Option<Id<UserId>>>()?.map(|id| id.0);
                }
                TweetField::CreatedAt => {
                    tweet.created_at = map.next_value::<Option<Text<Timestamp>>>()?.map(|time| time.0);
                }
                TweetField::PublicMetrics => {
                    tweet.public_metrics = Some(map.next_value_seed(MetricsSeed(self.0))?);
                }
                TweetField::ReferencedTweets => {
                    let references = map.next_value_seed(ReferencesSeed(self.0))?;
                    tweet.references = references;
                }
                field => {
                    if let Some(value) = map.next_value::<Option<Raw>>()? {
                        tweet.members.push((field, checked(field, value.0)?));
                    }
                }
            }
        }
        tweet.id = id.ok_or_else(|| A::Error::missing_field("id"))?;
        tweet.text = text.ok_or_else(|| A::Error::missing_field("text"))?;
        in_order(&mut tweet.members);
        Ok(ReadTweet { tweet, has_observed_at })
    }
}

/// Puts members into the order of [`TweetField`]; of two with one name the last stays.
pub(crate) fn in_order(members: &mut Vec<(TweetField, RawJson)>) {
    members.reverse();
    members.sort_by_key(|(field, _)| *field);
    members.dedup_by_key(|(field, _)| *field);
}

fn field(name: &str) -> Option<TweetField> {
    let renamed = POST_VOCABULARY.iter().find(|(post, _)| *post == name).map(|(_, field)| *field);
    renamed.or_else(|| name.parse().ok())
}

/// What a JSON value begins with, by the type that X documents for a member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Boolean,
    Array,
    Object,
    /// X's documents and replies disagree, or the type is not documented.
    Any,
}

fn shape(field: TweetField) -> Shape {
    use TweetField as F;
    match field {
        F::Id
        | F::Text
        | F::AuthorId
        | F::CreatedAt
        | F::ConversationId
        | F::InReplyToUserId
        | F::Lang
        | F::ReplySettings
        | F::Source
        | F::CardUri
        | F::CommunityId => Shape::Text,
        F::PossiblySensitive | F::PaidPartnership => Shape::Boolean,
        F::EditHistoryTweetIds | F::ReferencedTweets | F::ContextAnnotations | F::DisplayTextRange => Shape::Array,
        F::Attachments
        | F::Entities
        | F::Geo
        | F::PublicMetrics
        | F::NonPublicMetrics
        | F::OrganicMetrics
        | F::PromotedMetrics
        | F::Withheld
        | F::EditControls
        | F::NoteTweet
        | F::Article => Shape::Object,
        F::MatchedMediaNotes
        | F::MediaMetadata
        | F::NoteRequestSuggestions
        | F::Scopes
        | F::SuggestedSourceLinks
        | F::SuggestedSourceLinksWithCounts => Shape::Any,
    }
}

fn checked<E: Error>(field: TweetField, value: RawJson) -> Result<RawJson, E> {
    let first = value.as_str().as_bytes().first().copied();
    let (fits, expected) = match shape(field) {
        Shape::Text => (first == Some(b'"'), "a string"),
        Shape::Boolean => (matches!(first, Some(b't' | b'f')), "true or false"),
        Shape::Array => (first == Some(b'['), "an array"),
        Shape::Object => (first == Some(b'{'), "an object"),
        Shape::Any => (true, ""),
    };
    if fits { Ok(value) } else { Err(E::custom(format_args!("`{}` is not {expected}", field.name()))) }
}

/// Reads `public_metrics`.
struct MetricsSeed(Dialect);

impl<'de> DeserializeSeed<'de> for MetricsSeed {
    type Value = TweetMetrics;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<TweetMetrics, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MetricsSeed {
    type Value = TweetMetrics;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of counts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TweetMetrics, A::Error> {
        let (mut retweets, mut replies, mut likes) = (None, None, None);
        let (mut quotes, mut bookmarks, mut impressions) = (None, None, None);
        while let Some(Key(key)) = map.next_key()? {
            let count = match &*key {
                "retweet_count" | "repost_count" => &mut retweets,
                "reply_count" => &mut replies,
                "like_count" => &mut likes,
                "quote_count" => &mut quotes,
                "bookmark_count" => &mut bookmarks,
                "impression_count" => &mut impressions,
                unknown => {
                    skip(self.0, unknown, &METRICS, &mut map)?;
                    continue;
                }
            };
            *count = map.next_value::<Option<Count>>()?.map(|count| count.0);
        }
        let required = |count: Option<u64>, name| count.ok_or_else(|| A::Error::missing_field(name));
        Ok(TweetMetrics {
            retweets: required(retweets, "retweet_count")?,
            replies: required(replies, "reply_count")?,
            likes: required(likes, "like_count")?,
            quotes,
            bookmarks,
            impressions,
        })
    }
}

/// Reads `referenced_tweets`.
struct ReferencesSeed(Dialect);

impl<'de> DeserializeSeed<'de> for ReferencesSeed {
    type Value = Vec<Reference>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Reference>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ReferencesSeed {
    type Value = Vec<Reference>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects with `type` and `id`")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Vec<Reference>, A::Error> {
        let mut references = Vec::new();
        while let Some(reference) = items.next_element_seed(ReferenceSeed(self.0))? {
            references.push(reference);
        }
        Ok(references)
    }
}

/// Reads one member of `referenced_tweets`.
struct ReferenceSeed(Dialect);

impl<'de> DeserializeSeed<'de> for ReferenceSeed {
    type Value = Reference;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Reference, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ReferenceSeed {
    type Value = Reference;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `type` and `id`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reference, A::Error> {
        let (mut kind, mut id) = (None, None);
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "type" => kind = Some(map.next_value::<Text<ReferenceKind>>()?.0),
                "id" => id = Some(map.next_value::<Id<TweetId>>()?.0),
                unknown => skip(self.0, unknown, &REFERENCE, &mut map)?,
            }
        }
        Ok(Reference {
            kind: kind.ok_or_else(|| A::Error::missing_field("type"))?,
            id: id.ok_or_else(|| A::Error::missing_field("id"))?,
        })
    }
}
