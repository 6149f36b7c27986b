//! What an import would do, found by doing it to a copy of what it would meet.
//!
//! The copy holds the users and posts that the files speak of and is thrown away.

use std::collections::HashSet;
use std::io;

use model::{Conflict, Observation, TweetId, UserId, Username, UsernameKey};
use store::{ChangeError, Imported, OpenError, Options, Store};
use tempfile::TempDir;
use thiserror::Error;

use crate::admin::protocol::OnConflict;
use crate::admin::{Answer, ClientError, Known, Session, Verb};

/// Why a dry run cannot go on.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// There is no room for the copy.
    #[error("no temporary directory can be made ({0}); a dry run needs one")]
    TempDir(#[from] io::Error),
    /// The copy cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy cannot be changed.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// What is stored cannot be asked for.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A dry run.
pub struct Preview {
    /// What is stored; `None` when nothing is.
    stored: Option<Session>,
    copy: Store,
    copied_users: HashSet<UserId>,
    copied_usernames: HashSet<UsernameKey>,
    copied_tweets: HashSet<TweetId>,
    _dir: TempDir,
}

impl Preview {
    /// A dry run on what `stored` holds.
    ///
    /// # Errors
    /// [`PreviewError`] when there is no room for it.
    pub fn of(stored: Option<Session>) -> Result<Self, PreviewError> {
        let dir = tempfile::tempdir()?;
        let copy = Store::open(dir.path(), &Options { durable: false, ..Options::default() })?;
        Ok(Self {
            stored,
            copy,
            copied_users: HashSet::new(),
            copied_usernames: HashSet::new(),
            copied_tweets: HashSet::new(),
            _dir: dir,
        })
    }

    pub(super) async fn import(
        &mut self,
        batch: Vec<Observation>,
        conflict: OnConflict,
    ) -> Result<Imported, PreviewError> {
        self.copy_what_it_meets(&batch).await?;
        Ok(self.copy.import(batch, conflict.into()).await?)
    }

    /// Copies each user and post before the first observation that could change it:
    /// those with its ids, and those who bear its usernames and might lose them.
    async fn copy_what_it_meets(&mut self, batch: &[Observation]) -> Result<(), PreviewError> {
        let Some(stored) = &mut self.stored else { return Ok(()) };
        let mut users = Vec::new();
        let mut usernames: Vec<Username> = Vec::new();
        let mut tweets = Vec::new();
        for observation in batch {
            match observation {
                Observation::User(user, _) => {
                    users.push(user.id);
                    usernames.push(user.username);
                }
                Observation::State { id, username, .. } => {
                    users.extend(id);
                    usernames.extend(username);
                }
                Observation::Tweet(tweet) => tweets.push(tweet.id),
                Observation::TweetGone { id, .. } => tweets.push(*id),
            }
        }
        users.retain(|id| !self.copied_users.contains(id));
        usernames.retain(|username| self.copied_usernames.insert(username.key()));
        tweets.retain(|id| self.copied_tweets.insert(*id));
        let known = match stored.ask(Verb::Known { users: users.clone(), usernames, tweets }).await? {
            Answer::Known(Known { observations }) => observations,
            _ => return Err(ClientError::Unexpected.into()),
        };
        let copies = known.into_iter().filter(|observation| match observation {
            Observation::User(user, _) => self.copied_users.insert(user.id),
            _ => true,
        });
        let copies: Vec<_> = copies.collect();
        self.copied_users.extend(users);
        self.copy.import(copies, Conflict::Replace).await?;
        Ok(())
    }
}
