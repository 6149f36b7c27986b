//! Walks through a list, page by page, while it changes.

use model::{Direction, UserId};
use store::{ListStart, Store};

use super::model::{Graph, Slots};
use crate::support::wait;

/// A walk that may not have ended yet.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    of: u64,
    direction: Direction,
    is_down: bool,
    /// The whole list when the walk began, in the order of the walk.
    before: Slots,
    next: Option<ListStart>,
    seen: Slots,
}

impl Walk {
    /// Begins at one end of a list; `None` if nobody has the id.
    pub(super) fn begin(graph: &Graph, of: u64, direction: Direction, is_down: bool) -> Option<Self> {
        let mut before = graph.list(of, direction)?;
        // The lowest slot is 0, so upwards the first page is the one below which nothing is.
        let next = if is_down { ListStart::Newest } else { ListStart::Below(before.last()?.0 + 1) };
        if !is_down {
            before.reverse();
        }
        Some(Self { of, direction, is_down, before, next: Some(next), seen: Vec::new() })
    }

    /// Reads one more page. Says whether there are more.
    pub(super) fn step(&mut self, store: &Store, graph: &Graph, limit: usize) -> bool {
        let Some(start) = self.next.take() else { return false };
        let Some(page) = page(store, self.of, self.direction, start, limit) else { return false };
        let mut slots = page.slots;
        let (edge, more) = if self.is_down {
            (slots.last().map(|(slot, _)| ListStart::Below(*slot)), page.more_below)
        } else {
            slots.reverse();
            (slots.last().map(|(slot, _)| ListStart::Above(*slot)), page.more_above)
        };
        self.seen.extend(slots);
        let same = match start {
            // The lowest slot of a walk upwards became a hole before it was read.
            ListStart::Below(slot) if !self.is_down => ListStart::Above(slot - 1),
            start => start,
        };
        self.next = edge.or(Some(same)).filter(|_| more);
        if self.next.is_none() {
            self.check(graph);
        }
        self.next.is_some()
    }

    /// What held all the time was seen once and in order, and nothing twice.
    fn check(&self, graph: &Graph) {
        let ordered = |pair: &[(u64, Option<u64>)]| (pair[0].0 > pair[1].0) == self.is_down && pair[0].0 != pair[1].0;
        assert!(self.seen.windows(2).all(ordered), "{self:?}");
        // A list of somebody who was made again under the same id is another.
        let Some(now) = graph.list(self.of, self.direction) else { return };
        let held: Vec<u64> =
            self.before.iter().map(|(slot, _)| *slot).filter(|slot| now.iter().any(|(now, _)| now == slot)).collect();
        let seen: Vec<u64> = self.seen.iter().map(|(slot, _)| *slot).filter(|slot| held.contains(slot)).collect();
        assert_eq!(seen, held, "{self:?}");
    }
}

/// A page as the store gives it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) slots: Slots,
    pub(super) more_below: bool,
    pub(super) more_above: bool,
}

pub(super) fn page(store: &Store, of: u64, direction: Direction, start: ListStart, limit: usize) -> Option<Page> {
    let page = wait(store.list_page(UserId::new(of), direction, start, limit, store::Detail::Full)).unwrap()?;
    assert_eq!(page.slots.len(), page.users.len());
    // Ids alone are the same page.
    let ids = wait(store.list_ids(UserId::new(of), direction, start, limit)).unwrap()?;
    let known = (0..page.users.len()).filter_map(|at| page.users.get(at)).map(|user| (user.id, user.state));
    assert_eq!((ids.slots, ids.more_below, ids.more_above), (page.slots.clone(), page.more_below, page.more_above));
    assert_eq!(ids.users, known.collect::<Vec<_>>());
    let ids = (0..page.users.len()).map(|at| page.users.get(at).map(|user| user.id.get()));
    let slots = page.slots.iter().copied().zip(ids).collect();
    Some(Page { slots, more_below: page.more_below, more_above: page.more_above })
}

/// The page that a list has there.
pub(super) fn expected(list: &Slots, start: ListStart, limit: usize) -> Page {
    let (begin, end) = match start {
        ListStart::Newest => (0, limit.min(list.len())),
        ListStart::Below(below) => {
            let begin = list.partition_point(|(slot, _)| *slot >= below);
            (begin, begin.saturating_add(limit).min(list.len()))
        }
        ListStart::Above(above) => {
            let end = list.partition_point(|(slot, _)| *slot > above);
            (end.saturating_sub(limit), end)
        }
    };
    Page { slots: list[begin..end].to_vec(), more_below: end < list.len(), more_above: begin > 0 }
}
