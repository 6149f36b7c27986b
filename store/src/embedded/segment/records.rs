//! Records by ordinal: one file with the records one after the other, and one with
//! their places.
//!
//! Users have a line of places each, which holds the head of the record too (`heads.rs`). For
//! posts, and for users in files of formats 2 to 4, a line serves 13 ordinals: where the first
//! record begins (8 bytes), and where each ends, counted from there (4 bytes each). A record
//! that is as long as nothing is none.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::path::Path;

use super::file::{BODY, Destination, FileKind, FileRef, FileWriter, LINE, SegmentFile, layout};
use super::heads;
use crate::embedded::codec::{Ordinal, Record};
use crate::{Detail, OpenError, ReadError};

/// Ordinals in a line of places alone.
const PER_LINE: u32 = 13;

/// Records that can be read.
#[derive(Debug)]
pub(crate) struct Records {
    places: Places,
    records: SegmentFile,
}

/// Where records are.
#[derive(Debug)]
enum Places {
    /// A line for 13.
    Offsets(SegmentFile),
    /// A line for each, with its head.
    Heads(SegmentFile),
}

/// Where a record is, as much of it as was asked for. It was checked when it was found.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The line that holds the head.
    line: u32,
    /// How long the head in that line is; 0 if it stands in front of the rest.
    head: u8,
    rest: Range<usize>,
}

impl Records {
    pub(super) fn open(dir: &Path, kinds: [FileKind; 2], files: [FileRef; 2]) -> Result<Self, OpenError> {
        let ([records, places], [records_file, places_file]) = (kinds, files);
        let records = SegmentFile::open(dir, records, records_file)?;
        let file = SegmentFile::open(dir, places, places_file)?;
        let per_line = if places == FileKind::UserHeads { 1 } else { u64::from(PER_LINE) };
        if file.count().div_ceil(per_line) != file.lines() {
            return Err(file.unusable("it has not the lines for what it counts"));
        }
        let places = if places == FileKind::UserHeads { Places::Heads(file) } else { Places::Offsets(file) };
        Ok(Self { places, records })
    }

    /// How many ordinals were given when this was written.
    pub(super) fn next(&self) -> u64 {
        self.places.file().count()
    }

    /// How many of them have a record.
    pub(super) fn live(&self) -> u64 {
        self.records.count()
    }

    /// Where the record of an ordinal is, as much of it checked as `detail` says; `None` if there
    /// is none.
    #[inline]
    pub(super) fn find<R: Record>(&self, ordinal: Ordinal, detail: Detail) -> Result<Option<Place>, ReadError> {
        let number = u64::from(ordinal.0);
        if number >= self.next() {
            return Ok(None);
        }
        match &self.places {
            Places::Heads(heads) => {
                let body = heads.line(number)?;
                let Some(rest) = heads::rest(body) else { return Ok(None) };
                let Some(head) = heads::head(body) else {
                    let rest = self.records.find_record_in_two(number, rest, detail, R::head_len)?;
                    return Ok(Some(Place { line: 0, head: 0, rest }));
                };
                let head = R::head_len(head).ok_or_else(|| heads.damaged("a head"))?;
                let rest = match detail {
                    Detail::Core => 0..0,
                    Detail::Full => self.records.find_record(number, rest)?,
                };
                Ok(Some(Place { line: ordinal.0, head: head as u8, rest }))
            }
            Places::Offsets(offsets) => {
                let line = offsets.line(u64::from(ordinal.0 / PER_LINE))?;
                let place = place(line, ordinal).ok_or_else(|| offsets.damaged("a place"))?;
                if place.is_empty() {
                    return Ok(None);
                }
                let rest = self.records.find_record_in_two(number, place, detail, R::head_len)?;
                Ok(Some(Place { line: 0, head: 0, rest }))
            }
        }
    }

    /// Bytes that begin with the head of what [`Self::find`] gave.
    #[inline]
    pub(super) fn head(&self, place: &Place) -> &[u8] {
        match place.head {
            0 => self.records.bytes(place.rest.clone()),
            _ => self.places.head(place),
        }
    }

    /// All bytes of what [`Self::find`] gave.
    #[inline]
    pub(super) fn bytes(&self, place: &Place) -> Cow<'_, [u8]> {
        let rest = self.records.bytes(place.rest.clone());
        match place.head {
            0 => Cow::Borrowed(rest),
            _ => Cow::Owned([self.places.head(place), rest].concat()),
        }
    }

    /// Appends all bytes of what [`Self::find`] gave.
    #[inline]
    pub(super) fn append(&self, place: &Place, to: &mut Vec<u8>) {
        if place.head > 0
            && let Some(room) = self.places.room(place)
        {
            // Of one size for all: the compiler makes a few moves of it, and no call.
            let end = to.len() + usize::from(place.head);
            to.extend_from_slice(room);
            to.truncate(end);
        }
        to.extend_from_slice(self.records.bytes(place.rest.clone()));
    }

    /// Announces the line of places of an ordinal, which has the head of most users.
    #[inline]
    pub(super) fn fetch_place(&self, ordinal: Ordinal) {
        self.places.file().fetch_line(self.places.line_of(ordinal));
    }

    /// Announces as much of the records of these ordinals as `detail` says.
    #[inline]
    pub(super) fn fetch(&self, ordinals: impl Iterator<Item = Ordinal> + Clone, detail: Detail) {
        let places = self.places.file();
        ordinals.clone().for_each(|ordinal| places.fetch_line(self.places.line_of(ordinal)));
        ordinals.for_each(|ordinal| self.fetch_record(ordinal, detail));
    }

    /// The same of one whose line is near, by a guess at where it is.
    #[inline]
    fn fetch_record(&self, ordinal: Ordinal, detail: Detail) {
        let Some((line, _)) = self.places.file().line_unchecked(self.places.line_of(ordinal)) else { return };
        let place = match self.places {
            Places::Heads(_) if detail == Detail::Core && heads::head(line).is_some() => return,
            Places::Heads(_) => heads::rest(line),
            Places::Offsets(_) => place(line, ordinal),
        };
        // Heads and records are mostly shorter; a line too many lies on a page that is known.
        let most = match detail {
            Detail::Core => 2 * LINE,
            Detail::Full => 5 * LINE,
        };
        if let Some(place) = place {
            self.records.fetch(place.start..place.end.min(place.start.saturating_add(most)));
        }
    }

    /// Whether the files are of an earlier format.
    pub(super) fn are_older<R: Record>(&self) -> bool {
        let (kind, _) = self.places.file().identity();
        Some(kind) == R::OLDER_PLACES
    }

    pub(super) fn files(&self) -> [&SegmentFile; 2] {
        [&self.records, self.places.file()]
    }

    pub(super) fn files_mut(&mut self) -> [&mut SegmentFile; 2] {
        let (Places::Offsets(places) | Places::Heads(places)) = &mut self.places;
        [&mut self.records, places]
    }
}

impl Places {
    #[inline]
    fn file(&self) -> &SegmentFile {
        let (Self::Offsets(file) | Self::Heads(file)) = self;
        file
    }

    /// The line in which an ordinal's place stands.
    #[inline]
    fn line_of(&self, ordinal: Ordinal) -> u64 {
        match self {
            Self::Offsets(_) => u64::from(ordinal.0 / PER_LINE),
            Self::Heads(_) => u64::from(ordinal.0),
        }
    }

    /// The head that stands in a line.
    #[inline]
    fn head(&self, place: &Place) -> &[u8] {
        self.room(place).and_then(|room| room.get(..usize::from(place.head))).unwrap_or_default()
    }

    /// The room for a head in that line.
    #[inline]
    fn room(&self, place: &Place) -> Option<&[u8; heads::ROOM]> {
        heads::head(self.file().line_unchecked(u64::from(place.line))?.0)
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
    places: PlacesWriter,
    next: u32,
    live: u64,
}

enum PlacesWriter {
    Offsets { file: FileWriter, line: [u8; BODY], base: u64 },
    Heads(FileWriter),
}

impl RecordsWriter {
    pub(super) fn create(to: &Destination, kinds: [FileKind; 2]) -> io::Result<Self> {
        let [records, places] = kinds;
        let records = FileWriter::create(to, records)?;
        let file = FileWriter::create(to, places)?;
        let places = match places {
            FileKind::UserHeads => PlacesWriter::Heads(file),
            _ => PlacesWriter::Offsets { file, line: [0; BODY], base: LINE as u64 },
        };
        Ok(Self { records, places, next: 0, live: 0 })
    }

    /// The next ordinal has this record, or none.
    pub(crate) fn push<R: Record>(&mut self, record: Option<&[u8]>) -> io::Result<()> {
        let number = u64::from(self.next);
        let parts = record.map(|record| {
            let parts = R::head_len(record).and_then(|head| record.split_at_checked(head));
            parts.ok_or(io::Error::from(io::ErrorKind::InvalidData))
        });
        let parts = parts.transpose()?;
        self.live += u64::from(parts.is_some());
        self.next += 1;
        match &mut self.places {
            PlacesWriter::Heads(file) => {
                let body = parts.map_or(Ok([0; BODY]), |(head, rest)| {
                    let begin = self.records.length();
                    let head = if head.len() <= heads::ROOM {
                        self.records.record(number, rest);
                        head
                    } else {
                        self.records.record_in_two(number, head, rest);
                        &[]
                    };
                    heads::line(begin..self.records.length(), head).ok_or(io::ErrorKind::FileTooLarge)
                })?;
                file.line(number, &body);
            }
            PlacesWriter::Offsets { file, line, base } => {
                if let Some((head, rest)) = parts {
                    self.records.record_in_two(number, head, rest);
                }
                let end = u32::try_from(self.records.length() - *base).map_err(io::Error::other)?;
                let (first, ends) = line.split_at_mut(8);
                first.copy_from_slice(&base.to_le_bytes());
                if let Some(target) = ends.as_chunks_mut::<4>().0.get_mut(number as usize % PER_LINE as usize) {
                    *target = end.to_le_bytes();
                }
                if self.next.is_multiple_of(PER_LINE) {
                    file.line(number / u64::from(PER_LINE), line);
                    *line = [0; BODY];
                    *base = self.records.length();
                }
            }
        }
        Ok(())
    }

    /// Waits until all of it is on the disk.
    pub(crate) fn finish(self) -> io::Result<[FileRef; 2]> {
        let count = u64::from(self.next);
        let places = match self.places {
            PlacesWriter::Heads(file) => file,
            PlacesWriter::Offsets { mut file, line, .. } => {
                if !self.next.is_multiple_of(PER_LINE) {
                    file.line(count / u64::from(PER_LINE), &line);
                }
                file
            }
        };
        Ok([self.records.finish_with(self.live, layout::IN_TWO)?, places.finish(count)?])
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::{User, UserId};

    use super::*;
    use crate::embedded::codec::{TweetRecord, UserRecord};

    const OF_POSTS: [FileKind; 2] = [FileKind::TweetRecords, FileKind::TweetOffsets];
    const OF_USERS: [FileKind; 2] = [FileKind::UserRecords, FileKind::UserHeads];

    /// What comes back of these records, with as much of each as its detail says.
    fn read<R: Record>(kinds: [FileKind; 2], given: &[Option<Vec<u8>>], detail: Detail) -> Vec<Option<Vec<u8>>> {
        let dir = tempfile::tempdir().unwrap();
        let to = Destination { dir: dir.path().to_owned(), number: 3, durable: false };
        let mut writer = RecordsWriter::create(&to, kinds).unwrap();
        given.iter().for_each(|record| writer.push::<R>(record.as_deref()).unwrap());
        let records = Records::open(dir.path(), kinds, writer.finish().unwrap()).unwrap();
        assert_eq!(records.next(), given.len() as u64);
        assert_eq!(records.live(), given.iter().flatten().count() as u64);
        assert!(records.find::<R>(Ordinal(given.len() as u32), detail).unwrap().is_none());
        let found = (0..given.len()).map(|number| records.find::<R>(Ordinal(number as u32), detail).unwrap());
        let mut appended = Vec::new();
        let found = found.map(|place| place.map(|place| (records.bytes(&place).to_vec(), place)));
        let found = found.map(|place| {
            let (bytes, place) = place?;
            let before = appended.len();
            records.append(&place, &mut appended);
            assert_eq!(appended[before..], bytes);
            assert!(bytes.starts_with(records.head(&place)));
            Some(bytes)
        });
        found.collect()
    }

    #[test]
    fn records_and_gaps_come_back_whatever_their_number() {
        for len in [0, 1, PER_LINE - 1, PER_LINE, PER_LINE + 1, 10 * PER_LINE] {
            let record = |number: u32| (number % 5 != 2).then(|| vec![number as u8; number as usize % 40]);
            let posts: Vec<_> = (0..len).map(record).collect();
            assert_eq!(read::<TweetRecord>(OF_POSTS, &posts, Detail::Full), posts);
            let users = (0..len).map(|number| (number % 5 != 2).then(|| user(number as usize).as_bytes().to_vec()));
            let users: Vec<_> = users.collect();
            assert_eq!(read::<UserRecord>(OF_USERS, &users, Detail::Full), users);
            for (found, user) in read::<UserRecord>(OF_USERS, &users, Detail::Core).into_iter().zip(&users) {
                let head = user.as_ref().map(|user| user[..UserRecord::head_len(user).unwrap()].to_vec());
                let begin = |bytes: Option<Vec<u8>>, head: &Vec<u8>| bytes.map(|bytes| bytes[..head.len()].to_vec());
                assert_eq!(head.as_ref().and_then(|head| begin(found, head)), head);
            }
        }
    }

    /// One with a name of so many bytes, and a bio.
    fn user(name: usize) -> UserRecord {
        let user = User::new(UserId::new(12), "jack".parse().unwrap(), "n".repeat(name));
        UserRecord::new(&User { description: "a bio".to_owned(), ..user })
    }

    /// Whether the head of a record, and all of it, can be read when a byte of a file is damaged.
    fn readable(kind: FileKind, at: usize, record: &UserRecord) -> [bool; 2] {
        let dir = tempfile::tempdir().unwrap();
        let to = Destination { dir: dir.path().to_owned(), number: 3, durable: false };
        let mut writer = RecordsWriter::create(&to, OF_USERS).unwrap();
        writer.push::<UserRecord>(Some(record.as_bytes())).unwrap();
        let files = writer.finish().unwrap();
        let path = kind.path(dir.path(), 3);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1;
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let records = Records::open(dir.path(), OF_USERS, files).unwrap();
        [Detail::Core, Detail::Full].map(|detail| records.find::<UserRecord>(Ordinal(0), detail).is_ok())
    }

    #[test]
    fn damage_behind_the_head_is_an_error_for_those_who_read_it() {
        let room = heads::ROOM - 17 - "jack".len();
        for (name, is_in_line) in [(room, true), (room + 1, false)] {
            let record = user(name);
            for at in LINE..2 * LINE {
                assert_eq!(readable(FileKind::UserHeads, at, &record), [false, false], "byte {at}");
            }
            let head = UserRecord::head_len(record.as_bytes()).unwrap();
            let (begin, length) = if is_in_line { (0, 4) } else { (8 + head, 8) };
            for at in 0..length + record.as_bytes().len() - if is_in_line { head } else { 0 } {
                let is_of_rest = is_in_line || (4..8).contains(&at) || at >= begin;
                assert_eq!(readable(FileKind::UserRecords, LINE + at, &record), [is_of_rest, false], "byte {at}");
            }
        }
    }
}
