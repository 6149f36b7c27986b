//! An iterator that runs some steps ahead of whoever reads it.
//!
//! What a search reads lies anywhere in gigabytes, and each step waits for memory. So one step
//! of many searches is announced at once, and then taken: the processor fetches what was
//! announced side by side. Announcements stand close together because each may first have to
//! find out where its page of memory is, and nothing that comes after overtakes that for long.

use std::collections::VecDeque;

/// How many keys are announced together. More would push what was fetched first out of the
/// nearest cache.
const STEPS: usize = 32;

/// See [`ahead`].
pub(crate) struct Ahead<I: Iterator, F> {
    source: I,
    announce: F,
    under_way: VecDeque<I::Item>,
}

/// The items of `source` in their order, each announced before it is given, with others.
pub(crate) fn ahead<I: Iterator, F: FnMut(&I::Item)>(source: I, announce: F) -> Ahead<I, F> {
    Ahead { source, announce, under_way: VecDeque::with_capacity(STEPS) }
}

impl<I: Iterator, F: FnMut(&I::Item)> Iterator for Ahead<I, F> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        if self.under_way.is_empty() {
            while self.under_way.len() < STEPS
                && let Some(item) = self.source.next()
            {
                (self.announce)(&item);
                self.under_way.push_back(item);
            }
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
                assert_eq!(far, count.min((item / STEPS + 1) * STEPS), "{item} of {count}");
                given.push(item);
            }
            assert_eq!(given, announced.into_inner());
            assert_eq!(given, (0..count).collect::<Vec<_>>());
        }
    }
}
