//! Splits a stream into chunks of whole lines, and those into lines of bounded length.

use std::io::{self, Read};

use memchr::{memchr_iter, memrchr};

/// The longest line that is read, in bytes without its end.
pub const MAX_LINE: usize = 16 << 20;

/// How much is read at a time.
const CHUNK: usize = 1 << 20;

/// The most bytes of a chunk: the longest line, and what was read with its end.
pub(super) const MAX_CHUNK: usize = MAX_LINE + 2 * CHUNK;

/// How much is kept of a line that is longer than it may be.
const KEPT: usize = 1000;

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: u64,
    /// Its bytes, without the line end.
    pub(super) bytes: &'a [u8],
    /// Whether it is longer than [`MAX_LINE`] and this is its beginning.
    pub(super) is_cut: bool,
}

/// Some whole lines, about [`CHUNK`] bytes or one long line.
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// Lines before these.
    before: u64,
    max_line: usize,
}

/// The chunks of a stream.
pub(super) struct Chunks<R> {
    reader: R,
    /// The beginning of a line whose end was not yet read.
    begun: Vec<u8>,
    lines: u64,
    /// What the reader said when there were whole lines to give first.
    failure: Option<io::Error>,
    size: usize,
    max_line: usize,
}

impl Chunk {
    /// Whole lines that come after `before` others.
    pub(super) fn new(bytes: Vec<u8>, before: u64) -> Self {
        Self { bytes, before, max_line: MAX_LINE }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many lines come before these.
    pub(super) fn before(&self) -> u64 {
        self.before
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let bytes = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let ends = memchr_iter(b'\n', bytes).chain([bytes.len()]);
        let lines = ends.scan(0, |start, end| {
            let line = bytes.get(*start..end)?;
            *start = end + 1;
            Some(line)
        });
        let numbers = self.before.saturating_add(1)..;
        numbers.zip(lines).map(|(number, line)| {
            if line.len() > self.max_line {
                return Line { number, bytes: line.get(..KEPT).unwrap_or(line), is_cut: true };
            }
            Line { number, bytes: line.strip_suffix(b"\r").unwrap_or(line), is_cut: false }
        })
    }

    /// Without those that are blank.
    pub(super) fn lines_with_text(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines().filter(|line| line.is_cut || !line.bytes.trim_ascii().is_empty())
    }
}

impl<R: Read> Chunks<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader, begun: Vec::new(), lines: 0, failure: None, size: CHUNK, max_line: MAX_LINE }
    }

    /// How many lines were given.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The next lines; a last one without a line end counts. When reading fails in the
    /// middle of a line, its beginning is dropped.
    pub(super) fn next(&mut self) -> io::Result<Option<Chunk>> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut bytes = std::mem::take(&mut self.begun);
        loop {
            let searched = bytes.len();
            let outcome = read_more(&mut self.reader, self.size, &mut bytes);
            let read = bytes.get(searched..).unwrap_or_default();
            if let Some(at) = memrchr(b'\n', read) {
                self.begun = bytes.split_off(searched + at + 1);
                self.failure = outcome.err();
                break;
            }
            if outcome? {
                break;
            }
            // Of a line that is too long, no more is kept than tells that it is.
            bytes.truncate(self.max_line + 1);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let before = self.lines;
        self.lines += memchr_iter(b'\n', &bytes).count() as u64 + u64::from(!bytes.ends_with(b"\n"));
        Ok(Some(Chunk { bytes, before, max_line: self.max_line }))
    }
}

/// Appends up to `size` bytes. Says whether the stream is at its end.
fn read_more(reader: &mut impl Read, size: usize, bytes: &mut Vec<u8>) -> io::Result<bool> {
    bytes.reserve(size);
    let read = reader.take(size as u64).read_to_end(bytes)?;
    Ok(read < size)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn all(text: &str, size: usize, max_line: usize) -> Vec<(u64, String, bool)> {
        let mut chunks = Chunks { size, max_line, ..Chunks::of(text.as_bytes()) };
        let mut found = Vec::new();
        while let Some(chunk) = chunks.next().unwrap() {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            found.extend(chunk.lines().map(|line| (line.number, text(line.bytes), line.is_cut)));
        }
        assert_eq!(chunks.lines(), found.len() as u64);
        found
    }

    #[test]
    fn every_line_end_is_one_wherever_chunks_end() {
        let expected = [(1, "a", false), (2, "", false), (3, "b", false), (4, "c", false)];
        for size in 1..10 {
            let lines = all("a\r\n\nb\nc", size, 10);
            assert_eq!(lines, expected.map(|(number, text, is_cut)| (number, text.to_owned(), is_cut)), "{size}");
            assert_eq!(all("", size, 10), []);
            assert_eq!(all("\n", size, 10), [(1, String::new(), false)]);
        }
    }

    #[test]
    fn a_line_that_is_too_long_does_not_hide_the_next() {
        let expected = [(1, "123", false), (2, "1234", true), (3, "12", false), (4, "1234", true)];
        for size in 1..20 {
            let lines = all("123\n1234\n12\n1234", size, 3);
            assert_eq!(lines, expected.map(|(number, text, is_cut)| (number, text.to_owned(), is_cut)), "{size}");
        }
        assert_eq!(all(&"x".repeat(5000), 7, 2000), [(1, "x".repeat(1000), true)]);
    }

    #[test]
    fn whole_lines_before_a_failure_are_given_first() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::InvalidData.into())
            }
        }
        let mut chunks = Chunks::of(Cursor::new("1\n2\n3").chain(Broken));
        assert_eq!(chunks.next().unwrap().map(|chunk| chunk.lines().count()), Some(2));
        assert_eq!(chunks.next().err().map(|error| error.kind()), Some(io::ErrorKind::InvalidData));
        assert_eq!(chunks.lines(), 2);
    }
}
