//! Bios and links, with the entities that they contain.

use std::fmt::Write as _;

use model::{RawJson, Username};

use super::random::Random;
use super::words::{BETWEEN, LINKS, PHRASES, SIGNS, TAGS};

/// The longest bio, in code points.
const MAX: usize = 160;

/// A bio while it grows.
#[derive(Debug, Default)]
pub(super) struct Bio {
    pub(super) text: String,
    /// Code points of `text`.
    length: usize,
    urls: String,
    hashtags: String,
    mentions: String,
}

/// A t.co URL, and where it leads, without `https://`.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) url: String,
    target: String,
}

impl Bio {
    /// A bio of some pieces; the users that it mentions are named by `someone`.
    pub(super) fn new(random: &mut Random, someone: impl Fn(&mut Random) -> Username) -> Self {
        let mut bio = Self { text: String::with_capacity(MAX), ..Self::default() };
        for _ in 0..=random.below(7) {
            let between = if bio.text.is_empty() { "" } else { random.word(BETWEEN) };
            match random.below(100) {
                0..=7 => {
                    let tag = random.word(TAGS);
                    if let Some(start) = bio.push(between, "#", tag) {
                        item(start, bio.length, "tag", tag, &mut bio.hashtags);
                    }
                }
                8..=13 => {
                    let username = someone(random);
                    if let Some(start) = bio.push(between, "@", username.as_str()) {
                        item(start, bio.length, "username", username.as_str(), &mut bio.mentions);
                    }
                }
                kind => {
                    bio.push(between, "", random.word(if kind < 21 { SIGNS } else { PHRASES }));
                }
            }
        }
        if random.chance(80) {
            let link = Link::new(random);
            if let Some(start) = bio.push(" ", "", &link.url) {
                link.write_item(start, &mut bio.urls);
            }
        }
        bio
    }

    /// Appends a piece, if there is room for all of it, and gives the place of its mark.
    fn push(&mut self, between: &str, mark: &str, piece: &str) -> Option<usize> {
        let start = self.length + between.chars().count();
        let end = start + mark.len() + piece.chars().count();
        if end > MAX {
            return None;
        }
        [between, mark, piece].iter().for_each(|part| self.text.push_str(part));
        self.length = end;
        Some(start)
    }

    /// Appends the object `entities.description`, if there is one.
    fn write_entities(&self, out: &mut String) {
        let lists = [("urls", &self.urls), ("hashtags", &self.hashtags), ("mentions", &self.mentions)];
        let mut separator = "{\"";
        for (name, items) in lists.iter().filter(|(_, items)| !items.is_empty()) {
            [separator, name, "\":[", items, "]"].iter().for_each(|part| out.push_str(part));
            separator = ",\"";
        }
        out.push('}');
    }

    fn has_entities(&self) -> bool {
        !(self.urls.is_empty() && self.hashtags.is_empty() && self.mentions.is_empty())
    }
}

impl Link {
    /// Each has another path.
    pub(super) fn new(random: &mut Random) -> Self {
        let mut url = String::with_capacity(23);
        url.push_str("https://t.co/");
        random.letters(10, &mut url);
        let mut target = String::with_capacity(48);
        target.push_str(random.word(LINKS));
        let letters = 4 + random.below(16) as usize;
        random.letters(letters, &mut target);
        Self { url, target }
    }

    /// Appends an item of a list `urls`.
    fn write_item(&self, start: usize, out: &mut String) {
        /// Letters of the target that are displayed, when it has more.
        const DISPLAYED: usize = 26;
        let Self { url, target } = self;
        let (displayed, dots) = match target.get(..DISPLAYED) {
            Some(beginning) if target.len() > DISPLAYED => (beginning, "…"),
            _ => (target.as_str(), ""),
        };
        let _ = write!(out, r#"{{"start":{start},"end":{},"url":""#, start + url.len());
        for part in [url, r#"","expanded_url":"https://"#, target, r#"","display_url":""#, displayed, dots, r#""}"#] {
            out.push_str(part);
        }
    }
}

/// The object `entities` of a profile, if it has one.
pub(super) fn entities(link: Option<&Link>, bio: &Bio) -> Option<RawJson> {
    let mut json = String::new();
    if let Some(link) = link {
        json.reserve(256);
        json.push_str(r#"{"url":{"urls":["#);
        link.write_item(0, &mut json);
        json.push_str("]}");
    }
    if bio.has_entities() {
        json.push_str(if json.is_empty() { "{" } else { "," });
        json.push_str(r#""description":"#);
        bio.write_entities(&mut json);
    }
    if json.is_empty() {
        return None;
    }
    json.push('}');
    Some(RawJson::from_compact(json))
}

/// Appends an item of a list of hashtags or mentions.
fn item(start: usize, end: usize, member: &str, text: &str, out: &mut String) {
    let comma = if out.is_empty() { "" } else { "," };
    // Writing to a String cannot fail; so above. No text here needs an escape.
    let _ = write!(out, r#"{comma}{{"start":{start},"end":{end},"{member}":"{text}"}}"#);
}
