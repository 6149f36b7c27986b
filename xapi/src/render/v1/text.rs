//! The escapes of API v1.1: nothing but ASCII, hex digits in lower case, `\/`, `\u003c` and
//! `\u003e`.
// observed: `&` stands for itself.

use model::escape_into;

/// Appends a text that is not escaped yet.
pub(crate) fn text_into(text: &str, out: &mut Vec<u8>) {
    let mut escaped = Vec::with_capacity(text.len());
    escape_into(text, &mut escaped);
    transcode(&escaped, out);
}

/// Appends what is escaped as in API v2: a text, or a whole compact JSON value.
pub(super) fn transcode(escaped: &[u8], out: &mut Vec<u8>) {
    let mut rest = escaped;
    while let Some(at) = next_special(rest) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        rest = match special {
            [b'/', rest @ ..] => {
                out.extend_from_slice(b"\\/");
                rest
            }
            [b'<', rest @ ..] => {
                out.extend_from_slice(b"\\u003c");
                rest
            }
            [b'>', rest @ ..] => {
                out.extend_from_slice(b"\\u003e");
                rest
            }
            [b'\\', b'u', digits @ ..] => {
                let (digits, rest) = digits.split_at(digits.len().min(4));
                out.extend_from_slice(b"\\u");
                out.extend(digits.iter().map(u8::to_ascii_lowercase));
                rest
            }
            [b'\\', escape, rest @ ..] => {
                out.extend_from_slice(&[b'\\', *escape]);
                rest
            }
            _ => beyond_ascii(special, out),
        };
    }
    out.extend_from_slice(rest);
}

/// Appends the first character of some text, which is beyond ASCII; what is behind it. Bytes that
/// are no UTF-8 become U+FFFD.
fn beyond_ascii<'a>(text: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let continued = |byte: u8| u16::from(byte & 0x3F);
    let (unit, rest) = match *text {
        [first @ 0xC0..0xE0, second @ 0x80..0xC0, ..] => (u16::from(first & 0x1F) << 6 | continued(second), 2),
        [first @ 0xE0..0xF0, second @ 0x80..0xC0, third @ 0x80..0xC0, ..] => {
            (u16::from(first & 0x0F) << 12 | continued(second) << 6 | continued(third), 3)
        }
        // Characters of four bytes are escaped in records already.
        _ => (0xFFFD, 1),
    };
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.extend(HEX.get(usize::from(unit >> shift & 0xF)));
    }
    text.get(rest..).unwrap_or_default()
}

/// The first byte that v1.1 writes otherwise than v2: `/`, `<`, `>`, a backslash, or one beyond
/// ASCII.
fn next_special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES * 0x80;
    // Eight bytes at a time: a byte that is zero borrows into its high bit.
    let is = |word: u64, byte: u8| {
        let other = word ^ (ONES * u64::from(byte));
        other.wrapping_sub(ONES) & !other & HIGH
    };
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        // '<' and '>' differ in one bit.
        let special = word & HIGH | is(word, b'/') | is(word, b'\\') | is(word | (ONES * 2), b'>');
        if special != 0 {
            return Some(index * 8 + special.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| matches!(byte, b'/' | b'\\' | b'<' | b'>' | 0x80..))?;
    Some(chunks.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        text_into(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn escapes_are_those_of_the_recordings() {
        assert_eq!(written("https://t.co/a"), "https:\\/\\/t.co\\/a");
        assert_eq!(written("<a> & \"b\" \\ c\n"), "\\u003ca\\u003e & \\\"b\\\" \\\\ c\\n");
        assert_eq!(written("a… é 👋"), "a\\u2026 \\u00e9 \\ud83d\\udc4b");
        assert_eq!(written("\u{1}\u{7f}"), "\\u0001\u{7f}");
    }

    #[test]
    fn broken_bytes_do_no_harm() {
        for (bytes, expected) in [
            (&b"\xFFa"[..], "\\ufffda"),
            (b"\xC3", "\\ufffd"),
            (b"\xE2\x80", "\\ufffd\\ufffd"),
            (b"\\", "\\ufffd"),
            (b"\\u1", "\\u1"),
        ] {
            let mut out = Vec::new();
            transcode(bytes, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_ascii_and_means_the_same(text in "\\PC*|[\u{0}-\u{20}\"\\\\/<>🐳é]*") {
            let written = written(&text);
            proptest::prop_assert!(written.is_ascii());
            proptest::prop_assert!(!written.contains(['<', '>']));
            proptest::prop_assert_eq!(model::unescape(written.as_bytes()), text);
        }

        #[test]
        fn special_bytes_are_found_wherever_they_stand(bytes: Vec<u8>) {
            let expected = bytes.iter().position(|byte| matches!(byte, b'/' | b'\\' | b'<' | b'>' | 0x80..));
            proptest::prop_assert_eq!(next_special(&bytes), expected);
        }
    }
}
