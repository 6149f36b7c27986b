//! Changes of lists in memory, as the writer makes them.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use model::{Both, Direction};

use super::changes::{Dead, ListChanges, Numbers};
use super::live::GrowingTail;
use super::survey::Survey;
use crate::embedded::codec::{Follow, Ordinal};

/// What changed in one list.
#[derive(Debug, Default)]
struct List {
    first: u64,
    tail: GrowingTail,
    dead: HashSet<u32, RandomState>,
    survey: Option<Survey>,
    numbers: Numbers,
}

/// What changed in all lists.
#[derive(Debug, Default)]
pub(in crate::embedded) struct ListsDelta {
    lists: Both<HashMap<Ordinal, List, RandomState>>,
    /// Pairs of a follower and who is followed: the slots in both lists, or that it is over.
    pairs: HashMap<(Ordinal, Ordinal), Option<Both<u64>>, RandomState>,
    /// Pairs of a follow that a load on its way may bring too.
    over_import: HashSet<(Ordinal, Ordinal), RandomState>,
    /// Follows more, or fewer, than when this began.
    net: i64,
    bytes: usize,
}

/// What a list and a pair cost in the maps, roughly.
const OF_LIST: usize = 160;
const OF_PAIR: usize = 48;
const OF_DEAD: usize = 8;

impl ListsDelta {
    /// Follows more, or fewer, than when this began.
    pub(in crate::embedded) fn net(&self) -> i64 {
        self.net
    }

    /// Memory that this takes, roughly.
    pub(in crate::embedded) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What changed in a list.
    #[inline]
    pub(in crate::embedded) fn list(&self, of: Ordinal, direction: Direction) -> Option<ListChanges<'_>> {
        let lists = &self.lists[direction];
        if lists.is_empty() {
            return None;
        }
        let List { first, tail, dead, survey, numbers } = lists.get(&of)?;
        let (tail, dead, survey) = (tail.get(), Dead::Set(dead), survey.as_ref());
        Some(ListChanges { first: *first, tail, dead, survey, numbers: *numbers })
    }

    /// Whether one follows another, if that changed.
    #[inline]
    pub(in crate::embedded) fn follows(&self, follower: Ordinal, followed: Ordinal) -> Option<bool> {
        self.pairs.get(&(follower, followed)).map(Option::is_some)
    }

    /// All users with a changed list, in no order, some twice.
    pub(in crate::embedded) fn users(&self) -> impl Iterator<Item = Ordinal> {
        self.lists.each().into_iter().flat_map(HashMap::keys).copied()
    }

    /// Makes a new follow visible.
    pub(in crate::embedded) fn follow(&mut self, follow: &Follow) {
        let Follow { follower, followed, slots, over_import } = *follow;
        self.net += 1;
        for (direction, of, other) in follow.sides() {
            let slot = slots[direction];
            self.change(of, direction, |list| {
                if list.tail.get().len() == 0 {
                    list.first = slot;
                }
                list.tail.push_at(slot.saturating_sub(list.first) as usize, other.0);
                if over_import {
                    list.dead.insert(other.0);
                }
                list.numbers.follow();
            });
        }
        if over_import {
            self.over_import.insert((follower, followed));
        }
        if self.pairs.insert((follower, followed), Some(slots)).is_none() {
            self.bytes += OF_PAIR;
        }
    }

    /// Makes the end of a follow visible.
    pub(in crate::embedded) fn unfollow(&mut self, follower: Ordinal, followed: Ordinal) {
        self.net -= 1;
        let known = self.pairs.insert((follower, followed), None);
        self.bytes += if known.is_none() { OF_PAIR } else { 0 };
        let sides = [(Direction::Following, follower, followed), (Direction::Followers, followed, follower)];
        for (direction, of, other) in sides {
            self.change(of, direction, |list| {
                match known.flatten() {
                    Some(slots) => list.tail.free(slots[direction].saturating_sub(list.first) as usize),
                    None => _ = list.dead.insert(other.0),
                }
                list.numbers.unfollow();
            });
        }
    }

    /// A load brought a follow too, with older slots.
    pub(in crate::embedded) fn overtake(&mut self, follower: Ordinal, followed: Ordinal) {
        self.net -= 1;
        for (direction, of) in [(Direction::Following, follower), (Direction::Followers, followed)] {
            self.change(of, direction, |list| list.numbers.overtake());
        }
    }

    /// Pairs of a follow that a load on its way may bring too, in no order.
    pub(in crate::embedded) fn over_import(&self) -> impl Iterator<Item = (Ordinal, Ordinal)> {
        self.over_import.iter().copied()
    }

    /// The load is at its end.
    pub(in crate::embedded) fn forget_over_import(&mut self) {
        self.over_import = HashSet::default();
    }

    /// The imported numbers of a user were replaced: they hold from now on.
    pub(in crate::embedded) fn reset_counts(&mut self, of: Ordinal) {
        Direction::BOTH.into_iter().for_each(|direction| self.change(of, direction, |list| list.numbers.reset()));
    }

    /// How many ordinals of a list died since its last survey, and in all.
    pub(super) fn newly_dead(&self, of: Ordinal, direction: Direction) -> Option<(usize, usize)> {
        let list = self.lists[direction].get(&of)?;
        let dead = list.dead.len();
        Some((dead - list.survey.as_ref().map_or(0, |survey| survey.dead).min(dead), dead))
    }

    /// Takes a survey of what lies below.
    pub(in crate::embedded) fn set_survey(&mut self, of: Ordinal, direction: Direction, survey: Survey) {
        if let Some(list) = self.lists[direction].get_mut(&of) {
            self.bytes += survey.bytes();
            self.bytes -= list.survey.replace(survey).map_or(0, |old| old.bytes());
        }
    }

    /// What lies below is about to change.
    pub(in crate::embedded) fn forget_surveys(&mut self) {
        for list in self.lists.each_mut().into_iter().flat_map(HashMap::values_mut) {
            self.bytes -= list.survey.take().map_or(0, |old| old.bytes());
        }
    }

    fn change(&mut self, of: Ordinal, direction: Direction, change: impl FnOnce(&mut List)) {
        let mut is_new = false;
        let list = self.lists[direction].entry(of).or_insert_with(|| {
            is_new = true;
            List::default()
        });
        let (tail, dead) = (list.tail.bytes(), list.dead.len());
        change(list);
        self.bytes += list.tail.bytes() - tail + (list.dead.len() - dead) * OF_DEAD;
        self.bytes += if is_new { OF_LIST } else { 0 };
    }
}
