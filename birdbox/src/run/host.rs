//! The server that answers the child: the one that uses the data directory, or one of this
//! process, which ends with the child.

use std::pin::pin;
use std::time::Duration;

use anyhow::{Context as _, Error, Result, bail};
use store::OpenError;
use tokio::time::{sleep, timeout};

use crate::admin::identity::{IdentityAnswer, TokenVerb};
use crate::admin::{APP, Answer, Client, ClientError, Environment, GuestDoors, SessionError, UserKey, Verb};
use crate::config::Config;
use crate::serve::Server;
use crate::state::Clock;

/// What an access token of OAuth 2.0 allows.
const SCOPES: &str = "tweet.read users.read follows.read follows.write";

/// How long another process may take to listen that has just taken the data directory, in tries.
const TRIES: u32 = 100;
const TRY_AGAIN: Duration = Duration::from_millis(50);

/// How long other programs may use the server at the end before a person is told.
const NOTICE: Duration = Duration::from_millis(500);

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
        let (mut client, own) = find_or_start(config).await?;
        match let_in(&mut client, user, offline).await {
            Ok((doors, environment, oauth2)) => Ok(Self { doors, environment, oauth2, client, own }),
            Err(error) => {
                drop(client);
                stop(own).await?;
                Err(error)
            }
        }
    }

    /// Asks the server something.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub async fn ask(&mut self, verb: Verb) -> Result<Answer, ClientError> {
        self.client.ask(verb).await
    }

    /// Hangs up, and ends the server if it is one of this process. Other programs may use it
    /// too: then it waits for their end, of which `waiting` is told, or until `hurry`.
    ///
    /// # Errors
    /// When a socket failed while it served.
    pub async fn close(self, waiting: impl FnOnce(), hurry: impl Future<Output = ()>) -> Result<()> {
        let Self { client, own, .. } = self;
        drop(client);
        if let Some(server) = &own {
            let mut alone = pin!(server.guests.is_zero());
            if timeout(NOTICE, &mut alone).await.is_err() {
                waiting();
                tokio::select! {
                    () = alone => {}
                    () = hurry => {}
                }
            }
        }
        stop(own).await
    }
}

/// Connects to the server that uses the data directory, or to one that is started for it.
async fn find_or_start(config: &Config) -> Result<(Client, Option<Server>)> {
    let dir = &config.store.data;
    let mut tries = 0;
    loop {
        if let Some(client) = Client::connect(dir).await? {
            return Ok((client, None));
        }
        match Server::start(config, Clock::System).await {
            Ok(server) => {
                let client = Client::connect(dir).await?.context("the server that was just started is gone")?;
                return Ok((client, Some(server)));
            }
            // Mostly another one that is about to listen.
            Err(error) if is_in_use(&error) && tries < TRIES => {
                tries += 1;
                sleep(TRY_AGAIN).await;
            }
            Err(error) => return Err(error),
        }
    }
}

fn is_in_use(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(SessionError::Open(OpenError::Locked { .. })))
}

async fn stop(own: Option<Server>) -> Result<()> {
    match own {
        Some(server) => server.stop().await,
        None => Ok(()),
    }
}

/// Opens doors and gets credentials.
async fn let_in(
    client: &mut Client,
    user: Option<UserKey>,
    offline: bool,
) -> Result<(GuestDoors, Environment, Option<String>)> {
    let Answer::Doors(doors) = client.ask(Verb::OpenDoors { offline }).await? else { bail!(ClientError::Unexpected) };
    let Answer::Environment(mut environment) = client.ask(Verb::Environment).await? else {
        bail!(ClientError::Unexpected)
    };
    let oauth2 = credentials(client, &mut environment, user).await?;
    Ok((doors, environment, oauth2))
}

/// Puts the tokens of the user into the environment, and gives one of OAuth 2.0.
async fn credentials(
    client: &mut Client,
    environment: &mut Environment,
    user: Option<UserKey>,
) -> Result<Option<String>> {
    let keys = &mut environment.keys;
    if let Some(user) = user {
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
