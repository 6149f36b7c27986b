//! Sorts facts of any length by key and by the order in which they came, on the disk
//! where they are many.
//!
//! Files have no name, so a kill leaves nothing of them.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of facts that are sorted in memory.
const RUN: usize = 32 << 20;

/// What orders facts: their key, then where they stood.
pub(super) type Key = (u64, u64);

/// Takes facts in any order.
#[derive(Debug)]
pub(crate) struct Spool {
    dir: PathBuf,
    facts: Vec<u8>,
    heads: Vec<(Key, usize, usize)>,
    runs: Vec<File>,
    len: u64,
}

impl Spool {
    /// What does not fit into memory goes to files without names in `dir`.
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), facts: Vec::new(), heads: Vec::new(), runs: Vec::new(), len: 0 }
    }

    /// What lies in files, and the sorted rest.
    pub(super) fn into_parts(mut self) -> (Vec<File>, Rest) {
        self.heads.sort_unstable();
        (self.runs, Rest { facts: self.facts, heads: self.heads.into_iter() })
    }

    /// How many facts there are.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Takes a fact, which may be in several parts.
    pub(crate) fn push(&mut self, key: u64, place: u64, parts: &[&[u8]]) -> io::Result<()> {
        let begin = self.facts.len();
        parts.iter().for_each(|part| self.facts.extend_from_slice(part));
        self.heads.push(((key, place), begin, self.facts.len()));
        self.len += 1;
        if self.facts.len() + self.heads.len() * size_of::<(Key, usize, usize)>() >= RUN {
            self.lay_aside()?;
        }
        Ok(())
    }

    fn sort(&mut self) -> impl Iterator<Item = (Key, &[u8])> {
        self.heads.sort_unstable();
        self.heads.iter().map(|&(key, begin, end)| (key, self.facts.get(begin..end).unwrap_or_default()))
    }

    pub(super) fn lay_aside(&mut self) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(&self.dir)?);
        for ((key, place), fact) in self.sort() {
            let mut head = [0; HEAD];
            let (key_bytes, rest) = head.split_at_mut(8);
            let (place_bytes, len_bytes) = rest.split_at_mut(8);
            key_bytes.copy_from_slice(&key.to_le_bytes());
            place_bytes.copy_from_slice(&place.to_le_bytes());
            len_bytes.copy_from_slice(&u32::try_from(fact.len()).map_err(io::Error::other)?.to_le_bytes());
            out.write_all(&head)?;
            out.write_all(fact)?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.runs.push(file);
        self.facts.clear();
        self.heads.clear();
        Ok(())
    }
}

/// Key, place and length of a fact in a file.
pub(super) const HEAD: usize = 20;

/// Sorted facts that are still in memory.
pub(super) struct Rest {
    facts: Vec<u8>,
    heads: std::vec::IntoIter<(Key, usize, usize)>,
}

impl Rest {
    pub(super) fn next(&mut self) -> Option<(Key, &[u8])> {
        let (key, begin, end) = self.heads.next()?;
        Some((key, self.facts.get(begin..end).unwrap_or_default()))
    }
}
