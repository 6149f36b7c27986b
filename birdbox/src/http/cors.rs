//! Cross-origin requests: every page may read every answer.
//!
//! A page must hold a token to learn anything, and cookies are not sent along, so that `*`
//! gives nothing away. The login and consent pages opt out.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use http::{Method, StatusCode};

use super::Response;

/// The headers of an answer that a script may read.
const EXPOSED: &str = "x-rate-limit-limit, x-rate-limit-remaining, x-rate-limit-reset, x-response-time, \
                       x-access-level, api-version, x-request-id";

/// What a script may send.
const METHODS: &str = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

/// The headers that a script may always send; others are allowed when asked for.
const HEADERS: &str = "authorization, content-type";

/// How long a browser may remember the answer to a preflight, in seconds.
const MAX_AGE: &str = "86400";

/// Whether a script of another origin asks.
pub(super) fn is_cross_origin(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN)
}

/// Lets the script read the answer.
pub(super) fn allow(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
}

/// The answer to a browser that asks before its script may.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Response> {
    if method != Method::OPTIONS || !is_cross_origin(headers) || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = Response::new(StatusCode::NO_CONTENT, "");
    let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).and_then(list_of_names).unwrap_or_default();
    let is_new = |name: &&str| !name.is_empty() && !HEADERS.split(", ").any(|known| known.eq_ignore_ascii_case(name));
    let further = asked.split(',').map(str::trim).filter(is_new).fold(String::new(), |list, name| list + ", " + name);
    let allowed = HeaderValue::try_from(format!("{HEADERS}{further}")).ok();
    let out = &mut response.headers;
    out.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    out.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed.unwrap_or(HeaderValue::from_static(HEADERS)));
    out.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    out.insert(VARY, HeaderValue::from_name(ACCESS_CONTROL_REQUEST_HEADERS));
    Some(response)
}

fn list_of_names(list: &HeaderValue) -> Option<&str> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_, ".contains(&byte);
    list.to_str().ok().filter(|list| !list.is_empty() && list.bytes().all(is_part))
}
