//! The lists of a segment: whom each user follows, and who follows it.
//!
//! A list is its slots in the order in which the follows came; a slot holds an ordinal, or
//! is a hole where a follow ended. The number of a slot is its place in the list and never
//! changes, so pages and cursors speak of it. Nothing here knows of the changes since.

mod directory;
mod reader;
mod slots;
#[cfg(test)]
mod tests;
mod verify;
mod walk;
mod writer;

use std::ops::Range;
use std::path::Path;

use model::Direction;

use self::directory::Directory;
use self::reader::ListReader;
use self::slots::Slots;
pub(crate) use self::walk::Walk;
pub(crate) use self::writer::ListsWriter;
use super::Files;
use super::file::{FileKind, FileRef, SegmentFile};
use crate::embedded::codec::Ordinal;
use crate::{OpenError, ReadError};

/// The files of slots and of the counts of blocks, by direction.
const SLOTS: [[FileKind; 2]; 2] =
    [[FileKind::Following, FileKind::FollowingLive], [FileKind::Followers, FileKind::FollowersLive]];

/// The one of two that is for a direction.
#[inline]
pub(crate) fn pick<T>(direction: Direction, [following, followers]: [T; 2]) -> T {
    match direction {
        Direction::Following => following,
        Direction::Followers => followers,
    }
}

/// The lists of all users, as they were merged.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    parts: Option<Parts>,
}

#[derive(Debug)]
struct Parts {
    following: Slots,
    followers: Slots,
    directory: Directory,
}

/// The lists of a user, by direction: `Following` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ListEntry {
    /// Where they begin in their streams.
    begin: [u64; 2],
    /// How many slots they have, holes among them: the number of the next one.
    pub(crate) len: [u32; 2],
    /// How many of those are holes.
    pub(crate) holes: [u32; 2],
    /// By how much follows have changed the user's imported numbers.
    pub(crate) net: [i32; 2],
}

impl ListEntry {
    /// The slots of a list that are no holes.
    #[inline]
    pub(crate) fn live(&self, direction: Direction) -> u32 {
        pick(direction, self.len).saturating_sub(pick(direction, self.holes))
    }

    /// Where a list lies in its stream.
    fn range(&self, direction: Direction) -> Range<u64> {
        let begin = pick(direction, self.begin);
        begin..begin + u64::from(pick(direction, self.len))
    }
}

impl Lists {
    /// Opens what the manifest names. There are no lists before the first follow was merged.
    pub(crate) fn open(dir: &Path, files: &Files) -> Result<Self, OpenError> {
        let [following, followers] = SLOTS;
        let kinds = [following, followers, [FileKind::ListDirectory, FileKind::ListExceptions]];
        if kinds.as_flattened().iter().all(|&kind| files.get(kind).is_none()) {
            return Ok(Self { parts: None });
        }
        let named = |[first, second]: [FileKind; 2]| -> Result<[FileRef; 2], OpenError> {
            files.get(first).zip(files.get(second)).map(Into::into).ok_or_else(|| OpenError::Damaged {
                file: dir.to_owned(),
                reason: "a file of the lists is missing".to_owned(),
            })
        };
        let [following_files, followers_files, directory] = kinds.map(named);
        Ok(Self {
            parts: Some(Parts {
                following: Slots::open(dir, following, following_files?)?,
                followers: Slots::open(dir, followers, followers_files?)?,
                directory: Directory::open(dir, directory?)?,
            }),
        })
    }

    /// How many ordinals have lists here, if only empty ones.
    pub(crate) fn next(&self) -> u64 {
        self.parts.as_ref().map_or(0, |parts| parts.directory.next())
    }

    /// How many follows there are.
    pub(crate) fn live(&self) -> u64 {
        self.parts.as_ref().map_or(0, |parts| parts.following.live())
    }

    /// The lists of an ordinal; empty ones if it is not known.
    #[inline]
    pub(crate) fn entry(&self, ordinal: Ordinal) -> Result<ListEntry, ReadError> {
        match &self.parts {
            Some(parts) if u64::from(ordinal.0) < parts.directory.next() => parts.directory.entry(ordinal),
            _ => Ok(ListEntry::default()),
        }
    }

    /// Brings what [`Self::entry`] reads of ordinals near.
    pub(crate) fn touch(&self, ordinals: &[Ordinal]) {
        if let Some(parts) = &self.parts {
            parts.directory.touch(ordinals);
        }
    }

    /// From the last slot before `slot` down to the first.
    pub(crate) fn below(&self, entry: &ListEntry, direction: Direction, slot: u64) -> Walk<'_> {
        let len = u64::from(pick(direction, entry.len));
        self.walk(entry, direction, 0..slot.min(len), true)
    }

    /// From `slot` up to the last.
    pub(crate) fn above(&self, entry: &ListEntry, direction: Direction, slot: u64) -> Walk<'_> {
        let len = u64::from(pick(direction, entry.len));
        self.walk(entry, direction, slot.min(len)..len, false)
    }

    fn walk(&self, entry: &ListEntry, direction: Direction, range: Range<u64>, descends: bool) -> Walk<'_> {
        Walk::new(self.slots(direction), pick(direction, entry.begin), range, descends)
    }

    /// Reads whole lists of a direction, one after the other.
    pub(crate) fn reader(&self, direction: Direction) -> ListReader<'_> {
        ListReader::new(self.slots(direction), direction)
    }

    /// Puts a whole list into `into`, holes as [`HOLE`](super::HOLE).
    pub(crate) fn read(&self, entry: &ListEntry, direction: Direction, into: &mut Vec<u32>) -> Result<(), ReadError> {
        self.reader(direction).read(entry, into)
    }

    /// Whether an ordinal is in a list, of which every slot is looked at.
    pub(crate) fn contains(
        &self,
        entry: &ListEntry,
        direction: Direction,
        ordinal: Ordinal,
    ) -> Result<bool, ReadError> {
        let Some(slots) = self.slots(direction) else { return Ok(false) };
        let mut unpacked = Vec::new();
        for (block, part) in slots.parts(entry.range(direction)) {
            unpacked.clear();
            slots.unpack(block, part, &mut unpacked)?;
            if unpacked.contains(&ordinal.0) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn slots(&self, direction: Direction) -> Option<&Slots> {
        self.parts.as_ref().map(|parts| pick(direction, [&parts.following, &parts.followers]))
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &SegmentFile> {
        self.parts.iter().flat_map(|Parts { following, followers, directory }| {
            [following.files(), followers.files(), directory.files()].into_iter().flatten()
        })
    }

    pub(crate) fn files_mut(&mut self) -> impl Iterator<Item = &mut SegmentFile> {
        self.parts.iter_mut().flat_map(|Parts { following, followers, directory }| {
            [following.files_mut(), followers.files_mut(), directory.files_mut()].into_iter().flatten()
        })
    }
}
