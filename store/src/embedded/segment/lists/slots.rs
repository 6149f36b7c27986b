//! The slots of all lists of one direction, as one stream in blocks of 1024 bytes, and for
//! each block how many of its slots are no holes.
//!
//! Lists follow each other without gaps, so a block can hold many, and a long list many
//! blocks. The counts let a walk pass millions of holes without reading them.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::super::file::{BODY, Destination, FileKind, FileRef, FileWriter, LINE, SegmentFile};
use super::super::packed::{GREATEST_WIDTH, HOLE, LEAST_WIDTH, PACKED, pack, per_block, unpack};
use crate::{OpenError, ReadError};

/// A block with its checksum.
const BLOCK: usize = 4 + PACKED;
/// Counts of blocks in a line, 2 bytes each.
const COUNTS: u64 = BODY as u64 / 2;

/// A stream that can be read.
#[derive(Debug)]
pub(super) struct Slots {
    slots: SegmentFile,
    counts: SegmentFile,
    width: u32,
    per_block: u64,
}

/// The counts of some blocks that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts<'a> {
    line: u64,
    body: &'a [u8; BODY],
}

impl Slots {
    pub(super) fn open(dir: &Path, kinds: [FileKind; 2], files: [FileRef; 2]) -> Result<Self, OpenError> {
        let ([slots, counts], [slots_file, counts_file]) = (kinds, files);
        let slots = SegmentFile::open(dir, slots, slots_file)?;
        let counts = SegmentFile::open(dir, counts, counts_file)?;
        let width = u32::try_from(slots.detail()).ok().filter(|width| (LEAST_WIDTH..=GREATEST_WIDTH).contains(width));
        let width = width.ok_or_else(|| slots.unusable("its slots have a width that is not possible"))?;
        let read = Self { slots, counts, width, per_block: per_block(width) };
        if read.slots.len() != LINE as u64 + read.blocks() * BLOCK as u64 {
            return Err(read.slots.unusable("it has not the blocks for what it counts"));
        }
        if (read.counts.count(), read.counts.lines()) != (read.blocks(), read.blocks().div_ceil(COUNTS)) {
            return Err(read.counts.unusable("it has not the lines for the blocks of slots"));
        }
        Ok(read)
    }

    /// How many slots there are in all.
    pub(super) fn len(&self) -> u64 {
        self.slots.count()
    }

    /// How many of them are no holes.
    pub(super) fn live(&self) -> u64 {
        self.counts.detail()
    }

    /// In how many blocks they are.
    pub(super) fn blocks(&self) -> u64 {
        self.len().div_ceil(self.per_block)
    }

    /// The block in which a slot of the stream is.
    #[inline]
    pub(super) fn block_of(&self, slot: u64) -> u64 {
        slot / self.per_block
    }

    /// The slots of the stream that are in a block.
    #[inline]
    pub(super) fn range_of(&self, block: u64) -> Range<u64> {
        block * self.per_block..(block + 1) * self.per_block
    }

    /// A range of slots of the stream, block by block.
    pub(super) fn parts(&self, range: Range<u64>) -> impl Iterator<Item = (u64, Range<u64>)> + use<> {
        let (per_block, Range { start, end }) = (self.per_block, range);
        let blocks = if start < end { start / per_block..(end - 1) / per_block + 1 } else { 0..0 };
        blocks.map(move |block| (block, start.max(block * per_block)..end.min((block + 1) * per_block)))
    }

    /// Appends slots of the stream that are all in one block, which is checked.
    #[inline]
    pub(super) fn unpack(&self, block: u64, slots: Range<u64>, into: &mut Vec<u32>) -> Result<(), ReadError> {
        let begin = usize::try_from(block).unwrap_or(usize::MAX).saturating_mul(BLOCK).saturating_add(LINE);
        let bytes = self.slots.record(block, &(begin..begin.saturating_add(BLOCK)))?;
        let first = self.range_of(block).start;
        let place = |slot: u64| usize::try_from(slot.saturating_sub(first)).unwrap_or(usize::MAX);
        unpack(bytes, self.width, place(slots.start)..place(slots.end), into);
        Ok(())
    }

    /// How many slots of a block are no holes. `near` keeps the counts of its neighbours.
    #[inline]
    pub(super) fn live_in<'a>(&'a self, block: u64, near: &mut Option<Counts<'a>>) -> Result<u16, ReadError> {
        let line = block / COUNTS;
        let body = match near {
            Some(counts) if counts.line == line => counts.body,
            _ => {
                let body = self.counts.line(line)?;
                *near = Some(Counts { line, body });
                body
            }
        };
        let count = body.as_chunks::<2>().0.get((block % COUNTS) as usize);
        Ok(count.map_or(0, |count| u16::from_le_bytes(*count)))
    }

    /// The files of the slots and of the counts.
    pub(super) fn files(&self) -> [&SegmentFile; 2] {
        [&self.slots, &self.counts]
    }

    pub(super) fn files_mut(&mut self) -> [&mut SegmentFile; 2] {
        [&mut self.slots, &mut self.counts]
    }
}

/// Writes a stream.
pub(super) struct SlotsWriter {
    slots: FileWriter,
    counts: FileWriter,
    width: u32,
    /// Slots of the next block.
    waiting: Vec<u32>,
    per_block: usize,
    packed: Vec<u8>,
    blocks: u64,
    len: u64,
    live: u64,
    line: [u8; BODY],
}

impl SlotsWriter {
    pub(super) fn create(to: &Destination, kinds: [FileKind; 2], width: u32) -> io::Result<Self> {
        let [slots, counts] = kinds;
        let per_block = per_block(width) as usize;
        Ok(Self {
            slots: FileWriter::create(to, slots)?,
            counts: FileWriter::create(to, counts)?,
            width,
            waiting: Vec::with_capacity(per_block),
            per_block,
            packed: Vec::with_capacity(BLOCK),
            blocks: 0,
            len: 0,
            live: 0,
            line: [0; BODY],
        })
    }

    /// How many slots there are so far.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Appends slots.
    pub(super) fn push(&mut self, mut slots: &[u32]) {
        self.len += slots.len() as u64;
        while let Some((first, rest)) = slots.split_at_checked(self.per_block - self.waiting.len()) {
            self.waiting.extend_from_slice(first);
            self.end_block();
            slots = rest;
        }
        self.waiting.extend_from_slice(slots);
    }

    fn end_block(&mut self) {
        let live = self.waiting.iter().filter(|&&slot| slot != HOLE).count();
        pack(&self.waiting, self.width, &mut self.packed);
        self.slots.record(self.blocks, &self.packed);
        self.waiting.clear();
        self.live += live as u64;
        if let Some(count) = self.line.as_chunks_mut::<2>().0.get_mut((self.blocks % COUNTS) as usize) {
            // A block has room for 1020.
            *count = (live as u16).to_le_bytes();
        }
        self.blocks += 1;
        if self.blocks.is_multiple_of(COUNTS) {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.counts.line((self.blocks - 1) / COUNTS, &self.line);
        self.line = [0; BODY];
    }

    /// Waits until all of it is on the disk.
    pub(super) fn finish(mut self) -> io::Result<[FileRef; 2]> {
        if !self.waiting.is_empty() {
            self.waiting.resize(self.per_block, HOLE);
            self.end_block();
        }
        if !self.blocks.is_multiple_of(COUNTS) {
            self.end_line();
        }
        let slots = self.slots.finish_with(self.len, u64::from(self.width))?;
        Ok([slots, self.counts.finish_with(self.blocks, self.live)?])
    }
}
