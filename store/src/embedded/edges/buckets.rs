//! Sorts the other ends of follows by list, on the disk: lists whose numbers are near each
//! other share a bucket, in which all that came stays in its order.
//!
//! A bucket is sorted by counting when it is read. Memory is a small buffer for each while
//! they are filled, and one bucket while they are read.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Lists of a bucket.
pub(super) const LISTS: usize = 1 << 17;
/// What is written of a bucket at once.
const EXTENT: usize = 32 << 10;

/// The lists of one direction, by consecutive numbers.
#[derive(Debug)]
pub(super) struct Buckets {
    dir: PathBuf,
    /// Without a name: a kill leaves nothing of it.
    file: Option<File>,
    extents: u64,
    buckets: Vec<Bucket>,
    /// How many others each list has, without those that are not in the file yet.
    counts: Vec<u32>,
}

#[derive(Debug, Default)]
struct Bucket {
    /// Pairs of a list and an other one that are not in the file yet.
    rest: Vec<u8>,
    /// Which extents of the file are part of it, in order.
    extents: Vec<u64>,
}

impl Buckets {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), file: None, extents: 0, buckets: Vec::new(), counts: Vec::new() }
    }

    /// How many others are in each list, when all are there. None are in those beyond.
    pub(super) fn take_counts(&mut self) -> io::Result<Vec<u32>> {
        let mut all = std::mem::take(&mut self.counts);
        self.buckets.iter().try_for_each(|bucket| count(&mut all, &bucket.rest))?;
        Ok(all)
    }

    /// Appends to a list.
    #[inline]
    pub(super) fn push(&mut self, list: u32, other: u32) -> io::Result<()> {
        let at = list as usize / LISTS;
        if at >= self.buckets.len() {
            self.counts.resize((at + 1) * LISTS, 0);
            self.buckets.resize_with(at + 1, Bucket::default);
        }
        let Some(bucket) = self.buckets.get_mut(at) else { return Ok(()) };
        bucket.rest.extend_from_slice(&(u64::from(other) << 32 | u64::from(list)).to_le_bytes());
        if bucket.rest.len() == EXTENT { self.lay_aside(at) } else { Ok(()) }
    }

    fn lay_aside(&mut self, bucket: usize) -> io::Result<()> {
        let Some(bucket) = self.buckets.get_mut(bucket) else { return Ok(()) };
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile_in(&self.dir)?),
        };
        // Counts of one bucket are near each other, so that this is quick.
        count(&mut self.counts, &bucket.rest)?;
        file.write_all(&bucket.rest)?;
        bucket.rest.clear();
        bucket.extents.push(self.extents);
        self.extents += 1;
        Ok(())
    }

    /// The lists of a bucket, of which these are the [counts](Self::take_counts).
    pub(super) fn load(&self, number: usize, counts: &[u32]) -> io::Result<Loaded> {
        let first = number * LISTS;
        let counts = counts.get(first..first + LISTS).unwrap_or_default();
        let mut ends: Vec<usize> = Vec::with_capacity(counts.len() + 1);
        ends.push(0);
        ends.extend(counts.iter().scan(0, |end, count| {
            *end += *count as usize;
            Some(*end)
        }));
        let Some(bucket) = self.buckets.get(number) else { return Ok(Loaded::default()) };
        let mut others = vec![0; ends.last().copied().unwrap_or_default()];
        // While they are filled, ends move from where lists begin.
        let mut place = |pairs: &[u8]| {
            for pair in pairs.as_chunks::<8>().0 {
                let pair = u64::from_le_bytes(*pair);
                let Some(end) = ends.get_mut(pair as u32 as usize - first) else { continue };
                if let Some(other) = others.get_mut(*end) {
                    *other = (pair >> 32) as u32;
                }
                *end += 1;
            }
        };
        let mut extent = vec![0; EXTENT];
        for &at in &bucket.extents {
            let Some(file) = &self.file else { break };
            file.read_exact_at(&mut extent, at * EXTENT as u64)?;
            place(&extent);
        }
        place(&bucket.rest);
        Ok(Loaded { ends, others })
    }
}

/// Counts pairs by their list.
fn count(counts: &mut [u32], pairs: &[u8]) -> io::Result<()> {
    for [list, _] in pairs.as_chunks::<4>().0.as_chunks::<2>().0 {
        if let Some(count) = counts.get_mut(u32::from_le_bytes(*list) as usize) {
            *count = count.checked_add(1).ok_or_else(|| io::Error::other("a list is too long"))?;
        }
    }
    Ok(())
}

/// The lists of a bucket, sorted.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// Where each list ends; the next begins there.
    ends: Vec<usize>,
    others: Vec<u32>,
}

impl Loaded {
    /// A list by its number in the bucket, in the order in which it was filled.
    pub(super) fn list(&self, number: usize) -> &[u32] {
        let begin = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = begin.zip(self.ends.get(number).copied());
        range.and_then(|(begin, end)| self.others.get(begin..end)).unwrap_or_default()
    }

    /// All others, to be replaced by what they stand for.
    pub(super) fn others_mut(&mut self) -> &mut [u32] {
        &mut self.others
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn lists_come_back_in_the_order_in_which_they_were_filled() {
        let dir = tempfile::tempdir().unwrap();
        let mut buckets = Buckets::new(dir.path());
        let mut expected = BTreeMap::<u32, Vec<u32>>::new();
        for other in 0..100_000_u32 {
            // Long lists, many short ones, and far ones.
            let list = match other % 4 {
                0 => 5,
                1 => LISTS as u32 - 1,
                2 => other * 7,
                _ => LISTS as u32 + other % 10,
            };
            buckets.push(list, other).unwrap();
            expected.entry(list).or_default().push(other);
        }
        assert!(buckets.extents > 10);
        let counts = buckets.take_counts().unwrap();
        for number in 0..buckets.buckets.len() + 1 {
            let loaded = buckets.load(number, &counts).unwrap();
            for list in 0..LISTS {
                let all = expected.remove(&((number * LISTS + list) as u32)).unwrap_or_default();
                assert_eq!(loaded.list(list), all);
            }
        }
        assert!(expected.is_empty());
    }
}
