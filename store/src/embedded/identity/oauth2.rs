//! The grants of OAuth 2.0: codes, families of tokens, rotation, revocation.
//!
//! The pure checks (the address, the code verifier) are made before, against the code as
//! [`Identity::code`] shows it: nothing of it ever changes but whether it was used.

use model::{
    AccessToken, AppId, AuthorizationCode, CodeChallenge, Consent, Grant, GrantId, RefreshToken, Scope, Scopes,
    Timestamp, TokenDigest, UserId,
};

use super::fault::{Fault, IdentityError, Refusal};
use super::sweep::make_room;
use super::work::Work;
use super::{Identity, Whose, apps, pages};
use crate::ReadError;
use crate::embedded::codec::identity::Owner;

/// The digests of a new pair of tokens. The second counts only with the scope
/// `offline.access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTokens {
    /// The access token.
    pub access: TokenDigest,
    /// The refresh token.
    pub refresh: TokenDigest,
}

impl Identity<'_> {
    /// Makes an authorization code for a user who consents, and remembers the consent. It
    /// lives [`AuthorizationCode::LIFETIME_MS`].
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], [`IdentityError::OAuth2Off`],
    /// [`IdentityError::InactiveUser`], an unknown user, or that nothing can be written.
    #[expect(clippy::too_many_arguments, reason = "each is a member of the code, and of another type")]
    pub async fn create_code(
        self,
        digest: TokenDigest,
        app: AppId,
        user: UserId,
        scopes: Scopes,
        redirect_uri: String,
        challenge: CodeChallenge,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        self.change(move |work| {
            check_oauth2(work, app)?;
            work.check_active(user)?;
            make_room::<AuthorizationCode>(work, Owner::User(user), AuthorizationCode::MOST_OF_USER)?;
            let expires_at = now.plus_ms(AuthorizationCode::LIFETIME_MS);
            let code = AuthorizationCode { app, user, scopes, redirect_uri, challenge, expires_at, grant: None };
            work.put(digest, &code)?;
            pages::remember(work, Consent { user, app, permissions: None, scopes, at: now })
        })
        .await
    }

    /// A code, whether or not it can still be exchanged.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn code(self, digest: &TokenDigest) -> Result<Option<AuthorizationCode>, ReadError> {
        self.read(|tables, txn| tables.get(txn, *digest))
    }

    /// Exchanges a code, once, for a family of tokens. The second time, what the first gave is
    /// revoked (RFC 6749, 4.1.2).
    ///
    /// # Errors
    /// A [`Refusal`], [`IdentityError::OAuth2Off`], [`IdentityError::InactiveUser`], or
    /// that nothing can be written.
    pub async fn exchange_code(
        self,
        digest: TokenDigest,
        app: AppId,
        tokens: NewTokens,
        now: Timestamp,
    ) -> Result<Grant, IdentityError> {
        self.change(move |work| {
            let code: AuthorizationCode = work.get(digest)?.ok_or(Refusal::Unknown)?;
            if code.app != app {
                return Err(Refusal::OtherApp.into());
            }
            if let Some(grant) = code.grant {
                work.remove::<Grant>(grant)?;
                return Err(Refusal::Reused.into());
            }
            if code.expires_at <= now {
                return Err(Refusal::Expired.into());
            }
            check_oauth2(work, app)?;
            work.check_active(code.user)?;
            let grant = create_grant(work, app, code.user, code.scopes, tokens, now)?;
            work.put(digest, &AuthorizationCode { grant: Some(grant.id), ..code })?;
            Ok(grant)
        })
        .await
    }

    /// Makes a family of tokens without asking the user.
    ///
    /// # Errors
    /// [`IdentityError::UnknownApp`], [`IdentityError::OAuth2Off`],
    /// [`IdentityError::NotApproved`], [`IdentityError::InactiveUser`], an unknown user, or
    /// that nothing can be written.
    pub async fn create_grant(
        self,
        app: AppId,
        user: UserId,
        scopes: Scopes,
        tokens: NewTokens,
        now: Timestamp,
    ) -> Result<Grant, IdentityError> {
        self.change(move |work| {
            let row = apps::find(work, app)?;
            apps::check_approved(work, row.app.account)?;
            check_oauth2(work, app)?;
            work.check_active(user)?;
            let grant = create_grant(work, app, user, scopes, tokens, now)?;
            pages::remember(work, Consent { user, app, permissions: None, scopes, at: now })?;
            Ok(grant)
        })
        .await
    }

    /// A refresh token, whether or not it can still be used.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn refresh_token(self, digest: &TokenDigest) -> Result<Option<RefreshToken>, ReadError> {
        self.read(|tables, txn| tables.get(txn, *digest))
    }

    /// Exchanges a refresh token, once, for a new pair. The second time, the whole family is
    /// revoked (RFC 9700, 4.14.2). Access tokens that were given before live on.
    ///
    /// # Errors
    /// A [`Refusal`], [`IdentityError::OAuth2Off`], [`IdentityError::InactiveUser`], or
    /// that nothing can be written.
    pub async fn refresh(
        self,
        digest: TokenDigest,
        app: AppId,
        tokens: NewTokens,
        now: Timestamp,
    ) -> Result<Grant, IdentityError> {
        self.change(move |work| {
            let token: RefreshToken = work.get(digest)?.ok_or(Refusal::Unknown)?;
            let grant: Grant = work.get(token.grant)?.ok_or(Refusal::Unknown)?;
            if grant.app != app {
                return Err(Refusal::OtherApp.into());
            }
            if token.used {
                work.remove::<Grant>(grant.id)?;
                return Err(Refusal::Reused.into());
            }
            if token.expires_at <= now {
                return Err(Refusal::Expired.into());
            }
            check_oauth2(work, app)?;
            work.check_active(grant.user)?;
            work.put(digest, &RefreshToken { used: true, ..token })?;
            issue(work, grant, tokens, now)
        })
        .await
    }

    /// Revokes a token that was given to an App: an access token alone, or with a refresh
    /// token its whole family. Says whether there was such a token.
    ///
    /// # Errors
    /// That nothing can be written.
    pub async fn revoke_token(self, digest: TokenDigest, app: AppId) -> Result<bool, IdentityError> {
        self.change(move |work| {
            if let Some(token) = work.get::<AccessToken>(digest)? {
                return Ok(token.app == app && work.remove::<AccessToken>(digest)?);
            }
            let Some(token) = work.get::<RefreshToken>(digest)? else { return Ok(false) };
            let is_own = work.get::<Grant>(token.grant)?.is_some_and(|grant| grant.app == app);
            Ok(is_own && work.remove::<Grant>(token.grant)?)
        })
        .await
    }

    /// Families of tokens, by id.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn grants(self, whose: Whose) -> Result<Vec<Grant>, ReadError> {
        let rows = self.read(|tables, txn| match whose {
            Whose::All => tables.all(txn),
            Whose::App(app) => tables.owned(txn, Owner::App(app)),
            Whose::User(user) => tables.owned(txn, Owner::User(user)),
        });
        Ok(rows?.into_iter().map(|(_, grant)| grant).collect())
    }

    /// The family with this id.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn grant(self, id: GrantId) -> Result<Option<Grant>, ReadError> {
        self.read(|tables, txn| tables.get(txn, id))
    }

    /// Revokes a family.
    ///
    /// # Errors
    /// [`IdentityError::UnknownGrant`], or that nothing can be written.
    pub async fn revoke_grant(self, id: GrantId) -> Result<(), IdentityError> {
        self.change(move |work| match work.remove::<Grant>(id)? {
            true => Ok(()),
            false => Err(IdentityError::UnknownGrant { id }.into()),
        })
        .await
    }
}

fn check_oauth2(work: &Work<'_, '_>, id: AppId) -> Result<(), Fault> {
    if apps::find(work, id)?.app.oauth2 { Ok(()) } else { Err(IdentityError::OAuth2Off { id }.into()) }
}

fn create_grant(
    work: &mut Work<'_, '_>,
    app: AppId,
    user: UserId,
    scopes: Scopes,
    tokens: NewTokens,
    now: Timestamp,
) -> Result<Grant, Fault> {
    let id = GrantId::new(work.next(|counters| &mut counters.grant)?);
    issue(work, Grant { id, app, user, scopes, created_at: now, expires_at: now }, tokens, now)
}

/// Gives a family a new pair of tokens. It lives as long as the longer of them.
fn issue(work: &mut Work<'_, '_>, grant: Grant, tokens: NewTokens, now: Timestamp) -> Result<Grant, Fault> {
    let Grant { id, app, user, scopes, .. } = grant;
    let expires_at = now.plus_ms(AccessToken::LIFETIME_MS);
    make_room::<AccessToken>(work, Owner::Grant(id), AccessToken::MOST_OF_GRANT)?;
    make_room::<RefreshToken>(work, Owner::Grant(id), RefreshToken::MOST_OF_GRANT)?;
    work.put(tokens.access, &AccessToken { grant: id, app, user, scopes, expires_at })?;
    let mut grant = Grant { expires_at, ..grant };
    if scopes.contains(Scope::OfflineAccess) {
        grant.expires_at = now.plus_ms(RefreshToken::LIFETIME_MS);
        work.put(tokens.refresh, &RefreshToken { grant: id, expires_at: grant.expires_at, used: false })?;
    }
    work.put(id, &grant)?;
    Ok(grant)
}
