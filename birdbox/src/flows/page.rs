//! The pages: what they show is in `templates`, how they may be used is in their headers.
//!
//! They need no script, load nothing but their style from this server, stand in no frame, and
//! send forms only here and to where the answer leads.

use askama::Template;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use xapi::{Form, OAuth2Error, STYLE_PATH};

use super::reply::Reply;

const STYLE: &str = include_str!("../../templates/pages.css");

/// How the pages look.
pub(super) fn style() -> Reply {
    Reply::new(Form::Asset, 200, STYLE.into())
}

/// Where somebody signs in.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignIn<'a> {
    pub(super) style: &'static str,
    pub(super) app: &'a str,
    pub(super) proof: &'a str,
    pub(super) username: &'a str,
    pub(super) error: Option<&'static str>,
    /// Whether accounts are chosen, without a password.
    pub(super) picker: bool,
    /// Names and usernames to choose from.
    pub(super) accounts: &'a [(String, String)],
    pub(super) hints: bool,
}

/// Where a user allows an App something.
#[derive(Debug, Template)]
#[template(path = "consent.html")]
pub(super) struct Consent<'a> {
    pub(super) style: &'static str,
    pub(super) app: &'a str,
    pub(super) proof: &'a str,
    pub(super) name: &'a str,
    pub(super) username: &'a str,
    pub(super) allows: &'a [&'static str],
    pub(super) website: Option<&'a str>,
    pub(super) destination: &'a str,
}

/// What a user types into an App.
#[derive(Debug, Template)]
#[template(path = "pin.html")]
pub(super) struct Pin<'a> {
    pub(super) style: &'static str,
    pub(super) app: &'a str,
    pub(super) pin: &'a str,
}

/// Something that a person has to know instead.
#[derive(Debug, Template, Default)]
#[template(path = "notice.html")]
pub(super) struct Notice<'a> {
    pub(super) style: &'static str,
    pub(super) title: &'a str,
    pub(super) lines: &'a [&'a str],
    pub(super) list: &'a [String],
    /// The error and its description, as a program would be told.
    pub(super) error: Option<(&'a str, &'a str)>,
}

/// Shows a page whose form leads, at last, to `destination`.
pub(super) fn show(status: u16, page: &impl Template, destination: Option<&str>) -> Reply {
    match page.render() {
        Ok(text) => {
            let reply = Reply::new(Form::Page, status, text.into_bytes());
            let policy = HeaderValue::try_from(policy(destination));
            policy.map_or(Reply::new(Form::Page, 500, Vec::new()), |policy| reply.with(CONTENT_SECURITY_POLICY, policy))
        }
        Err(error) => {
            tracing::error!(%error, "a page cannot be shown");
            Reply::new(Form::Page, 500, Vec::new())
        }
    }
}

/// Shows what a person has to know instead, with what the developer of the App should know.
pub(super) fn notice(status: u16, title: &str, lines: &[&str], list: &[String], error: Option<&OAuth2Error>) -> Reply {
    let error = error.map(|error| (error.error, &*error.description));
    show(status, &Notice { style: STYLE_PATH, title, lines, list, error }, None)
}

/// A form may be answered with a redirect, and browsers hold that to `form-action` too.
fn policy(destination: Option<&str>) -> String {
    let action = destination.map_or(String::new(), |address| format!(" {}", source(address)));
    format!("default-src 'none'; style-src 'self'; form-action 'self'{action}; frame-ancestors 'none'; base-uri 'none'")
}

/// The origin of an address as a source of a policy, or its scheme where an origin cannot be
/// written: in another scheme than those of the web, or with a literal address of IPv6.
fn source(address: &str) -> String {
    let (scheme, rest) = address.split_once(':').unwrap_or(("https", ""));
    let scheme: String = scheme.chars().filter(|byte| byte.is_ascii_alphanumeric() || "+-.".contains(*byte)).collect();
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    let is_origin = matches!(&*scheme, "http" | "https") && !authority.is_empty() && authority.bytes().all(is_plain);
    if is_origin { format!("{scheme}://{authority}") } else { format!("{scheme}:") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_where_the_answer_leads_and_nothing_more() {
        for (address, expected) in [
            ("https://example.com/callback?a=b", "https://example.com"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("http://[::1]:8000/", "http:"),
            ("com.example.app://callback", "com.example.app:"),
            ("https://a;b'/", "https:"),
            ("java script;:x", "javascript:"),
        ] {
            assert_eq!(source(address), expected, "{address}");
        }
    }

    #[test]
    fn what_apps_and_users_call_themselves_is_text() {
        let page = Pin { style: STYLE_PATH, app: "<script>\"'&", pin: "1" }.render().unwrap();
        assert!(!page.contains("<script>") && page.contains("&#60;script&#62;&#34;&#39;&#38;"), "{page}");
    }
}
