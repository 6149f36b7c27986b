//! Reading a list slot by slot, downwards or upwards, over what is dead and over holes.

use super::changes::Dead;
use super::layers::List;
use crate::embedded::codec::Ordinal;
use crate::embedded::segment::Walk as MergedWalk;
use crate::{ListStart, ReadError};

/// Layers above the segment.
const CHANGED: usize = 3;

/// A page as it was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct FoundPage {
    /// The newest first.
    pub(crate) ordinals: Vec<Ordinal>,
    pub(crate) slots: Vec<u64>,
    pub(crate) more_below: bool,
    pub(crate) more_above: bool,
}

/// The live slots of a list, one after the other.
pub(in crate::embedded) struct Walk<'l, 'a> {
    list: &'l List<'a>,
    is_down: bool,
    /// Which layer is read: one above the segment by its number, or the segment.
    layer: usize,
    /// Down: the slot after the next to look at; up: the next.
    at: u64,
    merged: Option<MergedWalk<'a>>,
    /// Dead slots that were passed one after the other.
    passed: u32,
}

/// After so many dead slots in a row a survey is asked where the next live one is.
const MANY: u32 = 64;

impl<'l, 'a> Walk<'l, 'a> {
    pub(super) fn new(list: &'l List<'a>, at: u64, is_down: bool) -> Self {
        Self { list, is_down, layer: if is_down { 0 } else { CHANGED }, at, merged: None, passed: 0 }
    }

    /// The next live slot, and who is in it.
    pub(in crate::embedded) fn next(&mut self) -> Result<Option<(u64, Ordinal)>, ReadError> {
        loop {
            let found = if self.layer < CHANGED { self.in_tail() } else { self.in_segment()? };
            match found {
                Some((slot, ordinal)) if self.is_dead(ordinal) => self.pass(slot),
                Some((slot, ordinal)) => {
                    self.passed = 0;
                    self.at = if self.is_down { slot } else { slot + 1 };
                    return Ok(Some((slot, Ordinal(ordinal))));
                }
                None if self.is_down && self.layer < CHANGED => self.layer += 1,
                None if !self.is_down && self.layer > 0 => self.layer -= 1,
                None => return Ok(None),
            }
        }
    }

    fn in_tail(&self) -> Option<(u64, u32)> {
        let change = self.list.changes.get(self.layer)?.as_ref()?;
        let at = usize::try_from(self.at.saturating_sub(change.first)).ok()?;
        let found = if self.is_down { change.tail.last_before(at) } else { change.tail.first_from(at) };
        found.map(|(at, ordinal)| (change.first + at as u64, ordinal))
    }

    fn in_segment(&mut self) -> Result<Option<(u64, u32)>, ReadError> {
        let List { segment, entry, direction, .. } = self.list;
        let walk = match &mut self.merged {
            Some(walk) => walk,
            None => {
                let begin = if self.is_down {
                    segment.below(entry, *direction, self.at)
                } else {
                    segment.above(entry, *direction, self.at)
                };
                self.merged.insert(begin)
            }
        };
        Ok(walk.next()?.map(|(slot, ordinal)| (slot, ordinal.0)))
    }

    /// Goes on behind a slot that is dead.
    fn pass(&mut self, slot: u64) {
        self.at = if self.is_down { slot } else { slot + 1 };
        self.passed += 1;
        if self.passed < MANY {
            return;
        }
        self.passed = 0;
        // The newest survey knows of all layers below it.
        let mut newer = self.list.changes.iter().take(self.layer).flatten();
        if let Some(survey) = newer.find_map(|change| change.survey) {
            self.at = if self.is_down {
                survey.last_before(self.at).map_or(0, |last| last + 1)
            } else {
                survey.first_from(self.at)
            };
            self.merged = None;
        }
    }

    /// Whether a newer layer than the one that is read says so.
    fn is_dead(&self, ordinal: u32) -> bool {
        let newer = self.list.changes.iter().take(self.layer).flatten();
        newer.map(|change| change.dead).filter(|dead| !dead.is_empty()).any(|dead: Dead<'_>| dead.contains(ordinal))
    }
}

impl List<'_> {
    /// A page of at most `limit` live slots.
    pub(in crate::embedded) fn page(&self, start: ListStart, limit: usize) -> Result<FoundPage, ReadError> {
        let mut walk = match start {
            ListStart::Newest => self.below(u64::MAX),
            ListStart::Below(slot) => self.below(slot),
            ListStart::Above(slot) => self.above(slot),
        };
        let mut page = FoundPage::default();
        while page.slots.len() < limit
            && let Some((slot, ordinal)) = walk.next()?
        {
            page.slots.push(slot);
            page.ordinals.push(ordinal);
        }
        let more = walk.next()?.is_some();
        if let ListStart::Above(slot) = start {
            page.slots.reverse();
            page.ordinals.reverse();
            page.more_above = more;
            let lowest = page.slots.last().copied().unwrap_or(slot.saturating_add(1));
            page.more_below = self.below(lowest).next()?.is_some();
        } else {
            page.more_below = more;
            let below = match start {
                ListStart::Below(slot) => slot,
                _ => u64::MAX,
            };
            let above = page.slots.first().map_or(below, |highest| highest.saturating_add(1));
            page.more_above = Walk::new(self, above, false).next()?.is_some();
        }
        Ok(page)
    }
}
