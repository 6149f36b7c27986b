//! What of a request may be kept: its address without what is secret in it, by its name or by its
//! form, and those members of its body that a row of `xapi` knows.

use oauth::token::may_hold_secret;
use serde_json::Value;
use xapi::operation::TARGET_USER_ID;
use xapi::{Operation, decode_lossy, pairs};

use crate::http::Request;

/// The most bytes that are kept of an address: more than a hundred ids take.
pub(super) const MOST_OF_TARGET: usize = 4096;

/// The most bytes that are kept of a body.
const MOST_OF_BODY: usize = 4096;

/// What stands in place of a value that is secret.
pub const MASK: &str = "…";

/// Names of parameters that most requests have and that hold nothing secret.
const PLAIN: [&str; 12] = [
    "ids",
    "usernames",
    "user.fields",
    "tweet.fields",
    "post.fields",
    "expansions",
    "max_results",
    "pagination_token",
    "next_token",
    "previous_token",
    "user_id",
    "screen_name",
];

/// Words in the names of parameters that hold something secret, be it by mistake.
const SECRET: [&str; 20] = [
    "token",
    "secret",
    "password",
    "passwd",
    "signature",
    "verifier",
    "code",
    "proof",
    "authorization",
    "link",
    "bearer",
    "assertion",
    "credential",
    "api_key",
    "apikey",
    "pass",
    "pwd",
    "session",
    "cookie",
    "jwt",
];

/// Whether a text of a request has the form of a secret, percent-encoded or not.
fn looks_secret(text: &[u8]) -> bool {
    // What was encoded twice is tried as it stands too: only a few characters need to be encoded.
    may_hold_secret(text) || (text.contains(&b'%') && may_hold_secret(decode_lossy(text).as_bytes()))
}

/// A text of a request as it may be kept: not at all, if it has the form of a secret.
pub(crate) fn kept(text: &str) -> &str {
    if looks_secret(text.as_bytes()) { MASK } else { text }
}

/// Appends a path without those of its segments that have the form of a secret. Says whether all of
/// it had room.
pub(crate) fn write_path(path: &str, out: &mut String) -> bool {
    // Most paths hold none, and are copied as a whole.
    if !path.as_bytes().split(|byte| *byte == b'/').any(looks_secret) {
        return push(path, out);
    }
    path.split('/').enumerate().all(|(at, segment)| (at == 0 || push("/", out)) && push(kept(segment), out))
}

/// Appends the path, and the query, without what is secret in them. Says whether all of it had
/// room.
pub(super) fn write_target(path: &str, query: Option<&str>, out: &mut String) -> bool {
    let is_whole = write_path(path, out);
    let Some(query) = query else { return is_whole };
    let is_whole = push("?", out) && is_whole;
    // What comes after the end of the room is not looked at.
    is_whole
        && query.split('&').enumerate().all(|(at, parameter)| {
            let is_separated = at == 0 || push("&", out);
            is_separated
                && match parameter.split_once('=') {
                    Some((name, value)) => {
                        let value = if is_secret(name) { MASK } else { kept(value) };
                        push(kept(name), out) && push("=", out) && push(value, out)
                    }
                    None => push(kept(parameter), out),
                }
        })
}

/// Appends what has room, whole characters of it.
fn push(text: &str, out: &mut String) -> bool {
    let room = MOST_OF_TARGET.saturating_sub(out.len());
    if text.len() <= room {
        out.push_str(text);
        return true;
    }
    let end = (0..=room).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    out.push_str(text.get(..end).unwrap_or_default());
    false
}

/// Whether a parameter of this name, as it stands in an address, holds something secret.
fn is_secret(name: &str) -> bool {
    if PLAIN.contains(&name) {
        return false;
    }
    if !name.contains(['%', '+']) {
        return names_secret(name);
    }
    match pairs(name).as_deref() {
        Some([(decoded, _)]) => !PLAIN.contains(&decoded.as_str()) && names_secret(decoded),
        _ => true,
    }
}

fn names_secret(name: &str) -> bool {
    if name.eq_ignore_ascii_case("auth") {
        return true;
    }
    let name = name.as_bytes();
    let has = |word: &&str| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    SECRET.iter().any(has)
}

/// What a body says by names that the row of its operation knows. No such name is that of a secret;
/// what has the form of one is not kept.
pub(super) fn body(operation: &Operation, request: &Request) -> Vec<(String, String)> {
    if request.body.is_empty() || request.body.len() > MOST_OF_BODY {
        return Vec::new();
    }
    let plain = operation.kind.plain_parameters().iter().map(|parameter| parameter.name);
    let known: Vec<&str> = plain.chain([TARGET_USER_ID, operation.key.parameter()]).collect();
    let said = match request.form() {
        Some(form) => std::str::from_utf8(form).ok().and_then(pairs).unwrap_or_default(),
        None => of_json(&request.body, operation.key.parameter()),
    };
    // Each once: a client that says a thing a thousand times fills no memory with it.
    let found = known.into_iter().filter_map(|name| said.iter().find(|(said, _)| said == name));
    found.map(|(name, value)| (name.clone(), kept(value).to_owned())).collect()
}

/// The members of an object; or the items of an array, which are the keys themselves.
fn of_json(body: &[u8], key: &str) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => {
            members.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect()
        }
        Ok(Value::Array(items)) => {
            vec![(key.to_owned(), items.iter().filter_map(text).collect::<Vec<_>>().join(","))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &str, query: Option<&str>) -> String {
        let mut out = String::new();
        write_target(path, query, &mut out);
        out
    }

    #[test]
    fn what_is_secret_in_an_address_is_not_kept() {
        for (query, kept) in [
            ("ids=1,2&user.fields=created_at", "ids=1,2&user.fields=created_at"),
            ("pagination_token=abc&next_token=x", "pagination_token=abc&next_token=x"),
            ("oauth_token=1-abc&oauth_signature=xyz%3D", "oauth_token=…&oauth_signature=…"),
            ("OAUTH_TOKEN=a&Access_Token=b&bearer_token=c", "OAUTH_TOKEN=…&Access_Token=…&bearer_token=…"),
            ("%6fauth_t%6Fken=a&x=1", "%6fauth_t%6Fken=…&x=1"),
            ("tok%zzen=a", "tok%zzen=…"),
            ("client_secret=s&code=c&code_verifier=v&password=p", "client_secret=…&code=…&code_verifier=…&password=…"),
            ("auth=Bearer%20x&session_id=s&api_key=k", "auth=…&session_id=…&api_key=…"),
            ("oauth_consumer_key=k&&=&flag", "oauth_consumer_key=k&&=&flag"),
        ] {
            assert_eq!(written("/2/users", Some(query)), format!("/2/users?{kept}"), "{query}");
        }
        assert_eq!(written("/2/users/1", None), "/2/users/1");
    }

    #[test]
    fn what_has_the_form_of_a_secret_is_not_kept_wherever_it_stands() {
        let random = [7; 100];
        let secret = oauth::token::alphanumeric(&random);
        let now = model::Timestamp::from_unix_ms(1_781_524_800_000);
        let secrets = [
            oauth::bearer::app_only(&[7; 32], model::AppId::new(1), 0),
            oauth::token::access_token(model::UserId::new(7), random.first_chunk().unwrap()),
            oauth::token::oauth2(oauth::token::Kind::Access, now, random.first_chunk().unwrap()),
            oauth::token::tweet_binder(random.first_chunk().unwrap()),
            secret[..25].to_owned(),
            secret,
        ];
        for secret in secrets {
            // A client may encode what needs no encoding, as it likes.
            let all: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
            for secret in [secret, all] {
                for (path, query, shown) in [
                    (format!("/2/users/by/username/{secret}"), None, "/2/users/by/username/…"),
                    (format!("/2/users/{secret}/followers"), None, "/2/users/…/followers"),
                    ("/2/users/by".to_owned(), Some(format!("usernames=jack,{secret}")), "/2/users/by?usernames=…"),
                    ("/2/users".to_owned(), Some(format!("ids=1&{secret}")), "/2/users?ids=1&…"),
                    ("/2/users".to_owned(), Some(format!("ids=1&{secret}=2")), "/2/users?ids=1&…=2"),
                ] {
                    assert_eq!(written(&path, query.as_deref()), shown, "{path} {query:?}");
                }
            }
        }
    }

    #[test]
    fn a_long_address_is_cut_between_characters() {
        let path = format!("/{}", "é".repeat(MOST_OF_TARGET));
        let mut out = String::new();
        assert!(!write_target(&path, Some("a=b"), &mut out));
        assert!(out.len() <= MOST_OF_TARGET && out.starts_with("/é"), "{}", out.len());
    }
}
