//! Bearer tokens: the app-only token of an App, or an access token of OAuth 2.0.

use oauth::digest;

use xapi::Operation;

use super::{Authority, Caller, Hint, Pass, Refusal, is_of_tweet_binder};
use crate::state::State;

/// The caller with this token.
pub(super) fn identify(state: &State, token: &[u8], operation: &Operation) -> Result<Caller, Refusal> {
    let identity = state.store.identity();
    let digest = digest(token);
    if is_of_tweet_binder(operation) {
        let own = || match state.passes.get(&digest) {
            Some(Pass::TweetBinder(app)) => identity.app(app),
            Some(Pass::OAuth1(_) | Pass::OAuth2(_)) | None => None,
        };
        let app = identity.app_by_tweet_binder(&digest).or_else(own).ok_or_else(|| foreign(state, token))?;
        return Ok(Caller { app, authority: Authority::TweetBinder });
    }
    if let Some(app) = identity.app_by_bearer(&digest) {
        return Ok(Caller { app, authority: Authority::App });
    }
    let token = identity
        .access_token(&digest, state.clock.now())
        .or_else(|| match state.passes.get(&digest) {
            Some(Pass::OAuth2(token)) => Some(token),
            Some(Pass::OAuth1(_) | Pass::TweetBinder(_)) | None => None,
        })
        .ok_or_else(|| Refusal::UnknownBearer { hint: hint(state, token) })?;
    // A token is removed before its App is.
    let app = identity.app(token.app).ok_or(Refusal::UnknownBearer { hint: None })?;
    // unverified(oauth2-off-tokens): the switch is for everything that came of it.
    if !app.app.oauth2 {
        return Err(Refusal::OAuth2Off { app: token.app });
    }
    Ok(Caller { app, authority: Authority::OAuth2 { user: token.user, scopes: token.scopes } })
}

/// A token that is none of Tweet Binder's.
fn foreign(state: &State, token: &[u8]) -> Refusal {
    let (identity, digest) = (state.store.identity(), digest(token));
    let is_of_x =
        identity.app_by_bearer(&digest).is_some() || identity.access_token(&digest, state.clock.now()).is_some();
    Refusal::UnknownBearer { hint: if is_of_x { Some(Hint::TokenOfX) } else { hint(state, token) } }
}

/// What else the text is.
fn hint(state: &State, token: &[u8]) -> Option<Hint> {
    let text = str::from_utf8(token).ok().filter(|text| text.len() <= 512)?;
    let identity = state.store.identity();
    if identity.app_by_tweet_binder(&digest(text)).is_some() {
        return Some(Hint::TokenOfTweetBinder);
    }
    let encoded = text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    if encoded != text && identity.app_by_bearer(&digest(&encoded)).is_some() {
        return Some(Hint::Decoded);
    }
    if identity.user_token(&digest(token)).is_some() {
        return Some(Hint::TokenOfOAuth1);
    }
    if identity.app_by_consumer_key(text).is_some() {
        return Some(Hint::ConsumerKey);
    }
    if identity.app_by_client_id(text).is_some() {
        return Some(Hint::ClientId);
    }
    match oauth::token::made(text)? {
        (oauth::token::Kind::Access, at) => Some(Hint::ExpiredOrRevoked { made: at }),
        (oauth::token::Kind::Refresh, _) => Some(Hint::RefreshToken),
        (oauth::token::Kind::Code, _) => Some(Hint::Code),
    }
}
