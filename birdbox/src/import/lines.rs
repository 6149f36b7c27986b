//! Splits a stream into lines of bounded length.

use std::io::{self, BufRead, Read};

/// The longest line that is read, in bytes without its end.
pub const MAX_LINE: usize = 16 << 20;

/// How much is kept of a line that is longer.
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

/// The lines of a stream.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
    max: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, max: MAX_LINE }
    }

    /// How many lines were read.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line; a last one without a line end counts. When reading fails in the
    /// middle of a line, its beginning is dropped.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        // One more, for the line end.
        let limit = self.max as u64 + 1;
        (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer)?;
        let is_cut = self.buffer.len() > self.max && self.buffer.last() != Some(&b'\n');
        if is_cut {
            skip_line(&mut self.reader)?;
            self.buffer.truncate(KEPT);
        }
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let bytes = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Ok(Some(Line { number: self.number, bytes, is_cut }))
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = available.iter().position(|&byte| byte == b'\n');
        let (used, is_over) = match end {
            Some(at) => (at + 1, true),
            None => (available.len(), available.is_empty()),
        };
        reader.consume(used);
        if is_over {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, max: usize) -> Vec<(u64, String, bool)> {
        let mut lines = Lines { max, ..Lines::of(text.as_bytes()) };
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, String::from_utf8(line.bytes.to_vec()).unwrap(), line.is_cut));
        }
        found
    }

    #[test]
    fn every_line_end_is_one() {
        let lines = all("a\r\n\nb\nc", 10);
        let expected = [(1, "a", false), (2, "", false), (3, "b", false), (4, "c", false)];
        assert_eq!(lines, expected.map(|(number, text, is_cut)| (number, text.to_owned(), is_cut)));
        assert_eq!(all("", 10), []);
    }

    #[test]
    fn a_line_that_is_too_long_does_not_hide_the_next() {
        let lines = all("123\n1234\n12\n1234", 3);
        let expected = [(1, "123", false), (2, "1234", true), (3, "12", false), (4, "1234", true)];
        assert_eq!(lines, expected.map(|(number, text, is_cut)| (number, text.to_owned(), is_cut)));
    }
}
