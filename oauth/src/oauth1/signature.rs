//! HMAC-SHA1 over the base string (RFC 5849, 3.4.2).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

use super::base_string::push_url;
use super::encode::{encode, encode_into};
use super::{BaseUrl, Request, SignedRequest};

/// The two secrets that a request is signed with.
#[derive(Clone, Copy)]
pub struct Secrets<'a> {
    /// Of the App.
    pub consumer: &'a str,
    /// Of the token; empty while there is none.
    pub token: &'a str,
}

impl std::fmt::Debug for Secrets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Two secrets as the beginning of every signature that is made with them: whoever verifies
/// many does that part once.
#[derive(Clone)]
pub struct Key(Hmac<Sha1>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Secrets<'_> {
    /// The key of their signatures.
    #[must_use]
    pub fn key(self) -> Key {
        let mut key = encode(self.consumer);
        key.push('&');
        encode_into(self.token.as_bytes(), &mut key);
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        Key(Hmac::new_from_slice(key.as_bytes()).expect("a key may have any length"))
    }
}

impl SignedRequest {
    /// Whether the request was signed with `key` for one of `bases`. All of them are
    /// tried, and comparing takes the same time whatever the signature is.
    #[must_use]
    pub fn verify(&self, request: &Request<'_>, bases: &[BaseUrl<'_>], key: &Key) -> bool {
        let mac = key.0.clone().chain_update(request.method.to_ascii_uppercase()).chain_update("&");
        let parameters = self.signed_parameters();
        let mut address = String::with_capacity(128);
        let mut good = subtle::Choice::from(0);
        for &base in bases {
            address.clear();
            push_url(base, request.path, &mut address);
            let mac = [&address, "&", &parameters].iter().fold(mac.clone(), hmac::Mac::chain_update);
            good |= mac.finalize().into_bytes().ct_eq(&self.signature);
        }
        good.into()
    }
}

/// The signature of a base string, for those who sign.
#[must_use]
pub fn sign(base_string: &str, secrets: Secrets<'_>) -> [u8; 20] {
    secrets.key().0.chain_update(base_string).finalize().into_bytes().into()
}
