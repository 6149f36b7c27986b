//! Percent-encoding as OAuth 1.0a wants it (RFC 5849, 3.6): letters, digits, `-`, `.`, `_`
//! and `~` stand for themselves, all other bytes are `%` and two upper-case digits.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Bytes that are not percent-encoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadEncoding;

/// What a plus sign means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    /// A blank, as in queries and forms.
    Blank,
    /// Itself, as in headers.
    Plus,
}

/// Whether a byte stands for itself.
#[expect(clippy::indexing_slicing, reason = "the index is below 256, and the table is made when this is compiled")]
static UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let character = byte as u8;
        table[byte] = character.is_ascii_alphanumeric() || matches!(character, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

/// Appends the bytes in front that stand for themselves, all at once; what follows them.
fn push_plain<'b>(bytes: &'b [u8], out: &mut String) -> &'b [u8] {
    let is_plain = |byte: &u8| UNRESERVED.get(usize::from(*byte)).copied().unwrap_or_default();
    let end = bytes.iter().position(|byte| !is_plain(byte)).unwrap_or(bytes.len());
    let (plain, rest) = bytes.split_at(end);
    // They are ASCII.
    out.push_str(str::from_utf8(plain).unwrap_or_default());
    rest
}

/// Appends one byte, encoded.
fn push(byte: u8, out: &mut String) {
    if push_plain(&[byte], out).is_empty() {
        return;
    }
    out.push('%');
    for digit in [byte >> 4, byte & 0xF] {
        out.extend(HEX.get(usize::from(digit)).map(|&digit| char::from(digit)));
    }
}

/// Appends `bytes`, encoded.
pub(super) fn encode_into(bytes: &[u8], out: &mut String) {
    let mut rest = push_plain(bytes, out);
    while let Some((&byte, after)) = rest.split_first() {
        push(byte, out);
        rest = push_plain(after, out);
    }
}

/// `text`, encoded.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    encode_into(text.as_bytes(), &mut out);
    out
}

/// Appends text that is encoded somehow in the one way that is signed.
pub(super) fn normalize_into(encoded: &[u8], plus: Plus, out: &mut String) -> Result<(), BadEncoding> {
    let mut rest = push_plain(encoded, out);
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let ([high, low], after) = rest.split_first_chunk::<2>().ok_or(BadEncoding)?;
                push(digit(*high)? << 4 | digit(*low)?, out);
                rest = after;
            }
            b'+' if plus == Plus::Blank => push(b' ', out),
            byte => push(byte, out),
        }
        rest = push_plain(rest, out);
    }
    Ok(())
}

/// What text stands for that [`normalize_into`] made.
pub(super) fn decode(normalized: &str) -> Cow<'_, [u8]> {
    if !normalized.contains('%') {
        return Cow::Borrowed(normalized.as_bytes());
    }
    let (mut out, mut rest) = (Vec::with_capacity(normalized.len()), normalized.as_bytes());
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escaped = rest.split_first_chunk::<2>().filter(|_| byte == b'%');
        match escaped.and_then(|([high, low], after)| Some((digit(*high).ok()? << 4 | digit(*low).ok()?, after))) {
            Some((byte, after)) => {
                out.push(byte);
                rest = after;
            }
            None => out.push(byte),
        }
    }
    Cow::Owned(out)
}

/// The same as text, where what is none is replaced.
pub(super) fn decode_text(normalized: &str) -> Cow<'_, str> {
    match decode(normalized) {
        Cow::Borrowed(_) => Cow::Borrowed(normalized),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

fn digit(byte: u8) -> Result<u8, BadEncoding> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(BadEncoding)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normalized(text: &str, plus: Plus) -> Result<String, BadEncoding> {
        let mut out = String::new();
        normalize_into(text.as_bytes(), plus, &mut out).map(|()| out)
    }

    #[test]
    fn all_ways_to_write_a_text_become_one() {
        for text in ["a b", "a+b", "a%20b"] {
            assert_eq!(normalized(text, Plus::Blank).as_deref(), Ok("a%20b"));
        }
        assert_eq!(normalized("a+b", Plus::Plus).as_deref(), Ok("a%2Bb"));
        assert_eq!(normalized("%7e%2c,ü", Plus::Plus).as_deref(), Ok("~%2C%2C%C3%BC"));
    }

    #[test]
    fn a_percent_sign_needs_two_digits() {
        for text in ["%", "%2", "%zz", "a%g0"] {
            assert_eq!(normalized(text, Plus::Plus), Err(BadEncoding));
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_comes_back(text in ".*") {
            let encoded = encode(&text);
            prop_assert_eq!(&*decode(&encoded), text.as_bytes());
            prop_assert_eq!(decode_text(&encoded), text.as_str());
            prop_assert_eq!(normalized(&encode(&text), Plus::Blank), Ok(encode(&text)));
        }
    }
}
