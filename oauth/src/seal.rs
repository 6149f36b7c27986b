//! Secrets that are needed again, such as those that OAuth 1.0a signs with, encrypted with
//! the key file of the data directory (XChaCha20-Poly1305).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use model::Sealed;

use crate::derive::derive;

/// Bytes of a nonce. It must never come twice with one key: take random ones.
pub const NONCE: usize = 24;

/// Encrypts a secret. `owner` says what it belongs to, such as an API key: sealed bytes that
/// were moved elsewhere do not open.
#[must_use]
pub fn seal(key: &[u8; 32], owner: &str, nonce: &[u8; NONCE], secret: &str) -> Sealed {
    let payload = Payload { msg: secret.as_bytes(), aad: owner.as_bytes() };
    #[expect(clippy::expect_used, reason = "it fails only for texts of 256 gigabytes")]
    let sealed = cipher(key).encrypt(&XNonce::from(*nonce), payload).expect("a secret is short");
    Sealed::new([nonce.as_slice(), &sealed].concat())
}

/// The secret again; `None` for another key, another owner, or bytes that were changed.
#[must_use]
pub fn open(key: &[u8; 32], owner: &str, sealed: &Sealed) -> Option<String> {
    let (nonce, sealed) = sealed.as_bytes().split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: owner.as_bytes() };
    let secret = cipher(key).decrypt(&XNonce::from(*nonce), payload).ok()?;
    String::from_utf8(secret).ok()
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&derive::<32>(key, "birdbox seal v1", &[]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_for_its_key_and_its_owner() {
        let sealed = seal(&[1; 32], "owner", &[2; NONCE], "secret");
        assert_eq!(open(&[1; 32], "owner", &sealed).as_deref(), Some("secret"));
        assert_eq!(open(&[2; 32], "owner", &sealed), None);
        assert_eq!(open(&[1; 32], "other", &sealed), None);
        for place in 0..sealed.as_bytes().len() {
            let mut bytes = sealed.as_bytes().to_vec();
            bytes[place] ^= 1;
            assert_eq!(open(&[1; 32], "owner", &Sealed::new(bytes)), None);
        }
        assert!(!sealed.as_bytes().windows(6).any(|window| window == b"secret"));
    }
}
