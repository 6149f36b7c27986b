//! What credentials look like: the lengths and letters of X's.
//!
//! Each is made from a [`Seed`], so that the same functions serve random and derived ones.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use model::{Timestamp, UserId};

use crate::derive::Seed;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// An API key: 25 letters and digits.
#[must_use]
pub fn consumer_key(seed: &Seed) -> String {
    alphanumeric(seed, "consumer key", 25)
}

/// The secret of an API key, or a client secret: 50 letters and digits.
#[must_use]
pub fn secret(seed: &Seed) -> String {
    alphanumeric(seed, "secret", 50)
}

/// A request token of OAuth 1.0a: 27 letters and digits.
// observed: the length in a recording of 2020; so below.
#[must_use]
pub fn request_token(seed: &Seed) -> String {
    alphanumeric(seed, "request token", 27)
}

/// The secret of a request token: 32 letters and digits.
#[must_use]
pub fn request_token_secret(seed: &Seed) -> String {
    alphanumeric(seed, "request token secret", 32)
}

/// An access token of OAuth 1.0a: the id of the user, a dash, and 40 letters and digits.
/// Clients take the id from it, so there is no other dash.
#[must_use]
pub fn access_token(user: UserId, seed: &Seed) -> String {
    format!("{user}-{}", alphanumeric(seed, "access token", 40))
}

/// The secret of an access token: 45 letters and digits.
#[must_use]
pub fn access_token_secret(seed: &Seed) -> String {
    alphanumeric(seed, "access token secret", 45)
}

/// A client id of OAuth 2.0: the base64url of 20 letters and digits and `:1:ci`.
#[must_use]
pub fn client_id(seed: &Seed) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(alphanumeric(seed, "client id", 20) + ":1:ci")
}

/// A session of the login page, or anything else that nobody but Birdbox reads: 43 letters
/// and digits.
#[must_use]
pub fn opaque(seed: &Seed) -> String {
    alphanumeric(seed, "opaque", 43)
}

/// The PIN that a user types into an App that has no callback: 7 digits.
#[must_use]
pub fn pin(seed: &Seed) -> String {
    let mut bytes = [0; 16];
    seed.expand("pin", &mut bytes);
    format!("{:07}", u128::from_le_bytes(bytes) % 10_000_000)
}

/// The tokens of OAuth 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An authorization code.
    Code,
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

/// A token of OAuth 2.0: the base64url of 43 letters and digits, the time in milliseconds
/// since 1970, and what it is.
#[must_use]
pub fn oauth2(kind: Kind, now: Timestamp, seed: &Seed) -> String {
    let word = match kind {
        Kind::Code => "ac",
        Kind::Access => "at",
        Kind::Refresh => "rt",
    };
    let text = format!("{}:{}:1:1:{word}:1", alphanumeric(seed, word, 43), now.unix_ms());
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

fn alphanumeric(seed: &Seed, info: &str, length: usize) -> String {
    // Two bytes for each character, so that taking them modulo 62 leaves no bias worth the name.
    let mut bytes = vec![0; 2 * length];
    seed.expand(info, &mut bytes);
    let (pairs, _) = bytes.as_chunks::<2>();
    let places = pairs.iter().map(|pair| usize::from(u16::from_be_bytes(*pair)) % ALPHANUMERIC.len());
    places.filter_map(|place| ALPHANUMERIC.get(place)).map(|&byte| char::from(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(token: &str) -> String {
        String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap()
    }

    #[test]
    fn credentials_look_like_those_of_x() {
        for byte in 0..50 {
            let seed = Seed::random([byte; 32]);
            let lengths: [(fn(&Seed) -> String, usize); 6] = [
                (consumer_key, 25),
                (secret, 50),
                (request_token, 27),
                (request_token_secret, 32),
                (access_token_secret, 45),
                (opaque, 43),
            ];
            for (make, length) in lengths {
                let made = make(&seed);
                assert!(made.len() == length && made.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{made}");
            }
            let pin = pin(&seed);
            assert!(pin.len() == 7 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
            assert!(decoded(&client_id(&seed)).ends_with(":1:ci"));
        }
    }

    #[test]
    fn an_access_token_has_one_dash_behind_the_user() {
        let token = access_token(UserId::new(783_214), &Seed::random([1; 32]));
        assert_eq!(token.matches('-').count(), 1);
        assert!(token.starts_with("783214-"));
        assert_eq!(token.len(), 7 + 40);
    }

    #[test]
    fn tokens_of_oauth_2_tell_their_kind_and_time() {
        let now = Timestamp::from_unix_ms(1_638_000_000_123);
        for (kind, word) in [(Kind::Code, "ac"), (Kind::Access, "at"), (Kind::Refresh, "rt")] {
            let token = decoded(&oauth2(kind, now, &Seed::random([2; 32])));
            assert!(token.ends_with(&format!(":1638000000123:1:1:{word}:1")), "{token}");
        }
    }

    #[test]
    fn credentials_of_one_seed_do_not_tell_each_other() {
        let seed = Seed::random([3; 32]);
        assert!(!secret(&seed).starts_with(&consumer_key(&seed)));
        assert!(!request_token_secret(&seed).starts_with(&request_token(&seed)));
    }
}
