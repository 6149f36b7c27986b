//! OAuth 1.0a signatures (RFC 5849): what a signed request says, and whether it was
//! signed with the secrets it names.
//!
//! [`SignedRequest::read`] collects the parameters, [`SignedRequest::verify`] tries the
//! addresses under which the client may know the server. Whether a nonce was seen or a time
//! is near is for those to say who have a memory and a clock.

mod authorization;
mod base_string;
mod collect;
mod diagnosis;
mod encode;
mod signature;

pub use self::authorization::{Signing, authorization};
pub use self::base_string::BaseUrl;
pub use self::collect::{Malformed, SignedRequest};
pub use self::diagnosis::{Alternative, Diagnosis, Mistake};
pub use self::signature::{Key, Secrets, sign};

/// A request as it came over the wire.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path as it was sent, percent-encoded, without the query.
    pub path: &'a str,
    /// The query as it was sent.
    pub query: Option<&'a str>,
    /// The value of the `Authorization` header.
    pub authorization: Option<&'a [u8]>,
    /// The body, if its type is `application/x-www-form-urlencoded`: no other is signed.
    pub form: Option<&'a [u8]>,
}

impl Request<'_> {
    /// Whether the request is meant to be signed: it has parameters of OAuth 1.0a in its
    /// header, its query or its form (RFC 5849, 3.5).
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let header = self.authorization.is_some_and(|value| collect::header_parameters(value).is_some());
        let named = |text: &[u8]| {
            text.split(|&byte| byte == b'&').any(|parameter| parameter.starts_with(b"oauth_consumer_key="))
        };
        header || self.query.is_some_and(|query| named(query.as_bytes())) || self.form.is_some_and(named)
    }
}
