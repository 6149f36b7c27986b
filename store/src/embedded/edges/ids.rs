//! A table from ids to numbers of 4 bytes: open addressing in entries of 12 bytes, so that
//! an id costs some 16 bytes and a search mostly one cache line.

use std::io;

use memmap2::MmapMut;

use crate::embedded::segment::hash::of_id;

/// How many entries there are at first.
const FIRST_ROOM: usize = 1 << 12;
/// Bytes of an entry: an id, and one more than its value. One that is free is all zeros.
const ENTRY: usize = 12;

/// Grows as it fills.
#[derive(Debug, Default)]
pub(super) struct IdTable {
    /// Asked of the system in huge pages where there are such: searches at random places
    /// of hundreds of megabytes are faster then.
    map: Option<MmapMut>,
    len: usize,
}

impl IdTable {
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of an id.
    #[inline]
    pub(super) fn get(&self, id: u64) -> Option<u32> {
        let entries = self.entries();
        let (before, from_home) = entries.split_at_checked(home(id, entries.len()))?;
        for entry in from_home.iter().chain(before) {
            let (here, next) = fields(entry);
            if next == 0 {
                return None;
            }
            if here == id {
                return Some(next - 1);
            }
        }
        None
    }

    /// A part of the entry where a search begins, to bring it near.
    #[inline]
    pub(super) fn touch(&self, id: u64) -> u8 {
        let entries = self.entries();
        entries.get(home(id, entries.len())).map_or(0, |[.., last]| *last)
    }

    /// Gives a value, which is not the greatest of all, to an id that has none.
    pub(super) fn insert(&mut self, id: u64, value: u32) -> io::Result<()> {
        let room = self.entries().len();
        if self.len * 5 >= room * 4 {
            let mut map = MmapMut::map_anon((room / 2 * 3).max(FIRST_ROOM) * ENTRY)?;
            ask_for_huge_pages(&map);
            let used = self.entries().iter().filter(|entry| fields(entry).1 > 0);
            used.for_each(|entry| put(&mut map, entry));
            self.map = Some(map);
        }
        let [i0, i1, i2, i3, i4, i5, i6, i7] = id.to_le_bytes();
        let [n0, n1, n2, n3] = (value + 1).to_le_bytes();
        if let Some(map) = &mut self.map {
            put(map, &[i0, i1, i2, i3, i4, i5, i6, i7, n0, n1, n2, n3]);
        }
        self.len += 1;
        Ok(())
    }

    #[inline]
    fn entries(&self) -> &[[u8; ENTRY]] {
        self.map.as_deref().unwrap_or_default().as_chunks::<ENTRY>().0
    }
}

/// Where there are none, all stays as it is.
#[cfg(target_os = "linux")]
fn ask_for_huge_pages(map: &MmapMut) {
    _ = map.advise(memmap2::Advice::HugePage);
}

/// Other systems decide for themselves.
#[cfg(not(target_os = "linux"))]
fn ask_for_huge_pages(_map: &MmapMut) {}

/// The id, and one more than the value.
#[inline]
fn fields(entry: &[u8; ENTRY]) -> (u64, u32) {
    let [i0, i1, i2, i3, i4, i5, i6, i7, next @ ..] = *entry;
    (u64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]), u32::from_le_bytes(next))
}

/// Puts an entry into the first that is free from its home on.
fn put(map: &mut MmapMut, entry: &[u8; ENTRY]) {
    let entries = map.as_chunks_mut::<ENTRY>().0;
    let (before, from_home) = entries.split_at_mut(home(fields(entry).0, entries.len()));
    if let Some(free) = from_home.iter_mut().chain(before).find(|entry| fields(entry).1 == 0) {
        *free = *entry;
    }
}

/// The upper half of the hash as a share of the entries.
#[inline]
fn home(id: u64, entries: usize) -> usize {
    (((of_id(id) >> 32) * entries as u64) >> 32) as usize
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
                table.insert(id(number), number).unwrap();
                given.push(number);
            }
        }
        assert!(given.len() > 90_000);
        assert!(given.iter().all(|&number| table.get(id(number)) == Some(number)));
        assert_eq!((table.get(u64::MAX), IdTable::default().get(0)), (None, None));
    }
}
