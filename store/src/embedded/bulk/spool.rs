//! Sorts facts of any length by key and by the order in which they came, on the disk
//! where they are many.
//!
//! Files have no name, so a kill leaves nothing of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of facts that are sorted in memory.
const RUN: usize = 32 << 20;
/// What is read of a file at once.
const READ: usize = 256 << 10;
/// What is given back at once of a file that is being read.
const GIVE_BACK: u64 = 2 << 20;

/// What orders facts: their key, then where they stood.
type Key = (u64, u64);

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

    fn lay_aside(&mut self) -> io::Result<()> {
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
const HEAD: usize = 20;

/// All facts of several spools in order.
pub(crate) struct Sorted {
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(Key, usize)>>,
    left: u64,
}

impl Sorted {
    pub(crate) fn new(spools: Vec<Spool>) -> io::Result<Self> {
        let left = spools.iter().map(Spool::len).sum();
        let mut runs = Vec::new();
        for mut spool in spools {
            spool.heads.sort_unstable();
            runs.extend(
                spool.runs.into_iter().map(|file| Run { source: Source::File(RunFile::new(file)), fact: Vec::new() }),
            );
            let source = Source::Memory { facts: spool.facts, heads: spool.heads.into_iter() };
            runs.push(Run { source, fact: Vec::new() });
        }
        let mut heads = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            heads.extend(run.advance()?.map(|key| Reverse((key, number))));
        }
        Ok(Self { runs, heads, left })
    }

    /// The key of the next fact.
    pub(crate) fn peek(&self) -> Option<u64> {
        self.heads.peek().map(|Reverse(((key, _), _))| *key)
    }

    /// Puts the next fact into `fact`, and gives its key.
    pub(crate) fn next(&mut self, fact: &mut Vec<u8>) -> io::Result<Option<u64>> {
        let Some(mut least) = self.heads.peek_mut() else {
            return if self.left == 0 { Ok(None) } else { Err(io::Error::other("a sorted file was cut short")) };
        };
        let Reverse(((key, _), number)) = *least;
        let Some(run) = self.runs.get_mut(number) else { return Ok(None) };
        std::mem::swap(fact, &mut run.fact);
        match run.advance()? {
            Some(next) => *least = Reverse((next, number)),
            None => _ = PeekMut::pop(least),
        }
        self.left -= 1;
        Ok(Some(key))
    }
}

struct Run {
    source: Source,
    /// The fact that comes next.
    fact: Vec<u8>,
}

enum Source {
    Memory { facts: Vec<u8>, heads: std::vec::IntoIter<(Key, usize, usize)> },
    File(RunFile),
}

/// A file that is read once, and given back to the disk and the page cache on the way: the
/// segments that are written meanwhile take the room.
struct RunFile {
    file: BufReader<File>,
    read: u64,
    given_back: u64,
}

impl RunFile {
    fn new(file: File) -> Self {
        Self { file: BufReader::with_capacity(READ, file), read: 0, given_back: 0 }
    }

    fn read_exact(&mut self, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact(into)?;
        self.read += into.len() as u64;
        if self.read - self.given_back >= GIVE_BACK {
            give_back(self.file.get_ref(), self.given_back, GIVE_BACK);
            self.given_back += GIVE_BACK;
        }
        Ok(())
    }
}

/// Frees a part of a file that nobody will read again. Where the file system cannot do
/// that, the part stays until the file goes.
#[cfg(target_os = "linux")]
fn give_back(file: &File, begin: u64, length: u64) {
    use rustix::fs::{FallocateFlags, fallocate};
    _ = fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, begin, length);
}

/// Other systems have no common way.
#[cfg(not(target_os = "linux"))]
fn give_back(_file: &File, _begin: u64, _length: u64) {}

impl Run {
    /// Reads the next fact and gives its key.
    fn advance(&mut self) -> io::Result<Option<Key>> {
        self.fact.clear();
        match &mut self.source {
            Source::Memory { facts, heads } => {
                let Some((key, begin, end)) = heads.next() else { return Ok(None) };
                self.fact.extend_from_slice(facts.get(begin..end).unwrap_or_default());
                Ok(Some(key))
            }
            Source::File(file) => {
                let mut head = [0; HEAD];
                match file.read_exact(&mut head) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                    other => other?,
                }
                let [k0, k1, k2, k3, k4, k5, k6, k7, p0, p1, p2, p3, p4, p5, p6, p7, len @ ..] = head;
                self.fact.resize(u32::from_le_bytes(len) as usize, 0);
                file.read_exact(&mut self.fact)?;
                let key = u64::from_le_bytes([k0, k1, k2, k3, k4, k5, k6, k7]);
                Ok(Some((key, u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_come_in_the_order_of_keys_and_places() {
        let dir = tempfile::tempdir().unwrap();
        let mut spools = [Spool::new(dir.path()), Spool::new(dir.path())];
        for place in 0..1000_u64 {
            let key = place * 7919 % 100;
            let spool = &mut spools[(place % 2) as usize];
            spool.push(key, place, &[&place.to_le_bytes(), &vec![b'x'; (place % 50) as usize]]).unwrap();
            if place % 300 == 0 {
                spool.lay_aside().unwrap();
            }
        }
        let mut sorted = Sorted::new(spools.into()).unwrap();
        let (mut fact, mut last, mut count) = (Vec::new(), (0, 0), 0);
        while let Some(peeked) = sorted.peek() {
            assert_eq!(sorted.next(&mut fact).unwrap(), Some(peeked));
            let place = u64::from_le_bytes(fact[..8].try_into().unwrap());
            assert_eq!(fact.len() as u64, 8 + place % 50);
            assert!((peeked, place) >= last);
            last = (peeked, place);
            count += 1;
        }
        assert_eq!((count, sorted.next(&mut fact).unwrap()), (1000, None));
    }
}
