//! Text as it stands inside JSON, in the escaping of X's v2 API.
//!
//! Stored records and replies both hold text in this form, so that a reply is
//! made by copying. The rules, seen in recordings of 2021 and 2022: the
//! Basic Multilingual Plane is raw UTF-8, every other character is a surrogate
//! pair with upper-case hex digits, `/` is not escaped.

use std::fmt;

/// Text with JSON escapes and without its quotes, borrowed from a record.
///
/// Bytes rather than `str`: they come from checked records and go to a socket,
/// and validating them again would cost more than copying them.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct JsonStr<'a>(&'a [u8]);

impl<'a> JsonStr<'a> {
    /// Nothing.
    pub const EMPTY: Self = Self(&[]);

    /// Wraps bytes that [`escape_into`] wrote.
    #[must_use]
    pub const fn from_escaped(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The escaped bytes.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Whether there is no text.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The text without escapes.
    #[must_use]
    pub fn to_text(self) -> String {
        unescape(self.0)
    }
}

impl fmt::Debug for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", String::from_utf8_lossy(self.0))
    }
}

/// The address of an image of a profile. What many addresses have in common is not stored
/// with each of them, so that it comes in three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageUrl<'a> {
    /// What comes first; needs no escape.
    pub before: &'static str,
    /// What is this image's own.
    pub middle: JsonStr<'a>,
    /// What comes last; needs no escape.
    pub after: &'static str,
}

impl<'a> ImageUrl<'a> {
    /// The parts, escaped, in their order.
    #[must_use]
    pub const fn parts(self) -> [&'a [u8]; 3] {
        [self.before.as_bytes(), self.middle.as_bytes(), self.after.as_bytes()]
    }

    /// The whole address, without escapes.
    #[must_use]
    pub fn to_text(self) -> String {
        [self.before, &self.middle.to_text(), self.after].concat()
    }
}

/// A complete JSON value: compact, text escaped as in [`JsonStr`], members in the
/// order of the reply. `formats` makes and checks them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// Wraps a value that is already compact and escaped.
    #[must_use]
    pub fn from_compact(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The value as JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Appends `text` to `out` with the escapes that JSON needs and those X adds.
pub fn escape_into(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    fn unit(code: u16, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\\u");
        for shift in [12, 8, 4, 0] {
            let digit = usize::from(code >> shift & 0xF);
            out.extend(HEX.get(digit));
        }
    }
    let bytes = text.as_bytes();
    let mut copied = 0;
    while let Some(at) = next_special(bytes, copied) {
        out.extend_from_slice(bytes.get(copied..at).unwrap_or_default());
        copied = at + 1;
        match bytes.get(at).copied().unwrap_or_default() {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0C => out.extend_from_slice(b"\\f"),
            byte @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            byte @ 0..0x20 => unit(u16::from(byte), out),
            // The first byte of a four-byte sequence: a character beyond the BMP.
            _ => {
                copied = at + 4;
                if let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
                    for code in character.encode_utf16(&mut [0; 2]) {
                        unit(*code, out);
                    }
                }
            }
        }
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
}

/// The first byte from `start` on that does not stand for itself inside JSON: a quote, a
/// backslash, a control character, or the first of four of a character beyond the BMP.
#[must_use]
pub fn next_special(bytes: &[u8], start: usize) -> Option<usize> {
    /// Eight bytes, each one.
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES * 0x80;
    // Eight bytes at a time. A byte is below n if subtracting n borrows into its high bit
    // and it had none; the lowest such byte is told right, whatever stands above it.
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & HIGH;
    let rest = bytes.get(start..)?;
    let (chunks, _) = rest.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let quote = below(word ^ (ONES * u64::from(b'"')), 1);
        let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
        // 0xF0 and above: the four high bits are set.
        let beyond = word & word << 1 & word << 2 & word << 3 & HIGH;
        let special = quote | backslash | below(word, 0x20) | beyond;
        if special != 0 {
            return Some(start + index * 8 + special.trailing_zeros() as usize / 8);
        }
    }
    let checked = chunks.len() * 8;
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20 | 0xF0..);
    let at = rest.get(checked..)?.iter().position(is_special)?;
    Some(start + checked + at)
}

/// The inverse of [`escape_into`]; also takes every other valid JSON escape.
/// A lone surrogate or a broken escape becomes U+FFFD.
#[must_use]
pub fn unescape(escaped: &[u8]) -> String {
    let mut out = Vec::with_capacity(escaped.len());
    let mut pending_high: Option<u16> = None;
    let mut rest = escaped;
    let push =
        |character: char, out: &mut Vec<u8>| out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    loop {
        if pending_high.is_none() {
            let run = rest.iter().position(|byte| *byte == b'\\').unwrap_or(rest.len());
            let (plain, escape) = rest.split_at(run);
            out.extend_from_slice(plain);
            rest = escape;
        }
        let Some((&first, after)) = rest.split_first() else { break };
        let unit = if first == b'\\' { escape_at(after) } else { None };
        let high = pending_high.take();
        match (high, unit) {
            (Some(high), Some((low @ 0xDC00..=0xDFFF, used))) => {
                push(
                    char::decode_utf16([high, low]).next().and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER),
                    &mut out,
                );
                rest = after.get(used..).unwrap_or_default();
                continue;
            }
            (Some(_), _) => push(char::REPLACEMENT_CHARACTER, &mut out),
            (None, _) => {}
        }
        match unit {
            Some((code @ 0xD800..=0xDBFF, used)) => {
                pending_high = Some(code);
                rest = after.get(used..).unwrap_or_default();
            }
            Some((code, used)) => {
                push(char::from_u32(u32::from(code)).unwrap_or(char::REPLACEMENT_CHARACTER), &mut out);
                rest = after.get(used..).unwrap_or_default();
            }
            None if first == b'\\' => {
                push(char::REPLACEMENT_CHARACTER, &mut out);
                rest = after;
            }
            None => {
                out.push(first);
                rest = after;
            }
        }
    }
    if pending_high.is_some() {
        push(char::REPLACEMENT_CHARACTER, &mut out);
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads what follows a backslash: the UTF-16 unit and the bytes used.
fn escape_at(after: &[u8]) -> Option<(u16, usize)> {
    let simple = |code: u8| Some((u16::from(code), 1));
    match after.first()? {
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        b'b' => simple(0x08),
        b'f' => simple(0x0C),
        &byte @ (b'"' | b'\\' | b'/') => simple(byte),
        b'u' => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            let code = after.get(1..5)?.iter().try_fold(0, |code, byte| Some(code << 4 | digit(byte)? as u16))?;
            Some((code, 5))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape_into(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn escapes_are_those_of_the_recordings() {
        assert_eq!(escaped("Jared Podnos 🐳"), "Jared Podnos \\uD83D\\uDC33");
        assert_eq!(escaped("EL Theophilus♥️🌏"), "EL Theophilus♥️\\uD83C\\uDF0F");
        assert_eq!(
            escaped("a/b & <c> \"d\" \\ \n\r\t\u{8}\u{c}\u{1}\u{7f}"),
            "a/b & <c> \\\"d\\\" \\\\ \\n\\r\\t\\b\\f\\u0001\u{7f}"
        );
        assert_eq!(escaped(""), "");
    }

    #[test]
    fn broken_escapes_become_the_replacement_character() {
        assert_eq!(unescape(b"\\uD83Dx"), "\u{FFFD}x");
        assert_eq!(unescape(b"\\uD83D"), "\u{FFFD}");
        assert_eq!(unescape(b"\\uDC33"), "\u{FFFD}");
        assert_eq!(unescape(b"\\q\\u12"), "\u{FFFD}q\u{FFFD}u12");
        assert_eq!(unescape(b"\\u+123"), "\u{FFFD}u+123");
        assert_eq!(unescape(b"\\ud83d\\udc33\\/"), "🐳/");
    }

    proptest::proptest! {
        #[test]
        fn special_bytes_are_found_wherever_they_stand(bytes: Vec<u8>, start in 0..20_usize) {
            let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20 | 0xF0..);
            let expected = bytes.iter().enumerate().skip(start).find(|(_, byte)| is_special(byte)).map(|(at, _)| at);
            proptest::prop_assert_eq!(next_special(&bytes, start), expected);
        }

        #[test]
        fn unescaping_undoes_escaping(text in "\\PC*|[\u{0}-\u{20}\"\\\\🐳é]*") {
            proptest::prop_assert_eq!(unescape(escaped(&text).as_bytes()), text);
        }
    }
}
