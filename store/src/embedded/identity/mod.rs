//! Developer accounts, Apps, tokens, consents, sessions and passwords; and, in the same rows,
//! what users have to do with each other besides follows.
//!
//! Everything is a row in one database of LMDB, beside the log. The one writer thread decides
//! and writes within the transaction of its group, so that of two requests that use up
//! the same thing exactly one succeeds. What every request asks for is in memory too
//! (`index`); the rest is read in a transaction of its own, and neither ever waits for
//! the writer.

mod apps;
mod developers;
mod fault;
mod index;
mod job;
mod oauth1;
mod oauth2;
mod pages;
mod portal;
mod states;
mod sweep;
mod tables;
mod ties;
mod usage;
mod work;

use std::sync::Arc;

use heed::RoTxn;
use model::{AccessToken, AccountId, AccountState, AppId, Timestamp, TokenDigest, UserId, UserToken};

pub use self::apps::{FirstApp, FirstToken, NewApp};
pub(super) use self::fault::Fault;
pub use self::fault::{IdentityError, Refusal};
pub use self::index::RegisteredApp;
pub(super) use self::index::{Apps, Index, Touched};
pub(super) use self::job::{Job, Ready};
pub use self::oauth1::NewUserToken;
pub use self::oauth2::NewTokens;
pub(super) use self::states::States;
pub(super) use self::tables::{DATABASE, Rows, Tables};
pub(super) use self::ties::{follow, unfollow};
pub(super) use self::work::Work;

use self::index::Token;
use self::job::Verb;
use super::writer::Request;
use super::{Embedded, Shared};
use crate::{ChangeError, Detail, ReadError};

/// Whose tokens are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Those for one App.
    App(AppId),
    /// Those of one user.
    User(UserId),
}

/// The verbs about who may call. Those that change something are durable when they return;
/// `now` decides what has expired and dates what is made.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a>(&'a Embedded);

impl<'a> Identity<'a> {
    pub(crate) fn new(engine: &'a Embedded) -> Self {
        Self(engine)
    }

    /// The App with this app-only bearer token. From memory, as are the look-ups below.
    #[must_use]
    pub fn app_by_bearer(self, digest: &TokenDigest) -> Option<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.by_bearer.get(digest).cloned())
    }

    /// The App with this token for Tweet Binder's profiles.
    #[must_use]
    pub fn app_by_tweet_binder(self, digest: &TokenDigest) -> Option<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.by_tweet_binder.get(digest).cloned())
    }

    /// The App with this API key (consumer key).
    #[must_use]
    pub fn app_by_consumer_key(self, key: &str) -> Option<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.by_consumer_key.get(key).cloned())
    }

    /// The App with this client id; none while its OAuth 2.0 is off.
    #[must_use]
    pub fn app_by_client_id(self, id: &str) -> Option<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.by_client_id.get(id).cloned())
    }

    /// The App with this id.
    #[must_use]
    pub fn app(self, id: AppId) -> Option<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.by_id.get(&id).cloned())
    }

    /// Every App, by id.
    #[must_use]
    pub fn apps(self) -> Vec<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.in_order.clone())
    }

    /// The first `most` Apps, by id.
    #[must_use]
    pub fn first_apps(self, most: usize) -> Vec<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.in_order.iter().take(most).cloned().collect())
    }

    /// The Apps of an account, by id.
    #[must_use]
    pub fn apps_of(self, account: AccountId) -> Vec<Arc<RegisteredApp>> {
        self.index().app(|apps| apps.by_account.get(&account).cloned().unwrap_or_default())
    }

    /// The access token of OAuth 2.0 with this digest. Whether its user may do anything is
    /// for [`Self::user_state`] to say.
    #[must_use]
    pub fn access_token(self, digest: &TokenDigest, now: Timestamp) -> Option<AccessToken> {
        match self.index().token(digest)? {
            Token::OAuth2(token) => Some(token).filter(|token| now < token.expires_at),
            Token::OAuth1(_) => None,
        }
    }

    /// The access token of OAuth 1.0a with this digest; otherwise like
    /// [`Self::access_token`].
    #[must_use]
    pub fn user_token(self, digest: &TokenDigest) -> Option<Arc<UserToken>> {
        match self.index().token(digest)? {
            Token::OAuth1(token) => Some(token),
            Token::OAuth2(_) => None,
        }
    }

    /// The state of the user of a token; nothing for one who is not there.
    ///
    /// # Errors
    /// [`ReadError`] when the record is damaged.
    pub fn user_state(self, id: UserId) -> Result<Option<AccountState>, ReadError> {
        let Shared { published, states, .. } = self.shared();
        states.get(id, published.version(), || {
            let batch = self.0.users_by_ids(&[id], Detail::Core)?;
            Ok(batch.get(0).map(|user| user.state))
        })
    }

    fn shared(self) -> &'a Shared {
        &self.0.0
    }

    fn index(self) -> &'a Index {
        &self.shared().index
    }

    /// Reads in a transaction of its own.
    fn read<T>(self, read: impl FnOnce(&Tables, &RoTxn<'_>) -> Result<T, Fault>) -> Result<T, ReadError> {
        let Shared { env, tables, .. } = self.shared();
        let result = match env.read_txn() {
            Ok(txn) => read(tables, &txn),
            Err(error) => Err(error.into()),
        };
        result.map_err(|fault| match fault {
            Fault::Disk(error) => tables.unreadable(&error),
            Fault::Refused(IdentityError::Change(ChangeError::Unreadable(error))) => error,
            Fault::Refused(error) => tables.unreadable(&heed::Error::Decoding(error.into())),
        })
    }

    /// Has the writer do something within its transaction.
    async fn change<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Work<'_, '_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let (verb, answered) = Verb::new(work);
        self.0.send(Request::Identity(Box::new(verb))).await?;
        answered.await.map_err(|_| ChangeError::Closed)?
    }
}
