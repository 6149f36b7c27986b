//! The server that answers the child: the one that uses the data directory, or one of this
//! process, which ends with the child.

use anyhow::{Context as _, Result, bail};

use crate::admin::identity::{IdentityAnswer, TokenVerb};
use crate::admin::{APP, Answer, Client, ClientError, Environment, GuestDoors, UserKey, Verb};
use crate::config::Config;
use crate::serve::Server;
use crate::state::Clock;

/// What an access token of OAuth 2.0 allows.
const SCOPES: &str = "tweet.read users.read follows.read follows.write";

/// A server that answers.
#[derive(Debug)]
pub struct Host {
    /// What it has opened for the child alone.
    pub doors: GuestDoors,
    /// How clients are let in.
    pub environment: Environment,
    /// An access token of OAuth 2.0 of the same user.
    pub oauth2: Option<String>,
    client: Client,
    own: Option<Server>,
}

impl Host {
    /// Finds the server that uses the data directory, or starts one. Tokens are those of a user,
    /// or of the one of the first start; `offline` lets the child reach X's hosts alone.
    ///
    /// # Errors
    /// One line that says what to do.
    pub async fn open(config: &Config, user: Option<UserKey>, offline: bool) -> Result<Self> {
        let dir = &config.store.data;
        let (own, mut client) = match Client::connect(dir).await? {
            Some(client) => (None, client),
            None => {
                let server = Server::start(config, Clock::System).await?;
                let client = Client::connect(dir).await?.context("the server that was just started is gone")?;
                (Some(server), client)
            }
        };
        let doors = match client.ask(Verb::OpenDoors { offline }).await? {
            Answer::Doors(doors) => doors,
            _ => bail!(ClientError::Unexpected),
        };
        let mut environment = match client.ask(Verb::Environment).await? {
            Answer::Environment(environment) => environment,
            _ => bail!(ClientError::Unexpected),
        };
        let oauth2 = credentials(&mut client, &mut environment, user).await?;
        Ok(Self { doors, environment, oauth2, client, own })
    }

    /// Asks the server something.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub async fn ask(&mut self, verb: Verb) -> Result<Answer, ClientError> {
        self.client.ask(verb).await
    }

    /// Ends the server if it is one of this process.
    ///
    /// # Errors
    /// When a socket failed while it served.
    pub async fn close(self) -> Result<()> {
        drop(self.client);
        match self.own {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }
}

/// Puts the tokens of the user into the environment, and gives one of OAuth 2.0.
async fn credentials(
    client: &mut Client,
    environment: &mut Environment,
    user: Option<UserKey>,
) -> Result<Option<String>> {
    let keys = &mut environment.keys;
    if let Some(user) = user.clone() {
        let Answer::Identity(IdentityAnswer::NewToken(made)) =
            client.ask(Verb::Identity(TokenVerb::Create { app: APP, user }.into())).await?
        else {
            bail!(ClientError::Unexpected)
        };
        keys.access_token = Some((made.access_token, made.access_token_secret));
        keys.user = Some((made.user_id.to_string(), made.username.to_string()));
    }
    let owner = keys.user.as_ref().and_then(|(id, _)| id.parse().ok());
    let (Some((id, _)), Some(user)) = (keys.client.clone(), user.or(owner)) else { return Ok(None) };
    let verb = TokenVerb::Authorize { client: id, user, scopes: SCOPES.to_owned() };
    match client.ask(Verb::Identity(verb.into())).await? {
        Answer::Identity(IdentityAnswer::NewGrant(grant)) => Ok(Some(grant.access_token)),
        _ => bail!(ClientError::Unexpected),
    }
}
