//! An index from the hash of a key to ordinals: open addressing in lines of ten.
//!
//! A line holds ten tags of 2 bytes and ten ordinals of 4. A key lies in the line that
//! its hash names, its home, or, where that is full, in one of the next. So a search
//! ends at the first line that is not full. Ten entries have the room of twelve and a
//! half: 8 bytes for each key. Which of the candidates has the key, its record says.

use std::io;
use std::path::Path;

use super::file::{BODY, Destination, FileKind, FileRef, FileWriter, SegmentFile};
use super::sorter::{Entry, Sorter};
use crate::embedded::codec::Ordinal;
use crate::{OpenError, ReadError};

/// Entries in a line.
const PER_LINE: usize = 10;
/// How many of them are filled on average.
const FILLED: u64 = 8;
/// The place of an entry that is not there.
const FREE: u32 = u32::MAX;

/// An index that can be asked.
#[derive(Debug)]
pub(crate) struct Index {
    file: SegmentFile,
    lines: u64,
}

impl Index {
    pub(super) fn open(dir: &Path, kind: FileKind, file: FileRef) -> Result<Self, OpenError> {
        let file = SegmentFile::open(dir, kind, file)?;
        let lines = file.lines();
        // Keys lie behind their home, never before it.
        if file.count() > lines {
            return Err(file.unusable("it has fewer lines than it counts"));
        }
        Ok(Self { file, lines })
    }

    /// The ordinals whose key may have this hash.
    #[inline]
    pub(super) fn candidates(&self, hash: u64) -> Candidates<'_> {
        Candidates { index: self, line: self.home(hash), tag: hash as u16, found: [0; PER_LINE], left: 0, last: false }
    }

    #[inline]
    fn home(&self, hash: u64) -> u64 {
        home(hash, self.file.count())
    }

    /// Announces the home of a key.
    #[inline]
    pub(super) fn fetch(&self, hash: u64) {
        self.file.fetch_line(self.home(hash));
    }

    /// A guess at the ordinal of a key, to bring its record near.
    #[inline]
    pub(super) fn guess(&self, hash: u64) -> Option<Ordinal> {
        let (body, _) = self.file.line_unchecked(self.home(hash))?;
        entries(body).find(|&(tag, _)| tag == hash as u16).map(|(_, ordinal)| Ordinal(ordinal))
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The entries of a line, checked.
    pub(super) fn entries(&self, line: u64) -> Result<impl Iterator<Item = (u16, Ordinal)> + use<'_>, ReadError> {
        let entries = entries(self.file.line(line)?);
        Ok(entries.filter(|&(_, ordinal)| ordinal != FREE).map(|(tag, ordinal)| (tag, Ordinal(ordinal))))
    }

    pub(super) fn file(&self) -> &SegmentFile {
        &self.file
    }

    pub(super) fn file_mut(&mut self) -> &mut SegmentFile {
        &mut self.file
    }
}

/// Goes through the lines in which a key can be.
pub(super) struct Candidates<'a> {
    index: &'a Index,
    line: u64,
    tag: u16,
    found: [u32; PER_LINE],
    left: usize,
    last: bool,
}

impl Iterator for Candidates<'_> {
    type Item = Result<Ordinal, ReadError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(left) = self.left.checked_sub(1) {
                self.left = left;
                return self.found.get(left).map(|&ordinal| Ok(Ordinal(ordinal)));
            }
            if self.last || self.line >= self.index.lines {
                return None;
            }
            let body = match self.index.file.line(self.line) {
                Ok(body) => body,
                Err(error) => {
                    self.last = true;
                    return Some(Err(error));
                }
            };
            self.line += 1;
            for (tag, ordinal) in entries(body) {
                self.last |= ordinal == FREE;
                if tag == self.tag
                    && ordinal != FREE
                    && let Some(slot) = self.found.get_mut(self.left)
                {
                    *slot = ordinal;
                    self.left += 1;
                }
            }
        }
    }
}

/// The upper half of a hash as a share of the lines.
#[inline]
fn home(hash: u64, lines: u64) -> u64 {
    ((hash >> 32) * lines) >> 32
}

/// Tags and ordinals of a line.
#[inline]
fn entries(body: &[u8; BODY]) -> impl Iterator<Item = (u16, u32)> {
    let (tags, ordinals) = body.split_at(2 * PER_LINE);
    let tags = tags.as_chunks::<2>().0.iter().map(|tag| u16::from_le_bytes(*tag));
    tags.zip(ordinals.as_chunks::<4>().0.iter().map(|ordinal| u32::from_le_bytes(*ordinal)))
}

/// Writes an index of everything that was given to `entries`, and says which ordinals have
/// one hash.
pub(super) fn write(to: &Destination, kind: FileKind, entries: Sorter) -> io::Result<(FileRef, Vec<Vec<Ordinal>>)> {
    let mut file = FileWriter::create(to, kind)?;
    let (count, homes) = (entries.len(), entries.len().div_ceil(FILLED).max(1));
    // In the order of their hashes entries come in the order of their homes.
    let mut entries = entries.sorted()?.peekable();
    let mut waiting: Vec<Entry> = Vec::new();
    let (mut line, mut written) = (0, 0);
    let mut equal = Equal::default();
    while line < homes || !waiting.is_empty() {
        while let Some(entry) =
            entries.next_if(|entry| entry.as_ref().map_or(true, |entry| line < homes && home(entry.key, homes) == line))
        {
            let entry = entry?;
            equal.see(entry);
            waiting.push(entry);
        }
        let here = waiting.len().min(PER_LINE);
        file.line(line, &body(waiting.drain(..here)));
        line += 1;
        written += here as u64;
    }
    if written != count {
        return Err(io::Error::other("the entries of an index were cut short"));
    }
    Ok((file.finish(homes)?, equal.groups))
}

/// Finds entries with one hash among sorted ones.
#[derive(Default)]
struct Equal {
    last: Option<Entry>,
    groups: Vec<Vec<Ordinal>>,
    in_group: bool,
}

impl Equal {
    fn see(&mut self, entry: Entry) {
        match self.last.replace(entry).filter(|last| last.key == entry.key) {
            None => self.in_group = false,
            Some(last) => {
                if !std::mem::replace(&mut self.in_group, true) {
                    self.groups.push(vec![last.ordinal]);
                }
                self.groups.last_mut().into_iter().for_each(|group| group.push(entry.ordinal));
            }
        }
    }
}

fn body(entries: impl Iterator<Item = Entry>) -> [u8; BODY] {
    let mut body = [u8::MAX; BODY];
    let (tags, ordinals) = body.split_at_mut(2 * PER_LINE);
    let places = tags.as_chunks_mut::<2>().0.iter_mut().zip(ordinals.as_chunks_mut::<4>().0);
    for ((tag, ordinal), entry) in places.zip(entries) {
        *tag = (entry.key as u16).to_le_bytes();
        *ordinal = entry.ordinal.0.to_le_bytes();
    }
    body
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const KIND: FileKind = FileKind::UserIds;

    fn written(dir: &Path, hashes: &[u64]) -> Index {
        let mut sorter = Sorter::new(dir);
        for (&hash, number) in hashes.iter().zip(0..) {
            sorter.push(Entry { key: hash, ordinal: Ordinal(number) }).unwrap();
        }
        let (file, _) = write(&Destination { dir: dir.to_owned(), number: 1, durable: false }, KIND, sorter).unwrap();
        Index::open(dir, KIND, file).unwrap()
    }

    fn found(index: &Index, hash: u64) -> Vec<u32> {
        index.candidates(hash).map(|ordinal| ordinal.unwrap().0).collect()
    }

    /// Half of the keys belong into one line, at the beginning, in the middle or at the end, so
    /// that they flow over into many others, and beyond the last.
    #[test]
    fn lines_that_flow_over_lead_to_every_key() {
        for crowded in [0, 1 << 62, 3 << 62 | 7, u64::MAX << 16] {
            let dir = tempfile::tempdir().unwrap();
            let spread = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let hashes: Vec<u64> = (0..400).map(|i| if i % 2 == 0 { crowded | i } else { spread(i) }).collect();
            let index = written(dir.path(), &hashes);
            for (&hash, number) in hashes.iter().zip(0..) {
                assert!(found(&index, hash).contains(&number), "{hash:x}");
            }
        }
    }

    #[test]
    fn keys_with_one_hash_are_all_candidates() {
        let dir = tempfile::tempdir().unwrap();
        let mut all = found(&written(dir.path(), &[u64::MAX; 45]), u64::MAX);
        all.sort_unstable();
        assert!(all.into_iter().eq(0..45));
    }

    #[test]
    fn an_index_of_nothing_has_no_candidates() {
        let dir = tempfile::tempdir().unwrap();
        let index = written(dir.path(), &[]);
        assert_eq!([0, 1, u64::MAX].map(|hash| found(&index, hash).len()), [0; 3]);
    }
}
