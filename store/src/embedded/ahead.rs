//! What will be read is announced: by an iterator for many keys, and for one by whoever knows it
//! early.
//!
//! What a search reads lies anywhere in gigabytes, and each step waits for memory. So the same
//! step of many searches is announced at once, and then taken: the processor fetches what was
//! announced side by side. Announcements stand close together because each may first have to
//! find out where its page of memory is, and nothing that comes after overtakes that for long.

use super::Embedded;
use crate::{Announced, UserKey};

impl Embedded {
    #[inline]
    pub(crate) fn announce(&self, user: &UserKey) -> Announced {
        let announced = Announced::of(user);
        // Elsewhere to announce is to read, and nobody knows yet who calls.
        if cfg!(target_arch = "x86_64") {
            self.0.published.read().segments.users.announce(announced);
        }
        announced
    }

    #[inline]
    pub(crate) fn announce_head(&self, user: Announced) {
        self.0.published.read().segments.users.announce_head(user);
    }
}

/// How many keys are announced together. More would push what was fetched first out of the
/// nearest cache.
pub(crate) const BURST: usize = 32;

/// See [`ahead`].
pub(crate) struct Ahead<I: Iterator, F> {
    source: I,
    announce: F,
    burst: Vec<I::Item>,
    given: usize,
}

/// The items of `source` in their order, after they were announced with those that come next.
pub(crate) fn ahead<I: Iterator<Item: Copy>, F: FnMut(&[I::Item])>(source: I, announce: F) -> Ahead<I, F> {
    Ahead { source, announce, burst: Vec::with_capacity(BURST), given: 0 }
}

impl<I: Iterator<Item: Copy>, F: FnMut(&[I::Item])> Iterator for Ahead<I, F> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        if self.given == self.burst.len() {
            self.given = 0;
            self.burst.clear();
            self.burst.extend(self.source.by_ref().take(BURST));
            (self.announce)(&self.burst);
        }
        let item = self.burst.get(self.given).copied();
        self.given += usize::from(item.is_some());
        item
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn all_come_in_order_and_each_was_announced_before() {
        for count in [0, 1, BURST - 1, BURST, BURST + 1, 5 * BURST] {
            let announced = RefCell::new(Vec::new());
            let mut given = Vec::new();
            for item in ahead(0..count, |burst| announced.borrow_mut().extend_from_slice(burst)) {
                let far = announced.borrow().len();
                assert_eq!(far, count.min((item / BURST + 1) * BURST), "{item} of {count}");
                given.push(item);
            }
            assert_eq!(given, announced.into_inner());
            assert_eq!(given, (0..count).collect::<Vec<_>>());
        }
    }
}
