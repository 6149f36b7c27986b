//! The lists of a state: every layer, the newest first.

use model::{Both, Direction};

use super::changes::{ListChanges, Numbers};
use super::delta::ListsDelta;
use super::run::ListsRun;
use super::walk::Walk;
use crate::ReadError;
use crate::embedded::codec::Ordinal;
use crate::embedded::segment::HOLE;
use crate::embedded::segment::{ListEntry, Lists, pick};

/// The layers of all lists.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct ListLayers<'a> {
    pub(in crate::embedded) active: &'a ListsDelta,
    pub(in crate::embedded) frozen: Option<&'a ListsDelta>,
    pub(in crate::embedded) run: Option<&'a ListsRun>,
    pub(in crate::embedded) segment: &'a Lists,
}

/// What the lists say of the numbers of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ListCounts {
    /// Slots that are no holes.
    pub(crate) live: Both<u64>,
    /// Live changes since the imported numbers were set.
    pub(crate) net: Both<i64>,
}

impl ListCounts {
    /// What is shown of an imported number, which is 0 where there is none.
    #[inline]
    pub(crate) fn shown(&self, direction: Direction, imported: u64) -> u64 {
        imported.saturating_add_signed(self.net[direction]).max(self.live[direction])
    }
}

/// One list.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct List<'a> {
    pub(super) direction: Direction,
    /// What changed, the newest first.
    pub(super) changes: [Option<ListChanges<'a>>; 3],
    pub(super) segment: &'a Lists,
    pub(super) entry: ListEntry,
}

impl<'a> ListLayers<'a> {
    /// What the layers above the segment say of a list, the newest first.
    #[inline]
    pub(in crate::embedded) fn changes(self, of: Ordinal, direction: Direction) -> [Option<ListChanges<'a>>; 3] {
        [
            self.active.list(of, direction),
            self.frozen.and_then(|frozen| frozen.list(of, direction)),
            self.run.and_then(|run| run.list(of, direction)),
        ]
    }

    /// Of that the numbers alone: a page asks for those of a thousand users, and to move all that a
    /// layer says of a list costs more than to find it.
    #[inline]
    fn numbers(self, of: Ordinal, direction: Direction) -> [Option<Numbers>; 3] {
        [
            self.active.list(of, direction).map(|list| list.numbers),
            self.frozen.and_then(|frozen| frozen.list(of, direction)).map(|list| list.numbers),
            self.run.and_then(|run| run.list(of, direction)).map(|list| list.numbers),
        ]
    }

    /// How many follows there are.
    pub(in crate::embedded) fn live(self) -> u64 {
        let net = self.active.net() + self.frozen.map_or(0, ListsDelta::net) + self.run.map_or(0, ListsRun::net);
        self.segment.live().saturating_add_signed(net)
    }

    /// A list of a user.
    pub(in crate::embedded) fn list(self, of: Ordinal, direction: Direction) -> Result<List<'a>, ReadError> {
        let (changes, entry) = (self.changes(of, direction), self.segment.entry(of)?);
        Ok(List { direction, changes, segment: self.segment, entry })
    }

    /// Whether one follows another. Of the two lists that can say so the shorter one is read.
    pub(in crate::embedded) fn follows(self, follower: Ordinal, followed: Ordinal) -> Result<bool, ReadError> {
        let changed = [Some(self.active), self.frozen].into_iter().flatten();
        let changed = changed.filter_map(|delta| delta.follows(follower, followed)).next();
        if let Some(follows) = changed.or_else(|| self.run?.follows(follower, followed)) {
            return Ok(follows);
        }
        self.is_merged(follower, followed)
    }

    /// Whether the segment says that one follows another.
    pub(in crate::embedded) fn is_merged(self, follower: Ordinal, followed: Ordinal) -> Result<bool, ReadError> {
        let (following, followers) = (self.segment.entry(follower)?, self.segment.entry(followed)?);
        if following.live(Direction::Following) <= followers.live(Direction::Followers) {
            self.segment.contains(&following, Direction::Following, followed)
        } else {
            self.segment.contains(&followers, Direction::Followers, follower)
        }
    }

    /// What the lists of a user say of its numbers.
    pub(in crate::embedded) fn counts(self, of: Ordinal) -> Result<ListCounts, ReadError> {
        let entry = self.segment.entry(of)?;
        let mut counts = ListCounts::default();
        for direction in Direction::BOTH {
            let merged = u64::from(entry.live(direction));
            let (mut live, mut net, mut is_reset) = (0, 0, false);
            for numbers in self.numbers(of, direction).into_iter().flatten() {
                let Numbers { live: more, net: since, is_reset: here } = numbers;
                live += more;
                net += if is_reset { 0 } else { since };
                is_reset |= here;
            }
            net += if is_reset { 0 } else { i64::from(pick(direction, entry.net)) };
            counts.live[direction] = merged.saturating_add_signed(live);
            counts.net[direction] = net;
        }
        Ok(counts)
    }
}

impl<'a> List<'a> {
    /// The slot of the next follow, when so many are kept free for a load.
    pub(in crate::embedded) fn next_slot(&self, reserved: u32) -> u64 {
        let merged = u64::from(pick(self.direction, self.entry.len));
        let [active, older @ ..] = &self.changes;
        active.as_ref().and_then(ListChanges::end).unwrap_or_else(|| {
            u64::from(reserved) + older.iter().flatten().find_map(ListChanges::end).unwrap_or(merged)
        })
    }

    /// Its live slots from the newest before `below` on.
    pub(in crate::embedded) fn below(&self, below: u64) -> Walk<'_, 'a> {
        Walk::new(self, below, true)
    }

    /// All its live slots from the oldest on.
    pub(in crate::embedded) fn all(&self) -> Walk<'_, 'a> {
        Walk::new(self, 0, false)
    }

    /// Its live slots from the oldest after `above` on.
    pub(in crate::embedded) fn above(&self, above: u64) -> Walk<'_, 'a> {
        Walk::new(self, above.saturating_add(1), false)
    }

    /// Makes of all slots that were merged those that are there now, holes among them.
    pub(in crate::embedded) fn lay_on(&self, slots: &mut Vec<u32>) {
        self.lay(slots, 0);
    }

    /// The same without the slots that the newest of the layers brought.
    pub(super) fn lay_dead(&self, slots: &mut Vec<u32>) {
        let newest = self.changes.iter().position(Option::is_some).unwrap_or_default();
        self.lay(slots, newest + 1);
    }

    /// Takes the dead of all layers, and the tails from one on downwards.
    fn lay(&self, slots: &mut Vec<u32>, tails_from: usize) {
        for (layer, change) in self.changes.iter().enumerate().rev() {
            let Some(change) = change else { continue };
            if !change.dead.is_empty() {
                let dead = |slot: &&mut u32| **slot != HOLE && change.dead.contains(**slot);
                slots.iter_mut().filter(dead).for_each(|slot| *slot = HOLE);
            }
            if change.tail.len() > 0 && layer >= tails_from {
                slots.resize(slots.len().max(change.first as usize), HOLE);
                slots.extend_from_slice(change.tail.slots());
            }
        }
    }
}
