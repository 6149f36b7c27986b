//! Verbs about tokens of users.

use std::fmt;
use std::str::FromStr;

use model::{AccessToken, AppId, Grant, GrantId, Scope, Scopes, Timestamp, TokenId, UserId, UserToken, Username};
use serde::{Deserialize, Serialize};
use store::{Identity, Whose};
use thiserror::Error;

use super::{IdentityAnswer, MAKING, NAMED, iso, refused};
use crate::admin::{AdminError, Context, UserKey, find, wire};

/// Something to do with tokens of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenVerb {
    /// Make an access token of OAuth 1.0a without asking the user.
    Create {
        /// For which App.
        #[serde(with = "wire::text")]
        app: AppId,
        /// On whose behalf.
        user: UserKey,
    },
    /// Make tokens of OAuth 2.0 without asking the user.
    Authorize {
        /// For the App with this client id.
        client: String,
        /// On whose behalf.
        user: UserKey,
        /// Between blanks.
        scopes: String,
    },
    /// Show all, or some.
    List {
        /// Those for one App.
        #[serde(with = "wire::optional_text")]
        app: Option<AppId>,
        /// Those of one user.
        user: Option<UserKey>,
    },
    /// End one.
    Revoke(TokenKey),
}

/// An access token of OAuth 1.0a that was just made. It is not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// The token.
    pub access_token: String,
    /// Its secret.
    pub access_token_secret: String,
    /// On whose behalf.
    #[serde(with = "wire::text")]
    pub user_id: UserId,
    /// The user's name.
    #[serde(with = "wire::text")]
    pub username: Username,
    /// What it allows.
    pub permissions: String,
}

/// Tokens of OAuth 2.0 that were just made, in the words of the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGrant {
    /// `bearer`.
    pub token_type: String,
    /// Seconds that the access token lives.
    pub expires_in: i64,
    /// The access token.
    pub access_token: String,
    /// What it allows.
    pub scope: String,
    /// The refresh token, with the scope `offline.access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// A token of a user, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// By which it is revoked.
    pub id: TokenKey,
    /// For which App.
    #[serde(with = "wire::text")]
    pub app_id: AppId,
    /// On whose behalf.
    #[serde(with = "wire::text")]
    pub user_id: UserId,
    /// What it allows: permissions, or scopes between blanks.
    pub allows: String,
    /// When it was made.
    pub created_at: String,
    /// When it ends, if nothing happens before.
    pub expires_at: Option<String>,
}

/// How a person names a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKey {
    /// `oauth1-12`: an access token of OAuth 1.0a.
    OAuth1(TokenId),
    /// `oauth2-12`: a family of tokens of OAuth 2.0.
    OAuth2(GrantId),
}

/// Why a text names no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("give what `birdbox token list` shows, such as oauth1-12 or oauth2-3")]
pub struct InvalidTokenKey;

impl FromStr for TokenKey {
    type Err = InvalidTokenKey;

    fn from_str(text: &str) -> Result<Self, InvalidTokenKey> {
        let (kind, id) = text.split_once('-').ok_or(InvalidTokenKey)?;
        match kind {
            "oauth1" => id.parse().map(Self::OAuth1).map_err(|_| InvalidTokenKey),
            "oauth2" => id.parse().map(Self::OAuth2).map_err(|_| InvalidTokenKey),
            _ => Err(InvalidTokenKey),
        }
    }
}

impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth1(id) => write!(f, "oauth1-{id}"),
            Self::OAuth2(id) => write!(f, "oauth2-{id}"),
        }
    }
}

impl Serialize for TokenKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TokenKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        wire::text::deserialize(deserializer)
    }
}

pub(super) async fn run(context: &Context, verb: TokenVerb, now: Timestamp) -> Result<IdentityAnswer, AdminError> {
    let identity = context.store.identity();
    match verb {
        TokenVerb::Create { app, user } => create(context, app, user, now).await,
        TokenVerb::Authorize { client, user, scopes } => authorize(context, &client, user, &scopes, now).await,
        TokenVerb::List { app, user } => {
            let user = match user {
                Some(user) => Some(find(&context.store, user).await?.id),
                None => None,
            };
            list(identity, app, user)
        }
        TokenVerb::Revoke(key) => {
            match key {
                TokenKey::OAuth1(id) => identity.revoke_user_token(id).await,
                TokenKey::OAuth2(id) => identity.revoke_grant(id).await,
            }
            .map_err(|error| refused(&error, &NAMED))?;
            Ok(IdentityAnswer::Revoked(key))
        }
    }
}

async fn create(context: &Context, app: AppId, user: UserKey, now: Timestamp) -> Result<IdentityAnswer, AdminError> {
    let user = find(&context.store, user).await?;
    let made = context.secrets.user_token(user.id);
    let token = context.store.identity().create_user_token(app, user.id, made.stored, now).await;
    let token = token.map_err(|error| refused(&error, &MAKING))?;
    Ok(IdentityAnswer::NewToken(NewToken {
        access_token: made.token,
        access_token_secret: made.secret,
        user_id: user.id,
        username: user.username,
        permissions: token.permissions.name().to_owned(),
    }))
}

async fn authorize(
    context: &Context,
    client: &str,
    user: UserKey,
    scopes: &str,
    now: Timestamp,
) -> Result<IdentityAnswer, AdminError> {
    let identity = context.store.identity();
    let app = identity.app_by_client_id(client).ok_or_else(|| AdminError::Argument {
        argument: "--client".to_owned(),
        reason: format!("no App with OAuth 2.0 on has the client id {client:?}; `birdbox app list` shows them"),
    })?;
    let wrong_scopes = |reason| AdminError::Argument { argument: "--scope".to_owned(), reason };
    let scopes: Scopes = scopes.parse().map_err(|error| {
        let all = Scopes::of(Scope::ALL);
        wrong_scopes(format!("{error}; these are: {all}"))
    })?;
    if scopes.is_empty() {
        return Err(wrong_scopes("give at least one, such as \"tweet.read users.read\"".to_owned()));
    }
    let user = find(&context.store, user).await?;
    let made = context.secrets.grant(now);
    let grant = identity.create_grant(app.app.id, user.id, scopes, made.stored, now).await;
    let grant = grant.map_err(|error| refused(&error, &MAKING))?;
    Ok(IdentityAnswer::NewGrant(NewGrant {
        token_type: "bearer".to_owned(),
        expires_in: AccessToken::LIFETIME_MS / 1000,
        access_token: made.access,
        scope: grant.scopes.to_string(),
        refresh_token: Some(made.refresh).filter(|_| scopes.contains(Scope::OfflineAccess)),
    }))
}

fn list(identity: Identity<'_>, app: Option<AppId>, user: Option<UserId>) -> Result<IdentityAnswer, AdminError> {
    let whose = match (app, user) {
        (_, Some(user)) => Whose::User(user),
        (Some(app), None) => Whose::App(app),
        (None, None) => Whose::All,
    };
    let tokens = identity.user_tokens(whose)?;
    let grants = identity.grants(whose)?;
    let all = tokens.iter().map(user_token).chain(grants.iter().map(family));
    Ok(IdentityAnswer::Tokens(all.filter(|token| app.is_none_or(|app| token.app_id == app)).collect()))
}

fn user_token(token: &UserToken) -> TokenView {
    TokenView {
        id: TokenKey::OAuth1(token.id),
        app_id: token.app,
        user_id: token.user,
        allows: token.permissions.name().to_owned(),
        created_at: iso(token.created_at),
        expires_at: None,
    }
}

fn family(grant: &Grant) -> TokenView {
    TokenView {
        id: TokenKey::OAuth2(grant.id),
        app_id: grant.app,
        user_id: grant.user,
        allows: grant.scopes.to_string(),
        created_at: iso(grant.created_at),
        expires_at: Some(iso(grant.expires_at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_named_by_its_kind_and_number() {
        for text in ["oauth1-12", "oauth2-3"] {
            assert_eq!(text.parse::<TokenKey>().unwrap().to_string(), text);
        }
        for bad in ["", "12", "oauth1", "oauth1-", "oauth3-1", "oauth1-x"] {
            assert_eq!(bad.parse::<TokenKey>(), Err(InvalidTokenKey), "{bad}");
        }
    }
}
