//! Room that is kept for a full disk: a file that is removed so that a merge can be
//! written, which frees the room that the log takes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::data_dir::BALLAST_FILE;
use crate::error::is_full;

/// Enough to list the free pages of a log of a gigabyte.
const BYTES: usize = 4 << 20;
/// Written at once.
const PIECE: usize = 1 << 16;

/// The file, if there was room for it.
#[derive(Debug)]
pub(super) struct Ballast {
    path: PathBuf,
    is_there: bool,
}

impl Ballast {
    /// The file in the data directory, if it is there.
    pub(super) fn find(dir: &Path) -> Self {
        let path = dir.join(BALLAST_FILE);
        let is_there = fs::metadata(&path).is_ok_and(|about| about.len() == BYTES as u64);
        Self { path, is_there }
    }

    /// Gives its room to others, and says whether there was any to give.
    pub(super) fn give_up(&mut self) -> io::Result<bool> {
        if self.is_there {
            fs::remove_file(&self.path)?;
        }
        Ok(std::mem::take(&mut self.is_there))
    }

    /// Takes the room again if the disk has it.
    pub(super) fn restore(&mut self) -> io::Result<()> {
        if self.is_there {
            return Ok(());
        }
        match self.write() {
            Ok(()) => self.is_there = true,
            // What was written of it would be in the way.
            Err(error) if is_full(error.kind()) => _ = fs::remove_file(&self.path),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn write(&self) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&self.path)?;
        (0..BYTES / PIECE).try_for_each(|_| file.write_all(&[0; PIECE]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_given_up_once_and_taken_again() {
        let dir = tempfile::tempdir().unwrap();
        let length = || fs::metadata(dir.path().join(BALLAST_FILE)).map(|about| about.len()).ok();
        let mut ballast = Ballast::find(dir.path());
        ballast.restore().unwrap();
        assert_eq!(length(), Some(BYTES as u64));
        assert!(ballast.give_up().unwrap() && !ballast.give_up().unwrap());
        assert_eq!(length(), None);
        ballast.restore().unwrap();
        assert_eq!(length(), Some(BYTES as u64));
    }

    #[test]
    fn one_that_was_cut_short_is_made_whole() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(BALLAST_FILE), b"short").unwrap();
        let mut ballast = Ballast::find(dir.path());
        ballast.restore().unwrap();
        assert!(ballast.give_up().unwrap());
    }
}
