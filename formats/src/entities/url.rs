//! URLs, as far as profiles need them: t.co URLs are reported, and inside any other
//! address there are no hashtags, mentions and cashtags.
//!
//! There is no list of top-level domains here. An address without a scheme counts
//! only if a path follows, since nothing else of it could be taken for an entity.

use super::text::{Text, is_accented_latin};
use super::{Entity, EntityKind};

/// A stretch of text that is an address.
pub(super) struct Span {
    start: usize,
    end: usize,
    /// Whether it is a t.co URL.
    pub(super) is_tco: bool,
}

impl Span {
    pub(super) fn entity(&self, text: &Text) -> Entity {
        text.entity(EntityKind::Url, self.start, self.start, self.end)
    }
}

/// Whether any of `spans`, which stand in the order of the text, overlaps `entity`.
pub(super) fn overlaps(spans: &[Span], entity: &Entity) -> bool {
    let next = spans.partition_point(|span| span.end <= entity.start);
    spans.get(next).is_some_and(|span| span.start < entity.end)
}

/// Longest name after `t.co/` that is taken for one of the service.
const MAX_TCO_NAME: usize = 40;

/// Every address of `text`, from left to right.
pub(super) fn spans(text: &Text) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let starts_word = !text.before(at, 0).is_some_and(continues_word);
        match starts_word.then(|| span(text, at)).flatten() {
            Some(span) => {
                at = span.end;
                spans.push(span);
            }
            None => at += 1,
        }
    }
    spans
}

fn span(text: &Text, start: usize) -> Option<Span> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.has_at(start, scheme));
    let host = start + scheme.map_or(0, str::len);
    if scheme.is_some() && text.has_at(host, "t.co/") {
        let name = host + "t.co/".len();
        let end = text.run(name, usize::MAX, |character| character.is_ascii_alphanumeric());
        if (1..=MAX_TCO_NAME).contains(&(end - name)) {
            return Some(Span { start, end: query_end(text, end), is_tco: true });
        }
    }
    if scheme.is_none() && text.before(start, 0).is_some_and(is_in_host) {
        return None; // this run of host characters was looked at from its beginning
    }
    let host_end = text.run(host, usize::MAX, is_in_host);
    let has_path = text.at(host_end) == Some('/');
    let is_address = if scheme.is_some() { host_end > host } else { has_path && has_domain(text, host, host_end) };
    if !is_address {
        return None;
    }
    let end = if has_path { text.run(host_end, usize::MAX, is_in_path) } else { host_end };
    Some(Span { start, end: query_end(text, end), is_tco: false })
}

/// Whether the host has a dot and after its last dot two or more letters.
fn has_domain(text: &Text, host: usize, host_end: usize) -> bool {
    let last_dot = (host + 1..host_end).rev().find(|&index| text.at(index) == Some('.'));
    last_dot.is_some_and(|dot| {
        let end = text.run(dot + 1, usize::MAX, |character| character.is_ascii_alphabetic());
        end == host_end && end - dot > 2
    })
}

/// The end of the query that begins at `at`, or `at`.
fn query_end(text: &Text, at: usize) -> usize {
    let is_query = text.at(at) == Some('?') && text.at(at + 1).is_some_and(is_in_path);
    if is_query { text.run(at + 1, usize::MAX, |character| is_in_path(character) || character == '?') } else { at }
}

/// What may not stand before an address: it would belong to the same word.
fn continues_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '@' | '＠' | '$' | '#' | '＃')
}

fn is_in_host(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_') || is_accented_latin(character)
}

fn is_in_path(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(
            character,
            '!' | '*'
                | '\''
                | ';'
                | ':'
                | '='
                | '+'
                | ','
                | '.'
                | '$'
                | '/'
                | '%'
                | '#'
                | '['
                | ']'
                | '-'
                | '_'
                | '~'
                | '&'
                | '|'
                | '@'
                | '('
                | ')'
        )
        || is_accented_latin(character)
        || matches!(character, '\u{400}'..='\u{52F}')
}
