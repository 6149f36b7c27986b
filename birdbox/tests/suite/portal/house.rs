//! A server whose accounts are picked, and people who are signed in to its portal.

use std::sync::atomic::{AtomicU32, Ordering};

use model::{AccountId, AppId, Approval, ProjectId, UserId};
use oauth::digest;
use store::NewApp;

use crate::oauth::browser::{Browser, Reply};
use crate::oauth::place::Place;
use crate::secrets;

/// A server with its people.
pub(crate) struct House {
    pub(crate) place: Place,
    links: AtomicU32,
}

/// What belongs to one account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Things {
    pub(crate) account: AccountId,
    pub(crate) project: ProjectId,
    pub(crate) app: AppId,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::set(&[])
    }

    pub(crate) fn set(settings: &[(&'static str, &'static str, &str)]) -> Self {
        Self { place: Place::set(&[&[("auth", "login", "picker")], settings].concat()), links: AtomicU32::new(0) }
    }

    pub(crate) fn nobody(&self) -> Browser {
        Browser::new(&self.place)
    }

    /// Whoever uses a link for this account, or for the owner.
    pub(crate) fn by_link(&self, account: Option<AccountId>) -> Browser {
        let link = self.link(account);
        let mut browser = self.nobody();
        let reply = browser.post_own("/portal/enter", &[("link", &link)]);
        assert_eq!((reply.status, reply.header("location")), (303, Some("/portal?done=signed-in")), "{reply:?}");
        browser
    }

    pub(crate) fn owner(&self) -> Browser {
        self.by_link(None)
    }

    /// What a link carries.
    pub(crate) fn link(&self, account: Option<AccountId>) -> String {
        let number = self.links.fetch_add(1, Ordering::Relaxed);
        let link = format!("link{number:039}");
        secrets::given("link", [link.as_str()]);
        let identity = self.place.server.identity();
        self.place.server.wait(identity.create_portal_link(digest(&link), account, self.place.now())).unwrap();
        link
    }

    /// Somebody who is signed in as a user.
    pub(crate) fn user(&self, username: &str) -> Browser {
        let mut browser = self.nobody();
        let reply = browser.post_own("/portal/sign-in", &[("username", username), ("next", "/portal")]);
        assert_eq!((reply.status, reply.header("location")), (303, Some("/portal")), "{reply:?}");
        browser
    }

    /// An account with a Project and an App in it.
    pub(crate) fn things(&self, name: &str) -> Things {
        let (server, now) = (&self.place.server, self.place.now());
        let identity = server.identity();
        let account = server.wait(identity.create_account(name.to_owned(), Approval::Approved, now)).unwrap().id;
        let (project, app) = self.more_things(account);
        Things { account, project, app }
    }

    /// Another Project and App in an account.
    pub(crate) fn more_things(&self, account: AccountId) -> (ProjectId, AppId) {
        let (server, now) = (&self.place.server, self.place.now());
        let identity = server.identity();
        let project = server.wait(identity.create_project(account, "Birds".to_owned(), None, now)).unwrap().id;
        let new = NewApp { account, project: Some(project), name: "reader".to_owned(), changes: Vec::new() };
        let keys = |_| model::AppKeys::default();
        (project, server.wait(identity.create_app(new, keys, None, now)).unwrap().app.id)
    }

    /// An access token of the sample's user for an App, as addresses name it.
    pub(crate) fn token(&self, app: AppId) -> String {
        let (server, now) = (&self.place.server, self.place.now());
        let made =
            store::NewUserToken { digest: digest(&format!("token for {app}")), secret: model::Sealed::new(Vec::new()) };
        let token = server.wait(server.identity().create_user_token(app, self.user_id(), made, now)).unwrap();
        format!("oauth1-{}", token.id)
    }

    pub(crate) fn user_id(&self) -> UserId {
        self.place.user_id()
    }

    /// A bearer token of an App.
    pub(crate) fn bearer(&self, app: AppId) -> String {
        let page = self.owner().post_own(&format!("/portal/apps/{app}/keys"), &[("make", "bearer")]);
        let token = page.between("BEARER_TOKEN=", "\n").unwrap_or_else(|| panic!("no token: {page:?}")).to_owned();
        secrets::given("token", [token.as_str()]);
        token
    }

    /// Sends a request to the API with a bearer token.
    pub(crate) fn ask(&self, target: &str, bearer: &str) -> Reply {
        let value = format!("Bearer {bearer}");
        self.nobody().request("GET", target, &[("Authorization", &value)])
    }

    /// Has an App send a request, and says under which number it is kept.
    pub(crate) fn asked(&self, app: AppId) -> u64 {
        assert_eq!(self.ask("/2/users/2244994945", &self.bearer(app)).status, 200);
        let (found, _) = self.place.server.state().requests.find(None, 1, |_| true);
        found.first().unwrap().number
    }

    /// Whether a bearer token is taken.
    pub(crate) fn is_taken(&self, bearer: &str) -> bool {
        let value = format!("Bearer {bearer}");
        let target = "/2/users/2244994945";
        let reply = self.nobody().request("GET", target, &[("Authorization", &value)]);
        match reply.status {
            200 => true,
            401 => false,
            status => panic!("{status}: {}", reply.body),
        }
    }
}

/// Whether the role of a row refused somebody.
pub(crate) fn is_turned_away(reply: &Reply) -> bool {
    let to_sign_in = reply.header("location").is_some_and(|to| to.starts_with("/portal/sign-in?next="));
    let is_told = reply.status == 403 && reply.body.contains("This page is not for you");
    to_sign_in || is_told
}

/// The last part of the path to which a reply leads, which is the id of what was made.
pub(crate) fn made_id(reply: &Reply) -> u64 {
    let location = reply.header("location").unwrap_or_else(|| panic!("it leads nowhere: {reply:?}"));
    location.split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap()
}
