//! How much a store holds, and where walks through all of it go on.

/// Where [`crate::Store::export_users`] goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserCursor(pub(crate) u32);

impl UserCursor {
    /// A cursor from its number.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// Its number, by which another process can go on.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Where [`crate::Store::export_tweets`] goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TweetCursor(pub(crate) u32);

impl TweetCursor {
    /// A cursor from its number.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// Its number, by which another process can go on.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A file of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its path in the data directory, such as `log/data.mdb`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// How far a merge is, in steps that take about as long each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeProgress {
    /// Steps that are done, at most all.
    pub done: u64,
    /// All steps, at least one.
    pub of: u64,
}

/// How much a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Users, whatever their state.
    pub users: u64,
    /// Posts.
    pub tweets: u64,
    /// Follows, with those of suspended and deleted users.
    pub follows: u64,
    /// Changes in the log that are not merged.
    pub log_rows: u64,
    /// Bytes of the log's file and of its journal.
    pub log_bytes: u64,
    /// Bytes of memory that these changes take. Those from before the start lie in the log and
    /// take some bytes each.
    pub delta_bytes: u64,
    /// Bytes of the segments.
    pub segment_bytes: u64,
    /// Whether a merge is running.
    pub merging: bool,
    /// Merges that were done since the store was opened.
    pub merges: u64,
    /// Merges that failed since then.
    pub failed_merges: u64,
    /// The generation of the log that takes new changes; a merge begins one.
    pub generation: u64,
    /// Whether a failed write has stopped all writes until the store is opened anew.
    pub stopped: bool,
}
