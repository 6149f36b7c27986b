//! The form in which a token is remembered.

use model::TokenDigest;
use sha2::{Digest, Sha256};

/// The SHA-256 of a token as it came over the wire. Tokens are random enough that a plain hash
/// can neither be inverted nor guessed, and comparing hashes tells an attacker who measures
/// time nothing about the token.
#[must_use]
pub fn digest(token: &(impl AsRef<[u8]> + ?Sized)) -> TokenDigest {
    TokenDigest::new(Sha256::digest(token.as_ref()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_differ_when_tokens_do() {
        assert_eq!(digest("secret"), digest(b"secret"));
        assert_ne!(digest("secret"), digest("secret "));
    }
}
