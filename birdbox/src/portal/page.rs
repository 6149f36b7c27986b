//! How pages leave the portal: the frame around each, its style, and what browsers may do with it.
//!
//! A page works without a script, loads nothing but the files of `assets` from this server, stands
//! in no frame, and sends its forms only here.

use askama::Template;
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use model::{Approval, Timestamp};
use xapi::Form as Kind;

use super::assets;
use super::cx::Cx;
use super::refusal::Refused;
use super::routes::Role;
use super::viewer::Viewer;
use crate::admin::identity;
use crate::http::Response;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// What was done, by the word that the address of the next page carries.
const DONE: &[(&str, &str)] = &[
    ("signed-in", "You are signed in."),
    ("signed-out", "You are signed out."),
    ("signed-up", "Your developer account is made."),
    ("known", "You have a developer account already. It is as it was."),
    ("saved", "Saved."),
    ("nothing", "There was nothing to revoke."),
    ("made", "Made."),
    ("deleted", "Deleted."),
    ("revoked", "Revoked. It is refused from now on."),
    ("reset", "Reset. The next request begins a new window."),
    ("approved", "Approved."),
    ("followed", "The follow is made."),
    ("follow-waits", "The other one is protected. The follow waits to be accepted."),
    ("unfollowed", "The follow is ended."),
    ("suspended", "Suspended. Its keys are refused from now on."),
];

const PENDING: &str =
    "Your developer account is pending. Once the owner of the server has approved it you can make Apps and keys.";
const SUSPENDED: &str = "Your developer account is suspended. Its keys are refused, and no others can be made.";

/// A page in the navigation.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) href: &'static str,
    pub(super) label: &'static str,
    pub(super) is_here: bool,
}

/// What stands around each page.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) style: String,
    pub(super) htmx: String,
    pub(super) links: Vec<Link>,
    /// Who is signed in.
    pub(super) who: Option<String>,
    /// What was just done.
    pub(super) done: Option<&'static str>,
    /// What whoever is signed in should know.
    pub(super) notice: Option<&'static str>,
}

/// Where the navigation leads, for whom, and what the paths of pages below begin with.
const LINKS: &[(&str, &str, Role, &[&str])] = &[
    ("/portal", "Home", Role::Nobody, &[]),
    ("/portal/projects", "Projects", Role::Developer, &["/portal/projects/", "/portal/apps/"]),
    ("/portal/explorer", "Explorer", Role::Nobody, &["/portal/explorer/"]),
    ("/portal/reference", "Reference", Role::Nobody, &["/portal/reference/"]),
    ("/portal/requests", "Requests", Role::Developer, &["/portal/requests/"]),
    ("/portal/limits", "Limits", Role::Developer, &[]),
    ("/portal/usage", "Usage", Role::Developer, &[]),
    ("/portal/users", "Users", Role::Owner, &["/portal/users/"]),
    ("/portal/import", "Import and export", Role::Owner, &["/portal/import/", "/portal/export/"]),
    ("/portal/accounts", "Accounts", Role::Owner, &["/portal/accounts/"]),
    ("/portal/authorizations", "Authorized Apps", Role::User, &[]),
];

impl Frame {
    /// For the one who looks at a page.
    pub(super) fn of(cx: &Cx<'_>) -> Self {
        let said = cx.query.get("done");
        let done = DONE.iter().find(|(word, _)| *word == said).map(|(_, sentence)| *sentence);
        Self { done, ..Self::around(Some(&cx.viewer), cx.request.path()) }
    }

    /// For a page in place of another.
    pub(super) fn around(viewer: Option<&Viewer>, path: &str) -> Self {
        let link = |&(href, label, role, below): &(&'static str, &'static str, Role, &[&str])| {
            let is_here = path == href || below.iter().any(|start| path.starts_with(start));
            viewer.map_or(role == Role::Nobody, |viewer| viewer.is(role)).then_some(Link { href, label, is_here })
        };
        let approval = viewer.filter(|viewer| !viewer.is_owner()).and_then(|viewer| viewer.account);
        Self {
            style: assets::path(assets::STYLE),
            htmx: assets::path(assets::HTMX),
            links: LINKS.iter().filter_map(link).collect(),
            who: viewer.and_then(Viewer::name),
            done: None,
            notice: match approval.map(|(_, approval)| approval) {
                Some(Approval::Pending) => Some(PENDING),
                Some(Approval::Suspended) => Some(SUSPENDED),
                Some(Approval::Approved) | None => None,
            },
        }
    }
}

/// A time as people read it, to the minute.
pub(super) fn when(time: Timestamp) -> String {
    let iso = identity::iso(time);
    let (day, rest) = iso.split_once('T').unwrap_or((&iso, ""));
    format!("{day} {} UTC", rest.get(..5).unwrap_or(rest))
}

/// A count as people read it: 41,652,230.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let comma = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.char_indices().map(|(at, digit)| format!("{}{digit}", comma(at))).collect()
}

/// A page.
pub(super) fn show(page: &impl Template) -> Result<Response, Refused> {
    show_with(StatusCode::OK, page)
}

/// A form that has to be filled in again.
pub(super) fn again(page: &impl Template) -> Result<Response, Refused> {
    show_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// A page with another status than that all is well.
pub(super) fn show_with(status: StatusCode, page: &impl Template) -> Result<Response, Refused> {
    let text = page.render().map_err(|error| {
        tracing::error!(%error, "a page of the portal cannot be shown");
        Refused::Broken
    })?;
    let mut response = Response::new(status, text);
    response.headers = headers(Kind::Page);
    response.headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    // With no referrer at all a browser would not say either where a form comes from.
    response.headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// A file that browsers keep under this name.
pub(super) fn file(name: &str, kind: &'static str, content: impl Into<Bytes>) -> Response {
    let mut response = Response::new(StatusCode::OK, content);
    response.headers = headers(Kind::Page);
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    response.headers.extend(disposition.ok().map(|value| (CONTENT_DISPOSITION, value)));
    response
}

/// The beginning of a text that may be very long.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The browser goes on to another page of the portal, with GET.
pub(super) fn go_to(path: &str) -> Result<Response, Refused> {
    let path = HeaderValue::from_str(path).map_err(|_| Refused::Broken)?;
    let mut response = Response::new(StatusCode::SEE_OTHER, "");
    response.headers = headers(Kind::Page);
    response.headers.insert(LOCATION, path);
    Ok(response)
}

#[derive(Template)]
#[template(path = "portal/refused.html")]
struct RefusedPage<'a> {
    frame: Frame,
    title: &'a str,
    line: &'a str,
    /// Whether signing in may help.
    sign_in: bool,
    sign_up: bool,
}

/// The page in place of one that is refused.
pub(super) fn refused(refused: Refused, viewer: Option<&Viewer>, path: &str) -> Response {
    let told = refused.told();
    let is_role = matches!(refused, Refused::Role(_));
    let page = RefusedPage {
        frame: Frame::around(viewer, path),
        title: told.title,
        line: told.line,
        sign_in: viewer.is_none_or(|viewer| !viewer.is_known()),
        sign_up: is_role && viewer.is_some_and(|viewer| viewer.user.is_some() && viewer.account.is_none()),
    };
    show_with(told.status, &page).unwrap_or_else(|_| Response::new(StatusCode::INTERNAL_SERVER_ERROR, ""))
}

/// The headers of what the portal answers.
pub(super) fn headers(kind: Kind) -> HeaderMap {
    kind.headers().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_counts_and_long_texts_are_for_people() {
        assert_eq!((cut("ééé", 2), cut("ééé", 3)), ("éé…".to_owned(), "ééé".to_owned()));

        assert_eq!(when(Timestamp::from_unix_ms(1_781_524_800_000)), "2026-06-15 12:00 UTC");
        let counts = [0, 7, 999, 1000, 41_652_230].map(grouped);
        assert_eq!(counts, ["0", "7", "999", "1,000", "41,652,230"]);
    }
}
