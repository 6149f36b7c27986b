//! Asking a user: who are you, and do you allow this?
//!
//! A page and its form have one address, that to which the App sent the user. So there is no
//! address to come back to that anybody could choose, and nothing to be kept meanwhile.

use std::net::IpAddr;

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use model::{AccountState, LoginSession, Timestamp, User, UserId};
use oauth::digest;
use store::UserCursor;
use xapi::STYLE_PATH;

use super::page::{self, Consent, SignIn};
use super::person::NotSignedIn;
use super::refusal::{Refusal, SignInFault};
use super::reply::Reply;
use super::sign_in::{self, Refused};
use super::visit::{self, SignedIn, Visit};
use super::{Flows, form};
use crate::config::Login;
use crate::http::Request;
use crate::tls::is_known_host;

/// So many accounts are offered to choose from.
const OFFERED: usize = 12;

/// What a user is asked.
#[derive(Debug)]
pub(super) struct Question<'a> {
    /// The name of the App.
    pub(super) app: &'a str,
    pub(super) website: Option<&'a str>,
    /// What it wants to do, a sentence each.
    pub(super) allows: Vec<&'static str>,
    /// The address to which the answer leads; none if a PIN is shown instead.
    pub(super) destination: Option<&'a str>,
    /// Whoever signed in before this has to sign in again.
    pub(super) signed_in_since: Option<Timestamp>,
    /// Who is expected.
    pub(super) username: &'a str,
}

/// What became of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// There is no answer yet: the next page.
    Page(Reply),
    /// The user is signed in, and the consent page would be next.
    Ready {
        user: UserId,
        /// What is shown unless an answer from before stands in for it.
        consent: Reply,
    },
    /// Allowed.
    Allowed(UserId),
    /// Refused.
    Denied,
}

/// Takes the next step with a user.
pub(super) async fn ask(flows: &Flows, request: &Request, question: &Question<'_>) -> Outcome {
    let visit = Visit::of(flows, request).await;
    if !may_pick(flows, request) {
        let page = page::notice(403, words::HOST_TITLE, &[words::HOST], &[], None);
        return Outcome::Page(page.because(Refusal::Host));
    }
    let is_old =
        |signed_in: &SignedIn| question.signed_in_since.is_some_and(|since| signed_in.session.created_at < since);
    if request.method != http::Method::POST {
        return match &visit.signed_in {
            Some(signed_in) if !is_old(signed_in) => consent(flows, request, &visit, signed_in, question),
            Some(_) | None => {
                Outcome::Page(sign_in_page(flows, request, &visit, question, 200, question.username, None).await)
            }
        };
    }
    let form = form(request).unwrap_or_default();
    let field = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if !visit.is_proven(flows, request, field("proof")) {
        return Outcome::Page(visit.mark(invalid_form(403)));
    }
    match (field("step"), &visit.signed_in) {
        (Some("sign_in"), _) => {
            let (username, shown) = (field("username").unwrap_or_default(), field("password").unwrap_or_default());
            Outcome::Page(sign_in(flows, request, &visit, question, username, shown).await)
        }
        (Some("sign_out"), signed_in) => Outcome::Page(sign_out(flows, request, &visit, signed_in.as_ref()).await),
        (Some("deny"), _) => Outcome::Denied,
        (Some("allow"), Some(signed_in)) if !is_old(signed_in) => Outcome::Allowed(signed_in.user.id),
        (Some("allow"), _) => {
            Outcome::Page(sign_in_page(flows, request, &visit, question, 403, question.username, None).await)
        }
        _ => Outcome::Page(invalid_form(400)),
    }
}

fn invalid_form(status: u16) -> Reply {
    page::notice(status, words::FORM_TITLE, &[words::FORM], &[], None).because(Refusal::Form)
}

fn consent(
    flows: &Flows,
    request: &Request,
    visit: &Visit,
    SignedIn { user, .. }: &SignedIn,
    question: &Question<'_>,
) -> Outcome {
    let destination = match question.destination {
        Some(address) => format!("You will go back to {}.", address.split(['?', '#']).next().unwrap_or_default()),
        None => "You will get a PIN to type into the app.".to_owned(),
    };
    let page = Consent {
        style: STYLE_PATH,
        app: question.app,
        proof: &visit.proof(flows, request),
        name: &user.name.to_string(),
        username: user.username.as_str(),
        allows: &question.allows,
        website: question.website,
        destination: &destination,
    };
    let consent = visit.mark(page::show(200, &page, question.destination));
    Outcome::Ready { user: user.id, consent }
}

async fn sign_in_page(
    flows: &Flows,
    request: &Request,
    visit: &Visit,
    question: &Question<'_>,
    status: u16,
    username: &str,
    error: Option<&'static str>,
) -> Reply {
    let picker = flows.gate.login == Login::Picker;
    let accounts = if picker { offered(flows).await } else { Vec::new() };
    let page = SignIn {
        style: STYLE_PATH,
        app: question.app,
        proof: &visit.proof(flows, request),
        username,
        error,
        picker,
        accounts: &accounts,
        hints: flows.is_local,
    };
    visit.mark(page::show(status, &page, question.destination))
}

async fn sign_in(
    flows: &Flows,
    request: &Request,
    visit: &Visit,
    question: &Question<'_>,
    username: &str,
    shown: &str,
) -> Reply {
    let refused = match sign_in::check(flows, flows.client(request), username, shown).await {
        Ok(user) => match begin(flows, visit, &user).await {
            Ok(value) => return again(request).with_cookie(&visit.session_cookie(&value)),
            Err(refused) => refused,
        },
        Err(refused) => refused,
    };
    let NotSignedIn { status, sentence, retry_after, why } = told(refused, flows.gate.login);
    let page = sign_in_page(flows, request, visit, question, status, username, Some(sentence)).await.because(why);
    match retry_after {
        Some(seconds) => page.with(RETRY_AFTER, seconds),
        None => page,
    }
}

/// What somebody who is not signed in is told.
pub(super) fn told(refused: Refused, login: Login) -> NotSignedIn {
    let (status, sentence) = match (refused, login) {
        (Refused::Fault(SignInFault::TooMany), _) => (429, words::TOO_MANY),
        (Refused::Fault(SignInFault::Busy), _) => (429, words::BUSY),
        // Nobody learns which it is.
        (
            Refused::Fault(SignInFault::NoAccount | SignInFault::NoPassword | SignInFault::OtherPassword),
            Login::Password,
        ) => (403, words::WRONG_PASSWORD),
        (Refused::Fault(_), Login::Picker) => (403, words::NO_SUCH_ACCOUNT),
        (Refused::Unavailable, _) => (503, words::UNAVAILABLE),
    };
    let (retry_after, why) = match refused {
        Refused::Fault(fault) => {
            let is_busy = fault == SignInFault::Busy;
            (is_busy.then_some(HeaderValue::from_static("1")), Some(Refusal::SignIn(fault)))
        }
        Refused::Unavailable => (None, None),
    };
    NotSignedIn { status, sentence, retry_after, why }
}

/// Begins a session under a new name, and ends the one that the browser had.
pub(super) async fn begin(flows: &Flows, visit: &Visit, user: &User) -> Result<String, Refused> {
    let value = visit::new_value(flows);
    let identity = flows.state.store.identity();
    let created = identity.create_session(digest(&value), user.id, flows.state.clock.now()).await;
    let _: LoginSession = created.map_err(|error| {
        tracing::error!(%error, "a session cannot be kept");
        Refused::Unavailable
    })?;
    if let Some(before) = &visit.signed_in {
        end(flows, before).await;
    }
    Ok(value)
}

async fn sign_out(flows: &Flows, request: &Request, visit: &Visit, signed_in: Option<&SignedIn>) -> Reply {
    if let Some(signed_in) = signed_in {
        end(flows, signed_in).await;
    }
    again(request).with_cookie(&visit.no_session_cookie())
}

pub(super) async fn end(flows: &Flows, signed_in: &SignedIn) {
    if let Err(error) = flows.state.store.identity().end_session(signed_in.digest).await {
        tracing::error!(%error, "a session cannot be ended");
    }
}

/// The same page anew, by GET.
fn again(request: &Request) -> Reply {
    let target = request.uri.path_and_query().map_or("/", |target| target.as_str());
    Reply::redirect(StatusCode::SEE_OTHER, target)
}

/// Whether accounts may be chosen by whoever asks: not for pages of other names that were made
/// to lead here.
pub(super) fn may_pick(flows: &Flows, request: &Request) -> bool {
    let host = request.host();
    let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = is_known_host(name) || address.is_ok_and(|address| address.is_loopback());
    flows.gate.login == Login::Password || (is_here && flows.client(request).is_loopback())
}

/// The first active accounts of the directory.
pub(super) async fn offered(flows: &Flows) -> Vec<(String, String)> {
    let (users, _): (_, Option<UserCursor>) =
        flows.state.store.export_users(None, 4 * OFFERED).await.unwrap_or_default();
    let active = users.into_iter().filter(|user| user.state == AccountState::Active);
    active.take(OFFERED).map(|user| (user.name.to_string(), user.username.to_string())).collect()
}

/// What the pages say.
pub(super) mod words {
    pub(super) const HOST_TITLE: &str = "Not under this name";
    pub(in crate::flows) const HOST: &str = "Accounts can be chosen without a password only under a name of this machine, such as \
                                   127.0.0.1 or localhost. Call it so, or set auth.login to \"password\".";
    pub(super) const FORM_TITLE: &str = "This form is not valid any more";
    pub(super) const FORM: &str = "It was not sent from the page that this browser was shown, or cookies are switched off. Go \
                                   back to the app and try again.";
    pub(super) const WRONG_PASSWORD: &str = "The username or the password is wrong.";
    pub(super) const NO_SUCH_ACCOUNT: &str = "There is no active account with this username.";
    pub(super) const TOO_MANY: &str = "There were too many attempts. Wait 15 minutes, then try again.";
    pub(super) const BUSY: &str = "Too many people sign in at this moment. Try again in a few seconds.";
    pub(super) const UNAVAILABLE: &str = "Signing in does not work at present. Try again later.";
}
