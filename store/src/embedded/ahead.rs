//! An iterator that runs some steps ahead of whoever reads it.
//!
//! What a search reads lies anywhere in gigabytes, and each step waits for memory. So each
//! step of many searches is begun some keys before its turn: meanwhile the processor fetches
//! what was announced, and works on keys that are near already.

use std::collections::VecDeque;

/// How many keys are under way in one step. More would push what was fetched first out of
/// the nearest cache, and out of what the processor knows of pages of memory.
const STEPS: usize = 16;

/// See [`ahead`].
pub(crate) struct Ahead<I: Iterator, F> {
    source: I,
    announce: F,
    under_way: VecDeque<I::Item>,
}

/// The items of `source` in their order, each announced some items before it is given.
pub(crate) fn ahead<I: Iterator, F: FnMut(&I::Item)>(source: I, announce: F) -> Ahead<I, F> {
    Ahead { source, announce, under_way: VecDeque::with_capacity(STEPS) }
}

impl<I: Iterator, F: FnMut(&I::Item)> Iterator for Ahead<I, F> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        while self.under_way.len() < STEPS
            && let Some(item) = self.source.next()
        {
            (self.announce)(&item);
            self.under_way.push_back(item);
        }
        self.under_way.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn all_come_in_order_and_each_was_announced_before() {
        for count in [0, 1, STEPS - 1, STEPS, STEPS + 1, 5 * STEPS] {
            let announced = RefCell::new(Vec::new());
            let mut given = Vec::new();
            for item in ahead(0..count, |&item| announced.borrow_mut().push(item)) {
                let far = announced.borrow().len();
                assert_eq!(far, count.min(item + STEPS), "{item} of {count}");
                given.push(item);
            }
            assert_eq!(given, announced.into_inner());
            assert_eq!(given, (0..count).collect::<Vec<_>>());
        }
    }
}
