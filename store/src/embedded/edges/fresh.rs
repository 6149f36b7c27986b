//! Which follows of a load are new: not on the list yet, and not there twice.

use crate::embedded::segment::HOLE;

/// With fewer slots than this a list is searched.
const FEW: usize = 24;

/// Knows, while a list grows, who is on it.
#[derive(Debug, Default)]
pub(in crate::embedded) struct OnList {
    /// By ordinal the number of the list on which it was met last.
    met: Vec<u32>,
    list: u32,
}

impl OnList {
    /// Appends those of `more` who are not on the list, each once.
    pub(in crate::embedded) fn append(&mut self, list: &mut Vec<u32>, more: &[u32]) {
        if list.len() + more.len() <= FEW {
            for &other in more {
                if !list.contains(&other) {
                    list.push(other);
                }
            }
            return;
        }
        let next = self.list.checked_add(1);
        self.list = next.unwrap_or_else(|| {
            self.met.fill(0);
            1
        });
        let greatest = list.iter().filter(|slot| **slot != HOLE).chain(more).max().copied().unwrap_or_default();
        if greatest as usize >= self.met.len() {
            self.met.resize(greatest as usize + 1, 0);
        }
        let Self { met, list: number } = self;
        let mut meet = |other: u32| {
            let met = met.get_mut(other as usize).map(|met| std::mem::replace(met, *number));
            met != Some(*number)
        };
        list.iter().filter(|slot| **slot != HOLE).for_each(|slot| _ = meet(*slot));
        list.extend(more.iter().copied().filter(|other| meet(*other)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nobody_comes_onto_a_list_twice(
            lists in prop::collection::vec((prop::collection::vec(0..99_u32, 0..60), prop::collection::vec(0..99_u32, 0..60)), 1..9),
            wraps in any::<bool>(),
        ) {
            let mut on_list = OnList { list: if wraps { u32::MAX - 2 } else { 0 }, ..OnList::default() };
            for (old, more) in lists {
                let mut list: Vec<u32> = Vec::new();
                old.iter().for_each(|&other| list.push(if list.contains(&other) { HOLE } else { other }));
                let mut expected = list.clone();
                for &other in &more {
                    if !expected.contains(&other) {
                        expected.push(other);
                    }
                }
                on_list.append(&mut list, &more);
                prop_assert_eq!(list, expected);
            }
        }
    }
}
