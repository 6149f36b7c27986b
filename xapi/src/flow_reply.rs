//! What the endpoints of [`FLOWS`](crate::FLOWS) answer when all is well, and the headers of
//! each form.

use model::escape_into;

use crate::flow::Form;
use crate::headers::CONTENT_TYPE;
use crate::query::join_pairs;
use crate::sentences as say;

/// What keeps replies with tokens out of caches, and out of frames.
const COMMON: [(&str, &str); 5] = [
    ("cache-control", "no-cache, no-store, must-revalidate, pre-check=0, post-check=0"),
    ("pragma", "no-cache"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-xss-protection", "0"),
];

impl Form {
    /// The headers of every answer of this form.
    pub fn headers(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let own: &[(&str, &str)] = match self {
            Self::Json => &[("content-type", CONTENT_TYPE)],
            // observed: without a blank, and HTML although it is none.
            Self::Text => &[("content-type", "text/html;charset=utf-8")],
            Self::Page => &[
                ("content-type", "text/html; charset=utf-8"),
                ("cross-origin-resource-policy", "same-origin"),
                ("referrer-policy", "no-referrer"),
            ],
            Self::Asset => {
                &[("content-type", "text/css; charset=utf-8"), ("cross-origin-resource-policy", "same-origin")]
            }
        };
        own.iter().copied().chain(COMMON)
    }
}

/// The header that says how to identify oneself, on refusals of OAuth 1.0a.
// observed: with the code if the body has one.
#[must_use]
pub fn oauth1_challenge(code: Option<u16>) -> String {
    let realm = "OAuth realm=\"https://api.twitter.com\"";
    code.map_or_else(|| realm.to_owned(), |code| format!("{realm}, api_error_code={code}"))
}

/// The reply of `/oauth2/token`.
#[must_use]
pub fn app_only_token(token: &str) -> Vec<u8> {
    object(&[("token_type", Value::Text("bearer")), ("access_token", Value::Text(token))])
}

/// The reply when a token was ended.
#[must_use]
pub fn invalidated(token: &str) -> Vec<u8> {
    object(&[("access_token", Value::Text(token))])
}

/// The reply of `/2/oauth2/token`.
#[must_use]
pub fn tokens(access: &str, expires_in: i64, scope: &str, refresh: Option<&str>) -> Vec<u8> {
    let mut members = vec![
        ("token_type", Value::Text("bearer")),
        ("expires_in", Value::Number(expires_in)),
        ("access_token", Value::Text(access)),
        ("scope", Value::Text(scope)),
    ];
    members.extend(refresh.map(|refresh| ("refresh_token", Value::Text(refresh))));
    object(&members)
}

/// The reply of `/2/oauth2/revoke`.
#[must_use]
pub fn revoked() -> Vec<u8> {
    object(&[("revoked", Value::True)])
}

/// The reply of `/oauth/request_token`.
#[must_use]
pub fn request_token(token: &str, secret: &str) -> Vec<u8> {
    let members = [("oauth_token", token), ("oauth_token_secret", secret), ("oauth_callback_confirmed", "true")];
    join_pairs(&members).into_bytes()
}

/// The reply of `/oauth/access_token`.
#[must_use]
pub fn access_token(token: &str, secret: &str, user_id: &str, screen_name: &str) -> Vec<u8> {
    let members =
        [("oauth_token", token), ("oauth_token_secret", secret), ("user_id", user_id), ("screen_name", screen_name)];
    join_pairs(&members).into_bytes()
}

/// The refusal of `/oauth/access_token` when the verifier is wrong.
#[must_use]
pub fn invalid_verifier() -> Vec<u8> {
    say::INVALID_VERIFIER.into()
}

/// An address with more parameters behind those that it has, before its fragment.
#[must_use]
pub fn with_parameters(address: &str, parameters: &[(&str, &str)]) -> String {
    let (address, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
    let separator = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    [address, separator, &join_pairs(parameters), fragment].concat()
}

enum Value<'a> {
    Text(&'a str),
    Number(i64),
    True,
}

fn object(members: &[(&str, Value<'_>)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for (at, (name, value)) in members.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"" } else { b",\"" });
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        match value {
            Value::Text(text) => {
                out.push(b'"');
                escape_into(text, &mut out);
                out.push(b'"');
            }
            Value::Number(number) => out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
            Value::True => out.extend_from_slice(b"true"),
        }
    }
    out.push(b'}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_behind_those_of_the_address_and_before_its_fragment() {
        let of = |address| with_parameters(address, &[("state", "a b&c"), ("code", "x")]);
        assert_eq!(of("https://example.com/"), "https://example.com/?state=a%20b%26c&code=x");
        assert_eq!(of("https://example.com/?a=1"), "https://example.com/?a=1&state=a%20b%26c&code=x");
        assert_eq!(of("app://call?"), "app://call?state=a%20b%26c&code=x");
        assert_eq!(of("https://example.com/#top"), "https://example.com/?state=a%20b%26c&code=x#top");
    }

    #[test]
    fn tokens_stand_in_the_order_of_x() {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert_eq!(
            text(tokens("at", 7200, "users.read", Some("rt"))),
            r#"{"token_type":"bearer","expires_in":7200,"access_token":"at","scope":"users.read","refresh_token":"rt"}"#
        );
        assert_eq!(text(revoked()), r#"{"revoked":true}"#);
        assert_eq!(text(request_token("t", "s")), "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true");
        // Percent signs belong to the token.
        assert_eq!(text(app_only_token("AA%3D")), r#"{"token_type":"bearer","access_token":"AA%3D"}"#);
    }
}
