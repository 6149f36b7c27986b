//! What tokens look like. Random or derived bytes go in, two for each character that is
//! to be random, so that taking them modulo 62 leaves no bias worth the name.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use model::{Timestamp, UserId};

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Bytes for an API key, which has 25 characters.
pub const CONSUMER_KEY: usize = 2 * 25;
/// Bytes for an API secret, which has 50 characters.
pub const CONSUMER_SECRET: usize = 2 * 50;
/// Bytes for the random part of an access token of OAuth 1.0a, which has 40 characters.
pub const ACCESS_TOKEN: usize = 2 * 40;
/// Bytes for the secret of an access token of OAuth 1.0a, which has 45 characters.
pub const ACCESS_TOKEN_SECRET: usize = 2 * 45;
/// Bytes for a request token, which has 27 characters.
pub const REQUEST_TOKEN: usize = 2 * 27;
/// Bytes for the secret of a request token, which has 32 characters.
pub const REQUEST_TOKEN_SECRET: usize = 2 * 32;
/// Bytes for a verifier that a browser carries, which has 32 characters.
pub const VERIFIER: usize = 2 * 32;
/// Bytes for a PIN, which has 7 digits.
pub const PIN: usize = 8;
/// Bytes for the random part of a client id, which has 20 characters.
pub const CLIENT_ID: usize = 2 * 20;
/// Bytes for a client secret, which has 50 characters.
pub const CLIENT_SECRET: usize = 2 * 50;
/// Bytes for the random part of a token of OAuth 2.0, which has 45 characters.
pub const OAUTH2: usize = 2 * 45;

/// Bytes for the random part of a token for Tweet Binder's profiles, which has 45 characters.
pub const TWEET_BINDER: usize = 2 * 45;

/// What a token for Tweet Binder's profiles begins with, so that people can tell it from X's.
pub const TWEET_BINDER_PREFIX: &str = "tb_";

/// Letters and digits, one for each two bytes: API keys and all secrets.
#[must_use]
pub fn alphanumeric(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let digits = pairs.iter().map(|pair| usize::from(u16::from_be_bytes(*pair)) % ALPHANUMERIC.len());
    digits.filter_map(|digit| ALPHANUMERIC.get(digit)).map(|&byte| char::from(byte)).collect()
}

/// A PIN that a person types: seven digits.
#[must_use]
pub fn pin(random: &[u8; PIN]) -> String {
    format!("{:07}", u64::from_be_bytes(*random) % 10_000_000)
}

/// An access token of OAuth 1.0a: the id of the user, a dash, and no further one.
#[must_use]
pub fn access_token(user: UserId, random: &[u8; ACCESS_TOKEN]) -> String {
    format!("{user}-{}", alphanumeric(random))
}

/// A token for Tweet Binder's profiles.
#[must_use]
pub fn tweet_binder(random: &[u8; TWEET_BINDER]) -> String {
    format!("{TWEET_BINDER_PREFIX}{}", alphanumeric(random))
}

/// A client id: the base64url of `<random>:1:ci`.
#[must_use]
pub fn client_id(random: &[u8; CLIENT_ID]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}:1:ci", alphanumeric(random)))
}

/// What kind of token of OAuth 2.0 it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An authorization code.
    Code,
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "ac",
            Self::Access => "at",
            Self::Refresh => "rt",
        }
    }
}

/// A token of OAuth 2.0: the base64url of `<random>:<unix ms>:1:1:at:1`.
#[must_use]
pub fn oauth2(kind: Kind, now: Timestamp, random: &[u8; OAUTH2]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}:{}:1:1:{}:1", alphanumeric(random), now.unix_ms(), kind.name()))
}

/// What a text that looks like a token of OAuth 2.0 says of itself: its kind, and when it was
/// made. It proves nothing.
#[must_use]
pub fn made(text: &str) -> Option<(Kind, Timestamp)> {
    let decoded = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (_, rest) = decoded.split_once(':')?;
    let (ms, rest) = rest.split_once(':')?;
    let kind =
        [Kind::Code, Kind::Access, Kind::Refresh].into_iter().find(|kind| rest == format!("1:1:{}:1", kind.name()));
    Some((kind?, Timestamp::from_unix_ms(ms.parse().ok()?)))
}

/// Whether something in a text has the form of a secret: of a token of any kind, an API key, or a
/// secret of either, of Birdbox, and most of X. They hold so many letters and digits in a row as the
/// shortest, the API key; a client secret of X, with `-` and `_` between, may hold fewer. Nothing
/// else that a request says does: ids and usernames have 20, page tokens 16, and there is an
/// underscore or a dot in all longer names.
#[must_use]
pub fn may_hold_secret(text: &[u8]) -> bool {
    const SHORTEST: usize = CONSUMER_KEY / 2;
    let mut end = SHORTEST;
    // A row of so many that begins behind `end - SHORTEST` contains the byte before `end`: most of a
    // text that holds none is never looked at.
    while let Some(row) = end.checked_sub(SHORTEST).and_then(|begin| text.get(begin..end)) {
        match row.iter().rposition(|byte| !byte.is_ascii_alphanumeric()) {
            Some(at) => end += at + 1,
            None => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_known_by_its_form_and_nothing_else_that_requests_say() {
        let now = Timestamp::from_unix_ms(1_622_160_825_825);
        let numbers = |size: usize| (0..size).map(|at| (at * 89 + at / 7) as u8).collect::<Vec<_>>();
        let random = numbers(200);
        let secrets = [
            crate::bearer::app_only(&[7; 32], model::AppId::new(1), 0),
            alphanumeric(&numbers(CONSUMER_KEY)),
            alphanumeric(&numbers(CONSUMER_SECRET)),
            alphanumeric(&numbers(ACCESS_TOKEN_SECRET)),
            alphanumeric(&numbers(REQUEST_TOKEN)),
            alphanumeric(&numbers(REQUEST_TOKEN_SECRET)),
            alphanumeric(&numbers(VERIFIER)),
            alphanumeric(&numbers(CLIENT_SECRET)),
            access_token(UserId::new(7), random.first_chunk().unwrap()),
            tweet_binder(random.first_chunk().unwrap()),
            oauth2(Kind::Code, now, random.first_chunk().unwrap()),
            oauth2(Kind::Access, now, random.first_chunk().unwrap()),
            oauth2(Kind::Refresh, now, random.first_chunk().unwrap()),
        ];
        for secret in secrets {
            for text in [secret.clone(), format!("jack,{secret}"), format!("{secret}:"), format!("Bearer {secret}")] {
                assert!(may_hold_secret(text.as_bytes()), "{text}");
            }
        }
        for text in [
            "",
            "18446744073709551615,18446744073709551615",
            "a_historical_name_20,AHistoricalName20abcd",
            "DFEDBNRFT3MHCZZZ",
            "created_at,most_recent_tweet_id,pinned_tweet_id,profile_banner_url,subscription_type,withheld",
            "pinned_tweet_id.referenced_tweets.id",
            "2026-06-15T12:00:00.000Z",
        ] {
            assert!(!may_hold_secret(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_row_is_found_wherever_it_begins() {
        for before in 0..60 {
            for length in [24, 25, 26, 60] {
                let text = format!("{}-{}-{}", "1,".repeat(before), "a".repeat(length), "x,".repeat(9));
                assert_eq!(may_hold_secret(text.as_bytes()), length >= 25, "{text}");
            }
        }
    }

    #[test]
    fn an_access_token_begins_with_the_user_and_has_one_dash() {
        let token = access_token(UserId::new(6_253_282), &[7; ACCESS_TOKEN]);
        let (user, random) = token.split_once('-').unwrap();
        assert_eq!((user, random.len()), ("6253282", 40));
        assert!(random.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn tokens_of_oauth2_decode_as_those_of_x_do() {
        let decoded = |text: String| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
        let now = Timestamp::from_unix_ms(1_622_160_825_825);
        let token = decoded(oauth2(Kind::Access, now, &[0; OAUTH2]));
        assert_eq!(token, format!("{}:1622160825825:1:1:at:1", "A".repeat(45)));
        for kind in [Kind::Code, Kind::Access, Kind::Refresh] {
            assert_eq!(made(&oauth2(kind, now, &[1; OAUTH2])), Some((kind, now)));
        }
        assert_eq!(made("AAAA"), None);
        assert_eq!(decoded(client_id(&[0; CLIENT_ID])), format!("{}:1:ci", "A".repeat(20)));
    }

    #[test]
    fn a_pin_has_seven_digits() {
        assert_eq!(pin(&[0; PIN]), "0000000");
        assert_eq!(pin(&[255; PIN]), "9551615");
    }

    #[test]
    fn every_character_is_used() {
        let bytes: Vec<u8> = (0..62u16).flat_map(u16::to_be_bytes).collect();
        assert_eq!(alphanumeric(&bytes).as_bytes(), ALPHANUMERIC);
    }
}
