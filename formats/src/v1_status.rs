//! The post that API v1.1 embeds in a user object, as a Tweet of API v2.

use std::fmt::{self, Write};

use model::{
    CountryCode, RawJson, Reference, ReferenceKind, Tweet, TweetField, TweetId, TweetMetrics, UserId, Username,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::entities::separate;
use crate::raw::{Append, RawObject, finish, string};
use crate::scalar::{Count, Id, Key, Text, V1Time};
use crate::v2_tweet::in_order;

/// The members that only v1.1 shows, and those that v2 shows in another way that does not lead back.
/// What says that there is nothing, `null` or `false`, is not kept.
const V1_MEMBERS: [&str; 14] = [
    "truncated",
    "display_text_range",
    "entities",
    "extended_entities",
    "source",
    "in_reply_to_screen_name",
    "geo",
    "coordinates",
    "place",
    "contributors",
    "retweeted_status",
    "is_quote_status",
    "quoted_status_permalink",
    "quoted_status",
];

/// A v1.1 post, read into the model, without its author.
pub(crate) struct ReadStatus(pub(crate) Tweet);

impl<'de> Deserialize<'de> for ReadStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StatusVisitor)
    }
}

struct StatusVisitor;

impl<'de> Visitor<'de> for StatusVisitor {
    type Value = ReadStatus;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a v1.1 post")
    }

    /// Each member is copied, once more if it is to be kept; the copy of the whole is read then.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadStatus, A::Error> {
        let (mut whole, mut kept) = (Vec::with_capacity(1024), Vec::new());
        while let Some(Key(key)) = map.next_key()? {
            whole.push(if whole.is_empty() { b'{' } else { b',' });
            let start = whole.len();
            string(&key, &mut whole);
            whole.push(b':');
            let value = whole.len();
            map.next_value_seed(Append(&mut whole))?;
            let says_something = !matches!(whole.get(value..), Some(b"null" | b"false"));
            if says_something && V1_MEMBERS.contains(&&*key) {
                kept.push(if kept.is_empty() { b'{' } else { b',' });
                kept.extend_from_slice(whole.get(start..).unwrap_or_default());
            }
        }
        whole.extend_from_slice(if whole.is_empty() { b"{}" } else { b"}" });
        let status: Status = serde_json::from_slice(&whole).map_err(A::Error::custom)?;
        let mut tweet = status.into_tweet::<A::Error>()?;
        if !kept.is_empty() {
            kept.push(b'}');
            tweet.v1_members = Some(finish(kept));
        }
        Ok(ReadStatus(tweet))
    }
}

/// What v2 shows of it. Ids stand there as numbers and as strings; either will do.
#[derive(Deserialize)]
struct Status {
    id: Option<Id<TweetId>>,
    id_str: Option<Id<TweetId>>,
    created_at: Option<Text<V1Time>>,
    text: Option<String>,
    /// The text, with `tweet_mode=extended`.
    full_text: Option<String>,
    entities: Option<Entities>,
    source: Option<String>,
    in_reply_to_status_id: Option<Id<TweetId>>,
    in_reply_to_status_id_str: Option<Id<TweetId>>,
    in_reply_to_user_id: Option<Id<UserId>>,
    in_reply_to_user_id_str: Option<Id<UserId>>,
    retweeted_status: Option<Original>,
    quoted_status_id: Option<Id<TweetId>>,
    quoted_status_id_str: Option<Id<TweetId>>,
    coordinates: Option<RawObject>,
    place: Option<Place>,
    retweet_count: Option<Count>,
    favorite_count: Option<Count>,
    reply_count: Option<Count>,
    quote_count: Option<Count>,
    possibly_sensitive: Option<bool>,
    lang: Option<String>,
    withheld_in_countries: Option<Vec<Text<CountryCode>>>,
    withheld_copyright: Option<bool>,
}

#[derive(Deserialize)]
struct Original {
    id: Option<Id<TweetId>>,
    id_str: Option<Id<TweetId>>,
}

#[derive(Deserialize)]
struct Place {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Entities {
    #[serde(default)]
    hashtags: Vec<Tag>,
    #[serde(default)]
    symbols: Vec<Tag>,
    #[serde(default)]
    user_mentions: Vec<Mention>,
    #[serde(default)]
    urls: Vec<Url>,
    #[serde(default)]
    media: Vec<Url>,
}

/// A hashtag or a cashtag.
#[derive(Deserialize)]
struct Tag {
    text: String,
    indices: [u64; 2],
}

#[derive(Deserialize)]
struct Mention {
    screen_name: Text<Username>,
    id_str: Option<Id<UserId>>,
    indices: [u64; 2],
}

/// A URL of a post or a profile.
#[derive(Deserialize)]
pub(crate) struct Url {
    url: String,
    expanded_url: Option<String>,
    display_url: Option<String>,
    indices: [u64; 2],
}

impl Status {
    fn into_tweet<E: Error>(self) -> Result<Tweet, E> {
        let id = self.id_str.or(self.id).ok_or_else(|| E::missing_field("id_str"))?.0;
        let text = self.full_text.or(self.text).ok_or_else(|| E::missing_field("text"))?;
        let mut tweet = Tweet::new(id, text);
        tweet.created_at = self.created_at.map(|time| time.0.0);
        if let (Some(retweets), Some(likes)) = (self.retweet_count, self.favorite_count) {
            let replies = self.reply_count.map_or(0, |count| count.0);
            let quotes = self.quote_count.map(|count| count.0);
            let counts = TweetMetrics { retweets: retweets.0, likes: likes.0, replies, quotes, ..Default::default() };
            tweet.public_metrics = Some(counts);
        }
        let references = [
            (ReferenceKind::Retweeted, self.retweeted_status.and_then(|original| original.id_str.or(original.id))),
            (ReferenceKind::Quoted, self.quoted_status_id_str.or(self.quoted_status_id)),
            (ReferenceKind::RepliedTo, self.in_reply_to_status_id_str.or(self.in_reply_to_status_id)),
        ];
        tweet.references =
            references.into_iter().filter_map(|(kind, id)| Some(Reference { kind, id: id?.0 })).collect();
        let answered = self.in_reply_to_user_id_str.or(self.in_reply_to_user_id);
        let members = [
            (TweetField::InReplyToUserId, answered.map(|id| quoted(&id.0.to_string()))),
            (TweetField::Entities, self.entities.and_then(Entities::object)),
            (TweetField::Geo, geo(self.coordinates, self.place)),
            (TweetField::Lang, self.lang.map(|lang| quoted(&lang))),
            (
                TweetField::Source,
                self.source.filter(|source| !source.is_empty()).map(|source| quoted(app_name(&source))),
            ),
            (
                TweetField::PossiblySensitive,
                self.possibly_sensitive.map(|flag| RawJson::from_compact(flag.to_string())),
            ),
            (TweetField::Withheld, withheld(self.withheld_in_countries, self.withheld_copyright)),
        ];
        tweet.members = members.into_iter().filter_map(|(field, value)| Some((field, value?))).collect();
        in_order(&mut tweet.members);
        Ok(tweet)
    }
}

fn quoted(text: &str) -> RawJson {
    let mut json = Vec::with_capacity(text.len() + 2);
    string(text, &mut json);
    finish(json)
}

/// The name in `<a href="…" rel="nofollow">Name</a>`, which is all that v2 shows.
fn app_name(source: &str) -> &str {
    let name = source.strip_suffix("</a>").and_then(|link| link.split_once('>'));
    name.map_or(source, |(_, name)| name)
}

fn geo(coordinates: Option<RawObject>, place: Option<Place>) -> Option<RawJson> {
    let mut json = Vec::new();
    if let Some(RawObject(point)) = coordinates {
        json.extend_from_slice(br#"{"coordinates":"#);
        json.extend_from_slice(point.as_str().as_bytes());
    }
    if let Some(id) = place.and_then(|place| place.id) {
        json.extend_from_slice(if json.is_empty() { b"{" } else { b"," });
        json.extend_from_slice(br#""place_id":"#);
        string(&id, &mut json);
    }
    if json.is_empty() {
        return None;
    }
    json.push(b'}');
    Some(finish(json))
}

fn withheld(countries: Option<Vec<Text<CountryCode>>>, copyright: Option<bool>) -> Option<RawJson> {
    let countries = countries.filter(|countries| !countries.is_empty())?;
    let codes: Vec<String> = countries.iter().map(|code| format!("\"{}\"", code.0)).collect();
    let copyright = copyright.unwrap_or_default();
    Some(RawJson::from_compact(format!(r#"{{"copyright":{copyright},"country_codes":[{}]}}"#, codes.join(","))))
}

impl Entities {
    /// The same in the layout of v2, where the links of media stand among the URLs.
    fn object(self) -> Option<RawJson> {
        let mut urls = self.urls;
        urls.extend(self.media);
        let lists = [
            ("urls", url_items(&urls)),
            ("hashtags", tag_items(&self.hashtags)),
            ("mentions", mention_items(&self.user_mentions)),
            ("cashtags", tag_items(&self.symbols)),
        ];
        let mut json = Vec::new();
        for (name, mut items) in lists {
            if !items.is_empty() {
                json.push(if json.is_empty() { b'{' } else { b',' });
                string(name, &mut json);
                json.extend_from_slice(b":[");
                json.append(&mut items);
                json.push(b']');
            }
        }
        if json.is_empty() {
            return None;
        }
        json.push(b'}');
        Some(finish(json))
    }
}

/// URLs in the layout of v2, with commas between. One that could not be resolved has
/// neither `expanded_url` nor `display_url`.
pub(crate) fn url_items(urls: &[Url]) -> Vec<u8> {
    let mut items = Vec::new();
    for url in urls {
        open(url.indices, "url", &url.url, &mut items);
        for (name, value) in [("expanded_url", &url.expanded_url), ("display_url", &url.display_url)] {
            if let Some(value) = value {
                items.push(b',');
                string(name, &mut items);
                items.push(b':');
                string(value, &mut items);
            }
        }
        items.push(b'}');
    }
    items
}

fn tag_items(tags: &[Tag]) -> Vec<u8> {
    let mut items = Vec::new();
    for tag in tags {
        open(tag.indices, "tag", &tag.text, &mut items);
        items.push(b'}');
    }
    items
}

fn mention_items(mentions: &[Mention]) -> Vec<u8> {
    let mut items = Vec::new();
    for mention in mentions {
        open(mention.indices, "username", mention.screen_name.0.as_str(), &mut items);
        if let Some(id) = &mention.id_str {
            items.extend_from_slice(format!(r#","id":"{}""#, id.0).as_bytes());
        }
        items.push(b'}');
    }
    items
}

/// Begins an item: its range and its text, whose member is called `name`.
fn open([start, end]: [u64; 2], name: &str, text: &str, items: &mut Vec<u8>) {
    separate(items);
    let mut range = String::new();
    // Writing to a String cannot fail.
    let _ = write!(range, r#"{{"start":{start},"end":{end},"{name}":"#);
    items.extend_from_slice(range.as_bytes());
    string(text, items);
}
