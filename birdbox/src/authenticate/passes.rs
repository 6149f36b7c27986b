//! Tokens that the server makes for a request of its own: they are in memory alone, nobody else
//! gets to see them, and they end with that request.
//!
//! What they allow is what a token of the same kind would allow.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use model::{AccessToken, AppId, TokenDigest, UserToken};

/// What a token stands for.
#[derive(Debug, Clone)]
pub enum Pass {
    /// An access token of OAuth 1.0a.
    OAuth1(Arc<UserToken>),
    /// An access token of OAuth 2.0.
    OAuth2(AccessToken),
    /// The token of an App for Tweet Binder's profiles.
    TweetBinder(AppId),
}

/// The tokens that are in use.
#[derive(Default)]
pub struct Passes(RwLock<HashMap<TokenDigest, Pass>>);

// Tokens are not printed.
impl fmt::Debug for Passes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passes(…)")
    }
}

impl Passes {
    /// Takes a token until the guard is dropped.
    #[must_use]
    pub fn issue(&self, digest: TokenDigest, pass: Pass) -> Issued<'_> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(digest, pass);
        Issued { passes: self, digest }
    }

    /// Whether no request of the server's own is on its way with one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What a token stands for.
    pub(super) fn get(&self, digest: &TokenDigest) -> Option<Pass> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }
}

/// Ends a token when it is dropped.
#[derive(Debug)]
pub struct Issued<'a> {
    passes: &'a Passes,
    digest: TokenDigest,
}

impl Drop for Issued<'_> {
    fn drop(&mut self) {
        self.passes.0.write().unwrap_or_else(PoisonError::into_inner).remove(&self.digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_with_its_guard() {
        let (passes, digest) = (Passes::default(), TokenDigest::new([7; 32]));
        let issued = passes.issue(digest, Pass::TweetBinder(AppId::new(1)));
        assert!(matches!(passes.get(&digest), Some(Pass::TweetBinder(_))));
        assert_eq!(format!("{passes:?}"), "Passes(…)");
        drop(issued);
        assert!(passes.get(&digest).is_none());
    }
}
