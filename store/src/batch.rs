//! What a read gives back: records by the position of their key in the request.
//!
//! A batch owns or shares its records and holds no lock, so it may be kept while a
//! reply is rendered. Drop it before the reply is sent.

use model::{TweetRef, UserRef};

use crate::embedded::codec::{TweetRecord, UserRecord};

/// Users, in the order of the request.
#[derive(Debug, Clone, Default)]
pub struct UserBatch {
    records: Vec<Option<UserRecord>>,
}

impl UserBatch {
    pub(crate) fn new(records: Vec<Option<UserRecord>>) -> Self {
        Self { records }
    }

    /// How many keys were asked for, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The user of the key at position `i` of the request; `None` if nobody has it.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<UserRef<'_>> {
        // A record is read whole before it becomes a `UserRecord`, so this cannot fail.
        self.records.get(i)?.as_ref()?.view().ok()
    }
}

/// Posts, in the order of the request.
#[derive(Debug, Clone, Default)]
pub struct TweetBatch {
    records: Vec<Option<TweetRecord>>,
}

impl TweetBatch {
    pub(crate) fn new(records: Vec<Option<TweetRecord>>) -> Self {
        Self { records }
    }

    /// How many keys were asked for, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The post of the key at position `i` of the request; `None` if there is none.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<TweetRef<'_>> {
        // As for users: checked when it became a `TweetRecord`.
        self.records.get(i)?.as_ref()?.view().ok()
    }
}
