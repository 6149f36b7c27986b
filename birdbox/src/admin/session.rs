//! Where a command's verbs are carried out: by a running server if there is one,
//! otherwise here, on the store that it would use.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::Timestamp;
use store::{OpenError, Options, Store};
use thiserror::Error;
use tokio::time::sleep;

use super::{Answer, Client, ClientError, Context, Environment, Secrets, Verb, ca};
use crate::limits::Source;

/// A command waits for others that use the data directory, so many moments at most: a second.
const MOMENTS: u32 = 20;
const MOMENT: Duration = Duration::from_millis(50);

/// Why there is no session.
#[derive(Debug, Error)]
pub enum SessionError {
    /// There is nothing to work on, and the verb makes nothing.
    #[error("--data: there is no Birdbox data in {}; start `birdbox serve` there once, or import something", .dir.display())]
    NoData {
        /// The data directory.
        dir: PathBuf,
    },
    /// The store cannot be opened.
    #[error("--data: {0}")]
    Open(#[from] OpenError),
    /// The server is there and cannot be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// What to do when there is no data yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make an empty store.
    Create,
    /// [`SessionError::NoData`].
    Refuse,
}

/// What a session needs when it has to open the store itself.
pub struct Local<'a> {
    /// How the store is opened.
    pub options: &'a Options,
    /// Where limits are found.
    pub limits: Source,
    /// Makes what [`Verb::Environment`] answers, from the secret key.
    pub environment: Environment,
    /// What certificates are made for.
    pub ca: ca::Source,
    /// Makes the secret key if there is none yet.
    pub random: fn() -> [u8; 32],
    /// Tells the time.
    pub now: fn() -> Timestamp,
}

/// Carries out verbs.
pub enum Session {
    /// By the server that uses the data directory.
    Remote(Client),
    /// On the store itself.
    Here(Box<Context>, fn() -> Timestamp),
}

impl Session {
    /// Connects to the server that uses `dir`, or opens the store in it. Waits up to a second
    /// for a command that has it open.
    ///
    /// # Errors
    /// [`SessionError`] when neither can be done.
    pub async fn open(dir: &Path, missing: Missing, local: &Local<'_>) -> Result<Self, SessionError> {
        let mut waited = 0;
        loop {
            if let Some(client) = Client::connect(dir).await? {
                return Ok(Self::Remote(client));
            }
            if missing == Missing::Refuse && has_nothing(dir) {
                return Err(SessionError::NoData { dir: dir.to_owned() });
            }
            match Self::here(dir, local) {
                // Mostly another command, which is done at once, or a server that is about to listen.
                Err(SessionError::Open(OpenError::Locked { .. })) if waited < MOMENTS => {
                    waited += 1;
                    sleep(MOMENT).await;
                }
                outcome => return outcome,
            }
        }
    }

    fn here(dir: &Path, local: &Local<'_>) -> Result<Self, SessionError> {
        let store = Store::open(dir, local.options)?;
        let key = store.data_dir().secret_key(local.random).inspect_err(|_| store.discard_if_made())?;
        let secrets = Secrets::new(key, local.random);
        let context = Context {
            store,
            environment: local.environment.clone(),
            secrets,
            limits: local.limits.clone(),
            running: None,
            ca: local.ca.clone(),
            addresses: None,
            host: None,
        };
        Ok(Self::Here(Box::new(context), local.now))
    }

    /// Carries out a verb.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when it cannot be done; the others only beside a server.
    pub async fn ask(&mut self, verb: Verb) -> Result<Answer, ClientError> {
        match self {
            Self::Remote(client) => client.ask(verb).await,
            Self::Here(context, now) => Ok(super::run(context, verb, now()).await?),
        }
    }
}

/// Whether `dir` does not exist or is empty.
#[must_use]
pub fn has_nothing(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}
