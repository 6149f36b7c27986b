//! Percent-encoding as OAuth 1.0a wants it (RFC 5849, 3.6): letters, digits, `-`, `.`, `_`
//! and `~` stand for themselves, all other bytes are `%` and two upper-case digits.

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

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends one byte, encoded.
fn push(byte: u8, out: &mut String) {
    if is_unreserved(byte) {
        out.push(char::from(byte));
    } else {
        out.push('%');
        for digit in [byte >> 4, byte & 0xF] {
            out.extend(HEX.get(usize::from(digit)).map(|&digit| char::from(digit)));
        }
    }
}

/// Appends `bytes`, encoded.
pub(super) fn encode_into(bytes: &[u8], out: &mut String) {
    bytes.iter().for_each(|&byte| push(byte, out));
}

/// `text`, encoded.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    encode_into(text.as_bytes(), &mut out);
    out
}

/// Appends text that is encoded somehow in the one way that is signed.
pub(super) fn normalize_into(encoded: &[u8], plus: Plus, out: &mut String) -> Result<(), BadEncoding> {
    let mut rest = encoded;
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
    }
    Ok(())
}

/// What text stands for that [`normalize_into`] made.
pub(super) fn decode(normalized: &str) -> Vec<u8> {
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
    out
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
            prop_assert_eq!(decode(&encode(&text)), text.as_bytes());
            prop_assert_eq!(normalized(&encode(&text), Plus::Blank), Ok(encode(&text)));
        }
    }
}
