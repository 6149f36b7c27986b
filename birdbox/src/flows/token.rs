//! OAuth 2.0 for programs: `/2/oauth2/token` and `/2/oauth2/revoke`.

use std::sync::Arc;

use model::{AccessToken, Approval, AuthorizationCode, Scope};
use oauth::oauth2::{self, BadRequest, Grant, Parameters};
use oauth::{basic, digest};
use store::{ChangeError, IdentityError, RegisteredApp};
use xapi::{OAuth2Error, flow_reply};

use super::refusal::{ClientFault, Given, Refusal, Refused};
use super::reply::Reply;
use super::{Flows, parameters};
use crate::authenticate::Presented;
use crate::http::Request;

/// Why there is no token.
pub(super) type Wrong = Refused<OAuth2Error>;

/// Gives tokens for a code or a refresh token.
pub(super) async fn token(flows: &Flows, request: &Request) -> Reply {
    match grant(flows, request).await {
        Ok(body) => Reply::json(body),
        Err(error) => error.into(),
    }
}

async fn grant(flows: &Flows, request: &Request) -> Result<Vec<u8>, Wrong> {
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
            match code {
                Some(code) if code.app == app.app.id => check(&code, redirect_uri, verifier)?,
                Some(_) => return Err(refused(&store::Refusal::OtherApp.into(), &grant)),
                None => return Err(refused(&store::Refusal::Unknown.into(), &grant)),
            }
            identity.exchange_code(code_digest, app.app.id, made.stored, now).await
        }
        Grant::Refresh { token } => {
            let token = digest(token);
            // Whoever tries texts at random is not to wait for the writer, nor others for that.
            let known = identity.refresh_token(&token).map_err(|error| unavailable(&error.into()))?;
            known.ok_or_else(|| refused(&store::Refusal::Unknown.into(), &grant))?;
            identity.refresh(token, app.app.id, made.stored, now).await
        }
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

async fn end(flows: &Flows, request: &Request) -> Result<(), Wrong> {
    let parameters = read(request)?;
    let app = client(flows, request, &parameters)?;
    let token = parameters.must("token").map_err(|error| bad_request(&error))?;
    let outcome = flows.state.store.identity().revoke_token(digest(token), app.app.id).await;
    outcome.map(|_| ()).map_err(|error| unavailable(&error))
}

/// Parameters may stand in the query or in the form, but each only once.
fn read(request: &Request) -> Result<Parameters, Wrong> {
    let all = parameters(request).ok_or_else(|| bad_request(&BadRequest::Invalid("request")))?;
    Parameters::new(all).map_err(|error| bad_request(&error))
}

pub(super) fn bad_request(error: &BadRequest) -> Wrong {
    let told = match error {
        BadRequest::Missing(name) => OAuth2Error::missing(name),
        BadRequest::Twice(name) => OAuth2Error::twice(name),
        BadRequest::Invalid("grant_type") => OAuth2Error::grant_type(),
        BadRequest::Invalid("response_type") => OAuth2Error::response_type(),
        BadRequest::Invalid(name) => OAuth2Error::invalid(name),
    };
    Refused::new(told, Refusal::parameter(error))
}

/// Who asks: by the header, or, if it is a public client, by its id alone.
fn client(flows: &Flows, request: &Request, parameters: &Parameters) -> Result<Arc<RegisteredApp>, Wrong> {
    let wrong = |told: OAuth2Error, fault| Refused::new(told, Refusal::Client(fault));
    let header =
        Presented::of(request, &flows.state.proxies).request.authorization.filter(|value| basic::is_basic(value));
    let unreadable = || wrong(OAuth2Error::authorization(), ClientFault::Unreadable);
    let shown = header.map(|value| basic::from_header(value).ok_or_else(unreadable)).transpose()?;
    let named = parameters.get("client_id");
    let id = match (&shown, named) {
        (Some((id, _)), None) => id,
        (Some((id, _)), Some(named)) if id == named => id,
        (Some(_), Some(_)) => return Err(wrong(OAuth2Error::client(), ClientFault::Two)),
        (None, Some(named)) => named,
        (None, None) => return Err(wrong(OAuth2Error::missing("client_id"), ClientFault::None)),
    };
    let app = flows.state.store.identity().app_by_client_id(id);
    let app = app.ok_or_else(|| wrong(OAuth2Error::client(), ClientFault::UnknownId))?;
    let id = app.app.id;
    let is_confidential = app.app.app_type.is_none_or(model::AppType::is_confidential);
    let secret = app.keys.client.current.as_ref().map(|keys| keys.secret);
    match shown {
        Some((_, shown)) if secret != Some(digest(&shown)) => {
            Err(wrong(OAuth2Error::authorization(), ClientFault::WrongSecret(id)))
        }
        None if is_confidential => Err(wrong(OAuth2Error::authorization(), ClientFault::NoSecret(id))),
        Some(_) | None if app.approval == Approval::Approved => Ok(app),
        Some(_) | None => Err(wrong(OAuth2Error::suspended_client(), ClientFault::NotApproved(id, app.approval))),
    }
}

/// What must fit a code before it is used up.
fn check(code: &AuthorizationCode, redirect_uri: &str, verifier: &str) -> Result<(), Wrong> {
    if code.redirect_uri != redirect_uri {
        return Err(Refused::new(OAuth2Error::redirect_uri_of_code(), Refusal::OtherRedirect));
    }
    if oauth2::fits(&code.challenge, verifier) {
        Ok(())
    } else {
        Err(Refused::new(OAuth2Error::code_verifier(), Refusal::OtherVerifier))
    }
}

fn refused(error: &IdentityError, grant: &Grant<'_>) -> Wrong {
    let (told, given) = match grant {
        Grant::Code { .. } => (OAuth2Error::code(), Given::Code),
        Grant::Refresh { .. } => (OAuth2Error::token(), Given::RefreshToken),
    };
    match error {
        IdentityError::Refused(_)
        | IdentityError::InactiveUser { .. }
        | IdentityError::Change(ChangeError::UnknownUser { .. }) => {
            Refused::new(told, Refusal::not_taken(given, error))
        }
        IdentityError::OAuth2Off { .. } | IdentityError::UnknownApp { .. } => {
            Refused::new(OAuth2Error::client(), Refusal::Client(ClientFault::UnknownId))
        }
        error => unavailable(error),
    }
}

fn unavailable(error: &IdentityError) -> Wrong {
    tracing::error!(%error, "tokens cannot be made or ended");
    Refused::unavailable(OAuth2Error::unavailable())
}
