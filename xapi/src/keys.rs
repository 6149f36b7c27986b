//! What a lookup asks for: ids or usernames, each once, with the spelling in which
//! they were asked for.

use std::borrow::Cow;
use std::ops::Range;

use model::{UserId, Username, UsernameKey};
use smallvec::SmallVec;

/// The most keys of one request.
pub const MOST_KEYS: usize = 100;

/// The keys of one kind. Position `i` of [`parsed`](Self::parsed) was spelled `spelling(i)`.
#[derive(Debug, Clone)]
pub struct KeyList<'q, K> {
    parsed: OneOrMore<K>,
    text: Cow<'q, str>,
    spans: OneOrMore<Range<usize>>,
}

/// A path names one, which needs no memory of its own.
type OneOrMore<T> = SmallVec<[T; 1]>;

impl<K> KeyList<'_, K> {
    /// The keys in the order of first mention, each once.
    #[must_use]
    pub fn parsed(&self) -> &[K] {
        &self.parsed
    }

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

/// What makes two spellings the same key.
pub(crate) trait Identity: PartialEq {
    /// A number in which most different keys differ.
    fn spread(&self) -> u64;
}

impl Identity for UserId {
    fn spread(&self) -> u64 {
        self.get()
    }
}

impl Identity for UsernameKey {
    fn spread(&self) -> u64 {
        let (words, _) = self.as_bytes().as_chunks::<4>();
        words.iter().fold(0, |sum, word| sum * 31 + u64::from(u32::from_le_bytes(*word)))
    }
}

/// Reads a comma-separated list. `read` gives a key and the form under which it is
/// the same as another.
///
/// unverified(duplicate-keys): the limit counts every mention, also repeated ones.
pub(crate) fn read_list<K, S: Identity>(
    text: Cow<'_, str>,
    read: impl Fn(&str) -> Option<(K, S)>,
) -> Result<KeyList<'_, K>, BadList> {
    let mentions = 1 + text.bytes().filter(|&byte| byte == b',').count();
    if mentions > MOST_KEYS {
        return Err(BadList::TooMany(mentions));
    }
    let mut parsed = SmallVec::with_capacity(mentions);
    let mut spans = SmallVec::with_capacity(mentions);
    // A single key, as in a path, is new without a table.
    let mut seen = (mentions > 1).then(|| Seen::new(mentions));
    let mut start = 0;
    for item in text.as_bytes().split(|&byte| byte == b',') {
        let span = start..start + item.len();
        start = span.end + 1;
        let item = text.get(span.clone()).unwrap_or_default();
        let (key, identity) = read(item).ok_or_else(|| BadList::Malformed(item.to_owned()))?;
        if seen.as_mut().is_none_or(|seen| seen.is_new(identity)) {
            parsed.push(key);
            spans.push(span);
        }
    }
    Ok(KeyList { parsed, text, spans })
}

/// The keys of a list so far, as a hash table with room for a hundred. Comparing each
/// with all before it took longer than reading them.
struct Seen<S> {
    keys: Vec<S>,
    /// Positions in `keys`, counted from 1, in open addressing; 0 is free.
    slots: [u8; 256],
}

impl<S: Identity> Seen<S> {
    fn new(most: usize) -> Self {
        Self { keys: Vec::with_capacity(most), slots: [0; 256] }
    }

    /// Whether `key` was not there before; it is now. At most [`MOST_KEYS`] are kept,
    /// so that a free slot is always found.
    fn is_new(&mut self, key: S) -> bool {
        // Fibonacci hashing: ids that follow each other come to lie apart.
        let mut at = (key.spread().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
        while let Some(&position) = self.slots.get(usize::from(at)).filter(|&&position| position != 0) {
            if self.keys.get(usize::from(position) - 1) == Some(&key) {
                return false;
            }
            at = at.wrapping_add(1);
        }
        self.keys.push(key);
        if let Some(slot) = self.slots.get_mut(usize::from(at)) {
            *slot = self.keys.len() as u8;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Result<KeyList<'_, UserId>, BadList> {
        read_list(Cow::Borrowed(text), |item| item.parse::<UserId>().ok().map(|id| (id, id)))
    }

    #[test]
    fn keys_keep_the_order_and_the_spelling_of_their_first_mention() {
        let keys = ids("7,0012,3,007,12,3").unwrap();
        assert_eq!(keys.parsed(), [7, 12, 3].map(UserId::new));
        assert_eq!([0, 1, 2, 3].map(|at| keys.spelling(at)), ["7", "0012", "3", ""]);
    }

    #[test]
    fn the_first_malformed_item_is_named_and_the_limit_counts_every_mention() {
        assert_eq!(ids("1,,x").unwrap_err(), BadList::Malformed(String::new()));
        assert_eq!(ids("1,2,é").unwrap_err(), BadList::Malformed("é".to_owned()));
        assert_eq!(ids(&["1"; 101].join(",")).unwrap_err(), BadList::TooMany(101));
        assert_eq!(ids(&["1"; 100].join(",")).unwrap().parsed(), [UserId::new(1)]);
    }

    #[test]
    fn keys_that_hash_alike_are_still_told_apart() {
        // Multiples of 2^56 all begin at the same slot.
        let text: Vec<String> = (0..100).map(|number: u64| ((number % 50) << 56).to_string()).collect();
        let expected: Vec<UserId> = (0..50).map(|number| UserId::new(number << 56)).collect();
        assert_eq!(ids(&text.join(",")).unwrap().parsed(), expected);
    }
}
