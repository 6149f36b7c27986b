//! A table from ids to numbers of 4 bytes: open addressing in entries of 12 bytes, so that
//! an id costs some 16 bytes and a search mostly one cache line.

use crate::embedded::segment::hash::of_id;

/// The value of an entry that is free. It is never stored.
pub(super) const FREE: u32 = u32::MAX;

const FIRST_ROOM: usize = 1 << 12;

/// Grows as it fills.
#[derive(Debug, Default)]
pub(super) struct IdTable {
    /// The halves of the id, and the value.
    entries: Vec<[u32; 3]>,
    len: usize,
}

impl IdTable {
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of an id.
    #[inline]
    pub(super) fn get(&self, id: u64) -> Option<u32> {
        let (begin, low, high) = (self.home(id), id as u32, (id >> 32) as u32);
        let (before, from_home) = self.entries.split_at_checked(begin)?;
        for &[entry_low, entry_high, value] in from_home.iter().chain(before) {
            if value == FREE {
                return None;
            }
            if (entry_low, entry_high) == (low, high) {
                return Some(value);
            }
        }
        None
    }

    /// Any part of the entry where a search begins, to bring it near.
    #[inline]
    pub(super) fn touch(&self, id: u64) -> u32 {
        self.entries.get(self.home(id)).map_or(0, |[first, ..]| *first)
    }

    /// Gives a value to an id that has none.
    pub(super) fn insert(&mut self, id: u64, value: u32) {
        if self.len * 5 >= self.entries.len() * 4 {
            let room = (self.entries.len() / 2 * 3).max(FIRST_ROOM);
            let old = std::mem::replace(&mut self.entries, vec![[0, 0, FREE]; room]);
            old.into_iter().filter(|[.., value]| *value != FREE).for_each(|entry| self.put(entry));
        }
        self.put([id as u32, (id >> 32) as u32, value]);
        self.len += 1;
    }

    fn put(&mut self, entry: [u32; 3]) {
        let [low, high, _] = entry;
        let home = self.home(u64::from(high) << 32 | u64::from(low));
        let (before, from_home) = self.entries.split_at_mut(home);
        if let Some(free) = from_home.iter_mut().chain(before).find(|[.., value]| *value == FREE) {
            *free = entry;
        }
    }

    /// The upper half of the hash as a share of the entries.
    #[inline]
    fn home(&self, id: u64) -> usize {
        (((of_id(id) >> 32) * self.entries.len() as u64) >> 32) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_keeps_its_value_while_the_table_grows() {
        let mut table = IdTable::default();
        let id = |number: u32| u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (number % 50);
        let mut given = Vec::new();
        for number in 0..100_000 {
            if table.get(id(number)).is_none() {
                table.insert(id(number), number);
                given.push(number);
            }
        }
        assert!(given.len() > 90_000);
        assert!(given.iter().all(|&number| table.get(id(number)) == Some(number)));
        assert_eq!((table.get(u64::MAX), IdTable::default().get(0)), (None, None));
    }
}
