//! Seeds: 32 bytes from which a credential is made, random or derived.
//!
//! What must be shown again without being stored is derived from the key file of the data
//! directory, with what it is for, whose it is and a generation that counts up whenever it
//! is made anew.

use hkdf::Hkdf;
use sha2::Sha256;

/// What a derived credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The API key of an App.
    ConsumerKey,
    /// The secret of that.
    ConsumerSecret,
    /// The client id of an App.
    ClientId,
    /// The secret of that.
    ClientSecret,
    /// An access token of OAuth 1.0a.
    AccessToken,
    /// The secret of that.
    AccessTokenSecret,
}

impl Purpose {
    /// What the derivation is told. Changing one changes all credentials of its kind.
    const fn label(self) -> &'static str {
        match self {
            Self::ConsumerKey => "consumer key",
            Self::ConsumerSecret => "consumer secret",
            Self::ClientId => "client id",
            Self::ClientSecret => "client secret",
            Self::AccessToken => "access token",
            Self::AccessTokenSecret => "access token secret",
        }
    }
}

/// Where the characters of a credential come from. It is as secret as the credential.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl Seed {
    /// From random bytes.
    #[must_use]
    pub const fn random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From the key file. `owner` is an id that is never given again.
    #[must_use]
    pub fn derived(key: &[u8; 32], purpose: Purpose, owner: u64, generation: u32) -> Self {
        let mut seed = [0; 32];
        let parts = [
            &b"birdbox credential v1 "[..],
            purpose.label().as_bytes(),
            &owner.to_be_bytes(),
            &generation.to_be_bytes(),
        ];
        expand(key, &parts, &mut seed);
        Self(seed)
    }

    /// As many bytes as a credential needs; at most 8160.
    pub(crate) fn expand(&self, info: &str, out: &mut [u8]) {
        expand(&self.0, &[b"birdbox format v1 ", info.as_bytes()], out);
    }
}

/// HKDF-SHA256 (RFC 5869) without a salt: the key is random.
pub(crate) fn expand(key: &[u8; 32], info: &[&[u8]], out: &mut [u8]) {
    #[expect(clippy::expect_used, reason = "it fails above 255 * 32 bytes alone, and every length is a constant")]
    Hkdf::<Sha256>::new(None, key).expand_multi_info(info, out).expect("HKDF gives as many bytes as a credential has");
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_seed_differs_by_key_purpose_owner_and_generation() {
        let seed = Seed::derived(&KEY, Purpose::ConsumerKey, 1, 0);
        assert_eq!(seed, Seed::derived(&KEY, Purpose::ConsumerKey, 1, 0));
        for other in [
            Seed::derived(&[8; 32], Purpose::ConsumerKey, 1, 0),
            Seed::derived(&KEY, Purpose::ConsumerSecret, 1, 0),
            Seed::derived(&KEY, Purpose::ConsumerKey, 2, 0),
            Seed::derived(&KEY, Purpose::ConsumerKey, 1, 1),
        ] {
            assert_ne!(seed, other);
        }
    }

    #[test]
    fn a_seed_shows_nothing() {
        assert_eq!(format!("{:?}", Seed::random(KEY)), "Seed(…)");
    }
}
