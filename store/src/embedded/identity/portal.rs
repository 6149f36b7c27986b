//! What the developer portal needs: one-time links, sessions, and who signed up for which
//! developer account.

use model::{Account, AccountId, Approval, Developer, PortalLink, PortalSession, Timestamp, TokenDigest, UserId};

use super::Identity;
use super::fault::{IdentityError, Refusal};
use crate::ReadError;

impl Identity<'_> {
    /// Keeps a link that signs in once, for [`PortalLink::LIFETIME_MS`]: the owner of the
    /// server, or a developer account.
    ///
    /// # Errors
    /// [`IdentityError::UnknownAccount`], or that nothing can be written.
    pub async fn create_portal_link(
        self,
        digest: TokenDigest,
        account: Option<AccountId>,
        now: Timestamp,
    ) -> Result<PortalLink, IdentityError> {
        self.change(move |work| {
            if let Some(id) = account {
                work.get::<Account>(id)?.ok_or(IdentityError::UnknownAccount { id })?;
            }
            let link = PortalLink { account, expires_at: now.plus_ms(PortalLink::LIFETIME_MS) };
            work.put(digest, &link)?;
            Ok(link)
        })
        .await
    }

    /// A link that can still be used.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn portal_link(self, digest: &TokenDigest, now: Timestamp) -> Result<Option<PortalLink>, ReadError> {
        let link: Option<PortalLink> = self.read(|tables, txn| tables.get(txn, *digest))?;
        Ok(link.filter(|link| now < link.expires_at))
    }

    /// Uses a link up and begins a session under another digest, which lives
    /// [`PortalSession::LIFETIME_MS`]. Of two uses at once one succeeds.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] for a link that was used, [`Refusal::Expired`], or that nothing
    /// can be written.
    pub async fn use_portal_link(
        self,
        link: TokenDigest,
        session: TokenDigest,
        now: Timestamp,
    ) -> Result<PortalSession, IdentityError> {
        self.change(move |work| {
            let PortalLink { account, expires_at } = work.get(link)?.ok_or(Refusal::Unknown)?;
            if now >= expires_at {
                return Err(Refusal::Expired.into());
            }
            work.remove::<PortalLink>(link)?;
            let expires_at = now.plus_ms(PortalSession::LIFETIME_MS);
            let begun = PortalSession { account, created_at: now, expires_at };
            work.put(session, &begun)?;
            Ok(begun)
        })
        .await
    }

    /// A session that is still alive.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn portal_session(self, digest: &TokenDigest, now: Timestamp) -> Result<Option<PortalSession>, ReadError> {
        let session: Option<PortalSession> = self.read(|tables, txn| tables.get(txn, *digest))?;
        Ok(session.filter(|session| now < session.expires_at))
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// That nothing can be written.
    pub async fn end_portal_session(self, digest: TokenDigest) -> Result<(), IdentityError> {
        self.change(move |work| work.remove::<PortalSession>(digest).map(|_| ())).await
    }

    /// Makes a developer account for a user, unless the user has one: then it is that one,
    /// unchanged. Says whether it was made.
    ///
    /// # Errors
    /// [`IdentityError::InactiveUser`], an unknown user, or that nothing can be written.
    pub async fn sign_up(
        self,
        user: UserId,
        name: String,
        approval: Approval,
        now: Timestamp,
    ) -> Result<(Account, bool), IdentityError> {
        self.change(move |work| {
            work.check_active(user)?;
            if let Some(Developer { account: id, .. }) = work.get(user)? {
                return Ok((work.get(id)?.ok_or(IdentityError::UnknownAccount { id })?, false));
            }
            let id = AccountId::new(work.next(|counters| &mut counters.account)?);
            let account = Account { id, name, approval, created_at: now };
            work.put(id, &account)?;
            work.put(user, &Developer { user, account: id })?;
            Ok((account, true))
        })
        .await
    }

    /// The developer account of a user.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn developer_account(self, user: UserId) -> Result<Option<AccountId>, ReadError> {
        let developer: Option<Developer> = self.read(|tables, txn| tables.get(txn, user))?;
        Ok(developer.map(|developer| developer.account))
    }

    /// Every user who has a developer account, by id.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn developers(self) -> Result<Vec<Developer>, ReadError> {
        self.read(|tables, txn| Ok(tables.all(txn)?.into_iter().map(|(_, developer)| developer).collect()))
    }
}
