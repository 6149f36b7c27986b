//! Which older slots of a list are live: found by one scan when many died, so that a page
//! does not have to pass them one by one.

use model::Direction;

use super::changes::ListChanges;
use super::layers::{List, ListLayers};
use crate::ReadError;
use crate::embedded::codec::Ordinal;
use crate::embedded::segment::HOLE;
use crate::embedded::segment::Lists;

/// With fewer newly dead ordinals a page passes them as fast.
const LEAST: usize = 1024;
/// Or with fewer than this share of the slots: a scan must be worth its time.
const SHARE: u64 = 1024;

/// A bit for each slot, set if it is live.
#[derive(Debug, Clone, Default)]
pub(in crate::embedded) struct Survey {
    bits: Vec<u64>,
    /// How many slots it speaks of.
    len: u64,
    /// How many ordinals were dead when it was made.
    pub(super) dead: usize,
}

impl Survey {
    fn new(slots: &[u32], dead: usize) -> Self {
        let word = |slots: &[u32]| {
            let bits = slots.iter().enumerate().map(|(at, slot)| u64::from(*slot != HOLE) << at);
            bits.fold(0, |word, bit| word | bit)
        };
        Self { bits: slots.chunks(64).map(word).collect(), len: slots.len() as u64, dead }
    }

    /// Memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
    }

    /// The last slot before `end` that was live; all from the end of the survey on count so.
    pub(super) fn last_before(&self, end: u64) -> Option<u64> {
        let last = end.checked_sub(1)?;
        if last >= self.len {
            return Some(last);
        }
        let mut at = (last / 64) as usize;
        let mut word = self.bits.get(at)? & (u64::MAX >> (63 - last % 64));
        while word == 0 {
            at = at.checked_sub(1)?;
            word = self.bits.get(at).copied().unwrap_or_default();
        }
        Some(at as u64 * 64 + 63 - u64::from(word.leading_zeros()))
    }

    /// The first slot from `begin` on that was live; all from the end of the survey on count so.
    pub(super) fn first_from(&self, begin: u64) -> u64 {
        if begin >= self.len {
            return begin;
        }
        let (first, words) = (begin / 64, self.bits.get((begin / 64) as usize..).unwrap_or_default());
        let before_begin = |at: usize| if at == 0 { u64::MAX << (begin % 64) } else { u64::MAX };
        let mut words = words.iter().enumerate().map(|(at, word)| (at as u64, word & before_begin(at)));
        let found = words.find(|(_, word)| *word != 0);
        found.map_or(self.len, |(at, word)| (first + at) * 64 + u64::from(word.trailing_zeros()))
    }
}

/// A survey of what one layer left of a merged list, if it is worth its time.
pub(super) fn survey_below(
    changes: &ListChanges<'_>,
    segment: &Lists,
    of: Ordinal,
    direction: Direction,
) -> Result<Option<Survey>, ReadError> {
    let dead = changes.dead.len();
    if dead < LEAST {
        return Ok(None);
    }
    let entry = segment.entry(of)?;
    let list = List { direction, changes: [None, None, Some(*changes)], segment, entry };
    let mut slots = Vec::new();
    segment.read(&entry, direction, &mut slots)?;
    list.lay_dead(&mut slots);
    Ok(Some(Survey::new(&slots, dead)))
}

impl ListLayers<'_> {
    /// A survey of what lies below the newest layer of a list, if one is worth its time.
    pub(in crate::embedded) fn survey(self, of: Ordinal, direction: Direction) -> Result<Option<Survey>, ReadError> {
        let Some(dead) = self.active.newly_dead(of, direction).filter(|(new, _)| *new >= LEAST) else {
            return Ok(None);
        };
        let (new, all) = dead;
        let list = self.list(of, direction)?;
        if (new as u64) < list.next_slot(0) / SHARE {
            return Ok(None);
        }
        let mut slots = Vec::new();
        self.segment.read(&list.entry, direction, &mut slots)?;
        list.lay_dead(&mut slots);
        Ok(Some(Survey::new(&slots, all)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_slots_are_found_from_both_sides() {
        let live = [0_u64, 63, 64, 200, 1000];
        let slots: Vec<u32> = (0..1001).map(|at| if live.contains(&at) { 7 } else { HOLE }).collect();
        let survey = Survey::new(&slots, 0);
        for at in 0..=1001_u64 {
            assert_eq!(survey.last_before(at), live.into_iter().rfind(|live| *live < at), "{at}");
            let first = live.into_iter().find(|live| *live >= at);
            assert_eq!(survey.first_from(at), first.unwrap_or(1001), "{at}");
        }
        assert_eq!((survey.last_before(5000), survey.first_from(5000)), (Some(4999), 5000));
    }
}
