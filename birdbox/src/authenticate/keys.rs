//! The keys of signatures that were verified lately, so that the next ones of the same App and
//! user need not wait until their secrets are decrypted. They are in memory alone.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use model::{ConsumerKeys, Sealed};
use oauth::oauth1::{Key, Secrets as Pair};

use crate::admin::Secrets;

/// How many are kept: about 40 MB.
const MOST: usize = 65_536;

/// A key, and what it was made from.
struct Made {
    key: Arc<Key>,
    consumer: Sealed,
    token: Option<Sealed>,
}

/// Keys by the token, or by the API key where there is none.
#[derive(Default)]
pub struct SigningKeys(RwLock<HashMap<Box<str>, Made>>);

// Tokens are not printed.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeys(…)")
    }
}

impl SigningKeys {
    /// The key of an App alone, or with a token and its secret; `None` if a secret cannot be
    /// decrypted with the key of the directory.
    #[must_use]
    pub fn of(&self, secrets: &Secrets, app: &ConsumerKeys, token: Option<(&str, &Sealed)>) -> Option<Arc<Key>> {
        let owner = token.map_or(app.key.as_str(), |(text, _)| text);
        let sealed = token.map(|(_, sealed)| sealed);
        let is_current = |made: &&Made| made.consumer == app.secret && made.token.as_ref() == sealed;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known.get(owner).filter(is_current) {
            return Some(Arc::clone(&made.key));
        }
        drop(known);
        let consumer = secrets.open(&app.key, &app.secret)?;
        let token_secret = match token {
            Some((text, sealed)) => secrets.open(text, sealed)?,
            None => String::new(),
        };
        let key = Arc::new(Pair { consumer: &consumer, token: &token_secret }.key());
        let made = Made { key: Arc::clone(&key), consumer: app.secret.clone(), token: sealed.cloned() };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever comes again is decrypted again.
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(owner.into(), made);
        Some(key)
    }

    /// The tokens that were seen lately.
    pub(crate) fn tokens(&self) -> Vec<Box<str>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(|(_, made)| made.token.is_some()).map(|(text, _)| text.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use oauth::oauth1::{BaseUrl, Request, SignedRequest};
    use oauth::seal::seal;

    use super::*;

    #[test]
    fn a_secret_that_was_replaced_is_not_remembered() {
        let secrets = Secrets::new([7; 32], || [0; 32]);
        let keys = SigningKeys::default();
        let request = Request { method: "GET", path: "/", query: Some(QUERY), ..Request::default() };
        let read = SignedRequest::read(&request).unwrap();
        let base = BaseUrl { scheme: "http", host: "a" };
        let text = read.base_string(&request, base);
        for (nonce, consumer, token) in [(1, "one", "a"), (1, "one", "a"), (2, "two", "a"), (3, "two", "b")] {
            let of = |owner: &str, secret: &str| seal(&[7; 32], owner, &[nonce; 24], secret);
            let app = ConsumerKeys { key: "app".to_owned(), secret: of("app", consumer) };
            let key = keys.of(&secrets, &app, Some(("token", &of("token", token)))).unwrap();
            let right = oauth::oauth1::sign(&text, Pair { consumer, token });
            let query = QUERY.replace(UNSIGNED, &encoded(&right));
            let request = Request { query: Some(&query), ..request };
            assert!(SignedRequest::read(&request).unwrap().verify(&request, &[base], &key), "{consumer} {token}");
            assert!(keys.of(&secrets, &app, Some(("other", &of("token", token)))).is_none());
        }
        assert_eq!(keys.tokens(), ["token".into()]);
        assert_eq!(format!("{keys:?}"), "SigningKeys(…)");
    }

    const UNSIGNED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";
    const QUERY: &str = "oauth_consumer_key=app&oauth_token=token&oauth_nonce=1&oauth_timestamp=1&\
                         oauth_signature_method=HMAC-SHA1&oauth_signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

    fn encoded(signature: &[u8]) -> String {
        use base64::Engine as _;
        let text = base64::prelude::BASE64_STANDARD.encode(signature);
        text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
    }
}
