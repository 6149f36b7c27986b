//! Sends a request through the real service, as a client would: with a credential that the service
//! checks like any other, through memory in place of a socket.
//!
//! An App's bearer token can be made again at any time. Tokens of users cannot, so the request gets
//! one of its own, which is in memory alone and ends with it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, StatusCode};
use model::{AccessToken, GrantId, Permissions, Scopes, TokenId, UserId, UserToken};
use oauth::digest;
use oauth::oauth1::{self, BaseUrl, Signing};
use store::RegisteredApp;
use xapi::{Authentication, Operation};

use super::call::{Body, Call};
use super::way::Way;
use crate::authenticate::{Issued, Pass};
use crate::http::Visitor;
use crate::portal::cx::Cx;

/// The word before a token.
const BEARER: &str = "Bearer";

/// How long a token is taken that a request gets, if the request has not ended before.
const LIFETIME_MS: i64 = 60_000;

/// Who is to call.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) app: Arc<RegisteredApp>,
    pub(super) way: Way,
    /// On whose behalf, unless it is the App's.
    pub(super) user: Option<UserId>,
    /// What a token of OAuth 2.0 allows.
    pub(super) scopes: Scopes,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) took: Duration,
}

/// Why nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The App lacks the keys for it.
    Keys(&'static str),
    /// It cannot be made into a request.
    Request,
    /// The server stops.
    Stopping,
}

const NO_BEARER: &str = "This App has no Bearer Token. Make one under its keys and tokens.";
const NO_CONSUMER: &str = "This App has no API Key and Secret to sign with. Make them under its keys and tokens.";
const NO_TWEET_BINDER: &str = "This App has no Tweet Binder Token. Make one under its keys and tokens.";
const OAUTH2_OFF: &str = "OAuth 2.0 is off for this App. Switch it on in its settings.";

/// Sends it.
pub(super) async fn send(
    cx: &Cx<'_>,
    operation: &'static Operation,
    call: &Call,
    caller: &Caller,
) -> Result<Sent, Unsent> {
    let (authorization, _issued) = authorize(cx, operation, call, caller)?;
    let mut request = http::Request::builder().method(call.method()).uri(call.target());
    request = request.header(HOST, cx.request.host()).header(AUTHORIZATION, authorization);
    if let Some(body) = &call.body {
        request = request.header(CONTENT_TYPE, body.content_type());
    }
    let body = call.body.as_ref().map(Body::text).unwrap_or_default();
    let request = request.body(Bytes::from(body)).map_err(|_| Unsent::Request)?;
    let opener = cx.portal.context.host.as_ref().map(|host| &host.opener).ok_or(Unsent::Stopping)?;
    let visitor = Visitor { peer: cx.request.peer, scheme: cx.request.scheme };
    let clock = cx.portal.state.clock.start();
    let reply = opener.visit(visitor, request).await.map_err(|error| {
        tracing::warn!(%error, "the server cannot call itself");
        Unsent::Stopping
    })?;
    Ok(Sent { status: reply.status, headers: reply.headers, body: reply.body, took: clock.elapsed() })
}

/// The `Authorization` header, and the token that is made for it, if one is.
fn authorize<'a>(
    cx: &Cx<'a>,
    operation: &Operation,
    call: &Call,
    caller: &Caller,
) -> Result<(String, Option<Issued<'a>>), Unsent> {
    let (state, app) = (&cx.portal.state, &caller.app);
    let made = |pass: Pass| {
        let access = state.secrets.grant(cx.now).access;
        let issued = state.passes.issue(digest(&access), pass);
        (format!("{BEARER} {access}"), Some(issued))
    };
    match (caller.way.credentials(operation), caller.user) {
        (Authentication::AppOnly, _) => {
            let token = state.secrets.bearer_of(app).ok_or(Unsent::Keys(NO_BEARER))?;
            Ok((format!("{BEARER} {token}"), None))
        }
        (Authentication::TweetBinder, _) if app.keys.tweet_binder.current.is_none() => {
            Err(Unsent::Keys(NO_TWEET_BINDER))
        }
        (Authentication::TweetBinder, _) => Ok(made(Pass::TweetBinder(app.app.id))),
        (Authentication::OAuth2User, Some(_)) if !app.app.oauth2 => Err(Unsent::Keys(OAUTH2_OFF)),
        (Authentication::OAuth2User, Some(user)) => Ok(made(Pass::OAuth2(AccessToken {
            grant: GrantId::new(0),
            app: app.app.id,
            user,
            scopes: caller.scopes,
            expires_at: cx.now.plus_ms(LIFETIME_MS),
        }))),
        (Authentication::OAuth1User, Some(user)) => sign(cx, call, app, user),
        (Authentication::OAuth1User | Authentication::OAuth2User, None) => Err(Unsent::Request),
    }
}

/// A signature with a token of the user that was made for it.
fn sign<'a>(
    cx: &Cx<'a>,
    call: &Call,
    app: &RegisteredApp,
    user: UserId,
) -> Result<(String, Option<Issued<'a>>), Unsent> {
    let state = &cx.portal.state;
    let consumer = app.keys.consumer.current.as_ref().ok_or(Unsent::Keys(NO_CONSUMER))?;
    let secret = state.secrets.open(&consumer.key, &consumer.secret).ok_or(Unsent::Keys(NO_CONSUMER))?;
    let made = state.secrets.user_token(user);
    let nonce: [u8; 16] = state.secrets.bytes();
    let nonce: String = nonce.iter().map(|byte| format!("{byte:02x}")).collect();
    let target = call.target();
    let (path, query) = target.split_once('?').map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
    let form = call.body.as_ref().filter(|body| matches!(body, Body::Form(_))).map(Body::text);
    let form = form.as_ref().map(String::as_bytes);
    let request = oauth1::Request { method: call.method, path, query, authorization: None, form };
    let base = BaseUrl { scheme: cx.request.scheme.name(), host: cx.request.host() };
    let signing =
        Signing { consumer_key: &consumer.key, token: &made.token, nonce: &nonce, timestamp: cx.now.unix_seconds() };
    let secrets = oauth1::Secrets { consumer: &secret, token: &made.secret };
    let header = oauth1::authorization(&request, base, signing, secrets).ok_or(Unsent::Request)?;
    let permissions: Permissions = app.app.permissions;
    let token = UserToken {
        id: TokenId::new(0),
        app: app.app.id,
        user,
        digest: made.stored.digest,
        secret: made.stored.secret,
        permissions,
        created_at: cx.now,
    };
    Ok((header, Some(state.passes.issue(made.stored.digest, Pass::OAuth1(Arc::new(token))))))
}
