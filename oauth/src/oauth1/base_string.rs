//! What is signed: the method, the address and the parameters (RFC 5849, 3.4.1).

use super::encode::encode_into;
use super::{Request, SignedRequest};

/// Where a client may believe the server to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseUrl<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The host as it was sent, with its port if it has one.
    pub host: &'a str,
}

impl BaseUrl<'_> {
    /// The host as it is signed: in lower case, without the port that the scheme has anyway
    /// (RFC 5849, 3.4.1.2).
    fn push_host(self, out: &mut String) {
        let default = if self.scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
        let host = self.host.strip_suffix(default).unwrap_or(self.host);
        encode_into(host.to_ascii_lowercase().as_bytes(), out);
    }
}

impl SignedRequest {
    /// The base string of the request under `base`. It holds no secret.
    #[must_use]
    pub fn base_string(&self, request: &Request<'_>, base: BaseUrl<'_>) -> String {
        let parameters = self.signed_parameters();
        let mut out = String::with_capacity(64 + request.path.len() + base.host.len() + parameters.len());
        out.push_str(&request.method.to_ascii_uppercase());
        out.push('&');
        push_url(base, request.path, &mut out);
        out.push('&');
        out.push_str(&parameters);
        out
    }

    /// The last part of the base string: all parameters, joined, and encoded again as one text.
    pub(super) fn signed_parameters(&self) -> String {
        let parameters = &self.parameters;
        let mut out = String::with_capacity(768);
        for (at, &parameter) in parameters.list().iter().enumerate() {
            if at > 0 {
                out.push_str("%26");
            }
            push_again(parameters.name(parameter), &mut out);
            out.push_str("%3D");
            push_again(parameters.value(parameter), &mut out);
        }
        out
    }
}

/// The address, encoded.
pub(super) fn push_url(base: BaseUrl<'_>, path: &str, out: &mut String) {
    encode_into(base.scheme.to_ascii_lowercase().as_bytes(), out);
    out.push_str("%3A%2F%2F");
    base.push_host(out);
    encode_into(if path.is_empty() { b"/" } else { path.as_bytes() }, out);
}

/// Encodes text that is encoded already: of all its characters, only the percent sign does
/// not stand for itself.
pub(super) fn push_again(encoded: &str, out: &mut String) {
    let mut rest = encoded;
    while let Some(at) = rest.bytes().position(|byte| byte == b'%') {
        let (before, behind) = rest.split_at(at + 1);
        out.push_str(before);
        out.push_str("25");
        rest = behind;
    }
    out.push_str(rest);
}
