//! What a lookup asks for: ids or usernames, each once, with the spelling in which
//! they were asked for.

use std::borrow::Cow;
use std::ops::Range;

use model::{UserId, Username};

/// The most keys of one request.
pub const MOST_KEYS: usize = 100;

/// The keys of one kind. Position `i` of `parsed` was spelled `spelling(i)`.
#[derive(Debug, Clone)]
pub struct KeyList<'q, K> {
    /// In order of first mention, each once.
    pub parsed: Vec<K>,
    text: Cow<'q, str>,
    spans: Vec<Range<usize>>,
}

impl<K> KeyList<'_, K> {
    /// The key as the request spelled it, for problems that repeat it.
    #[must_use]
    pub fn spelling(&self, position: usize) -> &str {
        self.spans.get(position).and_then(|span| self.text.get(span.clone())).unwrap_or_default()
    }
}

/// What a lookup asks for.
#[derive(Debug, Clone)]
pub enum Keys<'q> {
    /// Ids.
    Ids(KeyList<'q, UserId>),
    /// Usernames; those that differ in letter case alone count as one.
    Usernames(KeyList<'q, Username>),
}

impl Keys<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Ids(keys) => keys.parsed.len(),
            Self::Usernames(keys) => keys.parsed.len(),
        }
    }

    /// Whether there are none; a parsed lookup has at least one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// See [`KeyList::spelling`].
    #[must_use]
    pub fn spelling(&self, position: usize) -> &str {
        match self {
            Self::Ids(keys) => keys.spelling(position),
            Self::Usernames(keys) => keys.spelling(position),
        }
    }
}

/// A list that is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadList {
    TooMany(usize),
    Malformed(String),
}

/// Reads a comma-separated list. `read` gives a key and the form under which it is
/// the same as another.
///
/// unverified(duplicate-keys): the limit counts every mention, also repeated ones.
pub(crate) fn read_list<K, S: PartialEq>(
    text: Cow<'_, str>,
    read: impl Fn(&str) -> Option<(K, S)>,
) -> Result<KeyList<'_, K>, BadList> {
    let mentions = 1 + text.bytes().filter(|&byte| byte == b',').count();
    if mentions > MOST_KEYS {
        return Err(BadList::TooMany(mentions));
    }
    let mut parsed = Vec::with_capacity(mentions);
    let mut same = Vec::with_capacity(mentions);
    let mut spans = Vec::with_capacity(mentions);
    let mut start = 0;
    for item in text.split(',') {
        let (key, sameness) = read(item).ok_or_else(|| BadList::Malformed(item.to_owned()))?;
        // At most 5,000 comparisons of a few bytes; a hash set costs more at this size.
        if !same.contains(&sameness) {
            parsed.push(key);
            same.push(sameness);
            spans.push(start..start + item.len());
        }
        start += item.len() + 1;
    }
    Ok(KeyList { parsed, text, spans })
}
