//! Exactly one valid `Host`, and a request target that agrees with it.

use std::net::Ipv6Addr;

use http::header::{HOST, HeaderMap, HeaderValue};
use http::{Uri, uri::Authority};

use super::Refusal;

/// Checks the host of a request and leaves it in its normal form in `headers`: lower
/// case, without a port that is the default of a scheme.
pub(super) fn check(uri: &Uri, headers: &mut HeaderMap) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().ok_or(Refusal::NoHost)?;
    if hosts.next().is_some() {
        return Err(Refusal::ManyHosts);
    }
    if !is_normal(host.as_bytes()) {
        let host = normal(host).ok_or(Refusal::InvalidHost)?;
        headers.insert(HOST, host);
    }
    match uri.authority() {
        None => Ok(()),
        Some(target) => agree(target, headers.get(HOST)),
    }
}

/// Whether a host is a name, perhaps with a port, that stands in its normal form
/// already, as most do.
fn is_normal(host: &[u8]) -> bool {
    let is_name = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    let colon = host.iter().position(|&byte| byte == b':').unwrap_or(host.len());
    let (name, port) = host.split_at_checked(colon).unwrap_or_default();
    !name.is_empty() && name.iter().all(is_name) && (port.is_empty() || is_normal_port(port))
}

/// Whether a colon and what follows is a port that has to be named.
fn is_normal_port(port: &[u8]) -> bool {
    match port {
        b":80" | b":443" => false,
        [b':', digits @ ..] => {
            let fits = digits.len() < 5 || (digits.len() == 5 && digits <= b"65535".as_slice());
            fits && digits.first().is_some_and(|&first| first != b'0') && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

fn normal(host: &HeaderValue) -> Option<HeaderValue> {
    let authority: Authority = host.to_str().ok()?.parse().ok()?;
    // No user information may stand before the host.
    if !authority.as_str().starts_with(authority.host()) || !is_host(authority.host()) {
        return None;
    }
    let mut normal = authority.host().to_ascii_lowercase();
    match port(&authority)? {
        None | Some(80 | 443) => {}
        Some(port) => {
            normal.push(':');
            normal.push_str(&port.to_string());
        }
    }
    HeaderValue::try_from(normal).ok()
}

/// Whether it is a name as DNS has them, or an address. The URI grammar would allow
/// more, such as the comma that joins the hosts of two headers.
pub(super) fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    }
}

/// The port behind the host, if one is named; outer `None` for one that is no number.
fn port(authority: &Authority) -> Option<Option<u16>> {
    match authority.as_str().get(authority.host().len()..)?.strip_prefix(':') {
        None | Some("") => Some(None),
        Some(port) => port.parse().ok().map(Some),
    }
}

fn agree(target: &Authority, host: Option<&HeaderValue>) -> Result<(), Refusal> {
    let target = HeaderValue::from_str(target.as_str()).ok().and_then(|target| normal(&target));
    if target.is_some() && target.as_ref() == host { Ok(()) } else { Err(Refusal::OtherHost) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal_of(host: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).unwrap());
        check(&Uri::from_static("/"), &mut headers).ok()?;
        Some(headers[HOST].to_str().unwrap().to_owned())
    }

    #[test]
    fn hosts_are_lower_case_and_have_no_default_port() {
        for (given, normal) in [
            ("api.x.com", "api.x.com"),
            ("API.X.com", "api.x.com"),
            ("api.x.com:443", "api.x.com"),
            ("api.x.com:80", "api.x.com"),
            ("api.x.com:", "api.x.com"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("localhost:65535", "localhost:65535"),
            ("LocalHost:08080", "localhost:8080"),
            ("[::1]:8080", "[::1]:8080"),
            ("[::1]", "[::1]"),
            ("under_score", "under_score"),
        ] {
            assert_eq!(normal_of(given).as_deref(), Some(normal), "{given}");
        }
    }

    #[test]
    fn what_names_no_host_is_refused() {
        for host in [
            "",
            " ",
            ":80",
            "a b",
            "a/b",
            "user@host",
            "host:port",
            "host:99999",
            "host:65536",
            "[::1",
            "[::g]",
            "::1",
            "%61",
            "a,b",
            "a?b",
            "a#b",
        ] {
            assert_eq!(normal_of(host), None, "{host:?}");
        }
    }
}
