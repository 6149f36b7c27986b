//! App-only bearer tokens: `/oauth2/token` and `/oauth2/invalidate_token`.

use std::sync::Arc;

use model::Approval;
use oauth::oauth2::BadRequest;
use oauth::{basic, digest};
use store::{IdentityError, RegisteredApp};
use xapi::{AppOnlyError, flow_reply};

use super::refusal::{ClientFault, Refusal, Refused};
use super::reply::Reply;
use super::{Flows, parameters};
use crate::authenticate::{Presented, Refusal as NotSigned, TokenKind, signed};
use crate::http::Request;

/// Why there is no token.
type Wrong = Refused<AppOnlyError>;

/// Gives an App its bearer token, the same one until it is ended.
///
/// unverified(app-only-order): credentials are looked at before the grant.
pub(super) fn token(flows: &Flows, request: &Request) -> Reply {
    match grant(flows, request) {
        Ok(token) => Reply::json(flow_reply::app_only_token(&token)),
        Err(error) => error.into(),
    }
}

fn grant(flows: &Flows, request: &Request) -> Result<String, Wrong> {
    let app = app_by_basic(flows, request)?;
    let parameters = parameters(request).unwrap_or_default();
    let mut grants = parameters.iter().filter(|(name, _)| name == "grant_type").map(|(_, value)| value.as_str());
    match (grants.next().filter(|grant| !grant.is_empty()), grants.next()) {
        (None, _) => Err(Refused::new(
            AppOnlyError::missing("grant_type"),
            Refusal::parameter(&BadRequest::Missing("grant_type")),
        )),
        (Some("client_credentials"), None) => bearer_of(flows, &app),
        (Some(other), _) => {
            Err(Refused::new(AppOnlyError::invalid(other), Refusal::parameter(&BadRequest::Invalid("grant_type"))))
        }
    }
}

/// Whatever is wrong with credentials, X says the same.
fn wrong(fault: ClientFault) -> Wrong {
    Refused::new(AppOnlyError::credentials(), Refusal::Client(fault))
}

fn bearer_of(flows: &Flows, app: &RegisteredApp) -> Result<String, Wrong> {
    flows.state.secrets.bearer_of(app).ok_or_else(|| wrong(ClientFault::NoKey(app.app.id)))
}

/// The App whose API key and secret are in the header.
fn app_by_basic(flows: &Flows, request: &Request) -> Result<Arc<RegisteredApp>, Wrong> {
    let header = Presented::of(request, &flows.state.proxies).request.authorization;
    let header = header.ok_or_else(|| wrong(ClientFault::None))?;
    let (key, secret) = basic::from_header(header).ok_or_else(|| wrong(ClientFault::Unreadable))?;
    let app = flows.state.store.identity().app_by_consumer_key(&key);
    let app = app.ok_or_else(|| wrong(ClientFault::UnknownKey))?;
    let consumer = app.keys.consumer.current.as_ref().ok_or_else(|| wrong(ClientFault::UnknownKey))?;
    let sealed = || Refused::new(AppOnlyError::credentials(), Refusal::Caller(NotSigned::Sealed));
    let known = flows.state.secrets.open(&key, &consumer.secret).ok_or_else(sealed)?;
    // Digests are compared: how long that takes says nothing of the secret.
    if digest(&known) != digest(&secret) {
        return Err(wrong(ClientFault::WrongSecret(app.app.id)));
    }
    approved(app).map_err(wrong)
}

fn approved(app: Arc<RegisteredApp>) -> Result<Arc<RegisteredApp>, ClientFault> {
    match app.approval {
        Approval::Approved => Ok(app),
        approval @ (Approval::Pending | Approval::Suspended) => Err(ClientFault::NotApproved(app.app.id, approval)),
    }
}

/// The App that signed the request, with or without a user, if it is signed. X's pages name both
/// this and the header.
fn app_by_signature(flows: &Flows, request: &Request) -> Option<Result<Arc<RegisteredApp>, Wrong>> {
    let presented = Presented::of(request, &flows.state.proxies);
    let refused = |refusal| Refused::new(AppOnlyError::credentials(), Refusal::Caller(refusal));
    presented.request.is_signed().then(|| {
        let signer = match signed(&flows.state, &presented, TokenKind::Access) {
            Err(NotSigned::NoToken) => signed(&flows.state, &presented, TokenKind::None),
            outcome => outcome,
        };
        approved(signer.map_err(refused)?.app).map_err(wrong)
    })
}

/// Ends the bearer token of an App. The next request for one gives another.
pub(super) async fn invalidate(flows: &Flows, request: &Request) -> Reply {
    match end(flows, request).await {
        Ok(token) => Reply::json(flow_reply::invalidated(&token)),
        Err(error) => error.into(),
    }
}

async fn end(flows: &Flows, request: &Request) -> Result<String, Wrong> {
    let app = app_by_signature(flows, request).unwrap_or_else(|| app_by_basic(flows, request))?;
    let current = bearer_of(flows, &app)?;
    let other = || Refused::new(AppOnlyError::credentials(), Refusal::OtherBearer { app: app.app.id });
    if !presented(request).any(|token| digest(&token) == digest(&current)) {
        return Err(other());
    }
    let secrets = flows.state.secrets.clone();
    let id = app.app.id;
    let next = move |generation| Some(secrets.bearer_digest(id, generation));
    match flows.state.store.identity().replace_bearer(id, Some(digest(&current)), next).await {
        Ok(_) => Ok(current),
        // Another request was faster.
        Err(IdentityError::Refused(store::Refusal::Unknown)) => Err(other()),
        Err(error) => {
            tracing::error!(%error, "a bearer token cannot be ended");
            Err(Refused::unavailable(AppOnlyError::unavailable()))
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
