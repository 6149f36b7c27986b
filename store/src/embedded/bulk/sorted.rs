//! Reads the facts of several spools back in one order, on a thread of its own, so that
//! what becomes of them is worked out meanwhile.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::spool::{HEAD, Key, Rest, Spool};

/// What is read of all runs at once, and the share of one: many runs read less each.
const READ: usize = 64 << 20;
const SHARE: (usize, usize) = (16 << 10, 256 << 10);
/// What is given back at once of a file that is being read.
const GIVE_BACK: u64 = 2 << 20;
/// Bytes of facts that are handed over at once, and how many times as much is read ahead.
const BATCH: usize = 1 << 20;
const AHEAD: usize = 4;

/// All facts of several spools in order.
pub(crate) struct Sorted {
    batches: Receiver<io::Result<Batch>>,
    batch: Batch,
    /// The next fact of the batch, and where its bytes begin.
    at: usize,
    begin: usize,
    /// Facts that were not given yet.
    left: u64,
}

/// Facts that follow each other.
#[derive(Default)]
struct Batch {
    facts: Vec<u8>,
    /// The key of each, and where its bytes end.
    ends: Vec<(u64, usize)>,
}

impl Sorted {
    pub(crate) fn new(spools: Vec<Spool>) -> io::Result<Self> {
        let left = spools.iter().map(Spool::len).sum();
        let (to, batches) = sync_channel(AHEAD);
        thread::Builder::new().name("store-sort".to_owned()).spawn(move || read_ahead(spools, &to))?;
        let mut sorted = Self { batches, batch: Batch::default(), at: 0, begin: 0, left };
        sorted.fill()?;
        Ok(sorted)
    }

    /// The key of the next fact.
    pub(crate) fn peek(&self) -> Option<u64> {
        self.batch.ends.get(self.at).map(|(key, _)| *key)
    }

    /// Puts the next fact into `fact`, and gives its key.
    pub(crate) fn next(&mut self, fact: &mut Vec<u8>) -> io::Result<Option<u64>> {
        let Some(&(key, end)) = self.batch.ends.get(self.at) else { return Ok(None) };
        fact.clear();
        fact.extend_from_slice(self.batch.facts.get(self.begin..end).unwrap_or_default());
        (self.at, self.begin, self.left) = (self.at + 1, end, self.left.saturating_sub(1));
        self.fill()?;
        Ok(Some(key))
    }

    /// Takes the next batch if this one is used up.
    fn fill(&mut self) -> io::Result<()> {
        if self.at == self.batch.ends.len() && self.left > 0 {
            self.batch = self.batches.recv().map_err(|_| io::Error::other("a sorted file was cut short"))??;
            (self.at, self.begin) = (0, 0);
        }
        Ok(())
    }
}

/// Hands over all facts; stops when nobody takes them any more.
fn read_ahead(spools: Vec<Spool>, to: &SyncSender<io::Result<Batch>>) {
    let mut runs = match Runs::new(spools) {
        Ok(runs) => runs,
        Err(error) => {
            _ = to.send(Err(error));
            return;
        }
    };
    loop {
        let next = runs.batch();
        let ends = next.as_ref().map_or(true, |batch| batch.ends.is_empty());
        if to.send(next).is_err() || ends {
            return;
        }
    }
}

/// Runs, each of them sorted.
struct Runs {
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(Key, usize)>>,
}

impl Runs {
    fn new(spools: Vec<Spool>) -> io::Result<Self> {
        let mut runs = Vec::new();
        let spools: Vec<_> = spools.into_iter().map(Spool::into_parts).collect();
        let in_files = spools.iter().map(|(_, runs, _)| runs.len()).sum::<usize>().max(1);
        let share = (READ / in_files).clamp(SHARE.0, SHARE.1);
        for (file, ranges, rest) in spools {
            if let Some(file) = file.map(Arc::new) {
                let section = |range: Range<u64>| Section { file: file.clone(), given_back: range.start, left: range };
                let sources = ranges.into_iter().map(|range| BufReader::with_capacity(share, section(range)));
                runs.extend(sources.map(|source| Run { source: Source::File(source), fact: Vec::new() }));
            }
            runs.push(Run { source: Source::Memory(rest), fact: Vec::new() });
        }
        let mut heads = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            heads.extend(run.advance()?.map(|key| Reverse((key, number))));
        }
        Ok(Self { runs, heads })
    }

    /// The next facts; none at the end.
    fn batch(&mut self) -> io::Result<Batch> {
        let mut batch = Batch::default();
        while batch.facts.len() < BATCH {
            let Some(mut least) = self.heads.peek_mut() else { break };
            let Reverse(((key, _), number)) = *least;
            let Some(run) = self.runs.get_mut(number) else { break };
            batch.facts.extend_from_slice(&run.fact);
            batch.ends.push((key, batch.facts.len()));
            match run.advance()? {
                Some(next) => *least = Reverse((next, number)),
                None => _ = PeekMut::pop(least),
            }
        }
        Ok(batch)
    }
}

struct Run {
    source: Source,
    /// The fact that comes next.
    fact: Vec<u8>,
}

enum Source {
    Memory(Rest),
    File(BufReader<Section>),
}

/// A part of a file that is read once, and given back to the disk and the page cache on the
/// way: the segments that are written meanwhile take the room.
struct Section {
    file: Arc<File>,
    left: Range<u64>,
    given_back: u64,
}

impl Read for Section {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left.end - self.left.start).unwrap_or(usize::MAX).min(into.len());
        let read = self.file.read_at(into.get_mut(..most).unwrap_or_default(), self.left.start)?;
        self.left.start += read as u64;
        if self.left.start - self.given_back >= GIVE_BACK {
            give_back(&self.file, self.given_back, GIVE_BACK);
            self.given_back += GIVE_BACK;
        }
        Ok(read)
    }
}

/// Frees a part of a file that nobody will read again. Where the file system cannot do
/// that, the part stays until the file goes.
#[cfg(target_os = "linux")]
pub(in crate::embedded) fn give_back(file: &File, begin: u64, length: u64) {
    use rustix::fs::{FallocateFlags, fallocate};
    _ = fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, begin, length);
}

/// Other systems have no common way.
#[cfg(not(target_os = "linux"))]
pub(in crate::embedded) fn give_back(_file: &File, _begin: u64, _length: u64) {}

impl Run {
    /// Reads the next fact and gives its key.
    fn advance(&mut self) -> io::Result<Option<Key>> {
        self.fact.clear();
        match &mut self.source {
            Source::Memory(rest) => Ok(rest.next().map(|(key, fact)| {
                self.fact.extend_from_slice(fact);
                key
            })),
            Source::File(file) => {
                if file.fill_buf()?.is_empty() {
                    return Ok(None);
                }
                let mut head = [0; HEAD];
                file.read_exact(&mut head)?;
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
        let mut spools = [Spool::new(dir.path(), 2), Spool::new(dir.path(), 2)];
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
