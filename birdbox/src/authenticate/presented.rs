//! What a request shows of its caller, and where its client believes the server to be.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use oauth::oauth1::{self, BaseUrl};

use crate::config::Proxies;
use crate::http::{Request, RequestId, Scheme};

const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_HOST: &str = "x-forwarded-host";

/// What a request shows of its caller.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'a> {
    /// The name of the request.
    pub id: RequestId,
    /// What may be signed, and the `Authorization` header, if there is exactly one.
    ///
    /// unverified(two-authorizations): two identify nobody.
    pub request: oauth1::Request<'a>,
    /// In lower case, without a default port.
    pub host: &'a str,
    /// How the client called this server.
    scheme: Scheme,
    /// The headers, if a proxy that is trusted has sent them.
    from_proxy: Option<&'a HeaderMap>,
}

impl<'a> Presented<'a> {
    /// By a request as it came in. Only `proxies` are believed who their clients are.
    #[must_use]
    pub fn of(request: &'a Request, proxies: &Proxies) -> Self {
        let signed = oauth1::Request {
            method: request.method.as_str(),
            path: request.path(),
            query: request.query(),
            authorization: authorization(&request.headers),
            // An empty form says as much as none, and most requests need not be asked for their type.
            form: if request.body.is_empty() { None } else { request.form() },
        };
        let from_proxy = proxies.contain(request.peer.ip()).then_some(&request.headers);
        Self { id: request.id, request: signed, host: request.host(), scheme: request.scheme, from_proxy }
    }

    /// The query without what is signed in it of OAuth 1.0a: some clients write its parameters
    /// there, and to the API they say nothing.
    #[must_use]
    pub fn own_query(&self) -> Option<Cow<'a, str>> {
        let query = self.request.query?;
        Some(self.without_signature(Cow::Borrowed(query))).filter(|query| !query.is_empty())
    }

    /// What the query says and, where there is one, the form, without what is signed in them of
    /// OAuth 1.0a.
    #[must_use]
    pub fn parameters(&self) -> Cow<'a, str> {
        let query = self.request.query.unwrap_or_default();
        let form = String::from_utf8_lossy(self.request.form.unwrap_or_default());
        self.without_signature(match (query.is_empty(), form.is_empty()) {
            (_, true) => Cow::Borrowed(query),
            (true, false) => form,
            (false, false) => format!("{query}&{form}").into(),
        })
    }

    fn without_signature(&self, parameters: Cow<'a, str>) -> Cow<'a, str> {
        if !parameters.contains("oauth_") || !self.request.is_signed() {
            return parameters;
        }
        let own: Vec<&str> = parameters.split('&').filter(|parameter| !parameter.starts_with("oauth_")).collect();
        own.join("&").into()
    }

    /// The addresses that the client may have signed, the likeliest first: as the proxy says
    /// that it was called, then as this server was called. In plain HTTP a host without a port
    /// means that something stands in front, which may speak TLS.
    #[must_use]
    pub fn addresses(&self) -> Vec<BaseUrl<'a>> {
        let header = |name| self.from_proxy.and_then(|headers| last(headers, name));
        let scheme = header(FORWARDED_PROTO).and_then(scheme);
        let host = header(FORWARDED_HOST);
        let mut all = Vec::with_capacity(3);
        let mut add = |scheme, host| {
            let address = BaseUrl { scheme, host };
            if !all.contains(&address) {
                all.push(address);
            }
        };
        if scheme.is_some() || host.is_some() {
            let host = host.unwrap_or(self.host);
            add(scheme.unwrap_or(if has_port(host) { "http" } else { "https" }), host);
        }
        add(self.scheme.name(), self.host);
        if self.scheme == Scheme::Http && scheme.is_none() && !has_port(self.host) {
            add("https", self.host);
        }
        all
    }
}

fn authorization(headers: &HeaderMap) -> Option<&[u8]> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let first = all.next()?;
    all.next().is_none().then(|| first.as_bytes())
}

/// What the nearest proxy said: what stands before it, the client may have written.
fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    Some(value.rsplit(',').next().unwrap_or_default().trim()).filter(|value| !value.is_empty())
}

fn scheme(word: &str) -> Option<&'static str> {
    ["http", "https"].into_iter().find(|scheme| scheme.eq_ignore_ascii_case(word))
}

fn has_port(host: &str) -> bool {
    host.rsplit_once(':')
        .is_some_and(|(name, _)| name.ends_with(']') || name.parse::<Ipv6Addr>().is_err() && !name.contains(':'))
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    fn addresses(scheme: Scheme, host: &str, headers: &[(&'static str, &str)]) -> String {
        let map: HeaderMap =
            headers.iter().map(|&(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        let presented = Presented {
            id: RequestId::default(),
            request: oauth1::Request::default(),
            host,
            scheme,
            from_proxy: Some(&map),
        };
        let all = presented.addresses();
        all.iter().map(|base| format!("{}://{}", base.scheme, base.host)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_proxy_says_what_the_client_has_called() {
        let (proto, host) = (FORWARDED_PROTO, FORWARDED_HOST);
        for (called, headers, expected) in [
            ("127.0.0.1:8080", &[][..], "http://127.0.0.1:8080"),
            ("[::1]:8080", &[], "http://[::1]:8080"),
            ("api.x.com", &[], "http://api.x.com https://api.x.com"),
            ("api.x.com", &[(proto, "https")], "https://api.x.com http://api.x.com"),
            ("127.0.0.1:8080", &[(proto, "https")], "https://127.0.0.1:8080 http://127.0.0.1:8080"),
            ("127.0.0.1:8080", &[(proto, "HTTPS"), (host, "api.x.com")], "https://api.x.com http://127.0.0.1:8080"),
            ("127.0.0.1:8080", &[(host, "api.x.com")], "https://api.x.com http://127.0.0.1:8080"),
            ("a:1", &[(proto, "ftp, http"), (host, "evil.example, b:2")], "http://b:2 http://a:1"),
            ("a:1", &[(proto, "gopher"), (host, "")], "http://a:1"),
        ] {
            assert_eq!(addresses(Scheme::Http, called, headers), expected, "{called} {headers:?}");
        }
    }

    #[test]
    fn over_tls_the_client_has_called_https() {
        assert_eq!(addresses(Scheme::Https, "api.x.com", &[]), "https://api.x.com");
        assert_eq!(addresses(Scheme::Https, "127.0.0.1:8443", &[]), "https://127.0.0.1:8443");
        let forwarded = [(FORWARDED_HOST, "a.example")];
        assert_eq!(addresses(Scheme::Https, "127.0.0.1:8443", &forwarded), "https://a.example https://127.0.0.1:8443");
    }
}
