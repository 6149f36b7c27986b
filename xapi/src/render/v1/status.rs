//! The newest post of a user as API v1.1 embeds it, in the order of its recordings.
//!
//! What only v1.1 shows is copied where it was imported; of a post that came from v2 it is made
//! from the members of v2.

use model::{ReferenceKind, TweetField, TweetRef};

use super::scan::{items, member, members};
use super::text::transcode;
use super::{entities, flag, number};

/// What is known of a post beyond the members that every post has.
struct Parts<'a> {
    /// See [`model::Tweet::v1_members`].
    own: &'a [u8],
    entities: Option<&'a [u8]>,
    answered_user: Option<&'a [u8]>,
    lang: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
    sensitive: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(tweet: &TweetRef<'a>) -> Self {
        let mut parts = Self {
            own: tweet.v1_members().unwrap_or_default(),
            entities: None,
            answered_user: None,
            lang: None,
            source: None,
            sensitive: None,
        };
        for (field, value) in tweet.members() {
            match field {
                TweetField::Entities => parts.entities = Some(value),
                TweetField::InReplyToUserId => parts.answered_user = Some(value),
                TweetField::Lang => parts.lang = Some(value),
                TweetField::Source => parts.source = Some(value),
                TweetField::PossiblySensitive => parts.sensitive = Some(value),
                _ => {}
            }
        }
        parts
    }

    /// Appends a member that was imported, or what it is otherwise.
    fn write(&self, name: &str, otherwise: &str, out: &mut Vec<u8>) {
        write_name(name, out);
        match member(self.own, name) {
            Some(value) => transcode(value, out),
            None => out.extend_from_slice(otherwise.as_bytes()),
        }
    }

    /// Appends a member if it was imported.
    fn write_known(&self, name: &str, out: &mut Vec<u8>) {
        if let Some(value) = member(self.own, name) {
            write_name(name, out);
            transcode(value, out);
        }
    }
}

/// Appends a post. `shows_entities` is what the request says of entities.
///
/// unverified(v1-text-modes): a text that was imported in one mode is shown in both.
pub(super) fn write(tweet: &TweetRef<'_>, shows_entities: bool, extended: bool, out: &mut Vec<u8>) {
    let parts = Parts::of(tweet);
    out.extend_from_slice(b"{\"created_at\":\"");
    tweet.created_at.unwrap_or_else(|| super::born(tweet.id.get())).write_v1(out);
    out.push(b'"');
    write_id("id", Some(tweet.id.get()), out);
    write_name(if extended { "full_text" } else { "text" }, out);
    out.push(b'"');
    transcode(tweet.text.as_bytes(), out);
    out.push(b'"');
    parts.write("truncated", "false", out);
    if extended {
        let whole = format!("[0,{}]", tweet.text.to_text().chars().count());
        parts.write("display_text_range", &whole, out);
    }
    if shows_entities {
        match member(parts.own, "entities") {
            Some(value) => {
                write_name("entities", out);
                transcode(value, out);
            }
            None => write_entities(parts.entities, out),
        }
        parts.write_known("extended_entities", out);
    }
    write_source(&parts, out);
    write_answered(tweet, &parts, out);
    for name in ["geo", "coordinates", "place", "contributors"] {
        parts.write(name, "null", out);
    }
    parts.write_known("retweeted_status", out);
    write_quoted(tweet, &parts, out);
    let metrics = tweet.public_metrics.unwrap_or_default();
    for (name, count) in [("retweet_count", metrics.retweets), ("favorite_count", metrics.likes)] {
        write_name(name, out);
        number(count, out);
    }
    out.extend_from_slice(b",\"favorited\":false,\"retweeted\":false");
    if let Some(sensitive) = parts.sensitive {
        write_name("possibly_sensitive", out);
        transcode(sensitive, out);
    }
    write_name("lang", out);
    transcode(parts.lang.unwrap_or(b"\"und\""), out);
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
    match (member(parts.own, "source"), parts.source) {
        (Some(anchor), _) => transcode(anchor, out),
        (None, None) => out.extend_from_slice(b"\"\""),
        (None, Some(name)) => {
            out.extend_from_slice(br#""\u003ca href=\"https:\/\/help.twitter.com\/en\/using-twitter\/how-to-tweet#source-labels\" rel=\"nofollow\"\u003e"#);
            transcode(unquoted(name), out);
            out.extend_from_slice(br#"\u003c\/a\u003e""#);
        }
    }
}

/// To whom it answers, and to which post.
fn write_answered(tweet: &TweetRef<'_>, parts: &Parts<'_>, out: &mut Vec<u8>) {
    let answered = tweet.references().find(|reference| reference.kind == ReferenceKind::RepliedTo);
    write_id("in_reply_to_status_id", answered.map(|reference| reference.id.get()), out);
    let user = parts.answered_user.and_then(|id| std::str::from_utf8(unquoted(id)).ok()?.parse().ok());
    write_id("in_reply_to_user_id", user, out);
    parts.write("in_reply_to_screen_name", "null", out);
}

/// What it quotes.
fn write_quoted(tweet: &TweetRef<'_>, parts: &Parts<'_>, out: &mut Vec<u8>) {
    let quoted = tweet.references().find(|reference| reference.kind == ReferenceKind::Quoted);
    write_name("is_quote_status", out);
    flag(quoted.is_some() || member(parts.own, "is_quote_status") == Some(b"true"), out);
    if let Some(quoted) = quoted {
        write_id("quoted_status_id", Some(quoted.id.get()), out);
    }
    parts.write_known("quoted_status_permalink", out);
    parts.write_known("quoted_status", out);
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
    let id = member(mention, "id").and_then(|id| std::str::from_utf8(unquoted(id)).ok()?.parse().ok());
    write_id("id", id, out);
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

fn unquoted(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

fn write_name(name: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}
