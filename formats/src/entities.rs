//! What the texts of a profile contain, in the layout of API v2's `entities`.
//!
//! Hashtags, mentions and cashtags follow the rules of twitter-text. Of URLs only
//! those are reported that the service itself wrapped in t.co, as X does in bios.
//! Offsets count Unicode code points.

mod cashtag;
mod hashtag;
mod mention;
mod text;
mod url;

use model::RawJson;

use crate::raw::{finish, string};
use text::Text;

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A t.co URL.
    Url,
    /// `#word`.
    Hashtag,
    /// `@name`.
    Mention,
    /// `@name/list`. X reports none of these in profiles.
    List,
    /// `$SYMBOL`.
    Cashtag,
}

/// A piece of text with a special meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its meaning.
    pub kind: EntityKind,
    /// Where it begins, its sign included, in code points.
    pub start: usize,
    /// Where it ends, exclusive, in code points.
    pub end: usize,
    /// What it says, without its sign.
    pub text: String,
}

/// The object `entities` of a profile; `None` when there is nothing to report.
///
/// Where a t.co URL leads is not to be found in the text, so such a URL has neither
/// `expanded_url` nor `display_url`, as X answers for URLs that it cannot resolve.
#[must_use]
pub fn of_profile(url: Option<&str>, description: &str) -> Option<RawJson> {
    object(url.and_then(of_url), of_description(None, &extract(description)))
}

/// The object `entities` from its two parts.
pub(crate) fn object(url: Option<Vec<u8>>, description: Option<Vec<u8>>) -> Option<RawJson> {
    let mut json = Vec::new();
    for (name, part) in [("url", url), ("description", description)] {
        if let Some(mut part) = part {
            json.push(if json.is_empty() { b'{' } else { b',' });
            string(name, &mut json);
            json.push(b':');
            json.append(&mut part);
        }
    }
    if json.is_empty() {
        return None;
    }
    json.push(b'}');
    Some(finish(json))
}

/// The object `entities.url` of a URL of which no more is known.
pub(crate) fn of_url(url: &str) -> Option<Vec<u8>> {
    if url.is_empty() {
        return None;
    }
    let mut json = br#"{"urls":["#.to_vec();
    item(0, url.chars().count(), "url", url, &mut json);
    json.extend_from_slice(b"]}");
    Some(json)
}

/// The object `entities.description`. A source that knows where URLs lead gives them as
/// ready items with commas between; else those among `entities` are listed.
pub(crate) fn of_description(urls: Option<&[u8]>, entities: &[Entity]) -> Option<Vec<u8>> {
    /// Every kind that a bio reports, its list, and the member with its text.
    const KINDS: [(EntityKind, &str, &str); 4] = [
        (EntityKind::Url, "urls", "url"),
        (EntityKind::Hashtag, "hashtags", "tag"),
        (EntityKind::Mention, "mentions", "username"),
        (EntityKind::Cashtag, "cashtags", "tag"),
    ];
    let mut json = Vec::new();
    for (kind, list, member) in KINDS {
        let mut items = Vec::new();
        match urls {
            Some(urls) if kind == EntityKind::Url => items.extend_from_slice(urls),
            _ => {
                for entity in entities.iter().filter(|entity| entity.kind == kind) {
                    separate(&mut items);
                    item(entity.start, entity.end, member, &entity.text, &mut items);
                }
            }
        }
        if !items.is_empty() {
            json.push(if json.is_empty() { b'{' } else { b',' });
            string(list, &mut json);
            json.extend_from_slice(b":[");
            json.append(&mut items);
            json.push(b']');
        }
    }
    if json.is_empty() {
        return None;
    }
    json.push(b'}');
    Some(json)
}

/// Every entity of `text`, kind by kind, each kind in the order of the text.
#[must_use]
pub fn extract(text: &str) -> Vec<Entity> {
    if !may_be_in(text) {
        return Vec::new();
    }
    let text = Text::new(text);
    let urls = url::spans(&text);
    let mut found: Vec<Entity> = urls.iter().filter(|url| url.is_tco).map(|url| url.entity(&text)).collect();
    let marked = hashtag::find(&text).into_iter().chain(mention::find(&text)).chain(cashtag::find(&text));
    found.extend(marked.filter(|entity| !url::overlaps(&urls, entity)));
    found
}

/// Whether a profile with this URL and bio may have entities at all; quick, and
/// never wrongly "no".
#[must_use]
pub fn may_be_in_profile(url: Option<&str>, description: &str) -> bool {
    url.is_some_and(|url| !url.is_empty()) || may_be_in(description)
}

fn may_be_in(text: &str) -> bool {
    // The signs: # @ $ in ASCII, ＃ and ＠ in full width, and the host of wrapped URLs.
    // 0xEF begins, among others, the letters in full width.
    let (mut has_sign, mut has_full_width, mut has_slash) = (false, false, false);
    for byte in text.bytes() {
        has_sign |= matches!(byte, b'#' | b'@' | b'$');
        has_full_width |= byte == 0xEF;
        has_slash |= byte == b'/';
    }
    has_sign || has_full_width && text.contains(['＃', '＠']) || has_slash && text.contains("//")
}

fn item(start: usize, end: usize, member: &str, text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!(r#"{{"start":{start},"end":{end},"{member}":"#).as_bytes());
    string(text, out);
    out.push(b'}');
}

pub(crate) fn separate(items: &mut Vec<u8>) {
    if !items.is_empty() {
        items.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_bio(description: &str) -> String {
        of_profile(None, description).map_or_else(String::new, |json| json.as_str().to_owned())
    }

    #[test]
    fn a_profile_reports_its_url_and_what_its_bio_contains() {
        let json = of_profile(Some("https://t.co/abcdefghij"), "🐳 #dev at @TwitterDev, long $TWTR https://t.co/x");
        let expected = concat!(
            r#"{"url":{"urls":[{"start":0,"end":23,"url":"https://t.co/abcdefghij"}]},"#,
            r#""description":{"urls":[{"start":34,"end":48,"url":"https://t.co/x"}],"#,
            r#""hashtags":[{"start":2,"end":6,"tag":"dev"}],"#,
            r#""mentions":[{"start":10,"end":21,"username":"TwitterDev"}],"#,
            r#""cashtags":[{"start":28,"end":33,"tag":"TWTR"}]}}"#,
        );
        assert_eq!(json.unwrap().as_str(), expected);
    }

    #[test]
    fn a_bio_without_signs_has_no_entities() {
        assert_eq!(of_profile(None, "What's happening?! example.com"), None);
        assert_eq!(of_profile(Some(""), ""), None);
    }

    #[test]
    fn urls_that_the_service_did_not_wrap_are_not_reported() {
        assert_eq!(of_bio("see https://example.com/#top and example.com/@me"), "");
    }

    #[test]
    fn lists_are_not_reported() {
        assert_eq!(of_bio("@name/list"), "");
    }

    #[test]
    fn a_keycap_hides_no_later_hashtag() {
        assert_eq!(
            of_bio("#\u{fe0f}\u{20e3} #tag"),
            r#"{"description":{"hashtags":[{"start":4,"end":8,"tag":"tag"}]}}"#
        );
    }

    #[test]
    fn a_hashtag_glued_to_another_is_none() {
        assert_eq!(of_bio("#one#two"), "");
    }
}
