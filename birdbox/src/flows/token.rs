//! OAuth 2.0 for programs: `/2/oauth2/token` and `/2/oauth2/revoke`.

use std::sync::Arc;

use model::{AccessToken, Approval, AuthorizationCode, ChallengeMethod, Scope};
use oauth::oauth2::{BadRequest, Challenge, Grant, Parameters};
use oauth::{basic, digest};
use store::{ChangeError, IdentityError, RegisteredApp};
use xapi::{OAuth2Error, flow_reply};

use super::reply::Reply;
use super::{Flows, parameters};
use crate::authenticate::Presented;
use crate::http::Request;

/// Gives tokens for a code or a refresh token.
pub(super) async fn token(flows: &Flows, request: &Request) -> Reply {
    match grant(flows, request).await {
        Ok(body) => Reply::json(body),
        Err(error) => error.into(),
    }
}

async fn grant(flows: &Flows, request: &Request) -> Result<Vec<u8>, OAuth2Error> {
    let parameters = read(request)?;
    let grant = Grant::read(&parameters);
    // What is asked for is told first, then who asks, then what is missing.
    if let Err(error @ (BadRequest::Missing("grant_type") | BadRequest::Invalid(_))) = grant {
        return Err(bad_request(&error));
    }
    let app = client(flows, request, &parameters)?;
    let grant = grant.map_err(|error| bad_request(&error))?;
    let identity = flows.state.store.identity();
    let now = flows.state.clock.now();
    let made = flows.state.secrets.grant(now);
    let outcome = match grant {
        Grant::Code { code, redirect_uri, verifier } => {
            let code_digest = digest(code);
            let code = identity.code(&code_digest).map_err(|error| unavailable(&error.into()))?;
            let code = code.filter(|code| code.app == app.app.id).ok_or_else(OAuth2Error::code)?;
            check(&code, redirect_uri, verifier)?;
            identity.exchange_code(code_digest, app.app.id, made.stored, now).await
        }
        Grant::Refresh { token } => identity.refresh(digest(token), app.app.id, made.stored, now).await,
    };
    let family = outcome.map_err(|error| refused(&error, &grant))?;
    let refresh = family.scopes.contains(Scope::OfflineAccess).then_some(&*made.refresh);
    Ok(flow_reply::tokens(&made.access, AccessToken::LIFETIME_MS / 1000, &family.scopes.to_string(), refresh))
}

/// Ends a token. That there is no such token is no error (RFC 7009, 2.2).
pub(super) async fn revoke(flows: &Flows, request: &Request) -> Reply {
    match end(flows, request).await {
        Ok(()) => Reply::json(flow_reply::revoked()),
        Err(error) => error.into(),
    }
}

async fn end(flows: &Flows, request: &Request) -> Result<(), OAuth2Error> {
    let parameters = read(request)?;
    let app = client(flows, request, &parameters)?;
    let token = parameters.must("token").map_err(|error| bad_request(&error))?;
    let outcome = flows.state.store.identity().revoke_token(digest(token), app.app.id).await;
    outcome.map(|_| ()).map_err(|error| unavailable(&error))
}

/// Parameters may stand in the query, in the form, or as members of a JSON object, but each only
/// once.
fn read(request: &Request) -> Result<Parameters, OAuth2Error> {
    let unreadable = || OAuth2Error::invalid("request");
    let mut all = parameters(request).ok_or_else(unreadable)?;
    if let Some(json) = request.json() {
        all.extend(members(json).ok_or_else(unreadable)?);
    }
    Parameters::new(all).map_err(|error| bad_request(&error))
}

/// The members of an object whose values are text.
fn members(json: &[u8]) -> Option<Vec<(String, String)>> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(json).ok()?;
    object.into_iter().map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

pub(super) fn bad_request(error: &BadRequest) -> OAuth2Error {
    match error {
        BadRequest::Missing(name) => OAuth2Error::missing(name),
        BadRequest::Twice(name) => OAuth2Error::twice(name),
        BadRequest::Invalid("grant_type") => OAuth2Error::grant_type(),
        BadRequest::Invalid("response_type") => OAuth2Error::response_type(),
        BadRequest::Invalid(name) => OAuth2Error::invalid(name),
    }
}

/// Who asks: by the header, or, if it is a public client, by its id alone.
fn client(flows: &Flows, request: &Request, parameters: &Parameters) -> Result<Arc<RegisteredApp>, OAuth2Error> {
    let identity = flows.state.store.identity();
    let header =
        Presented::of(request, &flows.state.proxies).request.authorization.filter(|value| basic::is_basic(value));
    let shown = match header {
        Some(value) => Some(basic::from_header(value).ok_or_else(OAuth2Error::authorization)?),
        None => None,
    };
    let named = parameters.get("client_id");
    let id = match (&shown, named) {
        (Some((id, _)), None) => id,
        (Some((id, _)), Some(named)) if id == named => id,
        (Some(_), Some(_)) => return Err(OAuth2Error::client()),
        (None, Some(named)) => named,
        (None, None) => return Err(OAuth2Error::missing("client_id")),
    };
    let app = identity.app_by_client_id(id).ok_or_else(OAuth2Error::client)?;
    let is_confidential = app.app.app_type.is_none_or(model::AppType::is_confidential);
    let secret = app.keys.client.current.as_ref().map(|keys| keys.secret);
    match shown {
        Some((_, shown)) if secret != Some(digest(&shown)) => return Err(OAuth2Error::authorization()),
        None if is_confidential => return Err(OAuth2Error::authorization()),
        Some(_) | None => {}
    }
    if app.approval == Approval::Approved { Ok(app) } else { Err(OAuth2Error::suspended_client()) }
}

/// What must fit a code before it is used up.
fn check(code: &AuthorizationCode, redirect_uri: &str, verifier: &str) -> Result<(), OAuth2Error> {
    if code.redirect_uri != redirect_uri {
        return Err(OAuth2Error::redirect_uri_of_code());
    }
    let method = match code.challenge.method {
        ChallengeMethod::S256 => Some("S256"),
        ChallengeMethod::Plain => Some("plain"),
    };
    let fits = Challenge::read(&code.challenge.text, method).is_ok_and(|challenge| challenge.fits(verifier));
    if fits { Ok(()) } else { Err(OAuth2Error::code_verifier()) }
}

fn refused(error: &IdentityError, grant: &Grant<'_>) -> OAuth2Error {
    match (error, grant) {
        (IdentityError::Refused(_) | IdentityError::InactiveUser { .. }, Grant::Code { .. }) => OAuth2Error::code(),
        (IdentityError::Refused(_) | IdentityError::InactiveUser { .. }, Grant::Refresh { .. }) => OAuth2Error::token(),
        (IdentityError::OAuth2Off { .. } | IdentityError::UnknownApp { .. }, _) => OAuth2Error::client(),
        (IdentityError::Change(ChangeError::UnknownUser { .. }), _) => OAuth2Error::code(),
        (error, _) => unavailable(error),
    }
}

fn unavailable(error: &IdentityError) -> OAuth2Error {
    tracing::error!(%error, "tokens cannot be made or ended");
    OAuth2Error::unavailable()
}
