//! Sorts the entries of an index by their hash, on the disk where they are many.
//!
//! Runs of a million entries are sorted in memory and laid aside in a file without a
//! name; reading merges them. Memory stays the same, however many entries there are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::embedded::codec::Ordinal;

/// A key and where its record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) hash: u64,
    pub(super) ordinal: Ordinal,
}

/// Entries in a run: 16 MiB.
const RUN: usize = 1 << 20;
/// Bytes of an entry in a file.
const STORED: usize = 12;
/// What is read of a run at once.
const READ: usize = 256 << 10;

/// Takes entries in any order.
pub(super) struct Sorter {
    dir: PathBuf,
    run: usize,
    entries: Vec<Entry>,
    runs: Vec<File>,
    len: u64,
}

impl Sorter {
    /// What does not fit into memory goes to a file without a name in `dir`.
    pub(super) fn new(dir: &Path) -> Self {
        Self::with_runs(dir, RUN)
    }

    /// Lays aside every `run` entries.
    fn with_runs(dir: &Path, run: usize) -> Self {
        Self { dir: dir.to_owned(), run, entries: Vec::new(), runs: Vec::new(), len: 0 }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn push(&mut self, entry: Entry) -> io::Result<()> {
        self.entries.push(entry);
        self.len += 1;
        if self.entries.len() == self.run { self.lay_aside() } else { Ok(()) }
    }

    fn lay_aside(&mut self) -> io::Result<()> {
        self.entries.sort_unstable();
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(&self.dir)?);
        for Entry { hash, ordinal } in self.entries.drain(..) {
            let mut bytes = [0; STORED];
            let (first, second) = bytes.split_at_mut(8);
            first.copy_from_slice(&hash.to_le_bytes());
            second.copy_from_slice(&ordinal.0.to_le_bytes());
            out.write_all(&bytes)?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.runs.push(file);
        Ok(())
    }

    /// All entries in order.
    pub(super) fn sorted(mut self) -> io::Result<impl Iterator<Item = io::Result<Entry>>> {
        self.entries.sort_unstable();
        let mut runs: Vec<Run> = vec![Run::Memory(self.entries.into_iter())];
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

enum Run {
    Memory(std::vec::IntoIter<Entry>),
    File(BufReader<File>),
}

impl Run {
    fn next(&mut self) -> io::Result<Option<Entry>> {
        match self {
            Self::Memory(entries) => Ok(entries.next()),
            Self::File(file) => {
                let mut bytes = [0; STORED];
                match file.read_exact(&mut bytes) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                    other => other?,
                }
                let (hash, ordinal) = bytes.split_at(8);
                let hash = u64::from_le_bytes(hash.try_into().map_err(io::Error::other)?);
                let ordinal = Ordinal(u32::from_le_bytes(ordinal.try_into().map_err(io::Error::other)?));
                Ok(Some(Entry { hash, ordinal }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_runs_come_back_in_order_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        for (len, run) in [(0, 1), (1, 1), (100, 1), (100, 7), (98, 7), (100, 1000)] {
            let mut sorter = Sorter::with_runs(dir.path(), run);
            let mut expected: Vec<Entry> = (0..len)
                .map(|i: u32| Entry { hash: u64::from(i * 37 % 50).wrapping_mul(1 << 58 | 1), ordinal: Ordinal(i) })
                .collect();
            expected.iter().for_each(|&entry| sorter.push(entry).unwrap());
            assert_eq!((sorter.len(), sorter.runs.len()), (u64::from(len), len as usize / run));
            expected.sort_unstable();
            assert_eq!(sorter.sorted().unwrap().collect::<io::Result<Vec<_>>>().unwrap(), expected);
        }
    }
}
