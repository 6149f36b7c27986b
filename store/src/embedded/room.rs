//! Room on the disk for the next group of changes, taken before LMDB is asked to write.
//!
//! When a disk becomes full in the middle of a write, LMDB reports a failed disk, after
//! which nothing could be written until a restart. So the file is grown first, with
//! zeros behind everything that LMDB uses; if that fails, nothing has happened.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The file grows by at least this much at a time, and at most by the other, so that
/// growing is rare and a small store stays small.
const STEPS: (u64, u64) = (128 << 10, 64 << 20);

/// Written at once.
static ZEROS: [u8; 1 << 16] = [0; 1 << 16];

/// The end of LMDB's file.
#[derive(Debug)]
pub(super) struct Room {
    file: File,
    length: u64,
    /// Beyond this LMDB itself says that it is full.
    limit: u64,
}

impl Room {
    pub(super) fn open(path: &Path, limit: u64) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length, limit })
    }

    /// The most bytes that LMDB may use.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Sees to it that `bytes` can be written behind the first `used` ones.
    pub(super) fn ensure(&mut self, used: u64, bytes: u64) -> io::Result<()> {
        if self.length >= (used + bytes).min(self.limit) {
            return Ok(());
        }
        // LMDB may have written since; what it has is never overwritten.
        self.length = self.file.metadata()?.len().max(used);
        let (least, most) = STEPS;
        let step = (self.length / 8).clamp(least, most);
        // If the disk has no room for a whole step, what is needed may still fit.
        self.grow((used + bytes + step).min(self.limit)).or_else(|_| self.grow((used + bytes).min(self.limit)))
    }

    fn grow(&mut self, end: u64) -> io::Result<()> {
        while self.length < end {
            let count = (end - self.length).min(ZEROS.len() as u64) as usize;
            self.file.write_all_at(ZEROS.get(..count).unwrap_or(&ZEROS), self.length)?;
            self.length += count as u64;
        }
        // What waits in the journal is acknowledged and comes here later: the room outlives a power cut.
        self.file.sync_data()
    }
}
