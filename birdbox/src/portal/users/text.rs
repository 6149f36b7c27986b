//! What users wrote, taken apart at the entities that it holds.
//!
//! A link leads to addresses of the web alone. Everything else is text, which templates escape.

use serde::Deserialize;
use xapi::encode;

use super::super::page::cut;

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Where it leads.
    pub(super) href: Option<String>,
    /// Whether that is outside this server.
    pub(super) is_outside: bool,
}

/// `entities` of a user.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entities {
    pub(super) url: Marks,
    pub(super) description: Marks,
}

/// What stands where in a text, in code points.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Marks {
    urls: Vec<Address>,
    hashtags: Vec<Tag>,
    cashtags: Vec<Tag>,
    mentions: Vec<Mention>,
}

#[derive(Debug, Deserialize)]
struct Address {
    start: usize,
    end: usize,
    url: String,
    expanded_url: Option<String>,
    display_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Tag {
    start: usize,
    end: usize,
    tag: String,
}

#[derive(Debug, Deserialize)]
struct Mention {
    start: usize,
    end: usize,
    username: String,
}

/// A part of a text that is shown in another way.
struct Mark {
    start: usize,
    end: usize,
    /// What is shown in its place, if something else is.
    shown: Option<String>,
    href: Option<String>,
    is_outside: bool,
}

/// Reads a JSON object of entities; what is none has none.
pub(super) fn entities<T: Default + for<'de> Deserialize<'de>>(json: Option<&[u8]>) -> T {
    json.and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default()
}

/// An address if it is one of the web that can be linked to.
pub(super) fn web_address(text: &str) -> Option<&str> {
    let has_scheme = ["https://", "http://"].iter().any(|scheme| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
    });
    let is_plain = !text.contains(|character: char| character.is_whitespace() || character.is_control());
    (has_scheme && is_plain).then_some(text)
}

impl Marks {
    /// The first address, and how it is shown.
    pub(super) fn first_address(&self) -> Option<(&str, &str)> {
        let first = self.urls.first()?;
        let address = first.expanded_url.as_deref().unwrap_or(&first.url);
        Some((address, first.display_url.as_deref().unwrap_or(address)))
    }

    /// The marks in their order. Of those that overlap the first counts.
    fn ordered(self) -> Vec<Mark> {
        let address = |Address { start, end, url, expanded_url, display_url }: Address| {
            let href = web_address(expanded_url.as_deref().unwrap_or(&url)).map(str::to_owned);
            Mark { start, end, shown: display_url, href, is_outside: true }
        };
        let tag = |sign: &'static str| {
            move |Tag { start, end, tag }: Tag| {
                let href = Some(format!("https://x.com/search?q={}", encode(&format!("{sign}{tag}"), "")));
                Mark { start, end, shown: None, href, is_outside: true }
            }
        };
        let mention = |Mention { start, end, username }: Mention| {
            let href = Some(format!("/portal/users?q={}", encode(&format!("@{username}"), "")));
            Mark { start, end, shown: None, href, is_outside: false }
        };
        let Self { urls, hashtags, cashtags, mentions } = self;
        let tags = hashtags.into_iter().map(tag("#")).chain(cashtags.into_iter().map(tag("$")));
        let mut marks: Vec<_> =
            urls.into_iter().map(address).chain(tags).chain(mentions.into_iter().map(mention)).collect();
        marks.sort_by_key(|mark| (mark.start, mark.end));
        marks
    }
}

/// The pieces of a text of at most `most` characters, each as `clean` leaves it.
pub(super) fn pieces(text: &str, marks: Marks, most: usize, clean: impl Fn(&str) -> String) -> Vec<Piece> {
    let whole: Vec<char> = text.chars().collect();
    let characters = whole.get(..most).unwrap_or(&whole);
    let between = |start: usize, end: usize| {
        let text: String = characters.get(start..end).unwrap_or_default().iter().collect();
        clean(&text)
    };
    let (mut pieces, mut at) = (Vec::new(), 0);
    for Mark { start, end, shown, href, is_outside } in marks.ordered() {
        if start < at || end <= start || end > characters.len() {
            continue;
        }
        pieces.push(Piece { text: between(at, start), ..Piece::default() });
        let text = shown.map_or_else(|| between(start, end), |shown| cut(&shown, 100));
        pieces.push(Piece { text, href, is_outside });
        at = end;
    }
    let rest = between(at, characters.len());
    let ending = if characters.len() < whole.len() { "…" } else { "" };
    pieces.push(Piece { text: rest + ending, ..Piece::default() });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, json: &str) -> Vec<(String, Option<String>)> {
        let marks: Marks = entities(Some(json.as_bytes()));
        pieces(text, marks, 100, str::to_owned).into_iter().map(|piece| (piece.text, piece.href)).collect()
    }

    fn text(text: &str) -> (String, Option<String>) {
        (text.to_owned(), None)
    }

    #[test]
    fn entities_are_links_at_their_code_points() {
        let json = r##"{"urls":[{"start":10,"end":13,"url":"https://t.co/a","expanded_url":"https://a.example/","display_url":"a.example"}],
            "hashtags":[{"start":2,"end":5,"tag":"ab"}],"mentions":[{"start":6,"end":9,"username":"ab"}]}"##;
        let link = |text: &str, href: &str| (text.to_owned(), Some(href.to_owned()));
        assert_eq!(
            shown("é #ab @ab xxx!", json),
            [
                text("é "),
                link("#ab", "https://x.com/search?q=%23ab"),
                text(" "),
                link("@ab", "/portal/users?q=%40ab"),
                text(" "),
                link("a.example", "https://a.example/"),
                text("!"),
            ]
        );
    }

    #[test]
    fn marks_that_lie_lead_nowhere() {
        for json in [
            r#"{"urls":[{"start":0,"end":9,"url":"x"}]}"#,
            r#"{"urls":[{"start":2,"end":1,"url":"x"}]}"#,
            r#"{"urls":[{"start":18446744073709551615,"end":18446744073709551615,"url":"x"}]}"#,
            r#"{"urls":7}"#,
            "not json",
        ] {
            assert_eq!(shown("abc", json), [text("abc")], "{json}");
        }
        let script = r#"{"urls":[{"start":0,"end":3,"url":"javascript:alert(1)"}]}"#;
        assert_eq!(shown("abc", script), [text("abc")], "a link in no scheme of the web");
        let twice = r#"{"mentions":[{"start":0,"end":2,"username":"a"},{"start":1,"end":3,"username":"b"}]}"#;
        assert_eq!(shown("abc", twice).len(), 2);
    }

    #[test]
    fn links_lead_to_the_web_alone() {
        for right in ["https://a", "HTTP://a/b?c"] {
            assert_eq!(web_address(right), Some(right));
        }
        for wrong in
            ["javascript:alert(1)", "https://", "https://a b", "//a", "", "data:text/html,x", "é", "https://a\n"]
        {
            assert_eq!(web_address(wrong), None, "{wrong}");
        }
    }
}
