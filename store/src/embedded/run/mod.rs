//! The run: what the log held at the start, as sorted numbers that lead to its rows.
//!
//! Nothing is copied: a record is read from the log when somebody asks for it, and its
//! checksum is checked again. Maps of records would take five times as long to fill,
//! and twenty times the memory. A run does not change; the first merge takes it in.

mod pairs;
mod scan;
mod source;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;
use std::sync::Arc;

use model::UsernameKey;

use self::pairs::Pairs;
pub(super) use self::source::Source;
use super::codec::{Ordinal, Record, TweetRecord, UserRecord};
use super::lists::ListsRun;
use super::segment::hash;
use crate::ReadError;

/// The first ordinals that were not given when the segments were made.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstNew {
    pub(super) users: u64,
    pub(super) tweets: u64,
}

/// What the log held at the start.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) users: Part<UserRecord>,
    /// From the hashes of usernames to ordinals.
    usernames: Pairs,
    pub(super) tweets: Part<TweetRecord>,
    pub(super) lists: ListsRun,
    first_row: u64,
    /// Rows of the log that are in here.
    pub(super) rows: u64,
    /// Bytes of these rows.
    pub(super) log_bytes: usize,
}

impl Run {
    /// Those who may have taken a username. One counts only if that user still bears it.
    #[inline]
    pub(super) fn bearers(&self, key: &UsernameKey) -> impl Iterator<Item = Ordinal> {
        self.usernames.values(short(hash::of_username(key))).map(Ordinal)
    }

    /// The number of the row after it.
    pub(super) fn next_row(&self) -> u64 {
        self.first_row + self.rows
    }

    /// Memory that this takes.
    pub(super) fn bytes(&self) -> usize {
        let Self { users, usernames, tweets, lists, .. } = self;
        let pairs = [&users.rows, &users.ids, usernames, &tweets.rows, &tweets.ids].map(Pairs::bytes);
        pairs.iter().sum::<usize>() + lists.bytes()
    }
}

/// The users, or the posts, of a run.
#[derive(Debug)]
pub(super) struct Part<R> {
    /// From ordinals to rows, and whether these leave nothing: see [`place`].
    rows: Pairs,
    /// From the hashes of ids to ordinals, for ids that came after the segments.
    ids: Pairs,
    first_row: u64,
    next: u64,
    net: i64,
    source: Arc<Source>,
    record: PhantomData<R>,
}

impl<R: Record> Part<R> {
    /// The last of `first_new` and of what `rows` say counts. The rows begin with `first_row`.
    fn new(rows: Pairs, ids: Pairs, first_new: u64, first_row: u64, source: Arc<Source>) -> Self {
        let net = rows.iter().map(|(ordinal, place)| {
            let was_there = u64::from(ordinal) < first_new;
            i64::from(!is_gone(place)) - i64::from(was_there)
        });
        let next = rows.iter().next_back().map_or(0, |(last, _)| u64::from(last) + 1).max(first_new);
        Self { net: net.sum(), rows, ids, first_row, next, source, record: PhantomData }
    }

    /// What an ordinal is, if that changed: a copy of its record, or nothing.
    #[inline]
    pub(super) fn record(&self, ordinal: Ordinal) -> Result<Option<Option<R>>, ReadError> {
        let Some(place) = self.rows.values(ordinal.0).next() else { return Ok(None) };
        if is_gone(place) {
            return Ok(Some(None));
        }
        self.source.record(ordinal, self.first_row + u64::from(place >> 1)).map(Some)
    }

    /// The ordinals that an id may have or have had, if it came after the segments. Whose
    /// id it is says the record.
    #[inline]
    pub(super) fn candidates(&self, id: R::Id) -> impl Iterator<Item = Ordinal> {
        self.ids.values(short(hash::of_id(R::number(id)))).map(Ordinal)
    }

    /// All changed ordinals in order.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = Ordinal> {
        self.rows.iter().map(|(ordinal, _)| Ordinal(ordinal))
    }

    /// The first ordinal that was never given.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Records more, or fewer, than in the segments.
    pub(super) fn net(&self) -> i64 {
        self.net
    }
}

/// So many rows fit into a run.
const MOST_ROWS: u64 = 1 << 31;

/// A row, counted from the first of the log, and in the last bit whether it leaves nothing.
fn place(row: u64, is_gone: bool) -> u32 {
    (row as u32) << 1 | u32::from(is_gone)
}

fn is_gone(place: u32) -> bool {
    place & 1 == 1
}

/// The half of a hash that a run keeps. Another key with the same half is told by its record.
fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}
