//! Sorts the entries of an index by their key, on the disk where they are many.
//!
//! Runs of many entries are sorted in memory and laid aside in a file without a
//! name; reading merges them. Memory stays the same, however many entries there are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::embedded::codec::{OrderKey, Ordinal};

/// By what entries are sorted.
pub(super) trait Key: Copy + Ord {
    /// Its bytes in a file, followed by those of the ordinal.
    const STORED: usize;

    /// Appends its bytes.
    fn store(self, out: &mut Vec<u8>);

    /// Reads what [`Self::store`] wrote.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// A hash.
impl Key for u64 {
    const STORED: usize = 8;

    fn store(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

/// The beginning of a text.
impl Key for OrderKey {
    const STORED: usize = size_of::<Self>();

    fn store(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }
}

/// A key and where its record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry<K = u64> {
    pub(super) key: K,
    pub(super) ordinal: Ordinal,
}

/// Bytes of memory of a run.
const RUN: usize = 16 << 20;
/// Bytes of an ordinal in a file.
const ORDINAL: usize = 4;
/// What is read of a run at once.
const READ: usize = 256 << 10;

/// Takes entries in any order.
pub(super) struct Sorter<K = u64> {
    dir: PathBuf,
    /// Entries in a run.
    run: usize,
    entries: Vec<Entry<K>>,
    runs: Vec<File>,
    len: u64,
}

impl<K: Key> Sorter<K> {
    /// What does not fit into memory goes to a file without a name in `dir`.
    pub(super) fn new(dir: &Path) -> Self {
        Self::with_runs(dir, RUN / size_of::<Entry<K>>())
    }

    /// Lays aside every `run` entries.
    fn with_runs(dir: &Path, run: usize) -> Self {
        Self { dir: dir.to_owned(), run, entries: Vec::new(), runs: Vec::new(), len: 0 }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn push(&mut self, entry: Entry<K>) -> io::Result<()> {
        self.entries.push(entry);
        self.len += 1;
        if self.entries.len() == self.run { self.lay_aside() } else { Ok(()) }
    }

    fn lay_aside(&mut self) -> io::Result<()> {
        self.entries.sort_unstable();
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(&self.dir)?);
        let mut bytes = Vec::with_capacity(K::STORED + ORDINAL);
        for Entry { key, ordinal } in self.entries.drain(..) {
            bytes.clear();
            key.store(&mut bytes);
            bytes.extend_from_slice(&ordinal.0.to_le_bytes());
            out.write_all(&bytes)?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.runs.push(file);
        Ok(())
    }

    /// All entries in order.
    pub(super) fn sorted(mut self) -> io::Result<impl Iterator<Item = io::Result<Entry<K>>>> {
        self.entries.sort_unstable();
        let mut runs: Vec<Run<K>> = vec![Run::Memory(self.entries.into_iter())];
        runs.extend(self.runs.into_iter().map(|file| Run::File(BufReader::with_capacity(READ, file))));
        let mut heads = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next()?.map(|entry| Reverse((entry, number))));
        }
        Ok(std::iter::from_fn(move || {
            let mut least = heads.peek_mut()?;
            let Reverse((entry, number)) = *least;
            match runs.get_mut(number).map_or(Ok(None), Run::next) {
                Ok(Some(next)) => *least = Reverse((next, number)),
                Ok(None) => _ = std::collections::binary_heap::PeekMut::pop(least),
                Err(error) => return Some(Err(error)),
            }
            Some(Ok(entry))
        }))
    }
}

enum Run<K> {
    Memory(std::vec::IntoIter<Entry<K>>),
    File(BufReader<File>),
}

impl<K: Key> Run<K> {
    fn next(&mut self) -> io::Result<Option<Entry<K>>> {
        match self {
            Self::Memory(entries) => Ok(entries.next()),
            Self::File(file) => {
                let mut room = [0; 2 * size_of::<OrderKey>()];
                let bytes = room.get_mut(..K::STORED + ORDINAL).ok_or(io::ErrorKind::InvalidData)?;
                match file.read_exact(bytes) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                    other => other?,
                }
                let (key, ordinal) = bytes.split_at(K::STORED);
                let key = K::read(key).ok_or(io::ErrorKind::InvalidData)?;
                let ordinal = Ordinal(u32::from_le_bytes(ordinal.try_into().map_err(io::Error::other)?));
                Ok(Some(Entry { key, ordinal }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_back<K: Key + std::fmt::Debug>(key: impl Fn(u32) -> K) {
        let dir = tempfile::tempdir().unwrap();
        for (len, run) in [(0, 1), (1, 1), (100, 1), (100, 7), (98, 7), (100, 1000)] {
            let mut sorter = Sorter::with_runs(dir.path(), run);
            let mut expected: Vec<_> = (0..len).map(|i| Entry { key: key(i), ordinal: Ordinal(i) }).collect();
            expected.iter().for_each(|&entry| sorter.push(entry).unwrap());
            assert_eq!((sorter.len(), sorter.runs.len()), (u64::from(len), len as usize / run));
            expected.sort_unstable();
            assert_eq!(sorter.sorted().unwrap().collect::<io::Result<Vec<_>>>().unwrap(), expected);
        }
    }

    #[test]
    fn many_runs_come_back_in_order_and_whole() {
        comes_back(|i| u64::from(i * 37 % 50).wrapping_mul(1 << 58 | 1));
        comes_back(|i| OrderKey::of(&format!("{:x}", i * 37 % 50)));
    }
}
