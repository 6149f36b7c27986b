//! A merge: old segments and frozen changes become new segments.
//!
//! It runs on a thread of its own and changes nothing that anybody sees; the writer
//! names its files when it is done. It streams in the order of ordinals, so its memory
//! does not grow with the store.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

use super::codec::{Ordinal, Record};
use super::delta::{Delta, Table};
use super::segment::{Destination, FileKind, Files, Segment, SegmentWriter, Segments, Stale};
use super::warm::warm;
use crate::data_dir::sync_dir;
use crate::{OpenError, ReadError};

/// What a merge works on.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) to: Destination,
    pub(super) segments: Arc<Segments>,
    pub(super) frozen: Arc<Delta>,
    pub(super) cancelled: Arc<AtomicBool>,
}

/// Why a merge made nothing. What it had written is removed.
#[derive(Debug, Error)]
pub(super) enum MergeError {
    #[error("cancelled")]
    Cancelled,
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    #[error(transparent)]
    Written(#[from] OpenError),
    #[error("{0}")]
    Disk(#[from] io::Error),
}

impl Job {
    /// Writes the new files, and opens them.
    pub(super) fn run(&self) -> Result<Segments, MergeError> {
        let result = self.write().and_then(|files| Ok(Segments::open(&self.to.dir, files)?));
        match &result {
            Ok(segments) => warm(segments, &self.cancelled),
            Err(_) => remove(&self.to),
        }
        result
    }

    fn write(&self) -> Result<Files, MergeError> {
        let mut files = self.segments.files;
        self.merge(&self.segments.users, &self.frozen.users, &mut files)?;
        self.merge(&self.segments.tweets, &self.frozen.tweets, &mut files)?;
        if self.to.durable {
            sync_dir(&self.to.dir)?;
        }
        Ok(files)
    }

    /// A kind without changes keeps its files.
    fn merge<R: Record>(&self, old: &Segment<R>, changed: &Table<R>, files: &mut Files) -> Result<(), MergeError> {
        let changes = changed.sorted();
        if changes.is_empty() {
            return Ok(());
        }
        let mut writer = SegmentWriter::<R>::create(&self.to, stale(old, &changes)?)?;
        let mut changes = changes.into_iter().peekable();
        for number in 0..changed.next() {
            if number % 4096 == 0 && self.cancelled.load(Ordering::Relaxed) {
                return Err(MergeError::Cancelled);
            }
            let ordinal = Ordinal(u32::try_from(number).map_err(io::Error::other)?);
            match changes.next_if(|&(changed, _)| changed == ordinal) {
                Some((_, record)) => writer.push(record.map(AsRef::as_ref))?,
                None => {
                    let place = old.record(ordinal)?;
                    writer.push(place.map(|place| old.bytes(place)))?;
                }
            }
        }
        for (kind, file) in writer.finish()? {
            files.set(kind, file);
        }
        Ok(())
    }
}

/// Which indexes the changes concern.
fn stale<R: Record>(old: &Segment<R>, changes: &[(Ordinal, Option<&R>)]) -> Result<Stale, ReadError> {
    let mut stale = Stale { ids: false, usernames: false };
    for &(ordinal, now) in changes {
        let before = old.record(ordinal)?.map(|place| old.bytes(place));
        if now.is_some() != before.is_some() {
            return Ok(Stale { ids: true, usernames: true });
        }
        let username = |bytes| R::username(bytes).map_err(|_| old.unreadable(ordinal));
        stale.usernames |= now.map(|now| username(now.as_ref())).transpose()? != before.map(username).transpose()?;
    }
    // A segment of nothing has no index either.
    stale.ids |= old.next() == 0;
    stale.usernames |= old.next() == 0;
    Ok(stale)
}

/// Removes the files that a merge had begun.
pub(super) fn remove(Destination { dir, number, .. }: &Destination) {
    for (kind, _) in FileKind::ALL {
        // One that cannot be removed now is removed at the next start.
        _ = fs::remove_file(kind.path(dir, *number));
    }
}
