//! Who looks at a page: the session that a link began, and the user who is signed in.

use model::{AccountId, Approval, PortalSession, TokenDigest, User};
use oauth::digest;
use store::ReadError;

use super::Portal;
use super::routes::Role;
use crate::flows::{secret_of, set_cookie};
use crate::http::Request;

/// Names the session that a link began.
const COOKIE: &str = "birdbox_portal";

/// Who looks at a page.
#[derive(Debug)]
pub(super) struct Viewer {
    /// What a link began.
    pub(super) link: Option<(TokenDigest, PortalSession)>,
    /// Who is signed in as a user of the directory.
    pub(super) user: Option<User>,
    /// The developer account that the link was for, or that the user has.
    pub(super) account: Option<(AccountId, Approval)>,
}

impl Viewer {
    /// Reads the cookies of a request.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn of(portal: &Portal, request: &Request) -> Result<Self, ReadError> {
        let identity = portal.state.store.identity();
        let cookie = secret_of(request, COOKIE, portal.flows.is_secure(request)).map(digest);
        let session = match &cookie {
            Some(digest) => identity.portal_session(digest, portal.state.clock.now())?,
            None => None,
        };
        let user = portal.flows.person(request).await;
        let of_user = || user.as_ref().map(|user| identity.developer_account(user.id)).transpose();
        let id = match session {
            Some(session) => session.account,
            None => of_user()?.flatten(),
        };
        let account = id.map(|id| identity.account(id)).transpose()?.flatten();
        let account = account.map(|account| (account.id, account.approval));
        Ok(Self { link: cookie.zip(session), user, account })
    }

    /// Whether this is the owner of the server.
    pub(super) fn is_owner(&self) -> bool {
        self.link.is_some_and(|(_, session)| session.account.is_none())
    }

    /// Whether anybody is known.
    pub(super) fn is_known(&self) -> bool {
        self.link.is_some() || self.user.is_some()
    }

    /// Whether a row with this role takes them.
    pub(super) fn is(&self, role: Role) -> bool {
        match role {
            Role::Nobody => true,
            Role::User => self.user.is_some() || self.is_owner(),
            Role::Developer => self.account.is_some() || self.is_owner(),
            Role::Owner => self.is_owner(),
        }
    }

    /// Whether what belongs to this account is theirs to see and to change.
    pub(super) fn may_use(&self, account: AccountId) -> bool {
        self.is_owner() || self.account.is_some_and(|(own, _)| own == account)
    }

    /// What the page calls them: what a link lets them act for, and who is signed in beside it.
    pub(super) fn name(&self) -> Option<String> {
        let user = self.user.as_ref().map(|user| format!("@{}", user.username));
        let Some((_, session)) = self.link else { return user };
        let of_link = session.account.map_or_else(|| "Owner".to_owned(), |account| format!("Account {account}"));
        Some(match user {
            Some(user) => format!("{of_link} as {user}"),
            None => of_link,
        })
    }
}

/// The cookie of a session that a link began; without a value it takes the cookie away.
pub(super) fn cookie(value: Option<&str>, is_secure: bool) -> String {
    let age = value.is_none().then_some(0);
    set_cookie(COOKIE, value.unwrap_or_default(), age, is_secure)
}
