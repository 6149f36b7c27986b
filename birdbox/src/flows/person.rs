//! Signing people in and out for pages that belong to no App. Session, passwords and guesses are
//! those of the pages of Apps.

use http::HeaderValue;
use model::User;

use super::refusal::Refusal;
use super::visit::Visit;
use super::{Flows, ask, sign_in};
use crate::config::Login;
use crate::http::Request;

/// What somebody who is not signed in is told.
#[derive(Debug)]
pub(crate) struct NotSignedIn {
    pub(crate) status: u16,
    /// For the page.
    pub(crate) sentence: &'static str,
    /// For the header `Retry-After`.
    pub(crate) retry_after: Option<HeaderValue>,
    /// For those who run the server; none when the log says it.
    pub(crate) why: Option<Refusal>,
}

/// How people may sign in with a request's browser.
#[derive(Debug)]
pub(crate) enum Offer {
    /// With a password.
    Password,
    /// As one of these or of others: names and usernames.
    Accounts(Vec<(String, String)>),
    /// Not under the name that the browser called.
    Nothing,
}

impl Flows {
    /// The active user who is signed in.
    pub(crate) async fn person(&self, request: &Request) -> Option<User> {
        Some(Visit::of(self, request).await.signed_in?.user)
    }

    /// What the sign-in page shows.
    pub(crate) async fn offer(&self, request: &Request) -> Offer {
        match self.gate.login {
            Login::Password => Offer::Password,
            Login::Picker if ask::may_pick(self, request) => Offer::Accounts(ask::offered(self).await),
            Login::Picker => Offer::Nothing,
        }
    }

    /// Signs somebody in, and gives the cookie of the session. Whoever could sign in without a
    /// password is not under another name than those of this machine.
    pub(crate) async fn let_in(
        &self,
        request: &Request,
        username: &str,
        password: &str,
    ) -> Result<HeaderValue, NotSignedIn> {
        let refused = |refused| ask::told(refused, self.gate.login);
        if !ask::may_pick(self, request) {
            let (sentence, why) = (ask::words::HOST, Some(Refusal::Host));
            return Err(NotSignedIn { status: 403, sentence, retry_after: None, why });
        }
        let user = sign_in::check(self, self.client(request), username, password).await.map_err(refused)?;
        let visit = Visit::of(self, request).await;
        let value = ask::begin(self, &visit, &user).await.map_err(refused)?;
        let cookie = HeaderValue::from_str(&visit.session_cookie(&value));
        cookie.map_err(|_| refused(sign_in::Refused::Unavailable))
    }

    /// Signs the browser's user out, and gives what takes the cookie away.
    pub(crate) async fn let_out(&self, request: &Request) -> String {
        let visit = Visit::of(self, request).await;
        if let Some(signed_in) = &visit.signed_in {
            ask::end(self, signed_in).await;
        }
        visit.no_session_cookie()
    }
}
