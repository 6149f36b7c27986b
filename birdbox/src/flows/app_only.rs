//! App-only bearer tokens: `/oauth2/token` and `/oauth2/invalidate_token`.

use std::sync::Arc;

use model::Approval;
use oauth::{basic, digest};
use store::{IdentityError, Refusal, RegisteredApp};
use xapi::{AppOnlyError, flow_reply};

use super::reply::Reply;
use super::{Flows, parameters};
use crate::authenticate::{Presented, Refusal as NotSigned, TokenKind, signed};
use crate::http::Request;

/// Gives an App its bearer token, the same one until it is ended.
///
/// unverified(app-only-order): credentials are looked at before the grant.
pub(super) fn token(flows: &Flows, request: &Request) -> Reply {
    match grant(flows, request) {
        Ok(token) => Reply::json(flow_reply::app_only_token(&token)),
        Err(error) => error.into(),
    }
}

fn grant(flows: &Flows, request: &Request) -> Result<String, AppOnlyError> {
    let app = app_by_basic(flows, request)?;
    let parameters = parameters(request).unwrap_or_default();
    let mut grants = parameters.iter().filter(|(name, _)| name == "grant_type").map(|(_, value)| value.as_str());
    match (grants.next().filter(|grant| !grant.is_empty()), grants.next()) {
        (None, _) => Err(AppOnlyError::missing("grant_type")),
        (Some("client_credentials"), None) => flows.state.secrets.bearer_of(&app).ok_or_else(AppOnlyError::credentials),
        (Some(other), _) => Err(AppOnlyError::invalid(other)),
    }
}

/// The App whose API key and secret are in the header.
fn app_by_basic(flows: &Flows, request: &Request) -> Result<Arc<RegisteredApp>, AppOnlyError> {
    let find = || {
        let (key, secret) = basic::from_header(Presented::of(request, &flows.state.proxies).request.authorization?)?;
        let app = flows.state.store.identity().app_by_consumer_key(&key)?;
        let sealed = &app.keys.consumer.current.as_ref()?.secret;
        // Digests are compared: how long that takes says nothing of the secret.
        let is_right = digest(&flows.state.secrets.open(&key, sealed)?) == digest(&secret);
        (is_right && app.approval == Approval::Approved).then_some(app)
    };
    find().ok_or_else(AppOnlyError::credentials)
}

/// The App that signed the request, with or without a user. X's pages name both this and the
/// header.
fn app_by_signature(flows: &Flows, request: &Request) -> Option<Arc<RegisteredApp>> {
    let presented = Presented::of(request, &flows.state.proxies);
    let signer = match signed(&flows.state, &presented, TokenKind::Access) {
        Err(NotSigned::NoToken) => signed(&flows.state, &presented, TokenKind::None),
        outcome => outcome,
    };
    signer.ok().map(|signer| signer.app).filter(|app| app.approval == Approval::Approved)
}

/// Ends the bearer token of an App. The next request for one gives another.
pub(super) async fn invalidate(flows: &Flows, request: &Request) -> Reply {
    match end(flows, request).await {
        Ok(token) => Reply::json(flow_reply::invalidated(&token)),
        Err(error) => error.into(),
    }
}

async fn end(flows: &Flows, request: &Request) -> Result<String, AppOnlyError> {
    let app = match app_by_signature(flows, request) {
        Some(app) => app,
        None => app_by_basic(flows, request)?,
    };
    let current = flows.state.secrets.bearer_of(&app).ok_or_else(AppOnlyError::credentials)?;
    if !presented(request).any(|token| digest(&token) == digest(&current)) {
        return Err(AppOnlyError::credentials());
    }
    let secrets = flows.state.secrets.clone();
    let id = app.app.id;
    let next = move |generation| Some(secrets.bearer_digest(id, generation));
    match flows.state.store.identity().replace_bearer(id, Some(digest(&current)), next).await {
        Ok(_) => Ok(current),
        Err(IdentityError::Refused(Refusal::Unknown)) => Err(AppOnlyError::credentials()),
        Err(error) => {
            tracing::error!(%error, "a bearer token cannot be ended");
            Err(AppOnlyError::unavailable())
        }
    }
}

/// What `access_token` may mean: percent signs belong to the token, and clients send it as it
/// stands as well as encoded again.
fn presented(request: &Request) -> impl Iterator<Item = String> {
    let raw = |text: &str| {
        let values = text.split('&').filter_map(|pair| pair.strip_prefix("access_token="));
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    let form = String::from_utf8_lossy(request.form().unwrap_or_default());
    let sent = [raw(request.query().unwrap_or_default()), raw(&form)].concat();
    let decoded = parameters(request).unwrap_or_default();
    let decoded = decoded.into_iter().filter(|(name, _)| name == "access_token").map(|(_, value)| value);
    sent.into_iter().chain(decoded)
}
