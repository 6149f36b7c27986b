//! OAuth 1.0a for people: authorize, which always asks, and authenticate, which does not ask
//! those who have allowed the App as much before.

use std::sync::Arc;

use http::StatusCode;
use model::{Approval, Callback, Permissions, RequestToken, TokenDigest, UserId};
use oauth::{digest, token};
use store::{IdentityError, RegisteredApp};
use xapi::STYLE_PATH;
use xapi::flow_reply::with_parameters;

use super::Flows;
use super::ask::{self, Outcome, Question};
use super::page::{self, Pin};
use super::refusal::{Given, Refusal};
use super::reply::Reply;
use crate::http::Request;

/// Whether an answer from before counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Always,
    Once,
}

/// A request token that waits for its user.
struct Waiting {
    text: String,
    digest: TokenDigest,
    token: RequestToken,
    app: Arc<RegisteredApp>,
    /// What the access token would allow.
    permissions: Permissions,
}

/// Asks a user, and sends the browser back to the App or shows a PIN.
pub(super) async fn authorize(flows: &Flows, request: &Request, how: Ask) -> Reply {
    let parameters = xapi::pairs(request.query().unwrap_or_default()).unwrap_or_default();
    let parameter =
        |name: &str| parameters.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let Some(waiting) = find(flows, parameter("oauth_token")) else {
        return stale("nobody has it, it has expired, or it was authorized before".to_owned());
    };
    let app = &waiting.app.app;
    // A token is asked for right before its page is shown.
    let asked_at = waiting.token.expires_at.plus_ms(-RequestToken::LIFETIME_MS);
    let is_forced = matches!(parameter("force_login"), "true" | "1");
    let question = Question {
        app: &app.name,
        website: app.website.as_deref(),
        allows: words::allows(waiting.permissions),
        destination: match &waiting.token.callback {
            Callback::Url(address) => Some(address),
            Callback::Oob => None,
        },
        signed_in_since: is_forced.then_some(asked_at),
        username: parameter("screen_name"),
    };
    match ask::ask(flows, request, &question).await {
        Outcome::Page(page) => page,
        Outcome::Ready { user, .. } if how == Ask::Once && is_allowed(flows, &waiting, user) => {
            allow(flows, &waiting, user).await
        }
        Outcome::Ready { consent, .. } => consent,
        Outcome::Allowed(user) => allow(flows, &waiting, user).await,
        Outcome::Denied => deny(flows, &waiting).await,
    }
}

/// A request token that nobody has authorized, of an App that may ask.
fn find(flows: &Flows, text: &str) -> Option<Waiting> {
    let digest = digest(text);
    let identity = flows.state.store.identity();
    let token = identity.request_token(&digest, flows.state.clock.now()).ok()??;
    let app = identity.app(token.app).filter(|app| app.approval == Approval::Approved)?;
    let permissions = match (app.app.permissions, token.access) {
        (Permissions::ReadWrite, None | Some(Permissions::ReadWrite)) => Permissions::ReadWrite,
        (Permissions::ReadWrite, Some(Permissions::Read)) | (Permissions::Read, _) => Permissions::Read,
    };
    token.authorized.is_none().then(|| Waiting { text: text.to_owned(), digest, token, app, permissions })
}

/// Whether the user has allowed the App as much before. A PIN is never given unasked.
fn is_allowed(flows: &Flows, waiting: &Waiting, user: UserId) -> bool {
    let consent = flows.state.store.identity().consent(user, waiting.app.app.id).ok().flatten();
    let before = consent.and_then(|consent| consent.permissions);
    let covers = before == Some(Permissions::ReadWrite) || before == Some(waiting.permissions);
    covers && matches!(waiting.token.callback, Callback::Url(_))
}

async fn allow(flows: &Flows, waiting: &Waiting, user: UserId) -> Reply {
    let secrets = &flows.state.secrets;
    let verifier = match &waiting.token.callback {
        Callback::Url(_) => token::alphanumeric(&secrets.bytes::<{ token::VERIFIER }>()),
        Callback::Oob => token::pin(&secrets.bytes()),
    };
    let identity = flows.state.store.identity();
    let authorized = identity.authorize_request_token(waiting.digest, user, digest(&verifier), flows.state.clock.now());
    match (authorized.await, &waiting.token.callback) {
        (Ok(_), Callback::Url(address)) => {
            back(address, &[("oauth_token", &waiting.text), ("oauth_verifier", &verifier)])
        }
        (Ok(_), Callback::Oob) => {
            page::show(200, &Pin { style: STYLE_PATH, app: &waiting.app.app.name, pin: &verifier }, None)
        }
        (Err(error), _) => failed(&error),
    }
}

async fn deny(flows: &Flows, waiting: &Waiting) -> Reply {
    let denied = flows.state.store.identity().deny_request_token(waiting.digest, flows.state.clock.now()).await;
    match (denied, &waiting.token.callback) {
        (Ok(_), Callback::Url(address)) => back(address, &[("denied", &waiting.text)]),
        (Ok(_), Callback::Oob) => page::notice(200, words::DENIED_TITLE, &[words::DENIED], &[], None),
        (Err(error), _) => failed(&error),
    }
}

fn back(address: &str, parameters: &[(&str, &str)]) -> Reply {
    Reply::redirect(StatusCode::FOUND, &with_parameters(address, parameters))
}

fn failed(error: &IdentityError) -> Reply {
    if matches!(error, IdentityError::Refused(_) | IdentityError::InactiveUser { .. }) {
        return stale(error.to_string());
    }
    tracing::error!(%error, "a request token cannot be authorized or denied");
    page::notice(503, words::STALE_TITLE, &[words::UNAVAILABLE], &[], None)
}

/// unverified(stale-request-token): the status; X says much the same.
fn stale(reason: String) -> Reply {
    let page = page::notice(403, words::STALE_TITLE, &[words::STALE, words::AGAIN], &[], None);
    page.because(Refusal::NotTaken { given: Given::RequestToken, reason })
}

/// What the pages say.
mod words {
    use model::Permissions;

    pub(super) const STALE_TITLE: &str = "Whoa there!";
    pub(super) const STALE: &str = "The request token for this page is invalid. It may have already been used, or expired \
                                    because it is too old.";
    pub(super) const AGAIN: &str = "Please go back to the app that sent you here and try again. A request token comes from \
                                    /oauth/request_token, lives for 15 minutes and is authorized once.";
    pub(super) const DENIED_TITLE: &str = "You have not authorized the app";
    pub(super) const DENIED: &str = "Nothing was shared with it. You can close this page.";
    pub(super) const UNAVAILABLE: &str = "The server cannot do it now. Try again later.";

    /// What an App may do, for the person who is asked.
    pub(super) fn allows(permissions: Permissions) -> Vec<&'static str> {
        const READS: [&str; 2] = [
            "See posts and accounts that you can see, including protected ones.",
            "See your profile and your settings.",
        ];
        const WRITES: [&str; 2] = ["Follow and unfollow accounts for you.", "Update your profile, and post for you."];
        match permissions {
            Permissions::Read => READS.to_vec(),
            Permissions::ReadWrite => [READS, WRITES].concat(),
        }
    }
}
