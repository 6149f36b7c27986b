//! Goes through a list, slot by slot, in either direction, and passes over holes.

use std::ops::Range;

use super::super::packed::HOLE;
use super::slots::{Counts, Slots};
use crate::ReadError;
use crate::embedded::codec::Ordinal;

/// A walk through one list.
pub(crate) struct Walk<'a> {
    /// `None`: there are no lists.
    slots: Option<&'a Slots>,
    /// Where the list begins in the stream.
    begin: u64,
    /// Slots of the stream that were not read yet.
    left: Range<u64>,
    descends: bool,
    /// Slots that were read and not given yet; the next is the last.
    found: Vec<(u64, Ordinal)>,
    unpacked: Vec<u32>,
    counts: Option<Counts<'a>>,
}

impl<'a> Walk<'a> {
    /// Through these slots of a list that begins there in the stream.
    pub(super) fn new(slots: Option<&'a Slots>, begin: u64, range: Range<u64>, descends: bool) -> Self {
        let left = begin + range.start..begin + range.end;
        Self { slots, begin, left, descends, found: Vec::new(), unpacked: Vec::new(), counts: None }
    }

    /// The next slot that is no hole, and who is in it.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Ordinal)>, ReadError> {
        if self.found.is_empty() {
            self.fill()?;
        }
        Ok(self.found.pop())
    }

    /// Reads on until something is found.
    fn fill(&mut self) -> Result<(), ReadError> {
        let Some(slots) = self.slots else { return Ok(()) };
        while self.found.is_empty() && !self.left.is_empty() {
            let block = slots.block_of(if self.descends { self.left.end - 1 } else { self.left.start });
            let here = slots.range_of(block);
            let part = if self.descends {
                let part = self.left.start.max(here.start)..self.left.end;
                self.left.end = part.start;
                part
            } else {
                let part = self.left.start..self.left.end.min(here.end);
                self.left.start = part.end;
                part
            };
            if slots.live_in(block, &mut self.counts)? == 0 {
                continue;
            }
            self.unpacked.clear();
            let first = part.start - self.begin;
            slots.unpack(block, part, &mut self.unpacked)?;
            let found = (first..).zip(&self.unpacked).filter(|&(_, &slot)| slot != HOLE);
            self.found.extend(found.map(|(slot, &ordinal)| (slot, Ordinal(ordinal))));
            if !self.descends {
                self.found.reverse();
            }
        }
        Ok(())
    }
}
