//! What a read gives back: records by the position of their key in the request.
//!
//! A batch owns its bytes and holds no lock, so it may be kept while a reply is rendered.

use model::{Direction, TweetRef, UserHead, UserMetrics, UserRef};

use crate::Detail;
use crate::embedded::{Found, ListCounts, Ordinal, Record, TweetRecord, UserRecord};

/// Users, in the order of the request.
#[derive(Debug, Clone)]
pub struct UserBatch {
    found: Found<UserRecord>,
    detail: Detail,
    /// By position, once they were asked for.
    counts: Vec<ListCounts>,
}

impl UserBatch {
    pub(crate) fn new(found: Found<UserRecord>, detail: Detail) -> Self {
        Self { found, detail, counts: Vec::new() }
    }

    pub(crate) fn ordinals(&self) -> &[Ordinal] {
        self.found.ordinals()
    }

    pub(crate) fn set_counts(&mut self, counts: Vec<ListCounts>) {
        self.counts = counts;
    }

    /// How many keys were asked for, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What every reply shows of the user of the key at position `i` of the request.
    #[inline]
    #[must_use]
    pub fn head(&self, i: usize) -> Option<UserHead<'_>> {
        UserRecord::head(self.found.get(i)?).ok()
    }

    /// The user of the key at position `i` of the request; `None` if nobody has it.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<UserRef<'_>> {
        let bytes = self.found.get(i)?;
        // Bytes that are no record were refused when the batch was made.
        let mut user = match self.detail {
            Detail::Full => UserRecord::view(bytes).ok()?,
            Detail::Core => UserRecord::view_head(bytes).ok()?,
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
pub struct TweetBatch(Found<TweetRecord>);

impl TweetBatch {
    pub(crate) fn new(found: Found<TweetRecord>) -> Self {
        Self(found)
    }

    /// How many keys were asked for, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The post of the key at position `i` of the request; `None` if there is none.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<TweetRef<'_>> {
        TweetRecord::view(self.0.get(i)?).ok()
    }
}
