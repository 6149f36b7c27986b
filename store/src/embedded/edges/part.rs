//! Follows as they were read, until all of them are there.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use model::UserId;

use crate::embedded::bulk::give_back;

/// Ids that are written and read at once: 1 MiB.
pub(super) const BLOCK: usize = 1 << 17;
const BYTES: usize = BLOCK * 8;

/// The follows of a load, or of a part of one.
#[derive(Debug)]
pub struct EdgePart {
    dir: PathBuf,
    /// Ids of a follower and who is followed, one after the other, that are not in the file yet.
    block: Vec<u8>,
    /// Without a name: a kill leaves nothing of it.
    file: Option<File>,
    blocks: u64,
}

impl EdgePart {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), block: Vec::new(), file: None, blocks: 0 }
    }

    /// Takes a follow. Later ones are newer, in this part and in those behind it.
    ///
    /// # Errors
    /// When the disk of the store has no room for them.
    #[inline]
    pub fn push(&mut self, follower: UserId, followed: UserId) -> io::Result<()> {
        self.block.extend_from_slice(&follower.get().to_le_bytes());
        self.block.extend_from_slice(&followed.get().to_le_bytes());
        if self.block.len() < BYTES { Ok(()) } else { self.lay_aside() }
    }

    fn lay_aside(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile_in(&self.dir)?),
        };
        file.write_all(&self.block)?;
        self.block.clear();
        self.blocks += 1;
        Ok(())
    }

    /// How many follows it holds.
    pub(super) fn len(&self) -> u64 {
        self.blocks * (BLOCK / 2) as u64 + self.block.len() as u64 / 16
    }

    /// Gives all ids to `each`, some at a time.
    pub(super) fn read<E: From<io::Error>>(self, mut each: impl FnMut(&[u64]) -> Result<(), E>) -> Result<(), E> {
        let (mut bytes, mut ids) = (vec![0; BYTES], Vec::with_capacity(BLOCK));
        let mut give = |bytes: &[u8]| {
            ids.clear();
            ids.extend(bytes.as_chunks::<8>().0.iter().map(|id| u64::from_le_bytes(*id)));
            each(&ids)
        };
        if let Some(file) = &self.file {
            for begin in (0..self.blocks).map(|block| block * BYTES as u64) {
                file.read_exact_at(&mut bytes, begin)?;
                give_back(file, begin, BYTES as u64);
                give(&bytes)?;
            }
        }
        give(&self.block)
    }
}
