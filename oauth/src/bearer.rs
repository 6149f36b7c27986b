//! App-only bearer tokens, and the header that carries them.
//!
//! X returns the same token for an App until it is invalidated. So the token is
//! derived from the key file of the data directory, the App and a generation that
//! counts up at each invalidation: it can be shown again without being stored.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hkdf::Hkdf;
use model::AppId;
use sha2::Sha256;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Characters behind the `%3D` of a token; together they carry 297 bits.
const TAIL: usize = 50;

/// The app-only bearer token of an App.
///
/// It has the form of X's: the base64 of 16 zero bytes, the id of the App and 20
/// more bytes, percent-encoded, and 50 alphanumeric characters. The percent signs
/// belong to the token; clients send it as it stands.
#[must_use]
pub fn app_only(key: &[u8; 32], app: AppId, generation: u32) -> String {
    let mut info = Vec::with_capacity(64);
    info.extend_from_slice(b"birdbox app-only bearer v1");
    info.extend_from_slice(&app.get().to_be_bytes());
    info.extend_from_slice(&generation.to_be_bytes());
    // Twice the bytes that the tail needs, so that taking them modulo 62 in pairs
    // leaves no bias worth the name.
    let mut derived = [0u8; 20 + 2 * TAIL];
    #[expect(
        clippy::expect_used,
        reason = "HKDF-SHA256 fails only above 255 * 32 bytes, and this length is a constant"
    )]
    Hkdf::<Sha256>::new(None, key).expand(&info, &mut derived).expect("120 bytes are within the limit of HKDF");
    let (middle, tail) = derived.split_at(20);

    let mut head = Vec::with_capacity(44);
    head.extend_from_slice(&[0; 16]);
    head.extend_from_slice(&app.get().to_le_bytes());
    head.extend_from_slice(middle);

    let mut token = String::with_capacity(128);
    for character in BASE64_STANDARD.encode(head).chars() {
        match character {
            '+' => token.push_str("%2B"),
            '/' => token.push_str("%2F"),
            '=' => token.push_str("%3D"),
            other => token.push(other),
        }
    }
    let (pairs, _) = tail.as_chunks::<2>();
    token.extend(
        pairs
            .iter()
            .filter_map(|pair| ALPHANUMERIC.get(usize::from(u16::from_be_bytes(*pair)) % ALPHANUMERIC.len()))
            .map(|&byte| char::from(byte)),
    );
    token
}

/// The token in the value of an `Authorization` header, `None` when the header is
/// of another scheme or holds none. The name of the scheme is case-insensitive
/// (RFC 9110, 11.1) and one or more blanks follow it. What is no token is taken as
/// it stands: nobody was given it.
#[must_use]
pub fn from_header(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(6)?;
    let token = rest.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer") && rest.first() == Some(&b' ') && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn the_token_of_an_app_is_always_the_same() {
        let token = app_only(&KEY, AppId::new(1), 0);
        assert_eq!(token, app_only(&KEY, AppId::new(1), 0));
        assert_ne!(token, app_only(&KEY, AppId::new(2), 0));
        assert_ne!(token, app_only(&KEY, AppId::new(1), 1));
        assert_ne!(token, app_only(&[8; 32], AppId::new(1), 0));
    }

    #[test]
    fn tokens_look_like_those_of_x() {
        for app in 0..200 {
            let token = app_only(&KEY, AppId::new(app), 0);
            let (head, tail) = token.split_once("%3D").unwrap();
            assert!(head.starts_with("AAAAAAAAAAAAAAAAAAAAA"), "{token}");
            assert!(head.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%'), "{token}");
            assert_eq!(tail.len(), TAIL);
            assert!(tail.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
        }
    }

    #[test]
    fn only_a_bearer_header_holds_a_token() {
        assert_eq!(from_header(b"Bearer abc%3D"), Some(&b"abc%3D"[..]));
        assert_eq!(from_header(b"bearer   abc "), Some(&b"abc"[..]));
        for bad in ["", "Bearer", "Bearer ", "Bearerabc", "Basic abc", "OAuth oauth_token=\"a\"", "Béarer a"] {
            assert_eq!(from_header(bad.as_bytes()), None, "{bad:?}");
        }
    }
}
