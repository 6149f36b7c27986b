//! The newest post of a user as API v1.1 embeds it, in the order of its recordings.
//!
//! What only v1.1 shows is copied where it was imported; of a post that came from v2 it is made
//! from the members of v2.

use model::{ReferenceKind, TweetField, TweetRef, UserId};

use super::scan::{items, member, members};
use super::text::transcode;
use super::{entities, flag, number};

/// The newest post of a user, and what of it is for the caller.
#[derive(Debug, Clone, Copy)]
pub struct V1Status<'a> {
    /// The post, which the caller may see.
    pub tweet: TweetRef<'a>,
    /// Whether the caller may see what it retweets.
    pub shows_retweeted: bool,
    /// Whether the caller may see what it quotes.
    pub shows_quoted: bool,
}

/// Who wrote what a post retweets, as far as the post says it: the text of a retweet begins with
/// `RT @` and that name, which is one of its mentions.
#[must_use]
pub fn v1_retweeted_author(tweet: &TweetRef<'_>) -> Option<UserId> {
    tweet.references().find(|reference| reference.kind == ReferenceKind::Retweeted)?;
    let (_, entities) = tweet.members().find(|(field, _)| *field == TweetField::Entities)?;
    let first = items(member(entities, "mentions")?).find(|mention| member(mention, "start") == Some(b"3"))?;
    number_in(member(first, "id")?).map(UserId::new)
}

/// What is known of a post beyond the members that every post has.
#[derive(Default)]
struct Parts<'a> {
    // See [`model::Tweet::v1_members`].
    truncated: Option<&'a [u8]>,
    display_text_range: Option<&'a [u8]>,
    entities: Option<&'a [u8]>,
    extended_entities: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
    in_reply_to_screen_name: Option<&'a [u8]>,
    geo: Option<&'a [u8]>,
    coordinates: Option<&'a [u8]>,
    place: Option<&'a [u8]>,
    contributors: Option<&'a [u8]>,
    retweeted_status: Option<&'a [u8]>,
    is_quote_status: Option<&'a [u8]>,
    quoted_status_permalink: Option<&'a [u8]>,
    quoted_status: Option<&'a [u8]>,
    // Members of v2.
    v2_entities: Option<&'a [u8]>,
    v2_source: Option<&'a [u8]>,
    answered_user: Option<&'a [u8]>,
    lang: Option<&'a [u8]>,
    sensitive: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(tweet: &TweetRef<'a>) -> Self {
        let mut parts = Self::default();
        for (name, value) in tweet.v1_members().into_iter().flat_map(members) {
            if let Some(place) = parts.own(name) {
                *place = Some(value);
            }
        }
        for (field, value) in tweet.members() {
            match field {
                TweetField::Entities => parts.v2_entities = Some(value),
                TweetField::InReplyToUserId => parts.answered_user = Some(value),
                TweetField::Lang => parts.lang = Some(value),
                TweetField::Source => parts.v2_source = Some(value),
                TweetField::PossiblySensitive => parts.sensitive = Some(value),
                _ => {}
            }
        }
        parts
    }

    /// Where a member that only v1.1 shows has its place.
    fn own(&mut self, name: &[u8]) -> Option<&mut Option<&'a [u8]>> {
        Some(match name {
            b"truncated" => &mut self.truncated,
            b"display_text_range" => &mut self.display_text_range,
            b"entities" => &mut self.entities,
            b"extended_entities" => &mut self.extended_entities,
            b"source" => &mut self.source,
            b"in_reply_to_screen_name" => &mut self.in_reply_to_screen_name,
            b"geo" => &mut self.geo,
            b"coordinates" => &mut self.coordinates,
            b"place" => &mut self.place,
            b"contributors" => &mut self.contributors,
            b"retweeted_status" => &mut self.retweeted_status,
            b"is_quote_status" => &mut self.is_quote_status,
            b"quoted_status_permalink" => &mut self.quoted_status_permalink,
            b"quoted_status" => &mut self.quoted_status,
            _ => return None,
        })
    }
}

/// Appends a member that was imported, or what it is otherwise.
fn write_or(name: &str, value: Option<&[u8]>, otherwise: &str, out: &mut Vec<u8>) {
    write_name(name, out);
    match value {
        Some(value) => transcode(value, out),
        None => out.extend_from_slice(otherwise.as_bytes()),
    }
}

/// Appends a member if it was imported.
fn write_known(name: &str, value: Option<&[u8]>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        write_name(name, out);
        transcode(value, out);
    }
}

/// Appends a post. `shows_entities` is what the request says of entities.
///
/// unverified(v1-text-modes): a text that was imported in one mode is shown in both.
pub(super) fn write(shown: &V1Status<'_>, shows_entities: bool, extended: bool, out: &mut Vec<u8>) {
    let tweet = &shown.tweet;
    let parts = Parts::of(tweet);
    out.extend_from_slice(b"{\"created_at\":\"");
    tweet.created_at.unwrap_or_else(|| super::born(tweet.id.get())).write_v1(out);
    out.push(b'"');
    write_id("id", Some(tweet.id.get()), out);
    write_name(if extended { "full_text" } else { "text" }, out);
    out.push(b'"');
    transcode(tweet.text.as_bytes(), out);
    out.push(b'"');
    write_or("truncated", parts.truncated, "false", out);
    if extended {
        let whole = format!("[0,{}]", tweet.text.to_text().chars().count());
        write_or("display_text_range", parts.display_text_range, &whole, out);
    }
    if shows_entities {
        match parts.entities {
            Some(_) => write_known("entities", parts.entities, out),
            None => write_entities(parts.v2_entities, out),
        }
        write_known("extended_entities", parts.extended_entities, out);
    }
    write_source(&parts, out);
    write_answered(tweet, &parts, out);
    write_or("geo", parts.geo, "null", out);
    write_or("coordinates", parts.coordinates, "null", out);
    write_or("place", parts.place, "null", out);
    write_or("contributors", parts.contributors, "null", out);
    let retweeted = parts.retweeted_status.filter(|_| shown.shows_retweeted);
    write_embedded("retweeted_status", retweeted, shows_entities, out);
    write_quoted(tweet, &parts, out);
    let quoted = parts.quoted_status.filter(|_| shown.shows_quoted);
    write_embedded("quoted_status", quoted, shows_entities, out);
    let metrics = tweet.public_metrics.unwrap_or_default();
    for (name, count) in [("retweet_count", metrics.retweets), ("favorite_count", metrics.likes)] {
        write_name(name, out);
        number(count, out);
    }
    out.extend_from_slice(b",\"favorited\":false,\"retweeted\":false");
    write_known("possibly_sensitive", parts.sensitive, out);
    write_or("lang", parts.lang, "\"und\"", out);
    out.push(b'}');
}

/// Appends `,"name":id,"name_str":"id"`, or `null` for both.
fn write_id(name: &str, id: Option<u64>, out: &mut Vec<u8>) {
    for suffix in ["", "_str"] {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(suffix.as_bytes());
        out.extend_from_slice(b"\":");
        let quote: &[u8] = if suffix.is_empty() { b"" } else { b"\"" };
        match id {
            Some(id) => {
                out.extend_from_slice(quote);
                number(id, out);
                out.extend_from_slice(quote);
            }
            None => out.extend_from_slice(b"null"),
        }
    }
}

/// The anchor that was imported, or one around the name that v2 shows.
///
/// unverified(v1-source): where it leads.
fn write_source(parts: &Parts<'_>, out: &mut Vec<u8>) {
    write_name("source", out);
    match (parts.source, parts.v2_source) {
        (Some(anchor), _) => transcode(anchor, out),
        (None, None) => out.extend_from_slice(b"\"\""),
        (None, Some(name)) => {
            out.extend_from_slice(br#""\u003ca href=\"https:\/\/help.twitter.com\/en\/using-twitter\/how-to-tweet#source-labels\" rel=\"nofollow\"\u003e"#);
            transcode(&html(unquoted(name)), out);
            out.extend_from_slice(br#"\u003c\/a\u003e""#);
        }
    }
}

/// A text between tags of HTML.
fn html(text: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b'<' => escaped.extend_from_slice(b"&lt;"),
            b'>' => escaped.extend_from_slice(b"&gt;"),
            b'&' => escaped.extend_from_slice(b"&amp;"),
            byte => escaped.push(*byte),
        }
    }
    escaped
}

/// To whom it answers, and to which post.
fn write_answered(tweet: &TweetRef<'_>, parts: &Parts<'_>, out: &mut Vec<u8>) {
    let answered = tweet.references().find(|reference| reference.kind == ReferenceKind::RepliedTo);
    write_id("in_reply_to_status_id", answered.map(|reference| reference.id.get()), out);
    write_id("in_reply_to_user_id", parts.answered_user.and_then(number_in), out);
    write_or("in_reply_to_screen_name", parts.in_reply_to_screen_name, "null", out);
}

/// What it quotes.
fn write_quoted(tweet: &TweetRef<'_>, parts: &Parts<'_>, out: &mut Vec<u8>) {
    let quoted = tweet.references().find(|reference| reference.kind == ReferenceKind::Quoted);
    write_name("is_quote_status", out);
    flag(quoted.is_some() || parts.is_quote_status == Some(b"true"), out);
    if let Some(quoted) = quoted {
        write_id("quoted_status_id", Some(quoted.id.get()), out);
    }
    write_known("quoted_status_permalink", parts.quoted_status_permalink, out);
}

/// Appends a post inside the post, if it was imported: as it was, but for what depends on who asked
/// then, and without further accounts and posts, which nobody has judged.
fn write_embedded(name: &str, post: Option<&[u8]>, shows_entities: bool, out: &mut Vec<u8>) {
    let Some(post) = post else { return };
    write_name(name, out);
    out.push(b'{');
    let start = out.len();
    for (name, value) in members(post) {
        let value: &[u8] = match name {
            b"entities" | b"extended_entities" if !shows_entities => continue,
            b"user" | b"retweeted_status" | b"quoted_status" | b"current_user_retweet" => continue,
            b"favorited" | b"retweeted" => b"false",
            _ => value,
        };
        out.extend_from_slice(if out.len() == start { b"\"" } else { b",\"" });
        transcode(name, out);
        out.extend_from_slice(b"\":");
        transcode(value, out);
    }
    out.push(b'}');
}

/// `entities` from those of v2. v2 names nobody who is mentioned; the screen name stands for the
/// name.
///
/// unverified(v1-status-entities)
fn write_entities(of_v2: Option<&[u8]>, out: &mut Vec<u8>) {
    let kinds = [("hashtags", "hashtags"), ("symbols", "cashtags"), ("user_mentions", "mentions"), ("urls", "urls")];
    write_name("entities", out);
    for (at, (name, of_v2_name)) in kinds.into_iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"" } else { b",\"" });
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":[");
        let list = of_v2.and_then(|entities| member(entities, of_v2_name));
        for (at, item) in list.into_iter().flat_map(items).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match name {
                "urls" => entities::write_url(item, out),
                "user_mentions" => write_mention(item, out),
                _ => write_tag(item, out),
            }
        }
        out.push(b']');
    }
    out.push(b'}');
}

fn write_tag(tag: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"text\":");
    transcode(member(tag, "tag").unwrap_or(b"\"\""), out);
    write_indices(tag, out);
}

fn write_mention(mention: &[u8], out: &mut Vec<u8>) {
    let name = member(mention, "username").unwrap_or(b"\"\"");
    out.extend_from_slice(b"{\"screen_name\":");
    transcode(name, out);
    out.extend_from_slice(b",\"name\":");
    transcode(name, out);
    write_id("id", member(mention, "id").and_then(number_in), out);
    write_indices(mention, out);
}

fn write_indices(item: &[u8], out: &mut Vec<u8>) {
    let [mut start, mut end]: [&[u8]; 2] = [b"0"; 2];
    for (name, value) in members(item) {
        match name {
            b"start" => start = value,
            b"end" => end = value,
            _ => {}
        }
    }
    out.extend_from_slice(b",\"indices\":[");
    out.extend_from_slice(start);
    out.push(b',');
    out.extend_from_slice(end);
    out.extend_from_slice(b"]}");
}

/// The number that an id is, with quotes or without.
fn number_in(id: &[u8]) -> Option<u64> {
    std::str::from_utf8(unquoted(id)).ok()?.parse().ok()
}

fn unquoted(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

fn write_name(name: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_posts_are_nobodys_favorites_and_embed_nothing_further() {
        let post = br#"{"id":1,"entities":{"urls":[]},"user":{"id":2,"name":"A"},"quoted_status":{"id":3},"favorited":true,"retweeted":true,"lang":"en"}"#;
        let rest = r#""favorited":false,"retweeted":false,"lang":"en"}"#;
        for (shows_entities, entities) in [(true, r#""entities":{"urls":[]},"#), (false, "")] {
            let mut out = Vec::new();
            write_embedded("quoted_status", Some(post), shows_entities, &mut out);
            let expected = format!(r#","quoted_status":{{"id":1,{entities}{rest}"#);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
