//! Writes the lists of all users in the order of their ordinals.

use std::io;

use super::super::file::{Destination, FileKind, FileRef};
use super::super::packed::{HOLE, width_for};
use super::directory::DirectoryWriter;
use super::slots::SlotsWriter;
use super::{ListEntry, SLOTS};

/// Files of lists on their way.
pub(crate) struct ListsWriter {
    following: SlotsWriter,
    followers: SlotsWriter,
    directory: DirectoryWriter,
}

impl ListsWriter {
    /// Begins files whose slots have room for every ordinal up to `greatest`.
    pub(crate) fn create(to: &Destination, greatest: u32) -> io::Result<Self> {
        let ([following, followers], width) = (SLOTS, width_for(greatest));
        Ok(Self {
            following: SlotsWriter::create(to, following, width)?,
            followers: SlotsWriter::create(to, followers, width)?,
            directory: DirectoryWriter::create(to)?,
        })
    }

    /// The lists of the next ordinal, each from its first slot on, and by how much follows
    /// changed its imported numbers.
    pub(crate) fn push(&mut self, following: &[u32], followers: &[u32], net: [i32; 2]) -> io::Result<()> {
        let len = |list: &[u32]| u32::try_from(list.len()).map_err(|_| io::Error::other("a list is too long"));
        // There are no more than slots.
        let holes = |list: &[u32]| list.iter().filter(|&&slot| slot == HOLE).count() as u32;
        let entry = ListEntry {
            begin: [self.following.len(), self.followers.len()],
            len: [len(following)?, len(followers)?],
            holes: [holes(following), holes(followers)],
            net,
        };
        self.directory.push(&entry)?;
        self.following.push(following);
        self.followers.push(followers);
        Ok(())
    }

    /// Waits until all of it is on the disk, and says what was written.
    pub(crate) fn finish(self) -> io::Result<Vec<(FileKind, FileRef)>> {
        let [following, followers] = SLOTS;
        let directory = [FileKind::ListDirectory, FileKind::ListExceptions];
        let written = [
            (following, self.following.finish()?),
            (followers, self.followers.finish()?),
            (directory, self.directory.finish()?),
        ];
        Ok(written.into_iter().flat_map(|(kinds, files)| kinds.into_iter().zip(files)).collect())
    }
}
