//! The record of a post.
//!
//! Which members are there (2 bytes), the id (8), those of a fixed size that are there
//! in the order of [`has`], the length of the text, how many references, the text, the
//! references, and to the end the other members as [`TweetRef`] reads them.

use std::borrow::Cow;
use std::sync::Arc;

use model::{
    JsonStr, Reference, ReferenceKind, Timestamp, Tweet, TweetField, TweetId, TweetMetrics, TweetRef, UserId,
    UsernameKey,
};

use super::{FileKind, Malformed, Members, OrderKey, Reader, Record, json};

/// A post's bytes, read whole once before they became this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TweetRecord(Arc<[u8]>);

impl AsRef<[u8]> for TweetRecord {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl TweetRecord {
    /// The stored form of `tweet`.
    pub(crate) fn new(tweet: &Tweet) -> Self {
        Self(encode(tweet).into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Everything in the bytes of a record, as the model has it.
    pub(crate) fn tweet(bytes: &[u8]) -> Result<Tweet, Malformed> {
        let (shown, observed_at) = decode(bytes)?;
        let members =
            shown.members().map(|(field, value)| Ok((field, json(value)?))).collect::<Result<_, Malformed>>()?;
        Ok(Tweet {
            id: shown.id,
            text: shown.text.to_text(),
            author_id: shown.author_id,
            created_at: shown.created_at,
            public_metrics: shown.public_metrics,
            references: shown.references().collect(),
            members,
            v1_members: shown.v1_members().map(json).transpose()?,
            observed_at,
        })
    }
}

impl Record for TweetRecord {
    type Id = TweetId;
    type View<'a> = TweetRef<'a>;
    const FILES: [FileKind; 3] = [FileKind::TweetRecords, FileKind::TweetOffsets, FileKind::TweetIds];
    const OLDER_PLACES: Option<FileKind> = None;
    const USERNAMES: Option<FileKind> = None;
    const ORDERS: Option<[FileKind; 2]> = None;

    fn number(id: TweetId) -> u64 {
        id.get()
    }

    fn from_number(number: u64) -> TweetId {
        TweetId::new(number)
    }

    fn check(bytes: &[u8]) -> Result<(), Malformed> {
        let (shown, _) = decode(bytes)?;
        check_references(shown.packed_references)?;
        check_members(shown.packed_members)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::check(bytes)?;
        Ok(Self(bytes.into()))
    }

    fn renewed(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
        Ok(Cow::Borrowed(bytes))
    }

    #[inline]
    fn id(bytes: &[u8]) -> Result<TweetId, Malformed> {
        // Behind which members are there.
        bytes
            .get(2..10)
            .and_then(|id| id.try_into().ok())
            .map(|id| TweetId::new(u64::from_le_bytes(id)))
            .ok_or(Malformed)
    }

    /// Nearly every reply shows all of a post.
    fn head_len(bytes: &[u8]) -> Option<usize> {
        Some(bytes.len())
    }

    fn view_head(bytes: &[u8]) -> Result<TweetRef<'_>, Malformed> {
        Self::view(bytes)
    }

    fn username(_: &[u8]) -> Result<Option<UsernameKey>, Malformed> {
        Ok(None)
    }

    fn order_keys(_: &[u8]) -> Result<Option<[OrderKey; 2]>, Malformed> {
        Ok(None)
    }

    #[inline]
    fn view(bytes: &[u8]) -> Result<TweetRef<'_>, Malformed> {
        decode(bytes).map(|(shown, _)| shown)
    }
}

/// The members that may be absent, by their bit. The numbers are stored.
mod has {
    pub(super) const AUTHOR_ID: u16 = 1;
    pub(super) const CREATED_AT: u16 = 1 << 1;
    pub(super) const OBSERVED_AT: u16 = 1 << 2;
    pub(super) const METRICS: u16 = 1 << 3;
    pub(super) const QUOTES: u16 = 1 << 4;
    pub(super) const BOOKMARKS: u16 = 1 << 5;
    pub(super) const IMPRESSIONS: u16 = 1 << 6;
    /// Not of the post but of the record: the numbers and lengths are wide.
    pub(super) const WIDE: u16 = 1 << 7;
    /// Every bit that means something.
    pub(super) const ALL: u16 = (1 << 8) - 1;
}

fn encode(tweet: &Tweet) -> Vec<u8> {
    let mut members = Members::default();
    members.id(tweet.author_id.map(UserId::get));
    members.time(tweet.created_at);
    members.time(tweet.observed_at);
    if let Some(TweetMetrics { retweets, replies, likes, quotes, bookmarks, impressions }) = tweet.public_metrics {
        members.numbers.extend([retweets, replies, likes]);
        members.numbers.extend([quotes, bookmarks, impressions].into_iter().flatten());
    }
    members.text(Some(&tweet.text));
    members.list(tweet.references.iter().map(pack));
    let wide = members.are_wide();

    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(&(present(tweet) | if wide { has::WIDE } else { 0 }).to_le_bytes());
    out.extend_from_slice(&tweet.id.get().to_le_bytes());
    members.write(wide, &mut out);
    let fields = tweet.members.iter().map(|(field, value)| (*field as u8, value));
    for (number, value) in fields.chain(tweet.v1_members.as_ref().map(|value| (Tweet::V1_MEMBERS, value))) {
        out.push(number);
        out.extend_from_slice(&(value.as_str().len() as u32).to_le_bytes());
        out.extend_from_slice(value.as_str().as_bytes());
    }
    out
}

/// A reference as [`TweetRef`] reads it.
fn pack(reference: &Reference) -> [u8; 9] {
    let kind = ReferenceKind::ALL.iter().position(|(kind, _)| *kind == reference.kind).unwrap_or_default();
    let [i0, i1, i2, i3, i4, i5, i6, i7] = reference.id.get().to_le_bytes();
    [kind as u8, i0, i1, i2, i3, i4, i5, i6, i7]
}

fn present(tweet: &Tweet) -> u16 {
    let metrics = tweet.public_metrics.unwrap_or_default();
    [
        (has::AUTHOR_ID, tweet.author_id.is_some()),
        (has::CREATED_AT, tweet.created_at.is_some()),
        (has::METRICS, tweet.public_metrics.is_some()),
        (has::QUOTES, metrics.quotes.is_some()),
        (has::BOOKMARKS, metrics.bookmarks.is_some()),
        (has::IMPRESSIONS, metrics.impressions.is_some()),
        (has::OBSERVED_AT, tweet.observed_at.is_some()),
    ]
    .into_iter()
    .filter_map(|(bit, there)| there.then_some(bit))
    .sum()
}

/// What replies show, and when it was observed.
#[inline(always)]
fn decode(bytes: &[u8]) -> Result<(TweetRef<'_>, Option<Timestamp>), Malformed> {
    let mut reader = Reader(bytes);
    let present = u16::from_le_bytes(reader.array()?);
    if present & !has::ALL != 0 {
        return Err(Malformed);
    }
    let has = |bit: u16| present & bit != 0;
    /// Reads the member if its bit is set.
    macro_rules! member {
        ($bit:ident, $read:expr) => {
            if has(has::$bit) { Some($read) } else { None }
        };
    }
    let id = TweetId::new(reader.u64()?);
    let author_id = member!(AUTHOR_ID, UserId::new(reader.u64()?));
    let created_at = member!(CREATED_AT, reader.time()?);
    let observed_at = member!(OBSERVED_AT, reader.time()?);
    let wide = has(has::WIDE);
    let public_metrics = member!(
        METRICS,
        TweetMetrics {
            retweets: reader.number(wide)?,
            replies: reader.number(wide)?,
            likes: reader.number(wide)?,
            quotes: member!(QUOTES, reader.number(wide)?),
            bookmarks: member!(BOOKMARKS, reader.number(wide)?),
            impressions: member!(IMPRESSIONS, reader.number(wide)?),
        }
    );
    let (text, references) = (reader.length(wide)?, reader.length(wide)?);
    let text = JsonStr::from_escaped(reader.bytes(text)?);
    let packed_references = reader.bytes(references.saturating_mul(9))?;
    let Reader(packed_members) = reader;
    let shown = TweetRef { id, text, author_id, created_at, public_metrics, packed_references, packed_members };
    Ok((shown, observed_at))
}

fn check_references(packed: &[u8]) -> Result<(), Malformed> {
    let (references, _) = packed.as_chunks::<9>();
    let known = |&[kind, ..]: &[u8; 9]| usize::from(kind) < ReferenceKind::ALL.len();
    if references.iter().all(known) { Ok(()) } else { Err(Malformed) }
}

/// The members must reach to the end of the record and be fields that we know, or the last of all
/// those of v1.1.
fn check_members(packed: &[u8]) -> Result<(), Malformed> {
    let mut reader = Reader(packed);
    while !reader.0.is_empty() {
        let [number, length @ ..] = reader.array::<5>()?;
        reader.bytes(u32::from_le_bytes(length) as usize)?;
        let is_last = reader.0.is_empty();
        if TweetField::from_number(number).is_none() && !(number == Tweet::V1_MEMBERS && is_last) {
            return Err(Malformed);
        }
    }
    Ok(())
}
