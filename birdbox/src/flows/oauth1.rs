//! OAuth 1.0a for programs: request tokens, access tokens, and their end.

use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;
use model::{App, Approval, Callback, Permissions, RequestToken};
use oauth::digest;
use oauth::oauth2::BadRequest;
use store::{ChangeError, IdentityError};
use xapi::{Form, V1Error, flow_reply};

use super::Flows;
use super::refusal::{Given, Refusal, Refused};
use super::reply::Reply;
use crate::authenticate::{Presented, Refusal as NotSigned, Signer, SignersToken, TokenKind, signed};
use crate::http::Request;

/// Why there is no token, as it is told.
enum Told {
    /// In the words of API v1.1.
    V1(V1Error),
    /// The verifier is wrong, or there is none yet.
    Verifier,
    /// The store cannot do it now.
    Unavailable,
}

type Wrong = Refused<Told>;

impl From<NotSigned> for Wrong {
    fn from(refusal: NotSigned) -> Self {
        Self::new(Told::V1(refusal.denial().v1()), Refusal::Caller(refusal))
    }
}

impl From<Told> for Reply {
    fn from(told: Told) -> Self {
        let (reply, code) = match told {
            Told::V1(error) => {
                let mut body = Vec::new();
                error.write(&mut body);
                (Self::new(Form::Json, error.status, body), Some(error.code))
            }
            // observed: text, although other refusals are JSON.
            Told::Verifier => (Self::new(Form::Text, 401, flow_reply::invalid_verifier()), None),
            Told::Unavailable => (Self::new(Form::Json, 503, V1Error::OVER_CAPACITY.body()), None),
        };
        let challenge = HeaderValue::try_from(flow_reply::oauth1_challenge(code));
        match challenge {
            Ok(challenge) if reply.status() == 401 => reply.with(WWW_AUTHENTICATE, challenge),
            Ok(_) | Err(_) => reply,
        }
    }
}

fn answer(outcome: Result<Reply, Wrong>) -> Reply {
    outcome.unwrap_or_else(Reply::from)
}

/// Begins: the App says where the user shall come back to.
pub(super) async fn request_token(flows: &Flows, request: &Request) -> Reply {
    answer(begin(flows, request).await)
}

async fn begin(flows: &Flows, request: &Request) -> Result<Reply, Wrong> {
    let signer = signer(flows, request, TokenKind::None)?;
    let app = &signer.app.app;
    let callback = callback(app, signer.signed.callback())?;
    let access = signer.signed.parameter("x_auth_access_type").and_then(|access| access_type(&access));
    let made = flows.state.secrets.request_token();
    let identity = flows.state.store.identity();
    let now = flows.state.clock.now();
    identity.create_request_token(app.id, made.stored, callback, access, now).await.map_err(|error| refused(&error))?;
    Ok(Reply::new(Form::Text, 200, flow_reply::request_token(&made.token, &made.secret)))
}

/// X compares callback addresses as a whole; `oob` asks for a PIN, and every App may.
fn callback(app: &App, asked: Option<&str>) -> Result<Callback, Wrong> {
    let wrong = |told, why| Err(Refused::new(Told::V1(told), why));
    match asked {
        Some(App::OOB) => Ok(Callback::Oob),
        Some(address) if app.callbacks.iter().any(|known| known == address) => Ok(Callback::Url(address.to_owned())),
        // unverified(missing-callback): the parameter is documented as required.
        None | Some("") => {
            wrong(V1Error::BAD_AUTHENTICATION_DATA, Refusal::parameter(&BadRequest::Missing("oauth_callback")))
        }
        Some(_) if app.callbacks.iter().all(|known| known == App::OOB) => {
            wrong(V1Error::DESKTOP_ONLY, Refusal::PinOnly { app: app.id })
        }
        Some(_) => wrong(V1Error::CALLBACK_NOT_APPROVED, Refusal::UnknownAddress { app: app.id }),
    }
}

/// unverified(access-type): other words are as if they were not there.
fn access_type(word: &str) -> Option<Permissions> {
    match word {
        "read" => Some(Permissions::Read),
        "write" => Some(Permissions::ReadWrite),
        _ => None,
    }
}

/// Ends with an access token, once the user has decided.
pub(super) async fn access_token(flows: &Flows, request: &Request) -> Reply {
    answer(exchange(flows, request).await)
}

async fn exchange(flows: &Flows, request: &Request) -> Result<Reply, Wrong> {
    let Signer { app, token, signed } = signer(flows, request, TokenKind::Request)?;
    let SignersToken::Request(token) = token else { return Err(NotSigned::NoToken.into()) };
    let wrong = |why| Refused::new(Told::Verifier, why);
    let RequestToken { authorized: Some(authorized), .. } = *token else {
        return Err(wrong(Refusal::not_taken(Given::RequestToken, &store::Refusal::NotAuthorized.into())));
    };
    let missing = || wrong(Refusal::parameter(&BadRequest::Missing("oauth_verifier")));
    let verifier = signed.verifier().ok_or_else(missing)?;
    let made = flows.state.secrets.user_token(authorized.user);
    let state = &flows.state;
    let request_token = digest(signed.token().unwrap_or_default());
    let identity = state.store.identity();
    let exchanged =
        identity.exchange_request_token(request_token, app.app.id, digest(verifier), made.stored, state.clock.now());
    let token = exchanged.await.map_err(|error| refused(&error))?;
    let user = state.store.user(token.user).await.map_err(|error| refused(&error.into()))?;
    let user = user.ok_or_else(|| {
        let error = IdentityError::Change(ChangeError::UnknownUser { id: token.user });
        wrong(Refusal::not_taken(Given::RequestToken, &error))
    })?;
    let body = flow_reply::access_token(&made.token, &made.secret, &user.id.to_string(), user.username.as_str());
    Ok(Reply::new(Form::Text, 200, body))
}

/// Ends the access token that the request is signed with.
pub(super) async fn invalidate(flows: &Flows, request: &Request) -> Reply {
    answer(end(flows, request).await)
}

async fn end(flows: &Flows, request: &Request) -> Result<Reply, Wrong> {
    let Signer { token, signed, .. } = signer(flows, request, TokenKind::Access)?;
    let SignersToken::Access(token) = token else { return Err(NotSigned::NoToken.into()) };
    match flows.state.store.identity().revoke_user_token(token.id).await {
        Ok(()) => Ok(Reply::json(flow_reply::invalidated(signed.token().unwrap_or_default()))),
        // Another request was faster.
        Err(IdentityError::UnknownToken { .. }) => Err(NotSigned::UnknownToken.into()),
        Err(error) => Err(refused(&error)),
    }
}

/// Who signed, if its account may use the API.
fn signer(flows: &Flows, request: &Request, kind: TokenKind) -> Result<Signer, NotSigned> {
    let presented = Presented::of(request, &flows.state.proxies);
    if !presented.request.is_signed() {
        return Err(NotSigned::NoCredentials);
    }
    let signer = signed(&flows.state, &presented, kind)?;
    match signer.app.approval {
        Approval::Approved => Ok(signer),
        approval @ (Approval::Pending | Approval::Suspended) => {
            Err(NotSigned::NotApproved { app: signer.app.app.id, approval })
        }
    }
}

/// unverified(verifier-refusals): whatever is wrong with a request token, X's sentence about
/// its verifier.
fn refused(error: &IdentityError) -> Wrong {
    match error {
        IdentityError::Refused(_) | IdentityError::InactiveUser { .. } => {
            Refused::new(Told::Verifier, Refusal::not_taken(Given::RequestToken, error))
        }
        error => {
            tracing::error!(%error, "a token of OAuth 1.0a cannot be made or ended");
            Refused::unavailable(Told::Unavailable)
        }
    }
}
