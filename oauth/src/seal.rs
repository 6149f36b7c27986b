//! Encryption of the secrets that are needed again, with the key file of the data directory.
//!
//! OAuth 1.0a signs with secrets, so a server has to know them. They are kept under
//! XChaCha20-Poly1305, bound to what they belong to: a sealed secret that was moved to
//! another place does not open.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::derive::expand;

/// Bytes of the random nonce in front of each sealed secret.
pub const NONCE: usize = 24;

/// Seals and opens. Making one costs more than using it.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// With the bytes of the key file.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let mut derived = [0; 32];
        expand(key, &[b"birdbox seal v1"], &mut derived);
        Self(XChaCha20Poly1305::new(&derived.into()))
    }

    /// `secret`, sealed; `context` says what it belongs to. The nonce must be random: with as
    /// many bytes, no two will ever be equal.
    #[must_use]
    pub fn seal(&self, context: &[u8], nonce: [u8; NONCE], secret: &str) -> Vec<u8> {
        let payload = Payload { msg: secret.as_bytes(), aad: context };
        // It fails above 256 GiB alone; nothing sealed opens as nothing.
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [&nonce[..], &sealed].concat()
    }

    /// The secret; `None` if it was sealed with another key, for another context, or damaged.
    #[must_use]
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let secret = self.0.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context }).ok()?;
        String::from_utf8(secret).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_and_context_open_a_secret() {
        let sealer = Sealer::new(&[1; 32]);
        let sealed = sealer.seal(b"app 1", [9; NONCE], "secret");
        assert_eq!(sealer.open(b"app 1", &sealed).as_deref(), Some("secret"));
        assert_eq!(sealer.open(b"app 2", &sealed), None);
        assert_eq!(Sealer::new(&[2; 32]).open(b"app 1", &sealed), None);
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
    }

    #[test]
    fn damage_does_not_open() {
        let sealer = Sealer::new(&[1; 32]);
        let sealed = sealer.seal(b"", [9; NONCE], "secret");
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(sealer.open(b"", &damaged), None, "bit {bit}");
        }
        assert_eq!(sealer.open(b"", &sealed[..10]), None);
    }
}
