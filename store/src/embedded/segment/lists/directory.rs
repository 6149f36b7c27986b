//! Where the lists of a user begin, how long they are, and what is special about them.
//!
//! A line of the directory serves four users: where both lists of the first begin (6
//! bytes each), and for each user the lengths of both and the number of its exception (4
//! bytes each). Users have an exception if a list has holes, or if follows came or went
//! since their imported numbers: of those the holes and the net change of both lists.

use std::io;
use std::path::Path;

use super::super::file::{BODY, Destination, FileKind, FileRef, FileWriter, SegmentFile};
use super::ListEntry;
use crate::embedded::codec::Ordinal;
use crate::{OpenError, ReadError};

/// Users in a line of the directory.
const USERS: u32 = 4;
/// Bytes of the places with which a line begins.
const BEGIN: usize = 6;
/// Numbers of 4 bytes for a user: two lengths and the number of an exception, of which the
/// first is 1.
const NUMBERS: usize = 3;
/// Exceptions in a line.
const EXCEPTIONS: u32 = 3;
/// Numbers of an exception: whose it is, two of holes, two of net changes.
const OF_EXCEPTION: usize = 5;

const KINDS: [FileKind; 2] = [FileKind::ListDirectory, FileKind::ListExceptions];

/// A directory that can be read.
#[derive(Debug)]
pub(super) struct Directory {
    lines: SegmentFile,
    exceptions: SegmentFile,
}

/// What a line of the directory says of a user.
#[derive(Debug, Clone, Copy)]
struct Row {
    begin: [u64; 2],
    len: [u32; 2],
    exception: u32,
}

impl Directory {
    pub(super) fn open(dir: &Path, files: [FileRef; 2]) -> Result<Self, OpenError> {
        let ([lines, exceptions], [lines_file, exceptions_file]) = (KINDS, files);
        let lines = SegmentFile::open(dir, lines, lines_file)?;
        let exceptions = SegmentFile::open(dir, exceptions, exceptions_file)?;
        for (file, per_line) in [(&lines, USERS), (&exceptions, EXCEPTIONS)] {
            if file.lines() != file.count().div_ceil(u64::from(per_line)) {
                return Err(file.unusable("it has not the lines for what it counts"));
            }
        }
        Ok(Self { lines, exceptions })
    }

    /// How many ordinals it knows.
    pub(super) fn next(&self) -> u64 {
        self.lines.count()
    }

    /// The lists of an ordinal that it knows.
    #[inline]
    pub(super) fn entry(&self, ordinal: Ordinal) -> Result<ListEntry, ReadError> {
        let Row { begin, len, exception } = row(self.lines.line(u64::from(ordinal.0 / USERS))?, ordinal);
        let (holes, net) = match exception.checked_sub(1) {
            None => ([0; 2], [0; 2]),
            Some(number) => self.exception(number, ordinal)?,
        };
        Ok(ListEntry { begin, len, holes, net })
    }

    fn exception(&self, number: u32, of: Ordinal) -> Result<([u32; 2], [i32; 2]), ReadError> {
        let line = self.exceptions.line(u64::from(number / EXCEPTIONS))?;
        let numbers = line.as_chunks::<4>().0.get((number % EXCEPTIONS) as usize * OF_EXCEPTION..);
        match numbers.and_then(|numbers| numbers.first_chunk::<OF_EXCEPTION>()) {
            Some([whose, following, followers, net @ ..]) if *whose == of.0.to_le_bytes() => {
                Ok(([*following, *followers].map(u32::from_le_bytes), net.map(i32::from_le_bytes)))
            }
            _ => Err(self.exceptions.damaged(&format!("what it holds of record {}", of.0))),
        }
    }

    /// Brings what is known of ordinals near.
    pub(super) fn touch(&self, ordinals: &[Ordinal]) {
        let lines = ordinals.iter().filter_map(|&ordinal| {
            let (line, _) = self.lines.line_unchecked(u64::from(ordinal.0 / USERS))?;
            Some((line, ordinal))
        });
        let near = lines.clone().fold(0, |sum, (line, _)| sum ^ line[0]);
        let exceptions = lines.filter_map(|(line, ordinal)| row(line, ordinal).exception.checked_sub(1));
        let near = exceptions.fold(near, |sum, number| {
            sum ^ self.exceptions.line_unchecked(u64::from(number / EXCEPTIONS)).map_or(0, |(line, _)| line[0])
        });
        std::hint::black_box(near);
    }

    /// The files of the lines and of the exceptions.
    pub(super) fn files(&self) -> [&SegmentFile; 2] {
        [&self.lines, &self.exceptions]
    }

    pub(super) fn files_mut(&mut self) -> [&mut SegmentFile; 2] {
        [&mut self.lines, &mut self.exceptions]
    }
}

/// What a line says of one of its users.
#[inline]
fn row(line: &[u8; BODY], ordinal: Ordinal) -> Row {
    let (begins, users) = line.split_at(2 * BEGIN);
    let mut begin = [0; 2];
    for (begin, bytes) in begin.iter_mut().zip(begins.as_chunks::<BEGIN>().0) {
        let [b0, b1, b2, b3, b4, b5] = *bytes;
        *begin = u64::from_le_bytes([b0, b1, b2, b3, b4, b5, 0, 0]);
    }
    let mut row = Row { begin, len: [0; 2], exception: 0 };
    let numbers = users.as_chunks::<4>().0.as_chunks::<NUMBERS>().0;
    for numbers in numbers.iter().take((ordinal.0 % USERS) as usize + 1) {
        let [following, followers, exception] = numbers.map(u32::from_le_bytes);
        // The lists of those before lie in between.
        for (begin, len) in row.begin.iter_mut().zip(row.len) {
            *begin += u64::from(len);
        }
        (row.len, row.exception) = ([following, followers], exception);
    }
    row
}

/// Writes a directory.
pub(super) struct DirectoryWriter {
    lines: FileWriter,
    exceptions: FileWriter,
    line: [u8; BODY],
    exceptions_line: [u8; BODY],
    next: u32,
    exceptional: u32,
}

impl DirectoryWriter {
    pub(super) fn create(to: &Destination) -> io::Result<Self> {
        let [lines, exceptions] = KINDS;
        Ok(Self {
            lines: FileWriter::create(to, lines)?,
            exceptions: FileWriter::create(to, exceptions)?,
            line: [0; BODY],
            exceptions_line: [0; BODY],
            next: 0,
            exceptional: 0,
        })
    }

    /// The lists of the next ordinal.
    pub(super) fn push(&mut self, entry: &ListEntry) -> io::Result<()> {
        let ListEntry { begin, len: [following, followers], holes, net } = *entry;
        let exception = if holes == [0; 2] && net == [0; 2] { 0 } else { self.exception(holes, net) };
        let (begins, users) = self.line.split_at_mut(2 * BEGIN);
        let at = (self.next % USERS) as usize;
        if at == 0 {
            for (target, begin) in begins.as_chunks_mut::<BEGIN>().0.iter_mut().zip(begin) {
                let [bytes @ .., 0, 0] = begin.to_le_bytes() else {
                    return Err(io::Error::other("the lists are too long"));
                };
                *target = bytes;
            }
        }
        if let Some(numbers) = users.as_chunks_mut::<4>().0.as_chunks_mut::<NUMBERS>().0.get_mut(at) {
            *numbers = [following, followers, exception].map(u32::to_le_bytes);
        }
        self.next = self.next.checked_add(1).ok_or_else(|| io::Error::other("no ordinals are left"))?;
        if self.next.is_multiple_of(USERS) {
            self.end_line();
        }
        Ok(())
    }

    /// Writes the exception of the next ordinal, and gives its number.
    fn exception(&mut self, [h0, h1]: [u32; 2], [n0, n1]: [i32; 2]) -> u32 {
        let numbers = [self.next, h0, h1, n0.cast_unsigned(), n1.cast_unsigned()].map(u32::to_le_bytes);
        let places = self.exceptions_line.as_chunks_mut::<4>().0.as_chunks_mut::<OF_EXCEPTION>().0;
        if let Some(place) = places.get_mut((self.exceptional % EXCEPTIONS) as usize) {
            *place = numbers;
        }
        // There are no more than ordinals, of which the last is given to nobody.
        self.exceptional += 1;
        if self.exceptional.is_multiple_of(EXCEPTIONS) {
            self.end_exceptions();
        }
        self.exceptional
    }

    fn end_line(&mut self) {
        self.lines.line(u64::from((self.next - 1) / USERS), &self.line);
        self.line = [0; BODY];
    }

    fn end_exceptions(&mut self) {
        self.exceptions.line(u64::from((self.exceptional - 1) / EXCEPTIONS), &self.exceptions_line);
        self.exceptions_line = [0; BODY];
    }

    /// Waits until all of it is on the disk.
    pub(super) fn finish(mut self) -> io::Result<[FileRef; 2]> {
        if !self.next.is_multiple_of(USERS) {
            self.end_line();
        }
        if !self.exceptional.is_multiple_of(EXCEPTIONS) {
            self.end_exceptions();
        }
        Ok([self.lines.finish(u64::from(self.next))?, self.exceptions.finish(u64::from(self.exceptional))?])
    }
}
