//! Passwords of users, hashed with Argon2id.
//!
//! A hash takes some milliseconds and 19 MiB; how many are made at once is for the caller
//! to limit.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// More bytes are not hashed.
pub const MAX_BYTES: usize = 1024;

/// The parameters that OWASP's Password Storage Cheat Sheet names first: 19 MiB, two passes,
/// one lane.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The hash of a password, as a PHC string; `None` for one that is longer than [`MAX_BYTES`].
/// The salt must be random.
#[must_use]
pub fn hash(password: &str, salt: [u8; 16]) -> Option<String> {
    if password.len() > MAX_BYTES {
        return None;
    }
    let hash = argon2().hash_password_customized(password.as_bytes(), &salt, None, None, Params::DEFAULT);
    hash.ok().map(|hash| hash.to_string())
}

/// Whether `password` is the one that was hashed. Takes as long if it is not.
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    password.len() <= MAX_BYTES && argon2().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_fits_its_hash() {
        let hashed = hash("correct horse", [5; 16]).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("correct horse", &hashed));
        for wrong in ["", "correct horse ", "Correct horse"] {
            assert!(!verify(wrong, &hashed));
        }
        assert!(!verify("correct horse", "not a hash"));
    }

    #[test]
    fn a_password_has_an_end() {
        assert_eq!(hash(&"x".repeat(MAX_BYTES + 1), [5; 16]), None);
    }
}
