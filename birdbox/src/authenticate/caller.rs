//! A caller that is known, and what it may do.

use std::sync::Arc;

use model::{AccountState, Approval, Permissions, Scope, Scopes, UserId};
use store::{RegisteredApp, Subject};
use xapi::headers::AccessLevel;
use xapi::{Authentication, Operation};

use super::Refusal;

/// An App, and on whose behalf it calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The App.
    pub app: Arc<RegisteredApp>,
    /// On whose behalf.
    pub authority: Authority,
}

/// On whose behalf an App calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// Its own, with its app-only bearer token.
    App,
    /// Its own, with its token for Tweet Binder's profiles.
    TweetBinder,
    /// A user's, by a signature of OAuth 1.0a.
    OAuth1 {
        /// The user.
        user: UserId,
        /// What the token allows.
        permissions: Permissions,
    },
    /// A user's, by an access token of OAuth 2.0.
    OAuth2 {
        /// The user.
        user: UserId,
        /// What the token allows.
        scopes: Scopes,
    },
}

/// The scopes that change something.
const WRITES: Scopes = Scopes::of(&[
    Scope::TweetWrite,
    Scope::TweetModerateWrite,
    Scope::FollowsWrite,
    Scope::MuteWrite,
    Scope::BlockWrite,
    Scope::LikeWrite,
    Scope::ListWrite,
    Scope::BookmarkWrite,
    Scope::DmWrite,
    Scope::MediaWrite,
    Scope::BroadcastWrite,
]);

impl Authority {
    /// The user on whose behalf a request is made.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::App | Self::TweetBinder => None,
            Self::OAuth1 { user, .. } | Self::OAuth2 { user, .. } => Some(user),
        }
    }

    /// The kind of credentials.
    #[must_use]
    pub const fn authentication(self) -> Authentication {
        match self {
            Self::App => Authentication::AppOnly,
            Self::TweetBinder => Authentication::TweetBinder,
            Self::OAuth1 { .. } => Authentication::OAuth1User,
            Self::OAuth2 { .. } => Authentication::OAuth2User,
        }
    }

    /// What the credentials allow, as `x-access-level` says it.
    ///
    /// observed: `read` for app-only callers, `read-write` for a user by OAuth 2.0 with a scope
    /// that writes.
    #[must_use]
    pub fn access_level(self) -> AccessLevel {
        let writes = match self {
            Self::App | Self::TweetBinder => false,
            Self::OAuth1 { permissions, .. } => permissions == Permissions::ReadWrite,
            Self::OAuth2 { scopes, .. } => scopes.bits() & WRITES.bits() != 0,
        };
        if writes { AccessLevel::ReadWrite } else { AccessLevel::Read }
    }

    /// Whether the user of the token sees its own e-mail address. Tokens of OAuth 1.0a know no
    /// scopes.
    ///
    /// unverified(confirmed-email): X has a switch of the App for it.
    #[must_use]
    pub fn shows_email(self) -> bool {
        match self {
            Self::App | Self::TweetBinder => false,
            Self::OAuth1 { .. } => true,
            Self::OAuth2 { scopes, .. } => scopes.contains(Scope::UsersEmail),
        }
    }
}

impl Caller {
    /// The user on whose behalf the request is made: the one who sees its own private metrics
    /// and protected posts. An App alone sees what everybody sees.
    #[must_use]
    pub const fn viewer(&self) -> Option<UserId> {
        self.authority.user()
    }

    /// On whose account its requests are counted.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.viewer().map_or(Subject::App(self.app.app.id), Subject::User)
    }

    /// Whether the caller may call `operation`, whatever the parameters are.
    ///
    /// # Errors
    /// [`Refusal`] with what is in the way. The App comes first, then the kind of credentials,
    /// then what they allow.
    pub fn permit(&self, operation: &'static Operation) -> Result<(), Refusal> {
        let access = &operation.access;
        let app = &self.app;
        match app.approval {
            Approval::Approved => {}
            approval @ (Approval::Pending | Approval::Suspended) => {
                return Err(Refusal::NotApproved { app: app.app.id, approval });
            }
        }
        if access.needs_project && app.app.project.is_none() {
            return Err(Refusal::Standalone { app: app.app.id });
        }
        let used = self.authority.authentication();
        if !access.authentication.contains(&used) {
            return Err(Refusal::Unsupported { used, operation });
        }
        match self.authority {
            Authority::OAuth1 { permissions: Permissions::Read, .. } if access.writes => Err(Refusal::ReadOnly),
            Authority::App | Authority::TweetBinder | Authority::OAuth1 { .. } => Ok(()),
            Authority::OAuth2 { scopes, .. } => {
                let missing = Scopes::from_bits(Scopes::of(access.scopes).bits() & !scopes.bits());
                if missing.is_empty() { Ok(()) } else { Err(Refusal::MissingScopes { missing }) }
            }
        }
    }

    /// Whether the user of the token may call, by the state of its account.
    ///
    /// unverified(suspended-callers): a deactivated user's tokens are as if they were revoked.
    ///
    /// # Errors
    /// [`Refusal::UserGone`] or [`Refusal::UserSuspended`].
    pub fn permit_user(&self, state: Option<AccountState>) -> Result<(), Refusal> {
        match (self.viewer(), state) {
            (None, _) | (Some(_), Some(AccountState::Active)) => Ok(()),
            (Some(user), Some(AccountState::Suspended)) => Err(Refusal::UserSuspended { user }),
            (Some(user), Some(AccountState::Deactivated) | None) => Err(Refusal::UserGone { user }),
        }
    }
}
