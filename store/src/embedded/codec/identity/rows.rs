//! What each row holds, in order, and with whom it goes.

use model::{
    AccessToken, Account, AccountId, App, AppId, AppKeys, AuthorizationCode, Authorized, Callback, ClientKeys,
    CodeChallenge, Consent, ConsumerKeys, Day, DayOfApp, Developer, Grant, GrantId, Key, LoginSession, PortalLink,
    PortalSession, Project, ProjectId, RefreshToken, RequestToken, Timestamp, TokenDigest, TokenId, Used, UserId,
    UserToken,
};

use super::super::{Malformed, Reader};
use super::{Field, Owner, Row, Table};

/// The ids that are given next, and what the first start made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) account: u64,
    pub(crate) project: u64,
    pub(crate) app: u64,
    pub(crate) token: u64,
    pub(crate) grant: u64,
    /// Whether the first account, Project and App were made, which have the id 1.
    pub(crate) first_app: bool,
    /// Whether the first user got a token for that App.
    pub(crate) first_token: bool,
}

impl Default for Counters {
    fn default() -> Self {
        Self { account: 2, project: 2, app: 2, token: 1, grant: 1, first_app: false, first_token: false }
    }
}

/// An App with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AppRow {
    pub(crate) app: App,
    pub(crate) keys: AppKeys,
}

/// The hash of a password, as its own text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Password {
    pub(crate) user: UserId,
    pub(crate) hash: String,
}

/// What one user has to do with another, besides following.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tie {
    pub(crate) by: UserId,
    pub(crate) of: UserId,
    /// The one waits to be accepted as a follower of the other; later wishes have greater numbers.
    pub(crate) pending: Option<u64>,
    /// The one blocks the other.
    pub(crate) blocks: bool,
    /// The one mutes the other.
    pub(crate) mutes: bool,
}

impl Tie {
    /// Nothing at all.
    pub(crate) const fn none(by: UserId, of: UserId) -> Self {
        Self { by, of, pending: None, blocks: false, mutes: false }
    }

    /// Whether there is nothing to keep.
    pub(crate) const fn is_none(&self) -> bool {
        self.pending.is_none() && !self.blocks && !self.mutes
    }
}

/// The number of the next wish to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TieNumbers {
    pub(crate) next: u64,
}

/// Makes a [`Field`] of a struct: its members, in this order. It is stored.
macro_rules! members {
    ($($type:ident { $($member:ident),* $(,)? })*) => {$(
        impl Field for $type {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$member.put(out);)*
            }

            fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                Ok(Self { $($member: Field::take(reader)?,)* })
            }
        }
    )*};
}

members! {
    Counters { account, project, app, token, grant, first_app, first_token }
    Account { id, name, approval, created_at }
    Project { id, account, name, created_at }
    App { id, account, project, name, permissions, app_type, callbacks, website, tier, oauth2, created_at }
    ConsumerKeys { key, secret }
    ClientKeys { id, secret }
    AppRow { app, keys }
    UserToken { id, app, user, digest, secret, permissions, created_at }
    Authorized { user, verifier, attempts }
    RequestToken { app, secret, callback, access, expires_at, authorized }
    CodeChallenge { method, text }
    AuthorizationCode { app, user, scopes, redirect_uri, challenge, expires_at, grant }
    Grant { id, app, user, scopes, created_at, expires_at }
    AccessToken { grant, app, user, scopes, expires_at }
    RefreshToken { grant, expires_at, used }
    Consent { user, app, permissions, scopes, at }
    LoginSession { user, created_at, expires_at }
    Password { user, hash }
    Tie { by, of, pending, blocks, mutes }
    TieNumbers { next }
    PortalLink { account, expires_at }
    PortalSession { account, created_at, expires_at }
    Developer { user, account }
    Used { requests, errors, users, posts }
    DayOfApp { day, app, operations, expires_at }
}

impl<T: Field> Field for Key<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.generation.put(out);
        self.current.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { generation: Field::take(reader)?, current: Field::take(reader)? })
    }
}

impl Field for AppKeys {
    fn put(&self, out: &mut Vec<u8>) {
        self.consumer.put(out);
        self.bearer.put(out);
        self.client.put(out);
        self.tweet_binder.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (consumer, bearer, client) = (Field::take(reader)?, Field::take(reader)?, Field::take(reader)?);
        // They end a row, which ended before this one when it was written by an older version.
        let tweet_binder = if reader.0.is_empty() { Key::default() } else { Field::take(reader)? };
        Ok(Self { consumer, bearer, client, tweet_binder })
    }
}

impl Field for Callback {
    fn put(&self, out: &mut Vec<u8>) {
        let url = match self {
            Self::Url(url) => Some(url.clone()),
            Self::Oob => None,
        };
        url.put(out);
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(<Option<String> as Field>::take(reader)?.map_or(Self::Oob, Self::Url))
    }
}

impl Row for Counters {
    const TABLE: Table = Table::Counters;
    type Key = ();
}

impl Row for Account {
    const TABLE: Table = Table::Accounts;
    type Key = AccountId;

    fn as_owner(id: AccountId) -> Option<Owner> {
        Some(Owner::Account(id))
    }
}

impl Row for Project {
    const TABLE: Table = Table::Projects;
    type Key = ProjectId;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::Account(self.account)]
    }

    fn as_owner(id: ProjectId) -> Option<Owner> {
        Some(Owner::Project(id))
    }
}

impl Row for AppRow {
    const TABLE: Table = Table::Apps;
    type Key = AppId;

    fn owners(&self) -> Vec<Owner> {
        [Owner::Account(self.app.account)].into_iter().chain(self.app.project.map(Owner::Project)).collect()
    }

    fn as_owner(id: AppId) -> Option<Owner> {
        Some(Owner::App(id))
    }
}

impl Row for UserToken {
    const TABLE: Table = Table::UserTokens;
    type Key = TokenId;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::App(self.app), Owner::User(self.user)]
    }
}

impl Row for RequestToken {
    const TABLE: Table = Table::RequestTokens;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        let user = self.authorized.as_ref().map(|authorized| Owner::User(authorized.user));
        [Owner::App(self.app)].into_iter().chain(user).collect()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Row for AuthorizationCode {
    const TABLE: Table = Table::Codes;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        match self.grant {
            Some(grant) => vec![Owner::Grant(grant)],
            None => vec![Owner::App(self.app), Owner::User(self.user)],
        }
    }

    /// One that was exchanged is known as long as what it became, so that a second
    /// exchange is noticed.
    fn expires_at(&self) -> Option<Timestamp> {
        self.grant.is_none().then_some(self.expires_at)
    }
}

impl Row for Grant {
    const TABLE: Table = Table::Grants;
    type Key = GrantId;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::App(self.app), Owner::User(self.user)]
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }

    fn as_owner(id: GrantId) -> Option<Owner> {
        Some(Owner::Grant(id))
    }
}

impl Row for AccessToken {
    const TABLE: Table = Table::AccessTokens;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::Grant(self.grant)]
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Row for RefreshToken {
    const TABLE: Table = Table::RefreshTokens;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::Grant(self.grant)]
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Row for Consent {
    const TABLE: Table = Table::Consents;
    type Key = (UserId, AppId);

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::User(self.user), Owner::App(self.app)]
    }
}

impl Row for LoginSession {
    const TABLE: Table = Table::Sessions;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::User(self.user)]
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Row for Password {
    const TABLE: Table = Table::Passwords;
    type Key = UserId;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::User(self.user)]
    }
}

impl Row for Tie {
    const TABLE: Table = Table::Ties;
    type Key = (UserId, UserId);

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::User(self.by), Owner::User(self.of)]
    }
}

impl Row for TieNumbers {
    const TABLE: Table = Table::TieNumbers;
    type Key = ();
}

impl Row for PortalLink {
    const TABLE: Table = Table::PortalLinks;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        self.account.map(Owner::Account).into_iter().collect()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Row for PortalSession {
    const TABLE: Table = Table::PortalSessions;
    type Key = TokenDigest;

    fn owners(&self) -> Vec<Owner> {
        self.account.map(Owner::Account).into_iter().collect()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Row for Developer {
    const TABLE: Table = Table::Developers;
    type Key = UserId;

    fn owners(&self) -> Vec<Owner> {
        vec![Owner::User(self.user), Owner::Account(self.account)]
    }
}

/// It outlives its App, as what was used stays true.
impl Row for DayOfApp {
    const TABLE: Table = Table::Usage;
    type Key = (Day, AppId);

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
