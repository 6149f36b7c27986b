//! The header of a request that this program signs itself.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::encode::encode;
use super::{BaseUrl, Request, Secrets, SignedRequest, sign};

/// Who signs, and when.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// The API key.
    pub consumer_key: &'a str,
    /// The access token.
    pub token: &'a str,
    /// Never the same twice.
    pub nonce: &'a str,
    /// In seconds since 1970.
    pub timestamp: i64,
}

/// The `Authorization` header of a request, which has none yet, to the server at `base`. `None` if
/// such a request cannot be signed at all: its query or its form is no text in percent-encoding,
/// or too long.
#[must_use]
pub fn authorization(
    request: &Request<'_>,
    base: BaseUrl<'_>,
    signing: Signing<'_>,
    secrets: Secrets<'_>,
) -> Option<String> {
    let seconds = signing.timestamp.to_string();
    let all = [
        ("oauth_consumer_key", signing.consumer_key),
        ("oauth_nonce", signing.nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &seconds),
        ("oauth_token", signing.token),
        ("oauth_version", "1.0"),
    ];
    let said = all.map(|(name, value)| format!("{name}=\"{}\", ", encode(value))).concat();
    let with =
        |signature: &[u8]| format!("OAuth {said}oauth_signature=\"{}\"", encode(&BASE64_STANDARD.encode(signature)));
    // A signature of the right length, so that the request can be read for its base string.
    let unsigned = with(&[0; 20]);
    let request = Request { authorization: Some(unsigned.as_bytes()), ..*request };
    let base_string = SignedRequest::read(&request).ok()?.base_string(&request, base);
    Some(with(&sign(&base_string, secrets)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_signed_here_is_verified_here(name in "[a-z]{1,5}", value in ".{0,20}", secret in "[a-z]{0,9}") {
            let query = format!("{name}={}", encode(&value));
            let request = Request { method: "GET", path: "/2/users", query: Some(&query), ..Request::default() };
            let base = BaseUrl { scheme: "http", host: "127.0.0.1:8080" };
            let signing = Signing { consumer_key: "key", token: "12-token", nonce: "n", timestamp: 1 };
            let secrets = Secrets { consumer: &secret, token: "t" };
            let header = authorization(&request, base, signing, secrets).unwrap();
            let signed = Request { authorization: Some(header.as_bytes()), ..request };
            let read = SignedRequest::read(&signed).unwrap();
            prop_assert!(read.verify(&signed, &[base], &secrets.key()));
            let other = Secrets { token: "u", ..secrets };
            prop_assert!(!read.verify(&signed, &[base], &other.key()));
        }
    }
}
