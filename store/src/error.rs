//! What can go wrong, as facts for the caller; every message is one line for people
//! and says what to do.

use std::io;
use std::path::{Path, PathBuf};

use model::{UserId, Username};
use thiserror::Error;

use crate::embedded::AppendError;

/// Why a store cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The directory would have to be made, and the one above is missing too.
    #[error("{}: the directory above it does not exist; make it first", .dir.display())]
    MissingParent {
        /// The data directory.
        dir: PathBuf,
    },
    /// There is a file of that name.
    #[error("{}: not a directory; give another path", .dir.display())]
    NotADirectory {
        /// What should be the data directory.
        dir: PathBuf,
    },
    /// It holds files and none of them is Birdbox's. Nothing was changed.
    #[error("{}: holds other files and no Birdbox data; give an empty or a new directory", .dir.display())]
    Foreign {
        /// The data directory.
        dir: PathBuf,
    },
    /// It holds Birdbox data, but not the file that is written last. Nothing was changed.
    #[error("{}: holds Birdbox data, but {reason}, so it is damaged or was copied in part; copy it again, or bring a backup back with: birdbox backup restore BACKUP --data NEW", .dir.display())]
    Incomplete {
        /// The data directory.
        dir: PathBuf,
        /// What shows it.
        reason: &'static str,
    },
    /// It belongs to another user.
    #[error("{}: permission denied; run as the user who owns it, or change its owner", .path.display())]
    Denied {
        /// The directory or the file in it.
        path: PathBuf,
    },
    /// Its disk cannot be written.
    #[error("{}: lies on a disk that is mounted read-only; mount it for writing, or give another directory", .path.display())]
    ReadOnly {
        /// The directory or the file in it.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("{}: its disk is full; free some space", .path.display())]
    Full {
        /// The directory or the file in it.
        path: PathBuf,
    },
    /// Another process uses it.
    #[error("{}: in use by another Birdbox; stop that one or give another directory", .dir.display())]
    Locked {
        /// The data directory.
        dir: PathBuf,
    },
    /// It was written by a later version.
    #[error("{}: written in format {found}, and this Birdbox knows {known}; use a newer Birdbox", .dir.display())]
    NewerFormat {
        /// The data directory.
        dir: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this program can read.
        known: u32,
    },
    /// A row of the log is not what was written.
    #[error("{}: row {row} of the log is damaged ({reason}); bring a backup back with: birdbox backup restore BACKUP --data NEW", .file.display())]
    DamagedRow {
        /// The file of the log.
        file: PathBuf,
        /// The number of the row.
        row: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file is not what was written.
    #[error("{}: damaged ({reason}); bring a backup back with: birdbox backup restore BACKUP --data NEW", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused something else.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The directory or the file in it.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl OpenError {
    /// What the log said when its manifest was to be written.
    pub(crate) fn from_append(file: &Path, error: &AppendError) -> Self {
        let path = file.to_owned();
        match error {
            AppendError::Full => Self::Full { path },
            AppendError::Failed(reason) => Self::Io { path, source: io::Error::other(reason.clone()) },
        }
    }

    /// Whether giving another directory would help.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::MissingParent { .. }
            | Self::NotADirectory { .. }
            | Self::Foreign { .. }
            | Self::Incomplete { .. }
            | Self::NewerFormat { .. } => true,
            Self::Denied { .. }
            | Self::ReadOnly { .. }
            | Self::Full { .. }
            | Self::Locked { .. }
            | Self::DamagedRow { .. }
            | Self::Damaged { .. }
            | Self::Io { .. } => false,
        }
    }

    /// Sorts what the operating system said of `path`.
    pub(crate) fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            kind if is_full(kind) => Self::Full { path },
            _ => Self::Io { path, source },
        }
    }
}

/// Why nothing can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Something in a file is not what was written.
    #[error("{}: {what} is damaged; bring a backup back with: birdbox backup restore BACKUP --data NEW", .file.display())]
    Damaged {
        /// What, such as `record 7` or `line 7`.
        what: String,
        /// The file that it came from.
        file: PathBuf,
    },
    /// The file cannot be read at all.
    #[error("{}: cannot be read ({reason}); check the disk", .file.display())]
    Failed {
        /// The file.
        file: PathBuf,
        /// What was said of it.
        reason: String,
    },
}

/// Why a change was not made. Nothing of it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChangeError {
    /// There is a user with that id.
    #[error("a user with the id {id} exists")]
    IdTaken {
        /// The id.
        id: UserId,
    },
    /// There is no user with that id.
    #[error("there is no user with the id {id}")]
    UnknownUser {
        /// The id.
        id: UserId,
    },
    /// Another user bears that username, in whatever letter case.
    #[error("the username {username} belongs to user {by}")]
    UsernameTaken {
        /// The username that was asked for.
        username: Username,
        /// Who bears it.
        by: UserId,
    },
    /// More bytes than a record may have.
    #[error("the record of {id} would have {bytes} bytes, more than the {limit} that are stored", limit = Self::MAX_RECORD)]
    TooLarge {
        /// The user or post.
        id: u64,
        /// Its size.
        bytes: usize,
    },
    /// Nobody follows themselves, though imported data may say so.
    #[error("user {id} cannot follow itself")]
    SelfFollow {
        /// The user.
        id: UserId,
    },
    /// An account that is suspended or deactivated follows nobody and is not followed anew.
    #[error("the account of user {id} is not active")]
    Inactive {
        /// The user.
        id: UserId,
    },
    /// One of the two blocks the other.
    #[error("user {by} blocks user {id}")]
    Blocked {
        /// Who is blocked.
        id: UserId,
        /// By whom.
        by: UserId,
    },
    /// Nobody blocks or mutes themselves.
    #[error("user {id} cannot block or mute itself")]
    SelfTie {
        /// The user.
        id: UserId,
    },
    /// Nobody waits to be accepted, or not any more.
    #[error("user {follower} does not wait to follow user {followed}")]
    NotPending {
        /// Who should wait.
        follower: UserId,
        /// For whom.
        followed: UserId,
    },
    /// A list of follows is as long as it can be.
    #[error("user {id} has no room for more follows")]
    NoSlotsLeft {
        /// Whose list.
        id: UserId,
    },
    /// Every internal number that a user or post can get was used.
    #[error("no more users or posts can be stored here")]
    NoOrdinalsLeft,
    /// The disk is full, or the log has its greatest size. Reads go on; the same
    /// change can succeed later.
    #[error("the store is full; free disk space, or raise the size of its log, and try again")]
    Full,
    /// The disk failed to keep a change, so that nothing is written until a restart
    /// has looked at what it kept: this change whole, or nothing of it. Reads go on.
    #[error("a write to the disk failed ({reason}); check the disk and restart Birdbox")]
    Stopped {
        /// What the operating system said.
        reason: String,
    },
    /// Changes could not be merged into segments. They are kept, and it is tried again.
    #[error("the merge failed ({reason}); nothing is lost, and it is tried again")]
    MergeFailed {
        /// What went wrong.
        reason: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// What would be changed cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
}

impl ChangeError {
    /// The largest record, in bytes; a profile has some hundred. With its checksums it has to be shorter
    /// than a line of heads can say.
    pub const MAX_RECORD: usize = (16 << 20) - 64;
}

/// Whether the operating system says that there is no room.
pub(crate) fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}
