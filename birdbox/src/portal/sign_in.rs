//! Coming in and going out: by a link from the command line, or as a user of the directory.

use askama::Template;
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderValue, Method, StatusCode};
use model::PortalSession;
use oauth::digest;
use store::IdentityError;
use xapi::join_pairs;

use super::cx::Cx;
use super::page::{self, Frame};
use super::refusal::Refused;
use super::routes::{self, Found};
use super::{HOME, viewer};
use crate::flows::{NotSignedIn, Offer, new_value};
use crate::http::Response;

const HOUR_MS: i64 = 60 * 60 * 1000;

#[derive(Template)]
#[template(path = "portal/enter.html")]
struct EnterPage<'a> {
    frame: Frame,
    link: &'a str,
    /// The developer account that the link is for; none is the owner.
    account: Option<String>,
    /// How long the session will last.
    hours: i64,
}

/// What a link leads to. Nothing is used up yet: programs that look at links before people do
/// would use them up.
pub(super) fn enter(cx: &Cx<'_>) -> Result<Response, Refused> {
    let link = cx.query.get("link");
    let found = cx.identity().portal_link(&digest(link), cx.now)?.ok_or(Refused::Link)?;
    let account = match found.account {
        Some(id) => Some(cx.identity().account(id)?.ok_or(Refused::Link)?.name),
        None => None,
    };
    page::show(&EnterPage { frame: Frame::of(cx), link, account, hours: PortalSession::LIFETIME_MS / HOUR_MS })
}

/// Uses a link up and begins a session.
pub(super) async fn use_link(cx: &Cx<'_>) -> Result<Response, Refused> {
    let value = new_value(&cx.portal.flows);
    let begun = cx.identity().use_portal_link(digest(cx.form.get("link")), digest(&value), cx.now).await;
    match begun {
        Err(IdentityError::Refused(_)) => return Err(Refused::Link),
        other => other?,
    };
    if let Some((before, _)) = cx.viewer.link {
        cx.identity().end_portal_session(before).await?;
    }
    let cookie = viewer::cookie(Some(&value), cx.portal.flows.is_secure(cx.request));
    with_cookie(page::go_to("/portal?done=signed-in")?, &cookie)
}

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignInPage<'a> {
    frame: Frame,
    offer: Offer,
    username: &'a str,
    next: &'a str,
    error: Option<&'static str>,
}

/// Where people sign in.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let next = next(cx.query.get("next"));
    let offer = cx.portal.flows.offer(cx.request).await;
    page::show(&SignInPage { frame: Frame::of(cx), offer, username: "", next, error: None })
}

/// Signs a user of the directory in.
pub(super) async fn sign_in(cx: &Cx<'_>) -> Result<Response, Refused> {
    let (username, next) = (cx.form.get("username"), next(cx.form.get("next")));
    match cx.portal.flows.let_in(cx.request, username, cx.form.get("password")).await {
        Ok(cookie) => {
            let mut response = page::go_to(next)?;
            response.headers.append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(NotSignedIn { status, sentence, retry_after, why }) => {
            if let Some(why) = why {
                cx.note(why, status);
            }
            let offer = cx.portal.flows.offer(cx.request).await;
            let page = SignInPage { frame: Frame::of(cx), offer, username, next, error: Some(sentence) };
            let mut response = page::show_with(StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN), &page)?;
            response.headers.extend(retry_after.map(|seconds| (RETRY_AFTER, seconds)));
            Ok(response)
        }
    }
}

/// Ends both sessions that the browser may have.
pub(super) async fn sign_out(cx: &Cx<'_>) -> Result<Response, Refused> {
    if let Some((session, _)) = cx.viewer.link {
        cx.identity().end_portal_session(session).await?;
    }
    let of_user = cx.portal.flows.let_out(cx.request).await;
    let of_link = viewer::cookie(None, cx.portal.flows.is_secure(cx.request));
    with_cookie(with_cookie(page::go_to("/portal?done=signed-out")?, &of_user)?, &of_link)
}

/// Where to sign in first to come to `target`, an address of the portal: to its path alone, if with
/// its query the server would not take it.
pub(super) fn address(cx: &Cx<'_>, target: &str) -> String {
    let address = |next: &str| format!("/portal/sign-in?{}", join_pairs(&[("next", next)]));
    Some(address(target)).filter(|whole| cx.is_taken(whole)).unwrap_or_else(|| address(path_of(target)))
}

/// Where to go after signing in: to a page of the portal, never elsewhere.
fn next(target: &str) -> &str {
    // What else an address could hold fits into no header.
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
    match routes::find(&Method::GET, path_of(target)) {
        Found::Row(..) if is_plain => target,
        Found::Row(..) | Found::OtherMethod | Found::Nothing => HOME,
    }
}

fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, Refused> {
    response.headers.append(SET_COOKIE, HeaderValue::from_str(cookie).map_err(|_| Refused::Broken)?);
    Ok(response)
}
