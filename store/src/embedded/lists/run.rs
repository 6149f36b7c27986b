//! What the log held of lists at the start: sorted by list and row into arrays that do not
//! change. Filling the maps of a delta would take five times as long.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::{Both, Direction};

use super::changes::{Dead, ListChanges, Numbers};
use super::live::{Tail, count_live};
use super::survey::{Survey, survey_below};
use crate::ReadError;
use crate::embedded::codec::{ListRow, Ordinal};
use crate::embedded::segment::HOLE;
use crate::embedded::segment::Lists;

/// What a row says of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    list: u32,
    /// Counted from the first of the log.
    row: u32,
    other: u32,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Older slots of the other count no more.
    Dead,
    Follow {
        slot: u32,
    },
    Unfollow,
    /// An older slot of the other does not count beside the newer one.
    Overtaken,
    ResetCounts,
}

/// What rows say of lists, in any order.
#[derive(Debug, Default)]
pub(in crate::embedded) struct UnsortedLists(Both<Vec<Entry>>);

impl UnsortedLists {
    /// Notes a row.
    pub(in crate::embedded) fn note(&mut self, row: u32, list_row: &ListRow) {
        let mut push = |direction: Direction, list: Ordinal, other: u32, what| {
            self.0[direction].push(Entry { list: list.0, row, other, what });
        };
        match *list_row {
            ListRow::Follow(follow) => {
                for (direction, of, other) in follow.sides() {
                    if follow.over_import {
                        push(direction, of, other.0, What::Dead);
                    }
                    // A list has no more slots than its length in a segment can tell.
                    let slot = u32::try_from(follow.slots[direction]).unwrap_or(HOLE);
                    push(direction, of, other.0, What::Follow { slot });
                }
            }
            ListRow::Unfollow(follower, followed) => {
                push(Direction::Following, follower, followed.0, What::Unfollow);
                push(Direction::Followers, followed, follower.0, What::Unfollow);
            }
            ListRow::Overtake(follower, followed) => {
                push(Direction::Following, follower, followed.0, What::Overtaken);
                push(Direction::Followers, followed, follower.0, What::Overtaken);
            }
            ListRow::ResetCounts(of) => {
                Direction::BOTH.into_iter().for_each(|direction| push(direction, of, HOLE, What::ResetCounts));
            }
        }
    }

    /// Takes those of another.
    pub(in crate::embedded) fn append(&mut self, later: &Self) {
        self.0.each_mut().into_iter().zip(later.0.each()).for_each(|(all, more)| all.extend_from_slice(more));
    }

    /// Sorts what was noted.
    pub(in crate::embedded) fn sorted(self) -> ListsRun {
        ListsRun(self.0.map(|mut entries| {
            entries.sort_unstable();
            let mut side = Side::default();
            entries.chunk_by(|one, other| one.list == other.list).for_each(|entries| side.push(entries));
            side
        }))
    }
}

/// What the log held of lists, by direction.
#[derive(Debug, Default)]
pub(in crate::embedded) struct ListsRun(Both<Side>);

impl ListsRun {
    /// Looks where the live slots are of lists of which many died.
    pub(in crate::embedded) fn survey(&mut self, segment: &Lists) -> Result<(), ReadError> {
        for direction in Direction::BOTH {
            let mut surveys = HashMap::default();
            for &of in &self.0[direction].users {
                if let Some(changes) = self.list(Ordinal(of), direction)
                    && let Some(survey) = survey_below(&changes, segment, Ordinal(of), direction)?
                {
                    surveys.insert(of, survey);
                }
            }
            self.0[direction].surveys = surveys;
        }
        Ok(())
    }
}

/// All lists of one direction: one after the other in the order of their users.
#[derive(Debug, Default)]
struct Side {
    users: Vec<u32>,
    heads: Vec<Head>,
    slots: Vec<u32>,
    live: Vec<u16>,
    dead: Vec<u32>,
    surveys: HashMap<u32, Survey, RandomState>,
}

/// Where the parts of a list begin; they end where those of the next one begin.
#[derive(Debug, Clone, Copy)]
struct Head {
    first: u32,
    slots: u32,
    live: u32,
    dead: u32,
    numbers: Numbers,
}

impl ListsRun {
    /// Memory that this takes.
    pub(in crate::embedded) fn bytes(&self) -> usize {
        let of = |side: &Side| {
            let words = side.users.len() + side.slots.len() + side.dead.len();
            words * size_of::<u32>() + side.heads.len() * size_of::<Head>() + side.live.len() * size_of::<u16>()
        };
        self.0.each().into_iter().map(of).sum()
    }

    /// Follows more, or fewer, than in the segments.
    pub(in crate::embedded) fn net(&self) -> i64 {
        self.0.following.heads.iter().map(|head| head.numbers.live).sum()
    }

    /// All users with a changed list, some twice.
    pub(in crate::embedded) fn users(&self) -> impl Iterator<Item = Ordinal> {
        self.0.each().into_iter().flat_map(|side| side.users.iter().copied().map(Ordinal))
    }

    /// What changed in a list.
    #[inline]
    pub(in crate::embedded) fn list(&self, of: Ordinal, direction: Direction) -> Option<ListChanges<'_>> {
        let side = &self.0[direction];
        let at = side.users.binary_search(&of.0).ok()?;
        let (head, next) = (side.heads.get(at)?, side.heads.get(at + 1));
        let slots = next.map_or(side.slots.len(), |next| next.slots as usize);
        let live = next.map_or(side.live.len(), |next| next.live as usize);
        let dead = next.map_or(side.dead.len(), |next| next.dead as usize);
        Some(ListChanges {
            first: u64::from(head.first),
            tail: Tail::new(side.slots.get(head.slots as usize..slots)?, side.live.get(head.live as usize..live)?),
            dead: Dead::Sorted(side.dead.get(head.dead as usize..dead)?),
            survey: if side.surveys.is_empty() { None } else { side.surveys.get(&of.0) },
            numbers: head.numbers,
        })
    }

    /// Whether one follows another, if that changed. Of the two lists that say so the shorter
    /// one is read.
    pub(in crate::embedded) fn follows(&self, follower: Ordinal, followed: Ordinal) -> Option<bool> {
        let ours = self.list(follower, Direction::Following)?;
        let theirs = self.list(followed, Direction::Followers)?;
        let (list, other) = if ours.tail.len() <= theirs.tail.len() { (ours, followed) } else { (theirs, follower) };
        if list.tail.slots().contains(&other.0) {
            return Some(true);
        }
        list.dead.contains(other.0).then_some(false)
    }
}

/// With fewer entries a tail is searched from its end.
const FEW: usize = 32;

impl Side {
    /// Takes all that the log says of one list, in its order.
    fn push(&mut self, entries: &[Entry]) {
        let Some(begin) = entries.first() else { return };
        let (slots, live, dead) = (self.slots.len(), self.live.len(), self.dead.len());
        let first = entries.iter().find_map(|entry| match entry.what {
            What::Follow { slot } => Some(slot),
            _ => None,
        });
        let first = first.unwrap_or_default();
        let mut numbers = Numbers::default();
        let mut places: HashMap<u32, usize, RandomState> = HashMap::default();
        for entry in entries {
            match entry.what {
                What::Dead => self.dead.push(entry.other),
                What::Follow { slot } => {
                    let at = slots + slot.saturating_sub(first) as usize;
                    self.slots.resize(at.max(self.slots.len()), HOLE);
                    if entries.len() > FEW {
                        places.insert(entry.other, self.slots.len());
                    }
                    self.slots.push(entry.other);
                    numbers.follow();
                }
                What::Unfollow => {
                    let tail = self.slots.get_mut(slots..).unwrap_or_default();
                    let place = if entries.len() > FEW {
                        places.remove(&entry.other).map(|place| place - slots)
                    } else {
                        tail.iter().rposition(|slot| *slot == entry.other)
                    };
                    match place.and_then(|place| tail.get_mut(place)) {
                        Some(slot) => *slot = HOLE,
                        None => self.dead.push(entry.other),
                    }
                    numbers.unfollow();
                }
                What::Overtaken => numbers.overtake(),
                What::ResetCounts => numbers.reset(),
            }
        }
        self.live.extend(count_live(self.slots.get(slots..).unwrap_or_default()));
        if let Some(dead) = self.dead.get_mut(dead..) {
            dead.sort_unstable();
        }
        self.users.push(begin.list);
        let [slots, live, dead] = [slots, live, dead].map(|begin| u32::try_from(begin).unwrap_or(u32::MAX));
        self.heads.push(Head { first, slots, live, dead, numbers });
    }
}
