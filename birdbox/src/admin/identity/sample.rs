//! What a first start makes, and what `birdbox env` prints of it: a developer account, a
//! Project, an App, and an access token of the sample's own user.

use model::{App, AppChange, AppId, AppKeys, AppType, Key, Permissions, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{FirstApp, FirstToken, Identity, Store};

use super::Secrets;
use crate::admin::{AdminError, Context, Environment};

/// The sample's own user, `birdbox_owner`.
const OWNER: UserId = UserId::new(9_000_000_000_000_000_101);

/// Where the first App may send users back to, besides a PIN.
const CALLBACKS: [&str; 3] = ["http://127.0.0.1/callback", "http://127.0.0.1:8000/callback", App::OOB];

/// The credentials of the first App and its user, besides the bearer token. What was revoked
/// or deleted is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SampleKeys {
    /// The API key and secret.
    pub consumer: Option<(String, String)>,
    /// An access token of OAuth 1.0a and its secret.
    pub access_token: Option<(String, String)>,
    /// The client id and secret.
    pub client: Option<(String, String)>,
    /// The token for Tweet Binder's profiles.
    #[serde(default)]
    pub tweet_binder: Option<String>,
    /// The id and the username of the user.
    pub user: Option<(String, String)>,
}

/// Makes what a first start makes, if it was not made before.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn found(store: &Store, secrets: &Secrets, now: Timestamp) -> Result<(), AdminError> {
    let app = AppId::new(Identity::FIRST);
    let maker = secrets.for_app(app);
    let first = FirstApp {
        owner: "Sample".to_owned(),
        name: "Birdbox sample".to_owned(),
        changes: vec![
            AppChange::Permissions(Permissions::ReadWrite),
            AppChange::Type(Some(AppType::Web)),
            AppChange::Callbacks(CALLBACKS.map(str::to_owned).to_vec()),
            AppChange::OAuth2(true),
        ],
    };
    let token = FirstToken { user: OWNER, token: maker.user_token(OWNER).stored };
    let tweet_binder = Key { generation: 0, current: Some(maker.tweet_binder_digest(app, 0)) };
    let keys = AppKeys { tweet_binder, ..maker.keys(app, true) };
    let founded = store.identity().found(first, keys, token, now).await;
    founded.map_err(|error| AdminError::Store { reason: error.to_string() })
}

/// Whether the key file is the one with which the secrets of Apps were sealed.
pub(crate) fn fit(store: &Store, secrets: &Secrets) -> bool {
    let apps = store.identity().apps();
    let mut consumers = apps.iter().filter_map(|app| app.keys.consumer.current.as_ref());
    consumers.all(|keys| secrets.open(&keys.key, &keys.secret).is_some())
}

/// What clients of this server need, with the keys as they are now.
pub(crate) async fn environment(context: &Context, now: Timestamp) -> Result<Environment, AdminError> {
    let Context { store, secrets, environment, .. } = context;
    found(store, secrets, now).await?;
    let identity = store.identity();
    let maker = secrets.for_app(AppId::new(Identity::FIRST));
    let mut environment = Environment { bearer_token: String::new(), ..environment.clone() };
    if let Some(app) = identity.first_app() {
        let keys = &app.keys;
        // With another key file other keys would come out than the store knows.
        let bearer = maker.bearer(&app).bearer_token;
        environment.bearer_token =
            bearer.filter(|token| keys.bearer.current == Some(oauth::digest(token))).unwrap_or_default();
        let (consumer, known) = (maker.consumer(&app), keys.consumer.current.as_ref());
        environment.keys.consumer = consumer
            .consumer_key
            .zip(consumer.consumer_secret)
            .filter(|(key, _)| known.is_some_and(|known| known.key == *key));
        let (client, known) = (maker.client(&app), keys.client.current.as_ref().filter(|_| app.app.oauth2));
        environment.keys.client =
            client.client_id.zip(client.client_secret).filter(|(id, _)| known.is_some_and(|known| known.id == *id));
        let known = keys.tweet_binder.current;
        let token = maker.tweet_binder(&app).tweetbinder_token;
        environment.keys.tweet_binder = token.filter(|token| known == Some(oauth::digest(token)));
    }
    let token = maker.user_token(OWNER);
    let is_live = identity.user_token(&token.stored.digest).is_some();
    environment.keys.access_token = is_live.then_some((token.token, token.secret));
    let owner = store.user(OWNER).await?;
    environment.keys.user = owner.map(|owner| (owner.id.to_string(), owner.username.to_string()));
    Ok(environment)
}
