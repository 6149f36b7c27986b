//! Where users and posts are kept: the only code of Birdbox that touches a disk.
//!
//! [`Store`] answers in domain verbs on batches; keys, files and transactions stay
//! inside. The verbs are async because a second engine may lie across a network; the
//! embedded engine answers reads from memory without waiting, and waits in writes for
//! the disk alone. HTTP, JSON replies, clocks and randomness are not here.

#![deny(unsafe_code)]

mod announce;
mod balances;
mod batch;
mod beside;
mod bulk;
mod care;
mod data_dir;
mod detail;
mod embedded;
mod error;
mod follows;
mod holes;
mod imported;
mod ledger;
mod options;
mod search;
mod stats;
#[expect(unsafe_code, reason = "LMDB is a C library, and files are mapped; see the module")]
mod unsafe_io;

use std::path::Path;

use model::{Conflict, Direction, Observation, Timestamp, Tweet, TweetId, User, UserChange, UserId, Username};

pub use announce::{Announced, UserKey};
pub use balances::{Balance, Balances, Reserved};
pub use batch::{TweetBatch, UserBatch};
pub use data_dir::DataDir;
pub use detail::Detail;
pub use embedded::{
    BackupError, BulkPart, Copied, EdgePart, Embedded, FirstApp, FirstToken, Identity, IdentityError, NewApp,
    NewTokens, NewUserToken, Refusal, RegisteredApp, Report, Verifying, Whose, restore, verify,
};
pub use error::{ChangeError, OpenError, ReadError};
pub use follows::{Edge, EdgeCursor, Followed, IdPage, ListPage, ListStart, Relation};
pub use imported::{Counts, GivenUp, Imported, ImportedEdges};
pub use ledger::{
    Allowance, BootId, Bucket, Freshness, Ledger, LedgerOptions, LedgerStart, NONCE_SECONDS, Nonce, OpenWindow,
    Subject, WINDOW_SECONDS,
};
pub use options::Options;
pub use search::{FoundUsers, InvalidCursor, SearchBy, SearchCursor};
pub use stats::{MergeProgress, Stats, StoredFile, TweetCursor, UserCursor};

/// A handle on a store. Clones share it; it is open until the last one is gone.
#[derive(Debug, Clone)]
pub enum Store {
    /// Files in one directory, used by this process alone.
    Embedded(Embedded),
}

impl Store {
    /// Opens the store in `dir`, and makes an empty one if `dir` does not exist or is
    /// empty. The parent of `dir` must exist.
    ///
    /// # Errors
    /// [`OpenError`] says in one line what is wrong and what to do. A directory that
    /// is not Birdbox's is left as it was.
    pub fn open(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        Embedded::open(dir, options).map(Self::Embedded)
    }

    /// Whether nothing was ever stored here when it was opened. True again after a
    /// crash that came before the first acknowledged change.
    #[must_use]
    pub fn is_new(&self) -> bool {
        match self {
            Self::Embedded(engine) => engine.is_new(),
        }
    }

    /// Gives up a store that could not be put to use: if its directory was made, or was empty,
    /// when it was opened, nothing of it stays once the last handle is gone.
    pub fn discard_if_made(&self) {
        match self {
            Self::Embedded(engine) => engine.discard_if_made(),
        }
    }

    /// The directory, which also holds the secret key and the admin socket.
    #[must_use]
    pub fn data_dir(&self) -> &DataDir {
        match self {
            Self::Embedded(engine) => engine.data_dir(),
        }
    }

    /// Who may call: developer accounts, Apps and tokens.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        match self {
            Self::Embedded(engine) => engine.identity(),
        }
    }

    /// The users with these ids, in the order of `ids`. Suspended and deactivated
    /// ones are among them; unknown and deleted ones are `None`.
    ///
    /// # Errors
    /// [`ReadError`] when a record is damaged; never for an unknown id.
    pub async fn users_by_ids(&self, ids: &[UserId], detail: Detail) -> Result<UserBatch, ReadError> {
        match self {
            Self::Embedded(engine) => engine.users_by_ids(ids, detail),
        }
    }

    /// The users with these usernames, without regard to letter case, in the order of
    /// `usernames`; otherwise like [`Self::users_by_ids`].
    ///
    /// # Errors
    /// [`ReadError`] when a record is damaged; never for an unknown username.
    pub async fn users_by_usernames(&self, usernames: &[Username], detail: Detail) -> Result<UserBatch, ReadError> {
        match self {
            Self::Embedded(engine) => engine.users_by_usernames(usernames, detail),
        }
    }

    /// Users whose username or name begins with `prefix`, without regard to letter case, from
    /// behind `after` in the order of the first 16 bytes; at most `limit` of them.
    ///
    /// Merged users are found by an index. What changed since the last merge is looked through.
    ///
    /// # Errors
    /// [`ReadError`] when a record is damaged.
    pub async fn search_users(
        &self,
        by: SearchBy,
        prefix: &str,
        after: Option<SearchCursor>,
        limit: usize,
    ) -> Result<FoundUsers, ReadError> {
        match self {
            Self::Embedded(engine) => engine.search_users(by, prefix, after, limit),
        }
    }

    /// The posts with these ids, in the order of `ids`; unknown ones are `None`.
    ///
    /// # Errors
    /// [`ReadError`] when a record is damaged; never for an unknown id.
    pub async fn tweets_by_ids(&self, ids: &[TweetId]) -> Result<TweetBatch, ReadError> {
        match self {
            Self::Embedded(engine) => engine.tweets_by_ids(ids),
        }
    }

    /// All that is known of one user, for commands that show or export it.
    ///
    /// # Errors
    /// [`ReadError`] when the record is damaged.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, ReadError> {
        match self {
            Self::Embedded(engine) => engine.user(id),
        }
    }

    /// All that is known of one post.
    ///
    /// # Errors
    /// [`ReadError`] when the record is damaged.
    pub async fn tweet(&self, id: TweetId) -> Result<Option<Tweet>, ReadError> {
        match self {
            Self::Embedded(engine) => engine.tweet(id),
        }
    }

    /// Stores a new user. When this returns, the user is durable.
    ///
    /// # Errors
    /// [`ChangeError::IdTaken`], [`ChangeError::UsernameTaken`], or that nothing can
    /// be written now.
    pub async fn create_user(&self, user: User) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.create_user(user).await,
        }
    }

    /// Makes all `changes` to one user, or none of them. `at` becomes the time at
    /// which the user was observed, so that older files do not undo the change.
    ///
    /// # Errors
    /// [`ChangeError::UnknownUser`], [`ChangeError::UsernameTaken`], or that nothing
    /// can be written now.
    pub async fn update_user(&self, id: UserId, changes: Vec<UserChange>, at: Timestamp) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.update_user(id, changes, at).await,
        }
    }

    /// Forgets a user and frees the username.
    ///
    /// # Errors
    /// [`ChangeError::UnknownUser`], or that nothing can be written now.
    pub async fn delete_user(&self, id: UserId) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.delete_user(id).await,
        }
    }

    /// A page of at most `limit` users of a list, the newest follow first; `None` if nobody has
    /// this id. Suspended users are on it, and deleted ones have a place without a record.
    ///
    /// # Errors
    /// [`ReadError`] when a part of the list or a record is damaged.
    pub async fn list_page(
        &self,
        of: UserId,
        direction: Direction,
        start: ListStart,
        limit: usize,
        detail: Detail,
    ) -> Result<Option<ListPage>, ReadError> {
        match self {
            Self::Embedded(engine) => engine.list_page(of, direction, start, limit, detail),
        }
    }

    /// The same page, of which ids alone are needed: thousands of them cost little.
    ///
    /// # Errors
    /// [`ReadError`] when a part of the list or a record is damaged.
    pub async fn list_ids(
        &self,
        of: UserId,
        direction: Direction,
        start: ListStart,
        limit: usize,
    ) -> Result<Option<IdPage>, ReadError> {
        match self {
            Self::Embedded(engine) => engine.list_ids(of, direction, start, limit),
        }
    }

    /// Brings the numbers of followers and of those followed up to date with the lists. Without
    /// this a batch shows those that were imported.
    ///
    /// # Errors
    /// [`ReadError`] when the counts are damaged.
    pub async fn load_counts(&self, batch: &mut UserBatch) -> Result<(), ReadError> {
        match self {
            Self::Embedded(engine) => engine.load_counts(batch),
        }
    }

    /// What connects `of` with each user of a batch, by position.
    ///
    /// # Errors
    /// [`ReadError`] when a list is damaged.
    pub async fn relations(&self, of: UserId, batch: &UserBatch) -> Result<Vec<Relation>, ReadError> {
        match self {
            Self::Embedded(engine) => engine.relations(of, batch),
        }
    }

    /// Which users of a batch follow which others of it, as their positions: who follows first. What
    /// this reads does not grow with the followers of an account, but with the square of the batch:
    /// some hundred users are a good size.
    ///
    /// # Errors
    /// [`ReadError`] when a list is damaged.
    pub async fn follows_among(&self, batch: &UserBatch) -> Result<Vec<(usize, usize)>, ReadError> {
        match self {
            Self::Embedded(engine) => engine.follows_among(batch),
        }
    }

    /// Lets one user follow another. Durable when this returns; a follow that is there already
    /// is a success.
    ///
    /// # Errors
    /// [`ChangeError::SelfFollow`], [`ChangeError::UnknownUser`], [`ChangeError::Inactive`],
    /// [`ChangeError::Blocked`], [`ChangeError::NoSlotsLeft`], or that nothing can be written now.
    pub async fn follow(&self, follower: UserId, followed: UserId) -> Result<Followed, ChangeError> {
        match self {
            Self::Embedded(engine) => engine.follow(follower, followed).await,
        }
    }

    /// Ends that one user follows another, or waits to. That there is nothing to end is a
    /// success.
    ///
    /// # Errors
    /// [`ChangeError::UnknownUser`], or that nothing can be written now.
    pub async fn unfollow(&self, follower: UserId, followed: UserId) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.unfollow(follower, followed).await,
        }
    }

    /// A protected user accepts one who waits to follow it. Durable when this returns, as are the
    /// next ones; that it follows already is a success.
    ///
    /// # Errors
    /// [`ChangeError::NotPending`], those of [`Self::follow`], or that nothing can be written now.
    pub async fn accept_follow(&self, follower: UserId, by: UserId) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.identity().accept_follow(follower, by).await,
        }
    }

    /// A user does not want one who waits to follow it; that one may ask again.
    ///
    /// # Errors
    /// [`ChangeError::NotPending`], [`ChangeError::UnknownUser`], or that nothing can be written now.
    pub async fn reject_follow(&self, follower: UserId, by: UserId) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.identity().reject_follow(follower, by).await,
        }
    }

    /// Lets one user block another, or not any more. A block ends that either follows the other
    /// or waits to.
    ///
    /// # Errors
    /// [`ChangeError::SelfTie`], [`ChangeError::UnknownUser`], or that nothing can be written now.
    pub async fn set_block(&self, by: UserId, of: UserId, blocks: bool) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.identity().set_block(by, of, blocks).await,
        }
    }

    /// Lets one user mute another, or not any more.
    ///
    /// # Errors
    /// As of [`Self::set_block`].
    pub async fn set_mute(&self, by: UserId, of: UserId, mutes: bool) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.identity().set_mute(by, of, mutes).await,
        }
    }

    /// Who waits to be accepted as a follower of `of`, the latest first. From memory.
    #[must_use]
    pub fn pending_follows(&self, of: UserId) -> Vec<UserId> {
        match self {
            Self::Embedded(engine) => engine.pending_follows(of),
        }
    }

    /// At most `limit` follows, each as who follows and whom, in a stable order, and where to go
    /// on; `None` at the end.
    ///
    /// # Errors
    /// [`ReadError`] when a list or a record is damaged.
    pub async fn export_edges(
        &self,
        after: Option<EdgeCursor>,
        limit: usize,
    ) -> Result<(Vec<Edge>, Option<EdgeCursor>), ReadError> {
        match self {
            Self::Embedded(engine) => engine.export_edges(after, limit),
        }
    }

    /// Takes in what files say, whole or not at all. A batch of some thousand
    /// observations is a good size: it becomes visible at once and costs one wait for
    /// the disk.
    ///
    /// # Errors
    /// [`ChangeError`] when nothing can be written now; never because of a conflict,
    /// which `conflict` decides.
    pub async fn import(&self, batch: Vec<Observation>, conflict: Conflict) -> Result<Imported, ChangeError> {
        match self {
            Self::Embedded(engine) => engine.import(batch, conflict).await,
        }
    }

    /// At most `limit` users in a stable order, and where to go on; `None` at the end.
    /// Users created meanwhile come last.
    ///
    /// # Errors
    /// [`ReadError`] when a record is damaged.
    pub async fn export_users(
        &self,
        after: Option<UserCursor>,
        limit: usize,
    ) -> Result<(Vec<User>, Option<UserCursor>), ReadError> {
        match self {
            Self::Embedded(engine) => engine.export_users(after, limit),
        }
    }

    /// At most `limit` posts; otherwise like [`Self::export_users`].
    ///
    /// # Errors
    /// [`ReadError`] when a record is damaged.
    pub async fn export_tweets(
        &self,
        after: Option<TweetCursor>,
        limit: usize,
    ) -> Result<(Vec<Tweet>, Option<TweetCursor>), ReadError> {
        match self {
            Self::Embedded(engine) => engine.export_tweets(after, limit),
        }
    }

    /// Finishes the changes that were asked for, waiting on this thread, and takes no
    /// more. The directory is free for another process once every clone of the handle
    /// is gone; dropping the last one closes the store too.
    pub fn close(self) {
        match self {
            Self::Embedded(engine) => engine.close(),
        }
    }
}
