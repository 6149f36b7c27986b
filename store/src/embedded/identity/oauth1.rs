//! The tokens of OAuth 1.0a: asked for, authorized, exchanged, revoked.

use model::{
    AppId, Authorized, Callback, Consent, Permissions, RequestToken, Scopes, Sealed, Timestamp, TokenDigest, TokenId,
    UserId, UserToken,
};

use super::fault::{Fault, IdentityError, Refusal};
use super::sweep::make_room;
use super::work::Work;
use super::{Identity, Whose, apps, pages};
use crate::ReadError;
use crate::embedded::codec::identity::Owner;

/// A new access token, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUserToken {
    /// The digest of what the client sends.
    pub digest: TokenDigest,
    /// Its secret.
    pub secret: Sealed,
}

impl Identity<'_> {
    /// Makes a request token for an App. It lives [`RequestToken::LIFETIME_MS`], unless so many
    /// are made after it that there is no room: [`RequestToken::MOST_OF_APP`].
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], or that nothing can be written.
    pub async fn create_request_token(
        self,
        app: AppId,
        token: NewUserToken,
        callback: Callback,
        access: Option<Permissions>,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        self.change(move |work| {
            apps::find(work, app)?;
            make_room::<RequestToken>(work, Owner::App(app), RequestToken::MOST_OF_APP)?;
            let expires_at = now.plus_ms(RequestToken::LIFETIME_MS);
            let NewUserToken { digest, secret } = token;
            work.put(digest, &RequestToken { app, secret, callback, access, expires_at, authorized: None })
        })
        .await
    }

    /// A request token that is still alive.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn request_token(self, digest: &TokenDigest, now: Timestamp) -> Result<Option<RequestToken>, ReadError> {
        let token: Option<RequestToken> = self.read(|tables, txn| tables.get(txn, *digest))?;
        Ok(token.filter(|token| now < token.expires_at))
    }

    /// A user authorizes a request token, and will be known to have consented. The App has to
    /// show the `verifier`.
    ///
    /// # Errors
    /// A [`Refusal`], [`IdentityError::InactiveUser`], an unknown user, or that nothing can
    /// be written.
    pub async fn authorize_request_token(
        self,
        digest: TokenDigest,
        user: UserId,
        verifier: TokenDigest,
        now: Timestamp,
    ) -> Result<RequestToken, IdentityError> {
        self.change(move |work| {
            let mut token = alive(work, digest, now)?;
            if token.authorized.is_some() {
                return Err(Refusal::AlreadyAuthorized.into());
            }
            work.check_active(user)?;
            let permissions = permissions(work, token.app, token.access)?;
            token.authorized = Some(Authorized { user, verifier, attempts: 0 });
            work.put(digest, &token)?;
            let (app, scopes) = (token.app, Scopes::NONE);
            pages::remember(work, Consent { user, app, permissions: Some(permissions), scopes, at: now })?;
            Ok(token)
        })
        .await
    }

    /// A user refuses a request token, which is gone then.
    ///
    /// # Errors
    /// A [`Refusal`], or that nothing can be written.
    pub async fn deny_request_token(self, digest: TokenDigest, now: Timestamp) -> Result<RequestToken, IdentityError> {
        self.change(move |work| {
            let token = alive(work, digest, now)?;
            if token.authorized.is_some() {
                return Err(Refusal::AlreadyAuthorized.into());
            }
            work.remove::<RequestToken>(digest)?;
            Ok(token)
        })
        .await
    }

    /// Exchanges an authorized request token, once, for an access token of the user who
    /// authorized it. After [`RequestToken::MAX_ATTEMPTS`] wrong verifiers it is gone.
    ///
    /// # Errors
    /// A [`Refusal`], [`IdentityError::InactiveUser`], or that nothing can be written.
    pub async fn exchange_request_token(
        self,
        digest: TokenDigest,
        app: AppId,
        verifier: TokenDigest,
        new: NewUserToken,
        now: Timestamp,
    ) -> Result<UserToken, IdentityError> {
        self.change(move |work| {
            let token = alive(work, digest, now)?;
            if token.app != app {
                return Err(Refusal::OtherApp.into());
            }
            let Some(authorized) = token.authorized else { return Err(Refusal::NotAuthorized.into()) };
            if authorized.verifier != verifier {
                return miss(work, digest, token, authorized);
            }
            work.check_active(authorized.user)?;
            work.remove::<RequestToken>(digest)?;
            create_user_token(work, app, authorized.user, token.access, new, now)
        })
        .await
    }

    /// Makes an access token without asking the user.
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], [`IdentityError::NotApproved`],
    /// [`IdentityError::InactiveUser`], an unknown user, or that nothing can be written.
    pub async fn create_user_token(
        self,
        app: AppId,
        user: UserId,
        new: NewUserToken,
        now: Timestamp,
    ) -> Result<UserToken, IdentityError> {
        self.change(move |work| {
            let row = apps::find(work, app)?;
            apps::check_approved(work, row.app.account)?;
            work.check_active(user)?;
            create_user_token(work, app, user, None, new, now)
        })
        .await
    }

    /// Access tokens, by id.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn user_tokens(self, whose: Whose) -> Result<Vec<UserToken>, ReadError> {
        let rows = self.read(|tables, txn| match whose {
            Whose::All => tables.all(txn),
            Whose::App(app) => tables.owned(txn, Owner::App(app)),
            Whose::User(user) => tables.owned(txn, Owner::User(user)),
        });
        Ok(rows?.into_iter().map(|(_, token)| token).collect())
    }

    /// The access token with this id.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn user_token_by_id(self, id: TokenId) -> Result<Option<UserToken>, ReadError> {
        self.read(|tables, txn| tables.get(txn, id))
    }

    /// Ends an access token.
    ///
    /// # Errors
    /// [`IdentityError::UnknownToken`], or that nothing can be written.
    pub async fn revoke_user_token(self, id: TokenId) -> Result<(), IdentityError> {
        self.change(move |work| match work.remove::<UserToken>(id)? {
            true => Ok(()),
            false => Err(IdentityError::UnknownToken { id }.into()),
        })
        .await
    }
}

/// Makes an access token that allows what the App may do, or less if it asked for less.
pub(super) fn create_user_token(
    work: &mut Work<'_, '_>,
    app: AppId,
    user: UserId,
    access: Option<Permissions>,
    new: NewUserToken,
    now: Timestamp,
) -> Result<UserToken, Fault> {
    let permissions = permissions(work, app, access)?;
    let id = TokenId::new(work.next(|counters| &mut counters.token)?);
    let NewUserToken { digest, secret } = new;
    let token = UserToken { id, app, user, digest, secret, permissions, created_at: now };
    work.put(id, &token)?;
    Ok(token)
}

fn permissions(work: &Work<'_, '_>, app: AppId, access: Option<Permissions>) -> Result<Permissions, Fault> {
    Ok(match (apps::find(work, app)?.app.permissions, access) {
        (Permissions::ReadWrite, None | Some(Permissions::ReadWrite)) => Permissions::ReadWrite,
        (Permissions::ReadWrite, Some(Permissions::Read)) | (Permissions::Read, _) => Permissions::Read,
    })
}

fn alive(work: &Work<'_, '_>, digest: TokenDigest, now: Timestamp) -> Result<RequestToken, Fault> {
    let token: RequestToken = work.get(digest)?.ok_or(Refusal::Unknown)?;
    if now < token.expires_at { Ok(token) } else { Err(Refusal::Expired.into()) }
}

/// Counts a wrong verifier.
fn miss(
    work: &mut Work<'_, '_>,
    digest: TokenDigest,
    token: RequestToken,
    authorized: Authorized,
) -> Result<UserToken, Fault> {
    let attempts = authorized.attempts + 1;
    if attempts < RequestToken::MAX_ATTEMPTS {
        work.put(digest, &RequestToken { authorized: Some(Authorized { attempts, ..authorized }), ..token })?;
    } else {
        work.remove::<RequestToken>(digest)?;
    }
    Err(Refusal::WrongVerifier.into())
}
