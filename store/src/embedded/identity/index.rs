//! What every request asks for, in memory: Apps by their keys, and tokens of users by
//! their digest.
//!
//! It is filled at start and changed when a transaction is durable. Apps are few and
//! change rarely: a change replaces them whole, and readers never wait. Tokens are many:
//! they are spread over shards with a lock each, which is held for one look-up.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwap;
use foldhash::fast::RandomState;
use heed::RoTxn;
use model::{
    AccessToken, Account, AccountId, App, AppId, AppKeys, Approval, AuthorizationCode, Consent, DayOfApp, Developer,
    Grant, LoginSession, PortalLink, PortalSession, Project, RefreshToken, RequestToken, TokenDigest, TokenId,
    UserToken,
};

use super::fault::Fault;
use super::tables::Tables;
use crate::embedded::codec::identity::{AppRow, Counters, Password, Row, Tie, TieNumbers};

/// An App with all that a request has to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredApp {
    /// The App.
    pub app: App,
    /// Its keys.
    pub keys: AppKeys,
    /// Whether its developer account may use the API.
    pub approval: Approval,
}

/// All Apps.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Apps {
    /// By id.
    pub(super) in_order: Vec<Arc<RegisteredApp>>,
    pub(super) by_id: HashMap<AppId, Arc<RegisteredApp>, RandomState>,
    /// Each account's, by id.
    pub(super) by_account: HashMap<AccountId, Vec<Arc<RegisteredApp>>, RandomState>,
    pub(super) by_consumer_key: HashMap<String, Arc<RegisteredApp>, RandomState>,
    pub(super) by_bearer: HashMap<TokenDigest, Arc<RegisteredApp>, RandomState>,
    pub(super) by_tweet_binder: HashMap<TokenDigest, Arc<RegisteredApp>, RandomState>,
    pub(super) by_client_id: HashMap<String, Arc<RegisteredApp>, RandomState>,
}

impl Apps {
    /// Those that a transaction sees.
    pub(in crate::embedded) fn load(tables: &Tables, txn: &RoTxn<'_>) -> Result<Self, Fault> {
        let approvals: HashMap<_, _, RandomState> =
            tables.all::<Account>(txn)?.into_iter().map(|(id, account)| (id, account.approval)).collect();
        let mut apps = Self::default();
        for (_, AppRow { app, keys }) in tables.all::<AppRow>(txn)? {
            // An account stays as long as its Apps.
            let approval = approvals.get(&app.account).copied().unwrap_or(Approval::Suspended);
            apps.insert(Arc::new(RegisteredApp { app, keys, approval }));
        }
        Ok(apps)
    }

    /// Adds one with a higher id than all before it.
    fn insert(&mut self, app: Arc<RegisteredApp>) {
        self.in_order.push(app.clone());
        self.by_account.entry(app.app.account).or_default().push(app.clone());
        self.by_id.insert(app.app.id, app.clone());
        if let Some(consumer) = &app.keys.consumer.current {
            self.by_consumer_key.insert(consumer.key.clone(), app.clone());
        }
        if let Some(bearer) = app.keys.bearer.current {
            self.by_bearer.insert(bearer, app.clone());
        }
        if let Some(token) = app.keys.tweet_binder.current {
            self.by_tweet_binder.insert(token, app.clone());
        }
        if let Some(client) = app.keys.client.current.as_ref().filter(|_| app.app.oauth2) {
            self.by_client_id.insert(client.id.clone(), app);
        }
    }
}

/// A token of a user.
#[derive(Debug, Clone)]
pub(in crate::embedded) enum Token {
    OAuth1(Arc<UserToken>),
    OAuth2(AccessToken),
}

const SHARDS: usize = 64;

type Shard = RwLock<HashMap<TokenDigest, Token, RandomState>>;

/// What readers and the writer share.
#[derive(Debug)]
pub(in crate::embedded) struct Index {
    apps: ArcSwap<Apps>,
    tokens: [Shard; SHARDS],
}

impl Index {
    /// Everything that a transaction sees. Each row is checked.
    pub(in crate::embedded) fn load(tables: &Tables, txn: &RoTxn<'_>) -> Result<Self, Fault> {
        tables.check_all(txn)?;
        let index = Self {
            apps: ArcSwap::from_pointee(Apps::load(tables, txn)?),
            tokens: std::array::from_fn(|_| Shard::default()),
        };
        let mut touched = Touched::default();
        tables.all::<UserToken>(txn)?.iter().for_each(|(id, token)| touched.put(*id, token));
        tables.all::<AccessToken>(txn)?.iter().for_each(|(digest, token)| touched.put(*digest, token));
        index.publish(None, touched);
        Ok(index)
    }

    /// Shows a durable transaction to readers.
    pub(in crate::embedded) fn publish(&self, apps: Option<Apps>, touched: Touched) {
        if let Some(apps) = apps {
            self.apps.store(Arc::new(apps));
        }
        for (digest, token) in touched.tokens {
            let mut shard = self.shard(&digest).write().unwrap_or_else(PoisonError::into_inner);
            match token {
                Some(token) => _ = shard.insert(digest, token),
                None => _ = shard.remove(&digest),
            }
        }
    }

    /// Looks something up among the Apps.
    #[inline]
    pub(super) fn app<T>(&self, find: impl FnOnce(&Apps) -> T) -> T {
        find(&self.apps.load())
    }

    #[inline]
    pub(super) fn token(&self, digest: &TokenDigest) -> Option<Token> {
        self.shard(digest).read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn shard(&self, digest: &TokenDigest) -> &Shard {
        let [first, ..] = *digest.as_bytes();
        let [tokens @ .., last] = &self.tokens;
        tokens.get(usize::from(first) % SHARDS).unwrap_or(last)
    }
}

/// What a transaction changed that readers look up in memory.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Touched {
    /// Apps, or the accounts that they belong to.
    pub(in crate::embedded) apps: bool,
    /// In the order in which they happened.
    tokens: Vec<(TokenDigest, Option<Token>)>,
    /// What users have to do with each other now, in the order in which it happened.
    pub(in crate::embedded) ties: Vec<Tie>,
    /// What was written, roughly, in bytes of the disk.
    pub(in crate::embedded) bytes: u64,
    /// Whether anything was changed.
    pub(in crate::embedded) any: bool,
}

impl Touched {
    pub(super) fn put<R: Row + Indexed>(&mut self, key: R::Key, row: &R) {
        self.any = true;
        self.apps |= R::OF_APP;
        self.tokens.extend(row.token(key).map(|(digest, token)| (digest, Some(token))));
        self.ties.extend(row.tie());
    }

    pub(super) fn removed<R: Row + Indexed>(&mut self, key: R::Key, row: &R) {
        self.any = true;
        self.apps |= R::OF_APP;
        self.tokens.extend(row.token(key).map(|(digest, _)| (digest, None)));
        self.ties.extend(row.tie().map(|tie| Tie::none(tie.by, tie.of)));
    }
}

/// What of a row is kept in memory: by default nothing.
pub(in crate::embedded) trait Indexed: Row {
    /// Whether Apps look different when it changes.
    const OF_APP: bool = false;

    /// The token that it is.
    fn token(&self, _: Self::Key) -> Option<(TokenDigest, Token)> {
        None
    }

    /// What it says of two users.
    fn tie(&self) -> Option<Tie> {
        None
    }
}

impl Indexed for Tie {
    fn tie(&self) -> Option<Tie> {
        Some(*self)
    }
}

impl Indexed for Account {
    const OF_APP: bool = true;
}

impl Indexed for AppRow {
    const OF_APP: bool = true;
}

impl Indexed for UserToken {
    fn token(&self, _: TokenId) -> Option<(TokenDigest, Token)> {
        Some((self.digest, Token::OAuth1(Arc::new(self.clone()))))
    }
}

impl Indexed for AccessToken {
    fn token(&self, digest: TokenDigest) -> Option<(TokenDigest, Token)> {
        Some((digest, Token::OAuth2(*self)))
    }
}

impl Indexed for Counters {}
impl Indexed for Project {}
impl Indexed for RequestToken {}
impl Indexed for AuthorizationCode {}
impl Indexed for Grant {}
impl Indexed for RefreshToken {}
impl Indexed for Consent {}
impl Indexed for LoginSession {}
impl Indexed for Password {}
impl Indexed for TieNumbers {}
impl Indexed for PortalLink {}
impl Indexed for PortalSession {}
impl Indexed for Developer {}
impl Indexed for DayOfApp {}
