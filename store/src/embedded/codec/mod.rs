//! The stored forms: bytes of users and posts, and of the rows of the log.
//!
//! Little-endian; lengths and counts are LEB128 varints; a member that is absent costs
//! one bit. Reading never trusts a length and never panics.

#[cfg(test)]
mod properties;
mod row;
mod tweet;
mod user;

use std::fmt;

pub(crate) use row::{BadRow, Change, Row};
pub(crate) use tweet::TweetRecord;
pub(crate) use user::UserRecord;

/// The place of a user, or of a post, in the store: given at first sight, dense, and
/// never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ordinal(pub(crate) u32);

/// Bytes that are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot be decoded")
    }
}

/// What is left of a record.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    #[inline]
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*bytes)
    }

    #[inline]
    fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, Malformed> {
        let (&first, rest) = self.0.split_first().ok_or(Malformed)?;
        self.0 = rest;
        if first < 0x80 { Ok(u64::from(first)) } else { self.long_varint(first) }
    }

    fn long_varint(&mut self, first: u8) -> Result<u64, Malformed> {
        let mut number = u64::from(first & 0x7F);
        for shift in (7..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(Malformed)?;
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                // The tenth byte holds the one bit that is left.
                return if shift == 63 && byte > 1 { Err(Malformed) } else { Ok(number) };
            }
        }
        Err(Malformed)
    }

    #[inline]
    fn count(&mut self) -> Result<usize, Malformed> {
        self.varint().and_then(|number| usize::try_from(number).map_err(|_| Malformed))
    }

    /// A number that may be negative: the sign is the lowest bit.
    #[inline]
    fn signed(&mut self) -> Result<i64, Malformed> {
        self.varint().map(|number| (number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Bytes after their number.
    #[inline]
    fn text(&mut self) -> Result<&'a [u8], Malformed> {
        let count = self.count()?;
        self.bytes(count)
    }

    /// `size` bytes each, after how many they are.
    #[inline]
    fn list(&mut self, size: usize) -> Result<&'a [u8], Malformed> {
        let count = self.count()?;
        self.bytes(count.checked_mul(size).ok_or(Malformed)?)
    }

    fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

fn put_varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_signed(number: i64, out: &mut Vec<u8>) {
    put_varint((number << 1 ^ number >> 63) as u64, out);
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// Text as it will stand in a reply.
fn put_text(text: &str, out: &mut Vec<u8>) {
    let mut escaped = Vec::with_capacity(text.len() + text.len() / 8);
    model::escape_into(text, &mut escaped);
    put_bytes(&escaped, out);
}

/// A JSON value that stands in a record as it is.
fn json(bytes: &[u8]) -> Result<model::RawJson, Malformed> {
    std::str::from_utf8(bytes).map(model::RawJson::from_compact).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_whatever_their_size() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut out = Vec::new();
            put_varint(number, &mut out);
            put_signed(number as i64, &mut out);
            let mut reader = Reader(&out);
            assert_eq!(reader.varint(), Ok(number));
            assert_eq!(reader.signed(), Ok(number as i64));
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn numbers_without_an_end_or_beyond_64_bits_are_malformed() {
        assert_eq!(Reader(&[]).varint(), Err(Malformed));
        assert_eq!(Reader(&[0x80]).varint(), Err(Malformed));
        assert_eq!(Reader(&[0xFF; 11]).varint(), Err(Malformed));
        assert_eq!(Reader(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02]).varint(), Err(Malformed));
        assert_eq!(Reader(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]).list(9), Err(Malformed));
    }
}
