//! The form in which a token is remembered.

use sha2::{Digest, Sha256};

/// The SHA-256 of a token. Tokens are random enough that a plain hash can neither
/// be inverted nor guessed, and comparing hashes tells an attacker who measures
/// time nothing about the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The digest of a token as it came over the wire.
    #[must_use]
    pub fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// The digest of a token as the store keeps it.
#[must_use]
pub fn digest(token: &str) -> model::TokenDigest {
    model::TokenDigest::new(TokenDigest::of(token.as_bytes()).0)
}

impl std::fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_shows_nothing() {
        assert_eq!(format!("{:?}", TokenDigest::of(b"secret")), "TokenDigest(…)");
    }

    #[test]
    fn digests_differ_when_tokens_do() {
        assert_eq!(TokenDigest::of(b"secret"), TokenDigest::of(b"secret"));
        assert_ne!(TokenDigest::of(b"secret"), TokenDigest::of(b"secret "));
    }
}
