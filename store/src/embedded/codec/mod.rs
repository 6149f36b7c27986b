//! The stored forms: bytes of users and posts, and of the rows of the log.
//!
//! Little-endian. A member that is absent costs one bit. In a record the members of a
//! fixed size come first and then, in one run, the lengths of all texts: a reader that
//! had to decode one length to find the next would take three times as long. Reading
//! trusts no length and never panics.

pub(crate) mod identity;
mod order;
#[cfg(test)]
mod properties;
mod row;
mod tweet;
mod user;

use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;

use model::{RawJson, Timestamp, UsernameKey};

pub(crate) use order::OrderKey;
pub(crate) use row::{BadRow, Change, Changed, Follow, ListRow, Of, Row};
pub(crate) use tweet::TweetRecord;
pub(crate) use user::UserRecord;

use super::segment::FileKind;

/// The place of a user, or of a post, in the store: given at first sight, dense, and
/// never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ordinal(pub(crate) u32);

/// What users and posts have in common: bytes that a segment can hold.
pub(crate) trait Record: Clone + fmt::Debug + AsRef<[u8]> + Send + Sync + Sized {
    /// By which they are found.
    type Id: Copy + Eq + Hash + fmt::Debug;
    /// What a reply needs of one.
    type View<'a>;
    /// The files of records, of their places, and of the index of ids.
    const FILES: [FileKind; 3];
    /// The file of places that earlier formats had instead, for those that had another one.
    const OLDER_PLACES: Option<FileKind>;
    /// The file of the index of usernames, for those that have one.
    const USERNAMES: Option<FileKind>;
    /// The files of the orders in which they are searched, for those that are, one for each
    /// [`SearchBy::ALL`](crate::SearchBy::ALL).
    const ORDERS: Option<[FileKind; 2]>;

    /// An id as the number that is hashed.
    fn number(id: Self::Id) -> u64;
    /// The id of a number.
    fn from_number(number: u64) -> Self::Id;
    /// Whether bytes are a record.
    fn check(bytes: &[u8]) -> Result<(), Malformed>;
    /// Takes bytes that come from a file, if they are a record.
    fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed>;
    /// The record as this version writes it. Any that an earlier one wrote can be read too.
    fn renewed(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Malformed>;
    /// The id in the bytes of a record.
    fn id(bytes: &[u8]) -> Result<Self::Id, Malformed>;
    /// How long the first part of a record is, which the replies that are asked for most need;
    /// `None` if the bytes are no record.
    fn head_len(bytes: &[u8]) -> Option<usize>;
    /// What a reply needs that shows no more than the head.
    fn view_head(bytes: &[u8]) -> Result<Self::View<'_>, Malformed>;
    /// The username in the bytes of a record, for those that have one.
    fn username(bytes: &[u8]) -> Result<Option<UsernameKey>, Malformed>;
    /// What users are searched by, for those that are: one for each [`SearchBy::ALL`](crate::SearchBy::ALL).
    fn order_keys(bytes: &[u8]) -> Result<Option<[OrderKey; 2]>, Malformed>;
    /// What a reply needs.
    fn view(bytes: &[u8]) -> Result<Self::View<'_>, Malformed>;
}

/// Bytes that are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot be decoded")
    }
}

/// What is left of a record.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    #[inline(always)]
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*bytes)
    }

    #[inline(always)]
    fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    #[inline(always)]
    fn time(&mut self) -> Result<Timestamp, Malformed> {
        self.array().map(i64::from_le_bytes).map(Timestamp::from_unix_ms)
    }

    /// A count of something, in 8 bytes in a wide record and in 4 in others.
    #[inline(always)]
    fn number(&mut self, wide: bool) -> Result<u64, Malformed> {
        if wide { self.u64() } else { self.array().map(u32::from_le_bytes).map(u64::from) }
    }

    /// The length of something, in 4 bytes in a wide record and in 2 in others.
    #[inline(always)]
    fn length(&mut self, wide: bool) -> Result<usize, Malformed> {
        if wide {
            self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
        } else {
            self.array().map(u16::from_le_bytes).map(usize::from)
        }
    }

    fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// The members of a record on their way into it.
#[derive(Default)]
struct Members {
    fixed: Vec<u8>,
    numbers: Vec<u64>,
    lengths: Vec<usize>,
    data: Vec<u8>,
}

impl Members {
    fn id(&mut self, id: Option<u64>) {
        self.fixed.extend(id.into_iter().flat_map(u64::to_le_bytes));
    }

    fn time(&mut self, at: Option<Timestamp>) {
        self.fixed.extend(at.into_iter().flat_map(|at| at.unix_ms().to_le_bytes()));
    }

    /// Text, as it will stand in a reply.
    fn text(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            let begin = self.data.len();
            model::escape_into(text, &mut self.data);
            self.lengths.push(self.data.len() - begin);
        }
    }

    /// Text behind a byte of its own.
    fn coded_text(&mut self, code: u8, text: &str) {
        let begin = self.data.len();
        self.data.push(code);
        model::escape_into(text, &mut self.data);
        self.lengths.push(self.data.len() - begin);
    }

    fn json(&mut self, value: Option<&RawJson>) {
        if let Some(value) = value {
            self.lengths.push(value.as_str().len());
            self.data.extend_from_slice(value.as_str().as_bytes());
        }
    }

    /// Things of a fixed size, after how many they are.
    fn list<const N: usize>(&mut self, items: impl ExactSizeIterator<Item = [u8; N]>) {
        self.lengths.push(items.len());
        self.data.extend(items.flatten());
    }

    /// Whether something does not fit into the small form of its number or length.
    fn are_wide(&self) -> bool {
        self.numbers.iter().any(|&number| u32::try_from(number).is_err())
            || self.lengths.iter().any(|&length| u16::try_from(length).is_err())
    }

    fn write(&self, wide: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.fixed);
        for number in &self.numbers {
            put_number(*number, if wide { 8 } else { 4 }, out);
        }
        for length in &self.lengths {
            put_number(*length as u64, if wide { 4 } else { 2 }, out);
        }
        out.extend_from_slice(&self.data);
    }
}

/// The lower `width` bytes of a number.
fn put_number(number: u64, width: usize, out: &mut Vec<u8>) {
    out.extend(number.to_le_bytes().into_iter().take(width));
}

/// A JSON value that stands in a record as it is.
fn json(bytes: &[u8]) -> Result<RawJson, Malformed> {
    std::str::from_utf8(bytes).map(RawJson::from_compact).map_err(|_| Malformed)
}
