//! A tail of slots that knows where it has long rows of holes.

use std::ops::Range;

use crate::embedded::segment::HOLE;

/// Slots of which the live ones are counted together.
const CHUNK: usize = 256;

/// The slots of one layer of a list.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::embedded) struct Tail<'a> {
    slots: &'a [u32],
    /// How many of each [`CHUNK`] are no holes.
    live: &'a [u16],
}

impl<'a> Tail<'a> {
    pub(super) fn new(slots: &'a [u32], live: &'a [u16]) -> Self {
        Self { slots, live }
    }

    #[inline]
    pub(in crate::embedded) fn len(self) -> usize {
        self.slots.len()
    }

    /// All slots, with the holes.
    pub(in crate::embedded) fn slots(self) -> &'a [u32] {
        self.slots
    }

    /// The last slot before `end` that is no hole.
    pub(super) fn last_before(self, end: usize) -> Option<(usize, u32)> {
        let mut end = end.min(self.slots.len());
        while end > 0 {
            let chunk = (end - 1) / CHUNK;
            let begin = chunk * CHUNK;
            if let Some(slots) = self.lively(chunk, begin..end)
                && let Some((at, ordinal)) = slots.iter().enumerate().rfind(|(_, slot)| **slot != HOLE)
            {
                return Some((begin + at, *ordinal));
            }
            end = begin;
        }
        None
    }

    /// The first slot from `begin` on that is no hole.
    pub(super) fn first_from(self, mut begin: usize) -> Option<(usize, u32)> {
        while begin < self.slots.len() {
            let chunk = begin / CHUNK;
            let end = ((chunk + 1) * CHUNK).min(self.slots.len());
            if let Some(slots) = self.lively(chunk, begin..end)
                && let Some((at, ordinal)) = slots.iter().enumerate().find(|(_, slot)| **slot != HOLE)
            {
                return Some((begin + at, *ordinal));
            }
            begin = end;
        }
        None
    }

    /// These slots, unless all of their chunk are holes.
    fn lively(self, chunk: usize, slots: Range<usize>) -> Option<&'a [u32]> {
        let is_live = self.live.get(chunk).is_some_and(|live| *live > 0);
        is_live.then(|| self.slots.get(slots)).flatten()
    }
}

/// A tail that grows.
#[derive(Debug, Clone, Default)]
pub(super) struct GrowingTail {
    slots: Vec<u32>,
    live: Vec<u16>,
}

impl GrowingTail {
    pub(super) fn get(&self) -> Tail<'_> {
        Tail { slots: &self.slots, live: &self.live }
    }

    /// Memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>() + self.live.capacity() * size_of::<u16>()
    }

    /// Appends holes until the tail has this length, and then somebody.
    pub(super) fn push_at(&mut self, at: usize, ordinal: u32) {
        self.slots.resize(at.max(self.slots.len()), HOLE);
        self.slots.push(ordinal);
        self.live.resize(self.slots.len().div_ceil(CHUNK), 0);
        if let Some(live) = self.live.last_mut() {
            *live += 1;
        }
    }

    /// Makes a slot a hole.
    pub(super) fn free(&mut self, at: usize) {
        let Some(slot) = self.slots.get_mut(at).filter(|slot| **slot != HOLE) else { return };
        *slot = HOLE;
        if let Some(live) = self.live.get_mut(at / CHUNK) {
            *live -= 1;
        }
    }
}

/// How many of each chunk are no holes.
pub(super) fn count_live(slots: &[u32]) -> impl Iterator<Item = u16> {
    slots.chunks(CHUNK).map(|chunk| chunk.iter().map(|slot| u16::from(*slot != HOLE)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_slots_are_found_from_both_sides_across_long_holes() {
        let mut tail = GrowingTail::default();
        let live = [(3, 30), (CHUNK, 40), (9 * CHUNK + 7, 50), (9 * CHUNK + 8, 60)];
        live.iter().for_each(|&(at, ordinal)| tail.push_at(at, ordinal));
        [CHUNK, CHUNK, 0, usize::MAX].into_iter().for_each(|at| tail.free(at));
        let tail = tail.get();
        assert_eq!(tail.live, count_live(tail.slots).collect::<Vec<_>>());
        let mut found = Vec::new();
        let mut end = usize::MAX;
        while let Some((at, ordinal)) = tail.last_before(end) {
            found.push((at, ordinal));
            end = at;
        }
        assert_eq!(found, [live[3], live[2], live[0]]);
        found.clear();
        let mut begin = 0;
        while let Some((at, ordinal)) = tail.first_from(begin) {
            found.push((at, ordinal));
            begin = at + 1;
        }
        assert_eq!(found, [live[0], live[2], live[3]]);
    }
}
