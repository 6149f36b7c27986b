//! The name and the secret of a client in an `Authorization` header (RFC 7617), each
//! percent-encoded before as RFC 6749, 2.3.1 wants it.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether the value of a header is of the scheme `Basic`, right or not.
#[must_use]
pub fn is_basic(value: &[u8]) -> bool {
    value.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"))
        && value.get(5).is_none_or(u8::is_ascii_whitespace)
}

/// Name and secret; `None` for another scheme, or for what cannot be decoded.
#[must_use]
pub fn from_header(value: &[u8]) -> Option<(String, String)> {
    let rest = value.get(5..).filter(|_| is_basic(value))?;
    let text = String::from_utf8(BASE64.decode(rest.trim_ascii()).ok()?).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some((decode(name)?, decode(secret)?))
}

/// Undoes percent-encoding.
fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        out.push(match byte {
            b'%' => u8::try_from(digit(rest.next())? << 4 | digit(rest.next())?).ok()?,
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    #[test]
    fn name_and_secret_are_decoded() {
        let header = |text: &str| format!("basic  {}", BASE64_STANDARD.encode(text));
        let both = |name: &str, secret: &str| Some((name.to_owned(), secret.to_owned()));
        assert_eq!(from_header(header("a:b:c").as_bytes()), both("a", "b:c"));
        assert_eq!(from_header(header("a%3A%2f:").as_bytes()), both("a:/", ""));
        assert_eq!(from_header(b"Basic YTpi"), both("a", "b"));
        assert_eq!(from_header(b"Basic YTo"), both("a", ""));
        for bad in ["", "Basic", "Basic !", "Bearer YTpi", "BasicYTpi", "Basic YQ=="] {
            assert_eq!(from_header(bad.as_bytes()), None, "{bad}");
        }
        for bad in ["a%:b", "a%4:b", "a%zz:b"] {
            assert_eq!(from_header(header(bad).as_bytes()), None, "{bad}");
        }
    }
}
