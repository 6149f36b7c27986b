//! Sorts facts of any length by key and by the order in which they came, on the disk
//! where they are many.
//!
//! What does not fit into memory lies, run after run, in one file without a name, so that a
//! kill leaves nothing of it, and millions of facts need no more open files than few.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Bytes of facts that all spools which are filled together keep in memory.
const MEMORY: usize = 128 << 20;
/// The share of one of them: with less, runs would be too many, and with more no faster.
const SHARE: (usize, usize) = (4 << 20, 32 << 20);

/// What orders facts: their key, then where they stood.
pub(super) type Key = (u64, u64);

/// Takes facts in any order.
#[derive(Debug)]
pub(crate) struct Spool {
    dir: PathBuf,
    facts: Vec<u8>,
    heads: Vec<(Key, usize, usize)>,
    /// How much of both makes a run.
    share: usize,
    file: Option<File>,
    runs: Vec<Range<u64>>,
    len: u64,
}

impl Spool {
    /// One of so many that are filled together. What does not fit into memory goes to a file
    /// without a name in `dir`.
    pub(crate) fn new(dir: &Path, of: usize) -> Self {
        let (least, most) = SHARE;
        let share = (MEMORY / of.max(1)).clamp(least, most);
        Self { dir: dir.to_owned(), facts: Vec::new(), heads: Vec::new(), share, file: None, runs: Vec::new(), len: 0 }
    }

    /// The runs in the file, and the sorted rest.
    pub(super) fn into_parts(mut self) -> (Option<File>, Vec<Range<u64>>, Rest) {
        self.heads.sort_unstable();
        (self.file, self.runs, Rest { facts: self.facts, heads: self.heads.into_iter() })
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
        if self.facts.len() + self.heads.len() * size_of::<(Key, usize, usize)>() >= self.share {
            self.lay_aside()?;
        }
        Ok(())
    }

    /// Makes what is in memory a run.
    pub(super) fn lay_aside(&mut self) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&self.dir)?,
        };
        self.heads.sort_unstable();
        let begin = self.runs.last().map_or(0, |last| last.end);
        let mut end = begin;
        let mut out = BufWriter::with_capacity(1 << 20, &file);
        for &((key, place), from, to) in &self.heads {
            let fact = self.facts.get(from..to).unwrap_or_default();
            let len = u32::try_from(fact.len()).map_err(io::Error::other)?;
            for part in [&key.to_le_bytes()[..], &place.to_le_bytes(), &len.to_le_bytes(), fact] {
                out.write_all(part)?;
            }
            end += (HEAD + fact.len()) as u64;
        }
        out.flush()?;
        drop(out);
        self.file = Some(file);
        self.runs.push(begin..end);
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
