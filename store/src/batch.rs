//! What a read gives back: records by the position of their key in the request.
//!
//! A batch shares the segments that it was read from and owns what came from the delta.
//! It holds no lock, so it may be kept while a reply is rendered. Drop it before the
//! reply is sent, or a slow client keeps old segments alive.

use std::sync::Arc;

use model::{Direction, TweetRef, UserMetrics, UserRef};

use crate::Detail;
use crate::embedded::{Found, ListCounts, Ordinal, Record, Segment, Segments, Slot, TweetRecord, UserRecord};

/// Users, in the order of the request.
#[derive(Debug, Clone)]
pub struct UserBatch {
    segments: Arc<Segments>,
    found: Found<UserRecord>,
    detail: Detail,
    /// By position, once they were asked for.
    counts: Vec<ListCounts>,
}

impl UserBatch {
    pub(crate) fn new(segments: Arc<Segments>, found: Found<UserRecord>, detail: Detail) -> Self {
        Self { segments, found, detail, counts: Vec::new() }
    }

    pub(crate) fn ordinals(&self) -> &[Ordinal] {
        &self.found.ordinals
    }

    pub(crate) fn set_counts(&mut self, counts: Vec<ListCounts>) {
        self.counts = counts;
    }

    /// How many keys were asked for, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.slots.len()
    }

    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.slots.is_empty()
    }

    /// The user of the key at position `i` of the request; `None` if nobody has it.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<UserRef<'_>> {
        let slot = self.found.slots.get(i)?;
        let mut user = match self.detail {
            Detail::Full => view(&self.segments.users, slot)?,
            Detail::Core => UserRecord::view_head(slot.bytes(&self.segments.users)?).ok()?,
        };
        if let Some(counts) = self.counts.get(i) {
            let UserMetrics { followers, following, .. } = &mut user.metrics;
            *followers = counts.shown(Direction::Followers, *followers);
            *following = counts.shown(Direction::Following, *following);
        }
        Some(user)
    }
}

/// Posts, in the order of the request.
#[derive(Debug, Clone)]
pub struct TweetBatch {
    segments: Arc<Segments>,
    slots: Vec<Slot<TweetRecord>>,
}

impl TweetBatch {
    pub(crate) fn new(segments: Arc<Segments>, slots: Vec<Slot<TweetRecord>>) -> Self {
        Self { segments, slots }
    }

    /// How many keys were asked for, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The post of the key at position `i` of the request; `None` if there is none.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<TweetRef<'_>> {
        view(&self.segments.tweets, self.slots.get(i)?)
    }
}

/// Bytes that are not a record were refused when the batch was made, so this fails only
/// for what is not there.
#[inline]
fn view<'a, R: Record>(segment: &'a Segment<R>, slot: &'a Slot<R>) -> Option<R::View<'a>> {
    R::view(slot.bytes(segment)?).ok()
}
