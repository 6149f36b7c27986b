//! A browser that visits a page: its cookies, who is signed in, and the proof that a form was
//! shown by this server to this browser.

use http::header::COOKIE;
use model::{AccountState, LoginSession, TokenDigest, User};
use oauth::{digest, token};

use super::Flows;
use super::reply::Reply;
use crate::http::Request;

/// Browsers take a cookie with this prefix from the host itself alone, and by TLS alone, so that
/// no neighbour under the same domain can choose it.
const OWN: &str = "__Host-";
/// Names the browser, so that forms can be tied to it before anybody signs in.
const VISIT: &str = "birdbox_visit";
/// Names the session.
const SESSION: &str = "birdbox_session";

/// Bytes for the value of a cookie, which has 43 characters: 256 bits.
const VALUE: usize = 2 * 43;

/// A browser.
#[derive(Debug)]
pub(super) struct Visit {
    /// What ties forms to the browser; not from the browser if it had none.
    browser: String,
    is_new: bool,
    is_secure: bool,
    /// Who is signed in.
    pub(super) signed_in: Option<SignedIn>,
}

/// A session that is alive, and its user, who is active.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) digest: TokenDigest,
    pub(super) session: LoginSession,
    pub(super) user: User,
}

impl Visit {
    /// Reads the cookies of a request.
    pub(super) async fn of(flows: &Flows, request: &Request) -> Self {
        let is_secure = flows.is_secure(request);
        let known = secret_of(request, VISIT, is_secure);
        Self {
            is_new: known.is_none(),
            browser: known.map_or_else(|| new_value(flows), str::to_owned),
            is_secure,
            signed_in: signed_in(flows, request, is_secure).await,
        }
    }

    /// What a form of this page must send back. It fits no other page, browser or session.
    pub(super) fn proof(&self, flows: &Flows, request: &Request) -> String {
        let session: &[u8] = self.signed_in.as_ref().map_or(&[], |signed_in| signed_in.digest.as_bytes());
        let target = request.uri.path_and_query().map_or("", |target| target.as_str());
        let parts = [b"form".as_slice(), self.browser.as_bytes(), session, target.as_bytes()];
        let proof = flows.state.secrets.proof(&parts);
        proof.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether a form comes from this browser and from a page that this server showed to it.
    pub(super) fn is_proven(&self, flows: &Flows, request: &Request, shown: Option<&str>) -> bool {
        // Browsers that say where a form comes from need not be asked twice.
        let from = request.headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
        let is_own = from.is_none_or(|from| from == b"same-origin" || from == b"none");
        let is_right = shown.is_some_and(|shown| digest(shown) == digest(&self.proof(flows, request)));
        is_own && is_right && !self.is_new
    }

    /// Gives the browser its cookie, if it had none.
    pub(super) fn mark(&self, reply: Reply) -> Reply {
        if self.is_new { reply.with_cookie(&self.cookie(VISIT, &self.browser, None)) } else { reply }
    }

    /// The cookie of a new session.
    pub(super) fn session_cookie(&self, value: &str) -> String {
        self.cookie(SESSION, value, None)
    }

    /// What takes the cookie of a session away.
    pub(super) fn no_session_cookie(&self) -> String {
        self.cookie(SESSION, "", Some(0))
    }

    fn cookie(&self, name: &str, value: &str, max_age: Option<u32>) -> String {
        set_cookie(name, value, max_age, self.is_secure)
    }
}

/// What gives a browser a cookie, or with an age of 0 takes it away.
pub(crate) fn set_cookie(name: &str, value: &str, max_age: Option<u32>, is_secure: bool) -> String {
    let age = max_age.map_or(String::new(), |age| format!("; Max-Age={age}"));
    // Lax: an App sends its users here from its own site.
    let secure = if is_secure { "; Secure" } else { "" };
    let name = full(name, is_secure);
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
}

/// The value of a cookie that [`set_cookie`] gave, if it can be one that was made here.
pub(crate) fn secret_of<'a>(request: &'a Request, name: &str, is_secure: bool) -> Option<&'a str> {
    cookie(request, &full(name, is_secure)).filter(|value| is_value(value))
}

/// The whole name of a cookie.
fn full(name: &str, is_secure: bool) -> String {
    format!("{}{name}", if is_secure { OWN } else { "" })
}

/// A value for a cookie.
pub(crate) fn new_value(flows: &Flows) -> String {
    token::alphanumeric(&flows.state.secrets.bytes::<VALUE>())
}

fn is_value(text: &str) -> bool {
    text.len() == VALUE / 2 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

async fn signed_in(flows: &Flows, request: &Request, is_secure: bool) -> Option<SignedIn> {
    let digest = digest(secret_of(request, SESSION, is_secure)?);
    let state = &flows.state;
    let session = state.store.identity().session(&digest, state.clock.now()).ok().flatten()?;
    let user = state.store.user(session.user).await.ok().flatten()?;
    (user.state == AccountState::Active).then_some(SignedIn { digest, session, user })
}

/// The value of a cookie. If there are two, somebody else set one: then there is none.
fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let lines = request.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let mut values = cookies.filter(|(known, _)| *known == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}
