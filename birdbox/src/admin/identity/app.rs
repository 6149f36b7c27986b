//! Verbs about Apps and their keys.

use std::sync::Arc;

use model::{AccountId, App, AppChange, AppId, ProjectId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Identity, IdentityError, NewApp, RegisteredApp};

use super::{IdentityAnswer, MAKING, NAMED, SETTING, Secrets, iso, named, refused, settings};
use crate::admin::{AdminError, Context, wire};

/// Something to do with an App.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AppVerb {
    /// Make one, with keys.
    Create {
        /// Whose.
        #[serde(with = "wire::text")]
        account: AccountId,
        /// In which Project; without one it is standalone.
        #[serde(with = "wire::optional_text")]
        project: Option<ProjectId>,
        /// Its name.
        name: String,
        /// Each as `setting=value`; see [`super::SETTINGS`].
        settings: Vec<String>,
    },
    /// Change settings.
    Set {
        /// Which.
        #[serde(with = "wire::text")]
        app: AppId,
        /// Each as `setting=value`; see [`super::SETTINGS`].
        settings: Vec<String>,
    },
    /// Show it.
    Show(#[serde(with = "wire::text")] AppId),
    /// Show all.
    List,
    /// Make new keys; the old ones are void.
    Regenerate {
        /// Which.
        #[serde(with = "wire::text")]
        app: AppId,
        /// Which of its keys.
        keys: KeyKind,
    },
    /// Take keys away.
    Revoke {
        /// Which.
        #[serde(with = "wire::text")]
        app: AppId,
        /// Which of its keys.
        keys: KeyKind,
    },
    /// Forget it, with all tokens for it.
    Delete(#[serde(with = "wire::text")] AppId),
}

/// Which keys of an App.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// API key and secret (consumer key and secret)
    Consumer,
    /// The app-only bearer token
    Bearer,
    /// Client id and secret of OAuth 2.0
    Client,
    /// The token for Tweet Binder's profiles
    #[value(name = "tweetbinder")]
    TweetBinder,
}

/// An App, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppView {
    /// Its id.
    #[serde(with = "wire::text")]
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    #[serde(with = "wire::text")]
    pub account_id: AccountId,
    /// Whether that account may use the API.
    pub account_state: String,
    /// Its Project, unless it is standalone.
    #[serde(with = "wire::optional_text")]
    pub project_id: Option<ProjectId>,
    /// What it may do with OAuth 1.0a.
    pub permissions: String,
    /// What kind of program it is.
    #[serde(rename = "type")]
    pub app_type: Option<String>,
    /// Where users may be sent back to.
    pub callbacks: Vec<String>,
    /// Its website.
    pub website: Option<String>,
    /// Its product.
    pub tier: String,
    /// Whether OAuth 2.0 is on.
    pub oauth2: bool,
    /// The API key, if it has one.
    pub consumer_key: Option<String>,
    /// Whether it has an app-only bearer token.
    pub has_bearer_token: bool,
    /// Whether it has a token for Tweet Binder's profiles.
    #[serde(default)]
    pub has_tweetbinder_token: bool,
    /// The client id, while OAuth 2.0 is on.
    pub client_id: Option<String>,
    /// When it was made.
    pub created_at: String,
}

/// Keys that were just made. They are not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NewKeys {
    /// The API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_key: Option<String>,
    /// The API secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_secret: Option<String>,
    /// The app-only bearer token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<String>,
    /// The token for Tweet Binder's profiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tweetbinder_token: Option<String>,
    /// The client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The client secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
}

impl NewKeys {
    /// These and others.
    pub(crate) fn and(self, others: Self) -> Self {
        Self {
            consumer_key: self.consumer_key.or(others.consumer_key),
            consumer_secret: self.consumer_secret.or(others.consumer_secret),
            bearer_token: self.bearer_token.or(others.bearer_token),
            tweetbinder_token: self.tweetbinder_token.or(others.tweetbinder_token),
            client_id: self.client_id.or(others.client_id),
            client_secret: self.client_secret.or(others.client_secret),
        }
    }
}

pub(super) async fn run(context: &Context, verb: AppVerb, now: Timestamp) -> Result<IdentityAnswer, AdminError> {
    let identity = context.store.identity();
    match verb {
        AppVerb::Create { account, project, name, settings } => {
            let name = named("NAME", &name, App::MAX_NAME)?;
            let changes = settings::changes(&settings)?;
            let new = NewApp { account, project, name, changes };
            let made = make_app(identity, &context.secrets, new, None, now).await;
            made.map(answered).map_err(|error| refused(&error, &MAKING))
        }
        AppVerb::Set { app, settings } => {
            let changes = settings::changes(&settings)?;
            let changed = change_app(identity, &context.secrets, app, changes).await;
            changed.map(answered).map_err(|error| refused(&error, &SETTING))
        }
        AppVerb::Show(id) => Ok(answer(find(identity, id)?.as_ref(), NewKeys::default())),
        AppVerb::List => Ok(IdentityAnswer::Apps(identity.apps().iter().map(|app| view(app)).collect())),
        AppVerb::Regenerate { app, keys } => {
            let made = replace_keys(identity, app, keys, Some(&context.secrets)).await;
            made.map(answered).map_err(|error| refused(&error, &NAMED))
        }
        AppVerb::Revoke { app, keys } => {
            let taken = replace_keys(identity, app, keys, None).await;
            taken.map(answered).map_err(|error| refused(&error, &NAMED))
        }
        AppVerb::Delete(id) => {
            let app = find(identity, id)?;
            identity.delete_app(id).await.map_err(|error| refused(&error, &NAMED))?;
            Ok(answer(&app, NewKeys::default()))
        }
    }
}

fn find(identity: Identity<'_>, id: AppId) -> Result<Arc<RegisteredApp>, AdminError> {
    identity.app(id).ok_or_else(|| refused(&IdentityError::UnknownApp { id }, &NAMED))
}

/// Makes an App with keys, which are shown this once, unless its account has `most` already.
///
/// # Errors
/// As [`Identity::create_app`].
pub(crate) async fn make_app(
    identity: Identity<'_>,
    secrets: &Secrets,
    new: NewApp,
    most: Option<usize>,
    now: Timestamp,
) -> Result<(RegisteredApp, NewKeys), IdentityError> {
    let made = secrets.for_new_app();
    let with_client = new.changes.iter().fold(false, |on, change| match change {
        AppChange::OAuth2(value) => *value,
        _ => on,
    });
    let keys = move |id| made.keys(id, with_client);
    let app = identity.create_app(new, keys, most, now).await?;
    let client = if with_client { made.client(&app) } else { NewKeys::default() };
    let shown = made.consumer(&app).and(made.bearer(&app)).and(client);
    Ok((app, shown))
}

/// Makes changes to an App. If that switches OAuth 2.0 on for the first time, the client id and
/// secret are shown this once.
///
/// # Errors
/// As [`Identity::change_app`].
pub(crate) async fn change_app(
    identity: Identity<'_>,
    secrets: &Secrets,
    id: AppId,
    changes: Vec<AppChange>,
) -> Result<(RegisteredApp, NewKeys), IdentityError> {
    let before = identity.app(id).ok_or(IdentityError::UnknownApp { id })?;
    let had_client = before.keys.client.current.is_some();
    let made = secrets.for_app(id);
    let client = move |generation| made.client_keys(id, generation);
    let app = identity.change_app(id, changes, client).await?;
    let has_new = !had_client && app.keys.client.current.is_some();
    let shown = if has_new { made.client(&app) } else { NewKeys::default() };
    Ok((app, shown))
}

/// Replaces keys by new ones, which are shown this once, or without `secrets` by none.
///
/// # Errors
/// As [`Identity::replace_client`].
pub(crate) async fn replace_keys(
    identity: Identity<'_>,
    id: AppId,
    kind: KeyKind,
    secrets: Option<&Secrets>,
) -> Result<(RegisteredApp, NewKeys), IdentityError> {
    let made = secrets.map(|secrets| secrets.for_app(id));
    let app = match kind {
        KeyKind::Consumer => identity.replace_consumer(id, move |at| made.map(|made| made.consumer_keys(id, at))).await,
        KeyKind::Bearer => {
            identity.replace_bearer(id, None, move |at| made.map(|made| made.bearer_digest(id, at))).await
        }
        KeyKind::Client => identity.replace_client(id, move |at| made.map(|made| made.client_keys(id, at))).await,
        KeyKind::TweetBinder => {
            identity.replace_tweet_binder(id, move |at| made.map(|made| made.tweet_binder_digest(id, at))).await
        }
    }?;
    let shown = made.map_or_else(NewKeys::default, |made| match kind {
        KeyKind::Consumer => made.consumer(&app),
        KeyKind::Bearer => made.bearer(&app),
        KeyKind::Client => made.client(&app),
        KeyKind::TweetBinder => made.tweet_binder(&app),
    });
    Ok((app, shown))
}

fn answered((app, keys): (RegisteredApp, NewKeys)) -> IdentityAnswer {
    answer(&app, keys)
}

fn answer(app: &RegisteredApp, keys: NewKeys) -> IdentityAnswer {
    IdentityAnswer::App(Box::new(view(app)), keys)
}

fn view(registered: &RegisteredApp) -> AppView {
    let RegisteredApp { app, keys, approval } = registered;
    let client = keys.client.current.as_ref().filter(|_| app.oauth2);
    AppView {
        id: app.id,
        name: app.name.clone(),
        account_id: app.account,
        account_state: approval.name().to_owned(),
        project_id: app.project,
        permissions: app.permissions.name().to_owned(),
        app_type: app.app_type.map(|app_type| app_type.name().to_owned()),
        callbacks: app.callbacks.clone(),
        website: app.website.clone(),
        tier: app.tier.name().to_owned(),
        oauth2: app.oauth2,
        consumer_key: keys.consumer.current.as_ref().map(|consumer| consumer.key.clone()),
        has_bearer_token: keys.bearer.current.is_some(),
        has_tweetbinder_token: keys.tweet_binder.current.is_some(),
        client_id: client.map(|client| client.id.clone()),
        created_at: iso(app.created_at),
    }
}
