//! Requests that are signed by OAuth 1.0a: by an App alone, with the request token of one
//! who is signing in, or with the access token of a user.

use std::sync::Arc;

use model::{RequestToken, UserToken};
use oauth::oauth1::SignedRequest;
use store::{Freshness, Nonce, RegisteredApp};

use super::{Pass, Presented, Refusal};
use crate::state::State;

/// Which token a request has to be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// None.
    None,
    /// A request token.
    Request,
    /// An access token.
    Access,
}

/// The token that a request was signed with.
#[derive(Debug, Clone)]
pub enum SignersToken {
    /// None.
    None,
    /// One that a user authorizes.
    Request(Box<RequestToken>),
    /// One that acts for a user.
    Access(Arc<UserToken>),
}

/// Who signed a request.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The App.
    pub app: Arc<RegisteredApp>,
    /// The token.
    pub token: SignersToken,
    /// What the request says of itself.
    pub signed: SignedRequest,
}

/// Who signed a request. A signature that is right is taken note of, so that the same
/// request is refused when it comes again.
///
/// # Errors
/// [`Refusal`].
pub fn signed(state: &State, presented: &Presented<'_>, kind: TokenKind) -> Result<Signer, Refusal> {
    let signed = SignedRequest::read(&presented.request)?;
    let identity = state.store.identity();
    let app = identity.app_by_consumer_key(signed.consumer_key()).ok_or(Refusal::UnknownConsumerKey)?;
    let token = find_token(state, &signed, kind)?;
    let (owner, token_secret) = match &token {
        SignersToken::None => (app.app.id, None),
        SignersToken::Request(token) => (token.app, Some(&token.secret)),
        SignersToken::Access(token) => (token.app, Some(&token.secret)),
    };
    if owner != app.app.id {
        return Err(Refusal::TokenOfOtherApp { owner });
    }
    let consumer = app.keys.consumer.current.as_ref().ok_or(Refusal::UnknownConsumerKey)?;
    let key = state.keys.of(&state.secrets, consumer, signed.token().zip(token_secret)).ok_or(Refusal::Sealed)?;
    if !signed.verify(&presented.request, &presented.addresses(), &key) {
        return Err(Refusal::WrongSignature);
    }
    note(state, &signed)?;
    Ok(Signer { app, token, signed })
}

fn find_token(state: &State, signed: &SignedRequest, kind: TokenKind) -> Result<SignersToken, Refusal> {
    let identity = state.store.identity();
    let Some(text) = signed.token() else {
        return if kind == TokenKind::None { Ok(SignersToken::None) } else { Err(Refusal::NoToken) };
    };
    let digest = oauth::digest(text);
    let own = || match state.passes.get(&digest) {
        Some(Pass::OAuth1(token)) => Some(token),
        Some(Pass::OAuth2(_) | Pass::TweetBinder(_)) | None => None,
    };
    if let Some(token) = identity.user_token(&digest).or_else(own) {
        return if kind == TokenKind::Access {
            Ok(SignersToken::Access(token))
        } else {
            Err(Refusal::WrongKindOfToken)
        };
    }
    let token = identity.request_token(&digest, state.clock.now()).map_err(|error| {
        tracing::error!(%error, "a request token cannot be read");
        Refusal::Unreadable
    })?;
    match token {
        Some(token) if kind == TokenKind::Request => Ok(SignersToken::Request(Box::new(token))),
        Some(_) => Err(Refusal::WrongKindOfToken),
        None => Err(Refusal::UnknownToken),
    }
}

/// Only after the signature was verified, or anybody could fill the ledger.
fn note(state: &State, signed: &SignedRequest) -> Result<(), Refusal> {
    let now = state.clock.now();
    // No time beyond the year 5000 was read.
    let timestamp = i64::try_from(signed.timestamp()).unwrap_or(i64::MAX);
    let nonce = Nonce {
        consumer_key: signed.consumer_key(),
        token: signed.token().unwrap_or_default(),
        nonce: signed.nonce(),
        timestamp,
    };
    match state.limits.ledger().note_nonce(&nonce, now) {
        Freshness::Fresh => Ok(()),
        Freshness::Seen => Err(Refusal::Replay),
        Freshness::OutOfBounds => Err(Refusal::Timestamp { ahead: timestamp.saturating_sub(now.unix_seconds()) }),
    }
}
