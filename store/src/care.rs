//! The care for a store: merges, sizes, and backups.

use std::path::Path;

use crate::{BackupError, ChangeError, Copied, MergeProgress, Stats, Store, StoredFile};

impl Store {
    /// Merges all changes that were made until now into new segments, and waits for it.
    ///
    /// # Errors
    /// [`ChangeError::MergeFailed`] or that nothing can be written now. The changes stay,
    /// and the merge is tried again.
    pub async fn merge(&self) -> Result<(), ChangeError> {
        match self {
            Self::Embedded(engine) => engine.merge().await,
        }
    }

    /// How far the merge is that runs now, which may be that of a large import; `None` when none
    /// does.
    #[must_use]
    pub fn merge_progress(&self) -> Option<MergeProgress> {
        match self {
            Self::Embedded(engine) => engine.merge_progress(),
        }
    }

    /// How much is stored.
    #[must_use]
    pub fn stats(&self) -> Stats {
        match self {
            Self::Embedded(engine) => engine.stats(),
        }
    }

    /// The files that hold the store, and their sizes.
    #[must_use]
    pub fn files(&self) -> Vec<StoredFile> {
        match self {
            Self::Embedded(engine) => engine.files(),
        }
    }

    /// Makes a backup in `to`, which must be empty or not exist: itself a data directory, with
    /// a state that existed at one instant. Changes go on meanwhile. This waits for the disk.
    ///
    /// # Errors
    /// [`BackupError`]; what is left in `to` then is not taken for a backup.
    ///
    /// # Panics
    /// In `async` code: it waits for the writer by blocking its thread.
    pub fn backup(&self, to: &Path) -> Result<Copied, BackupError> {
        match self {
            Self::Embedded(engine) => engine.backup(to),
        }
    }
}
