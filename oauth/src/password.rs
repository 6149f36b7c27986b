//! Passwords of users, as argon2id hashes in the text form that names their parameters.
//!
//! 19 MiB of memory, two passes, one lane: what OWASP recommends as the least.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// Bytes of a salt.
pub const SALT: usize = 16;
/// Longest password, in bytes.
pub const MAX_PASSWORD: usize = 1024;

/// The hash of a password with a random salt; `None` for one that is empty or too long.
#[must_use]
pub fn hash(password: &str, salt: &[u8; SALT]) -> Option<String> {
    if password.is_empty() || password.len() > MAX_PASSWORD {
        return None;
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let hash = argon2.hash_password_customized(password.as_bytes(), salt, None, None, Params::DEFAULT);
    hash.ok().map(|hash| hash.to_string())
}

/// Whether it is the password of a hash. This takes tens of milliseconds.
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    password.len() <= MAX_PASSWORD && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_is_taken() {
        let text = hash("correct horse", &[7; SALT]).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        assert!(verify("correct horse", &text));
        assert!(!verify("correct horse ", &text) && !verify("", &text) && !verify("correct horse", "no hash"));
        assert_eq!(hash("", &[7; SALT]), None);
    }
}
