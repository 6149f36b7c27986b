//! Records by ordinal: one file with the records one after the other, and one with
//! their places.
//!
//! A line of places serves 13 ordinals: where the first record begins (8 bytes), and
//! where each ends, counted from there (4 bytes each). A record that is as long as
//! nothing is none. A user costs 5 bytes here and 4 of checksum.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::file::{BODY, Destination, FileKind, FileRef, FileWriter, LINE, SegmentFile, layout};
use crate::embedded::codec::{Ordinal, Record};
use crate::{Detail, OpenError, ReadError};

/// Ordinals in a line of places.
const PER_LINE: u32 = 13;

/// Records that can be read.
#[derive(Debug)]
pub(crate) struct Records {
    offsets: SegmentFile,
    records: SegmentFile,
}

impl Records {
    pub(super) fn open(dir: &Path, kinds: [FileKind; 2], files: [FileRef; 2]) -> Result<Self, OpenError> {
        let ([records, offsets], [records_file, offsets_file]) = (kinds, files);
        let records = SegmentFile::open(dir, records, records_file)?;
        let offsets = SegmentFile::open(dir, offsets, offsets_file)?;
        if offsets.count().div_ceil(u64::from(PER_LINE)) != offsets.lines() {
            return Err(offsets.unusable("it has not the lines for what it counts"));
        }
        Ok(Self { offsets, records })
    }

    /// How many ordinals were given when this was written.
    pub(super) fn next(&self) -> u64 {
        self.offsets.count()
    }

    /// How many of them have a record.
    pub(super) fn live(&self) -> u64 {
        self.records.count()
    }

    /// Where the record of an ordinal is, as much of it checked as `detail` says; `None` if there
    /// is none.
    #[inline]
    pub(super) fn find<R: Record>(&self, ordinal: Ordinal, detail: Detail) -> Result<Option<Range<usize>>, ReadError> {
        if u64::from(ordinal.0) >= self.next() {
            return Ok(None);
        }
        let line = self.offsets.line(u64::from(ordinal.0 / PER_LINE))?;
        let place = place(line, ordinal).ok_or_else(|| self.offsets.damaged("a place"))?;
        if place.is_empty() {
            return Ok(None);
        }
        self.records.find_record(u64::from(ordinal.0), place, detail, R::head_len).map(Some)
    }

    /// The bytes at a place that [`Self::find`] gave.
    #[inline]
    pub(super) fn bytes(&self, place: Range<usize>) -> &[u8] {
        self.records.bytes(place)
    }

    /// Announces the line that holds an ordinal's place.
    #[inline]
    pub(super) fn fetch_place(&self, ordinal: Ordinal) {
        self.offsets.fetch_line(u64::from(ordinal.0 / PER_LINE));
    }

    /// Announces as much of an ordinal's record as `detail` says, by a guess at where it is.
    #[inline]
    pub(super) fn fetch_record(&self, ordinal: Ordinal, detail: Detail) {
        // Heads and records are mostly shorter; a line too many lies on a page that is known.
        let most = match detail {
            Detail::Core => 2 * LINE,
            Detail::Full => 6 * LINE,
        };
        let line = self.offsets.line_unchecked(u64::from(ordinal.0 / PER_LINE));
        if let Some(place) = line.and_then(|(body, _)| place(body, ordinal)) {
            self.records.fetch(place.start..place.end.min(place.start.saturating_add(most)));
        }
    }

    pub(super) fn files(&self) -> [&SegmentFile; 2] {
        [&self.records, &self.offsets]
    }

    pub(super) fn files_mut(&mut self) -> [&mut SegmentFile; 2] {
        [&mut self.records, &mut self.offsets]
    }
}

#[inline]
fn place(line: &[u8; BODY], ordinal: Ordinal) -> Option<Range<usize>> {
    let (base, ends) = line.split_first_chunk::<8>()?;
    let base = usize::try_from(u64::from_le_bytes(*base)).ok()?;
    let (ends, _) = ends.as_chunks::<4>();
    let end = |at: usize| ends.get(at).map(|end| u32::from_le_bytes(*end) as usize);
    let at = (ordinal.0 % PER_LINE) as usize;
    let begin = if at == 0 { 0 } else { end(at - 1)? };
    Some(base.checked_add(begin)?..base.checked_add(end(at)?)?)
}

/// Writes records in the order of their ordinals.
pub(crate) struct RecordsWriter {
    records: FileWriter,
    offsets: FileWriter,
    next: u32,
    live: u64,
    line: [u8; BODY],
    base: u64,
}

impl RecordsWriter {
    pub(super) fn create(to: &Destination, kinds: [FileKind; 2]) -> io::Result<Self> {
        let [records, offsets] = kinds;
        let records = FileWriter::create(to, records)?;
        let offsets = FileWriter::create(to, offsets)?;
        Ok(Self { records, offsets, next: 0, live: 0, line: [0; BODY], base: LINE as u64 })
    }

    /// The next ordinal has this record, or none.
    pub(crate) fn push<R: Record>(&mut self, record: Option<&[u8]>) -> io::Result<()> {
        if let Some(record) = record {
            let parts = R::head_len(record).and_then(|head| record.split_at_checked(head));
            let (head, rest) = parts.ok_or(io::ErrorKind::InvalidData)?;
            self.records.record_in_two(u64::from(self.next), head, rest);
            self.live += 1;
        }
        let end = u32::try_from(self.records.length() - self.base).map_err(io::Error::other)?;
        let at = (self.next % PER_LINE) as usize;
        let (base, ends) = self.line.split_at_mut(8);
        base.copy_from_slice(&self.base.to_le_bytes());
        if let Some(target) = ends.as_chunks_mut::<4>().0.get_mut(at) {
            *target = end.to_le_bytes();
        }
        self.next += 1;
        if self.next.is_multiple_of(PER_LINE) {
            self.end_line();
        }
        Ok(())
    }

    fn end_line(&mut self) {
        self.offsets.line(u64::from((self.next - 1) / PER_LINE), &self.line);
        self.line = [0; BODY];
        self.base = self.records.length();
    }

    /// Waits until all of it is on the disk.
    pub(crate) fn finish(mut self) -> io::Result<[FileRef; 2]> {
        if !self.next.is_multiple_of(PER_LINE) {
            self.end_line();
        }
        Ok([self.records.finish_with(self.live, layout::IN_TWO)?, self.offsets.finish(u64::from(self.next))?])
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::{User, UserId};

    use super::*;
    use crate::embedded::codec::{TweetRecord, UserRecord};

    const KINDS: [FileKind; 2] = [FileKind::UserRecords, FileKind::UserOffsets];

    #[test]
    fn records_and_gaps_come_back_whatever_their_number() {
        for len in [0, 1, PER_LINE - 1, PER_LINE, PER_LINE + 1, 10 * PER_LINE] {
            let dir = tempfile::tempdir().unwrap();
            let to = Destination { dir: dir.path().to_owned(), number: 3, durable: false };
            let mut writer = RecordsWriter::create(&to, KINDS).unwrap();
            let record = |number: u32| (number % 5 != 2).then(|| vec![number as u8; number as usize % 40]);
            (0..len).for_each(|number| writer.push::<TweetRecord>(record(number).as_deref()).unwrap());
            let records = Records::open(dir.path(), KINDS, writer.finish().unwrap()).unwrap();
            assert_eq!(records.next(), u64::from(len));
            assert_eq!(records.live(), (0..len).filter_map(record).count() as u64);
            for number in 0..len {
                let place = records.find::<TweetRecord>(Ordinal(number), Detail::Full).unwrap();
                assert_eq!(place.map(|place| records.bytes(place).to_vec()), record(number));
            }
            assert_eq!(records.find::<TweetRecord>(Ordinal(len), Detail::Full).unwrap(), None);
        }
    }

    /// Whether the head of a damaged record, and all of it, can be read.
    fn readable(dir: &Path, bytes: &[u8], files: [FileRef; 2]) -> [bool; 2] {
        let path = KINDS[0].path(dir, 3);
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let records = Records::open(dir, KINDS, files).unwrap();
        [Detail::Core, Detail::Full].map(|detail| records.find::<UserRecord>(Ordinal(0), detail).is_ok())
    }

    #[test]
    fn damage_behind_the_head_is_an_error_for_those_who_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let to = Destination { dir: dir.path().to_owned(), number: 3, durable: false };
        let mut writer = RecordsWriter::create(&to, KINDS).unwrap();
        let user = User::new(UserId::new(12), "jack".parse().unwrap(), "jack");
        let record = UserRecord::new(&User { description: "a bio".to_owned(), ..user });
        writer.push::<UserRecord>(Some(record.as_bytes())).unwrap();
        let files = writer.finish().unwrap();
        let bytes = fs::read(KINDS[0].path(dir.path(), 3)).unwrap();
        assert_eq!(readable(dir.path(), &bytes, files), [true, true]);
        let head = UserRecord::head_len(record.as_bytes()).unwrap();
        let begin = LINE + 8;
        for at in LINE..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            let of_rest = (LINE + 4..begin).contains(&at) || at >= begin + head;
            assert_eq!(readable(dir.path(), &damaged, files), [of_rest, false], "byte {at}");
        }
    }
}
