//! OAuth 2.0 for people: the authorize page.
//!
//! Until App and address are known to belong together nobody is redirected; and what is wrong
//! with a request is told on the page even after that, as X does, so that nobody is led
//! anywhere who has not decided.
//!
//! unverified(authorize-refusals): X shows a page, its status is not recorded.

use std::sync::Arc;

use http::StatusCode;
use model::{App, Approval, CodeChallenge, Scopes, UserId};
use oauth::digest;
use oauth::oauth2::{AuthorizeRequest, BadRequest, Parameters};
use oauth::token::{self, Kind};
use store::{IdentityError, RegisteredApp};
use xapi::OAuth2Error;
use xapi::flow_reply::with_parameters;

use super::ask::{self, Outcome, Question};
use super::refusal::{ClientFault, Refusal, Refused};
use super::reply::Reply;
use super::token::bad_request;
use super::{Flows, page};
use crate::http::Request;

/// What an App wants, once all of it is right.
#[derive(Debug)]
struct Wanted {
    app: Arc<RegisteredApp>,
    redirect_uri: String,
    scopes: Scopes,
    state: String,
    challenge: CodeChallenge,
}

/// Asks a user, and sends the browser back to the App.
pub(super) async fn authorize(flows: &Flows, request: &Request) -> Reply {
    let wanted = match read(flows, request) {
        Ok(wanted) => wanted,
        Err(wrong) => return wrong.page(flows),
    };
    let app = &wanted.app.app;
    let question = Question {
        app: &app.name,
        website: app.website.as_deref(),
        allows: wanted.scopes.iter().map(model::Scope::means).collect(),
        destination: Some(&wanted.redirect_uri),
        signed_in_since: None,
        username: "",
    };
    let state = ("state", &*wanted.state);
    match ask::ask(flows, request, &question).await {
        Outcome::Page(page) => page,
        Outcome::Ready { consent, .. } => consent,
        Outcome::Allowed(user) => match make_code(flows, &wanted, user).await {
            Ok(code) => back(&wanted.redirect_uri, &[state, ("code", &code)]),
            Err(wrong) => wrong.page(flows),
        },
        Outcome::Denied => back(&wanted.redirect_uri, &[("error", "access_denied"), state]),
    }
}

fn back(address: &str, parameters: &[(&str, &str)]) -> Reply {
    Reply::redirect(StatusCode::FOUND, &with_parameters(address, parameters))
}

async fn make_code(flows: &Flows, wanted: &Wanted, user: UserId) -> Result<String, Wrong> {
    let now = flows.state.clock.now();
    let code = token::oauth2(Kind::Code, now, &flows.state.secrets.bytes());
    let Wanted { app, redirect_uri, scopes, challenge, .. } = wanted;
    let identity = flows.state.store.identity();
    let made =
        identity.create_code(digest(&code), app.app.id, user, *scopes, redirect_uri.clone(), challenge.clone(), now);
    match made.await {
        Ok(()) => Ok(code),
        Err(IdentityError::OAuth2Off { .. } | IdentityError::UnknownApp { .. }) => {
            Err(Wrong::of(OAuth2Error::client(), Refusal::Client(ClientFault::UnknownId)))
        }
        Err(error) => {
            tracing::error!(%error, "a code cannot be made");
            Err(Refused::unavailable(OAuth2Error::unavailable()).into())
        }
    }
}

/// Why nobody is asked.
struct Wrong {
    refused: Refused<OAuth2Error>,
    /// The App whose addresses may be shown.
    redirect: Option<Arc<RegisteredApp>>,
}

impl From<Refused<OAuth2Error>> for Wrong {
    fn from(refused: Refused<OAuth2Error>) -> Self {
        Self { refused, redirect: None }
    }
}

impl Wrong {
    fn of(told: OAuth2Error, why: Refusal) -> Self {
        Refused::new(told, why).into()
    }

    fn page(self, flows: &Flows) -> Reply {
        let Refused { told, why } = self.refused;
        let hint = match (&self.redirect, told.error) {
            (Some(_), _) if flows.is_local => words::REDIRECT,
            (Some(_), _) => words::REDIRECT_ELSEWHERE,
            (None, "invalid_client") => words::CLIENT,
            (None, "invalid_scope") => words::SCOPE,
            (None, "unauthorized_client") => words::NOT_APPROVED,
            (None, "temporarily_unavailable") => words::UNAVAILABLE,
            (None, _) => words::PARAMETER,
        };
        let shown = self.redirect.as_ref().filter(|_| flows.is_local);
        let addresses = shown.map_or(&[][..], |app| &app.app.callbacks);
        let addresses: Vec<_> = addresses.iter().filter(|address| *address != App::OOB).cloned().collect();
        // On a page nobody identifies a client by a header: 400 stands for 401.
        let status = if told.status == 401 { 400 } else { told.status };
        page::notice(status, words::TITLE, &[words::SORRY, hint], &addresses, Some(&told)).because(why)
    }
}

/// What is wrong with the parameters themselves comes last: before, nobody knows whom to tell.
fn read(flows: &Flows, request: &Request) -> Result<Wanted, Wrong> {
    let pairs = xapi::pairs(request.query().unwrap_or_default());
    let pairs = pairs.ok_or_else(|| bad_request(&BadRequest::Invalid("request")))?;
    let parameters = Parameters::new(pairs).map_err(|error| bad_request(&error))?;
    let must = |name| parameters.must(name).map_err(|error| bad_request(&error));
    let app = flows.state.store.identity().app_by_client_id(must("client_id")?);
    let app = app.ok_or_else(|| Wrong::of(OAuth2Error::client(), Refusal::Client(ClientFault::UnknownId)))?;
    if app.approval != Approval::Approved {
        let fault = ClientFault::NotApproved(app.app.id, app.approval);
        return Err(Wrong::of(OAuth2Error::suspended_client(), Refusal::Client(fault)));
    }
    let redirect_uri = must("redirect_uri")?.to_owned();
    // Character by character (RFC 9700, 2.1).
    if redirect_uri == App::OOB || !app.app.callbacks.contains(&redirect_uri) {
        let why = Refusal::UnknownAddress { app: app.app.id };
        return Err(Wrong { refused: Refused::new(OAuth2Error::invalid("redirect_uri"), why), redirect: Some(app) });
    }
    let asked = AuthorizeRequest::read(&parameters).map_err(|error| bad_request(&error))?;
    let scopes: Scopes = asked.scope.parse().map_err(|_| Wrong::of(OAuth2Error::scope(), Refusal::Scope))?;
    if scopes.is_empty() {
        return Err(Wrong::of(OAuth2Error::scope(), Refusal::Scope));
    }
    Ok(Wanted { app, redirect_uri, scopes, state: asked.state, challenge: asked.challenge })
}

/// What the page says.
mod words {
    pub(super) const TITLE: &str = "Something went wrong";
    pub(super) const SORRY: &str = "The app cannot be authorized like this. Nothing was shared with it.";
    pub(super) const CLIENT: &str = "No app has this client id, or its OAuth 2.0 is off. `birdbox app list` shows client \
                                     ids; an app needs a type, a callback address and `birdbox app set ID oauth2=on`.";
    pub(super) const REDIRECT: &str = "The redirect_uri is not one of the app's callback addresses, which are compared \
                                       character by character. These are registered:";
    pub(super) const REDIRECT_ELSEWHERE: &str = "The redirect_uri is not one of the app's callback addresses, which are \
                                                 compared character by character.";
    pub(super) const SCOPE: &str = "The scope holds a word that is no scope. Scopes stand between blanks, such as \
                                    \"tweet.read users.read\".";
    pub(super) const NOT_APPROVED: &str = "The developer account of the app is not approved.";
    pub(super) const UNAVAILABLE: &str = "The server cannot do it now. Try again later.";
    pub(super) const PARAMETER: &str = "A parameter of the address is missing, stands there twice, or has a value that it \
                                        cannot have.";
}
