//! Where a request to the proxy is to go, and which of its headers end at the proxy.

use std::fmt;

use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::uri::Authority;

use super::super::host::is_host;

/// Headers that are for the next hop alone (RFC 9110, 7.6.1), beside those that `Connection`
/// names.
const HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// In lower case, without the dot that may end a name; an address of IPv6 without
    /// brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Place {
    /// What stands in a target, which must name its port unless there is a default.
    pub(super) fn of(authority: &Authority, default: Option<u16>) -> Option<Self> {
        // No user information may stand before the host.
        let port = authority.as_str().strip_prefix(authority.host())?;
        let port = match port.strip_prefix(':') {
            None | Some("") => default,
            // `parse` would take a sign.
            Some(digits) => digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit())),
        };
        let host = authority.host();
        // `api.x.com.` is the same host as `api.x.com`.
        let host = host.strip_suffix('.').unwrap_or(host);
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        // A resolver could take another dot for the one that ends a name, and find a host of X.
        let is_name = is_host(host) && !host.split('.').any(str::is_empty);
        let port = port.filter(|&port| port != 0 && is_name)?;
        Some(Self { host: bare.to_ascii_lowercase(), port })
    }

    /// Whether the `Host` header, if there is one, names this place. `CONNECT` of HTTP/1.0 has
    /// none, and some clients leave the port out.
    pub(super) fn is_named_by(&self, headers: &HeaderMap) -> bool {
        headers.get_all(HOST).iter().all(|host| {
            let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
            host.and_then(|host| Self::of(&host, Some(self.port))).is_some_and(|place| place == *self)
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// Takes out the headers that end at the proxy. How the body is framed, hyper knows already: a
/// length beside chunks is none (RFC 9112, 6.3).
pub(super) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    let lines = headers.get_all(CONNECTION).iter().filter_map(|line| line.to_str().ok());
    let named: Vec<HeaderName> =
        lines.flat_map(|line| line.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
    // A client that calls these hop-by-hop would hide them from the checks.
    let named = named.iter().filter(|&name| name != HOST && name != CONTENT_LENGTH);
    named.chain(&HOP_BY_HOP).for_each(|name| _ = headers.remove(name));
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn place(text: &str, default: Option<u16>) -> Option<String> {
        Place::of(&text.parse().ok()?, default).map(|place| place.to_string())
    }

    #[test]
    fn a_place_is_a_host_and_a_port() {
        for (text, default, expected) in [
            ("API.X.com:443", None, Some("api.x.com:443")),
            ("api.x.com.:443", None, Some("api.x.com:443")),
            ("[::1]:8443", None, Some("[::1]:8443")),
            ("127.0.0.1:1", None, Some("127.0.0.1:1")),
            ("api.x.com", Some(80), Some("api.x.com:80")),
            ("api.x.com:8080", Some(80), Some("api.x.com:8080")),
            ("api.x.com", None, None),
            ("api.x.com:", None, None),
            ("api.x.com:0", None, None),
            ("api.x.com:99999", None, None),
            ("api.x.com:+443", None, None),
            ("user@api.x.com:443", None, None),
            ("api.x.com,evil.example:443", None, None),
            (".:443", None, None),
            ("api.x.com..:443", None, None),
            ("api..x.com:443", None, None),
            ("..:443", None, None),
        ] {
            assert_eq!(place(text, default).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_host_header_names_the_place_with_or_without_its_port() {
        let target = Place { host: "example.com".to_owned(), port: 8443 };
        for (hosts, expected) in [
            (&[][..], true),
            (&["example.com:8443"], true),
            (&["Example.com"], true),
            (&["example.com:443"], false),
            (&["other.example"], false),
            (&["a b"], false),
            (&["example.com", "other.example"], false),
        ] {
            let headers: HeaderMap = hosts.iter().map(|host| (HOST, HeaderValue::from_static(host))).collect();
            assert_eq!(target.is_named_by(&headers), expected, "{hosts:?}");
        }
    }

    #[test]
    fn headers_of_the_hop_go_and_others_stay() {
        let mut headers: HeaderMap = [
            ("connection", "close, X-Own, host, content-length"),
            ("x-own", "1"),
            ("proxy-authorization", "Basic abc"),
            ("proxy-connection", "keep-alive"),
            ("upgrade", "h2c"),
            ("host", "api.x.com"),
            ("content-length", "0"),
            ("authorization", "Bearer x"),
        ]
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .into_iter()
        .collect();
        strip_hop_by_hop(&mut headers);
        let mut left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["authorization", "content-length", "host"]);
    }

    #[test]
    fn a_length_beside_chunks_goes() {
        let mut headers: HeaderMap = [(CONTENT_LENGTH, "1"), (TRANSFER_ENCODING, "chunked")]
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .into_iter()
            .collect();
        strip_hop_by_hop(&mut headers);
        assert!(headers.is_empty(), "{headers:?}");
    }
}
