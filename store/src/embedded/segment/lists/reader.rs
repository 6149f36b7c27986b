//! Reads whole lists that follow each other. Short ones share blocks, and a block is
//! checked and unpacked once for all of them.

use model::Direction;

use super::ListEntry;
use super::slots::Slots;
use crate::ReadError;

/// Reads lists of one direction.
pub(crate) struct ListReader<'a> {
    slots: Option<&'a Slots>,
    direction: Direction,
    /// The block that was read last, and its slots.
    block: Option<u64>,
    unpacked: Vec<u32>,
}

impl<'a> ListReader<'a> {
    pub(super) fn new(slots: Option<&'a Slots>, direction: Direction) -> Self {
        Self { slots, direction, block: None, unpacked: Vec::new() }
    }

    /// Puts a whole list into `into`, holes as [`HOLE`](super::super::HOLE).
    pub(crate) fn read(&mut self, entry: &ListEntry, into: &mut Vec<u32>) -> Result<(), ReadError> {
        into.clear();
        let Some(slots) = self.slots else { return Ok(()) };
        for (block, part) in slots.parts(entry.range(self.direction)) {
            let whole = slots.range_of(block);
            if part == whole {
                slots.unpack(block, part, into)?;
                continue;
            }
            if self.block != Some(block) {
                self.block = None;
                self.unpacked.clear();
                slots.unpack(block, whole.clone(), &mut self.unpacked)?;
                self.block = Some(block);
            }
            // A block has room for 1020.
            let [start, end] = [part.start, part.end].map(|slot| (slot - whole.start) as usize);
            into.extend_from_slice(self.unpacked.get(start..end).unwrap_or_default());
        }
        Ok(())
    }
}
