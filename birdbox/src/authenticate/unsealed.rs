//! Secrets that were decrypted, so that signatures of the same App and user need not wait
//! for that each time. They are in memory alone.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use model::Sealed;

use crate::admin::Secrets;

/// How many are kept. A hundred thousand take some 30 MB.
const MOST: usize = 65_536;

/// What a secret belongs to, and both its forms.
type Opened = HashMap<Box<str>, (Sealed, Arc<str>)>;

/// Secrets that were decrypted lately.
#[derive(Default)]
pub struct Unsealed(RwLock<Opened>);

// What it holds is never printed.
impl fmt::Debug for Unsealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unsealed(…)")
    }
}

impl Unsealed {
    /// What is known now: what the secrets belong to, and the secrets.
    pub(crate) fn all(&self) -> Vec<(Box<str>, Arc<str>)> {
        let opened = self.0.read().unwrap_or_else(PoisonError::into_inner);
        opened.iter().map(|(owner, (_, secret))| (owner.clone(), Arc::clone(secret))).collect()
    }

    /// The secret of `owner`; `None` if it cannot be decrypted with the key of the directory.
    #[must_use]
    pub fn open(&self, secrets: &Secrets, owner: &str, sealed: &Sealed) -> Option<Arc<str>> {
        let opened = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, secret)) = opened.get(owner).filter(|(known, _)| known == sealed) {
            return Some(Arc::clone(secret));
        }
        drop(opened);
        let secret: Arc<str> = secrets.open(owner, sealed)?.into();
        let mut opened = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Who comes again is decrypted again.
        if opened.len() >= MOST {
            opened.clear();
        }
        opened.insert(owner.into(), (sealed.clone(), Arc::clone(&secret)));
        Some(secret)
    }
}

#[cfg(test)]
mod tests {
    use oauth::seal::seal;

    use super::*;

    #[test]
    fn a_secret_that_was_replaced_is_not_remembered() {
        let secrets = Secrets::new([7; 32], || [0; 32]);
        let unsealed = Unsealed::default();
        for (nonce, secret) in [(1, "one"), (1, "one"), (2, "two")] {
            let sealed = seal(&[7; 32], "owner", &[nonce; 24], secret);
            assert_eq!(unsealed.open(&secrets, "owner", &sealed).as_deref(), Some(secret));
            assert_eq!(unsealed.open(&secrets, "other", &sealed), None);
        }
        assert_eq!(format!("{unsealed:?}"), "Unsealed(…)");
    }
}
