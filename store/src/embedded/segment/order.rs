//! The ordinals of all users in the order of their usernames, or of their names.
//!
//! Nothing but ordinals is stored, packed like the slots of lists: what stands at a place,
//! its record says, so that a search by halves reads some two dozen records.

use std::io;
use std::path::Path;

use super::file::{Destination, FileKind, FileRef, FileWriter, LINE, SegmentFile};
use super::packed::{GREATEST_WIDTH, LEAST_WIDTH, PACKED, pack, per_block, unpack, width_for};
use super::sorter::Sorter;
use crate::embedded::codec::{OrderKey, Ordinal};
use crate::{OpenError, ReadError};

/// A block with its checksum.
const BLOCK: usize = 4 + PACKED;

/// An order that can be read.
#[derive(Debug)]
pub(crate) struct Order {
    file: SegmentFile,
    width: u32,
    per_block: u64,
}

impl Order {
    pub(super) fn open(dir: &Path, kind: FileKind, file: FileRef) -> Result<Self, OpenError> {
        let file = SegmentFile::open(dir, kind, file)?;
        let width = u32::try_from(file.detail()).ok().filter(|width| (LEAST_WIDTH..=GREATEST_WIDTH).contains(width));
        let width = width.ok_or_else(|| file.unusable("its ordinals have a width that is not possible"))?;
        let per_block = per_block(width);
        if file.len() != LINE as u64 + file.count().div_ceil(per_block) * BLOCK as u64 {
            return Err(file.unusable("it has not the blocks for what it counts"));
        }
        Ok(Self { file, width, per_block })
    }

    /// How many ordinals there are.
    pub(crate) fn len(&self) -> u64 {
        self.file.count()
    }

    /// The ordinals from a place on.
    pub(crate) fn from(&self, place: u64) -> Ordinals<'_> {
        Ordinals { order: self, next: place, block: Vec::new() }
    }

    /// The first place whose ordinal is not `before` what is looked for, as all before it are.
    pub(crate) fn partition_point(
        &self,
        before: impl Fn(Ordinal) -> Result<bool, ReadError>,
    ) -> Result<u64, ReadError> {
        let (mut first, mut end) = (0, self.len());
        while first < end {
            let middle = first + (end - first) / 2;
            let Some(ordinal) = self.from(middle).next() else { break };
            if before(ordinal?)? {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        Ok(first)
    }

    /// Appends what a block holds from a place in it on, the last first.
    fn read(&self, block: u64, from: usize, into: &mut Vec<u32>) -> Result<(), ReadError> {
        let begin = usize::try_from(block).unwrap_or(usize::MAX).saturating_mul(BLOCK).saturating_add(LINE);
        let bytes = self.file.record(block, &(begin..begin.saturating_add(BLOCK)))?;
        let filled = self.len().saturating_sub(block * self.per_block).min(self.per_block);
        unpack(bytes, self.width, from..usize::try_from(filled).unwrap_or(0), into);
        into.reverse();
        Ok(())
    }

    pub(super) fn file(&self) -> &SegmentFile {
        &self.file
    }

    pub(super) fn file_mut(&mut self) -> &mut SegmentFile {
        &mut self.file
    }
}

/// See [`Order::from`].
pub(crate) struct Ordinals<'a> {
    order: &'a Order,
    next: u64,
    /// What was read and not given yet; the next is the last.
    block: Vec<u32>,
}

impl Iterator for Ordinals<'_> {
    type Item = Result<Ordinal, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.block.is_empty() && self.next < self.order.len() {
            let (block, from) = (self.next / self.order.per_block, self.next % self.order.per_block);
            if let Err(error) = self.order.read(block, usize::try_from(from).unwrap_or(0), &mut self.block) {
                // Where the next block begins is known.
                self.next = (block + 1) * self.order.per_block;
                return Some(Err(error));
            }
        }
        let ordinal = self.block.pop()?;
        self.next += 1;
        Some(Ok(Ordinal(ordinal)))
    }
}

/// Writes the order of everything that was given to `entries`, among the ordinals before `end`.
pub(super) fn write(to: &Destination, kind: FileKind, entries: Sorter<OrderKey>, end: u32) -> io::Result<FileRef> {
    let mut file = FileWriter::create(to, kind)?;
    let (count, width) = (entries.len(), width_for(end.saturating_sub(1)));
    let per_block = usize::try_from(per_block(width)).map_err(io::Error::other)?;
    let (mut waiting, mut packed, mut blocks) = (Vec::with_capacity(per_block), Vec::with_capacity(BLOCK), 0);
    for entry in entries.sorted()? {
        waiting.push(entry?.ordinal.0);
        if waiting.len() == per_block {
            pack(&waiting, width, &mut packed);
            file.record(blocks, &packed);
            waiting.clear();
            blocks += 1;
        }
    }
    if !waiting.is_empty() {
        pack(&waiting, width, &mut packed);
        file.record(blocks, &packed);
    }
    file.finish_with(count, u64::from(width))
}

#[cfg(test)]
mod tests {
    use super::super::sorter::Entry;
    use super::*;

    fn written(dir: &Path, count: u32) -> Order {
        let mut sorter = Sorter::new(dir);
        for number in 0..count {
            let key = OrderKey::of(&format!("{:08}", count - number));
            sorter.push(Entry { key, ordinal: Ordinal(number) }).unwrap();
        }
        let to = Destination { dir: dir.to_owned(), number: 1, durable: false };
        let file = write(&to, FileKind::NameOrder, sorter, count).unwrap();
        Order::open(dir, FileKind::NameOrder, file).unwrap()
    }

    #[test]
    fn ordinals_come_in_the_order_of_their_keys_from_any_place() {
        for count in [0, 1, 509, 510, 511, 1020, 1021, 3000] {
            let dir = tempfile::tempdir().unwrap();
            let order = written(dir.path(), count);
            for place in [0, 1, 508, 510, 1019, 1020, 2999, 3000, u64::MAX] {
                let found: Vec<u32> = order.from(place).map(|ordinal| ordinal.unwrap().0).collect();
                let skipped = usize::try_from(place).unwrap();
                assert_eq!(found, (0..count).rev().skip(skipped).collect::<Vec<_>>(), "{place} of {count}");
            }
        }
    }

    #[test]
    fn a_search_by_halves_finds_where_what_is_looked_for_begins() {
        let dir = tempfile::tempdir().unwrap();
        let order = written(dir.path(), 1000);
        for wanted in [0, 1, 500, 998, 999, 1000] {
            let place = order.partition_point(|ordinal| Ok(ordinal.0 > 999 - wanted.min(999) || wanted == 1000));
            assert_eq!(place.unwrap(), u64::from(wanted));
        }
    }
}
