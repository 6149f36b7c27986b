//! What the login and consent pages need: passwords, sessions, remembered consents.

use model::{
    AppId, AuthorizationCode, Consent, Grant, LoginSession, RequestToken, Timestamp, TokenDigest, UserId, UserToken,
};

use super::Identity;
use super::fault::{Fault, IdentityError};
use super::index::Indexed;
use super::sweep::make_room;
use super::work::Work;
use crate::ReadError;
use crate::embedded::codec::identity::{Owner, Password, Row};

impl Identity<'_> {
    /// Sets the password of a user, as the text of its hash, or takes it away. The user is
    /// logged out everywhere.
    ///
    /// # Errors
    /// An unknown user, or that nothing can be written.
    pub async fn set_password(self, user: UserId, hash: Option<String>) -> Result<(), IdentityError> {
        self.change(move |work| {
            work.user_state(user)?;
            match hash {
                Some(hash) => work.put(user, &Password { user, hash })?,
                None => _ = work.remove::<Password>(user)?,
            }
            remove_owned::<LoginSession>(work, Owner::User(user), |_| true)
        })
        .await
    }

    /// The hash of a user's password.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn password(self, user: UserId) -> Result<Option<String>, ReadError> {
        Ok(self.read(|tables, txn| tables.get::<Password>(txn, user))?.map(|password| password.hash))
    }

    /// Begins a session, which lives [`LoginSession::LIFETIME_MS`], unless the user begins more
    /// than [`LoginSession::MOST_OF_USER`] others meanwhile.
    ///
    /// # Errors
    /// [`IdentityError::InactiveUser`], an unknown user, or that nothing can be written.
    pub async fn create_session(
        self,
        digest: TokenDigest,
        user: UserId,
        now: Timestamp,
    ) -> Result<LoginSession, IdentityError> {
        self.change(move |work| {
            work.check_active(user)?;
            make_room::<LoginSession>(work, Owner::User(user), LoginSession::MOST_OF_USER)?;
            let session = LoginSession { user, created_at: now, expires_at: now.plus_ms(LoginSession::LIFETIME_MS) };
            work.put(digest, &session)?;
            Ok(session)
        })
        .await
    }

    /// A session that is still alive.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn session(self, digest: &TokenDigest, now: Timestamp) -> Result<Option<LoginSession>, ReadError> {
        let session: Option<LoginSession> = self.read(|tables, txn| tables.get(txn, *digest))?;
        Ok(session.filter(|session| now < session.expires_at))
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// That nothing can be written.
    pub async fn end_session(self, digest: TokenDigest) -> Result<(), IdentityError> {
        self.change(move |work| work.remove::<LoginSession>(digest).map(|_| ())).await
    }

    /// What a user allowed an App.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn consent(self, user: UserId, app: AppId) -> Result<Option<Consent>, ReadError> {
        self.read(|tables, txn| tables.get(txn, (user, app)))
    }

    /// What a user allowed to whom.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn consents(self, user: UserId) -> Result<Vec<Consent>, ReadError> {
        let rows = self.read(|tables, txn| tables.owned(txn, Owner::User(user)))?;
        Ok(rows.into_iter().map(|(_, consent)| consent).collect())
    }

    /// A user takes back what it allowed an App: the consent, and all tokens.
    ///
    /// # Errors
    /// That nothing can be written.
    pub async fn revoke_consent(self, user: UserId, app: AppId) -> Result<(), IdentityError> {
        self.change(move |work| {
            work.remove::<Consent>((user, app))?;
            let owner = Owner::User(user);
            remove_owned::<UserToken>(work, owner, |token| token.app == app)?;
            remove_owned::<Grant>(work, owner, |grant| grant.app == app)?;
            remove_owned::<RequestToken>(work, owner, |token| token.app == app)?;
            remove_owned::<AuthorizationCode>(work, owner, |code| code.app == app)
        })
        .await
    }
}

/// Adds a consent to what the user allowed the App before.
pub(super) fn remember(work: &mut Work<'_, '_>, consent: Consent) -> Result<(), Fault> {
    let key = (consent.user, consent.app);
    let consent = match work.get::<Consent>(key)? {
        Some(before) => Consent {
            permissions: consent.permissions.or(before.permissions),
            scopes: before.scopes.union(consent.scopes),
            ..consent
        },
        None => consent,
    };
    work.put(key, &consent)
}

/// Removes those rows of an owner that `which` names.
fn remove_owned<R: Row + Indexed>(
    work: &mut Work<'_, '_>,
    owner: Owner,
    which: impl Fn(&R) -> bool,
) -> Result<(), Fault> {
    let rows = work.owned::<R>(owner)?;
    rows.into_iter().filter(|(_, row)| which(row)).try_for_each(|(key, _)| work.remove::<R>(key).map(|_| ()))
}
