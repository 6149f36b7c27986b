//! What a handler has: the request in parts, who looks, and the things that are theirs.
//!
//! This is the one place where things are looked up for a viewer. What belongs to another account
//! is not there.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use http::Method;
use model::{Account, AccountId, AppId, Approval, Project, ProjectId, Timestamp, User, UserId};
use store::{Detail, Identity, ReadError, RegisteredApp};
use tokio::task::spawn_blocking;

use super::Portal;
use super::form::Form;
use super::refusal::Refused;
use super::routes::Row;
use super::viewer::Viewer;
use crate::authenticate::Presented;
use crate::explain::Why;
use crate::flows;
use crate::http::Request;
use crate::state::State;

/// So many Projects, and as many Apps, a developer makes in the portal.
pub(super) const MOST_OF_ACCOUNT: usize = 100;

/// One request to a page.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    pub(super) portal: &'a Portal,
    pub(super) request: &'a Request,
    pub(super) row: &'static Row,
    /// What stands for the braces of the row's path.
    pub(super) parts: Vec<&'a str>,
    pub(super) viewer: Viewer,
    pub(super) query: Form,
    /// What was typed; empty unless something is to be changed.
    pub(super) form: Form,
    pub(super) now: Timestamp,
}

impl<'a> Cx<'a> {
    pub(super) fn identity(&self) -> Identity<'a> {
        self.portal.state.store.identity()
    }

    /// Path and query, as they were sent.
    pub(super) fn target(&self) -> &'a str {
        self.request.uri.path_and_query().map_or("", |target| target.as_str())
    }

    /// Whether the server takes an address of its own: one that leads here is not to be refused here.
    pub(super) fn is_taken(&self, address: &str) -> bool {
        // Through a proxy a request names the host in it too.
        address.len() + self.request.host().len() <= self.portal.max_uri
    }

    /// One of the parts of the path.
    pub(super) fn part(&self, at: usize) -> &'a str {
        self.parts.get(at).copied().unwrap_or_default()
    }

    /// The App that the path names.
    pub(super) fn app(&self) -> Result<Arc<RegisteredApp>, Refused> {
        let id: AppId = id(self.part(0))?;
        let app = self.identity().app(id).filter(|app| self.viewer.may_use(app.app.account));
        app.ok_or(Refused::NotFound)
    }

    /// The Project that the path names.
    pub(super) fn project(&self) -> Result<Project, Refused> {
        self.project_named(self.part(0))
    }

    /// A Project of a form, if the viewer may use it.
    pub(super) fn project_named(&self, text: &str) -> Result<Project, Refused> {
        self.project_of(id(text)?)
    }

    /// The Project with this id.
    pub(super) fn project_of(&self, id: ProjectId) -> Result<Project, Refused> {
        let project = self.identity().project(id)?.filter(|project| self.viewer.may_use(project.account));
        project.ok_or(Refused::NotFound)
    }

    /// Reads what may be much, such as all Apps for the owner, and works on it, where no request
    /// to the API waits for the thread.
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&State) -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let state = Arc::clone(&self.portal.state);
        spawn_blocking(move || work(&state)).await.map_err(|error| {
            tracing::error!(%error, "a page of the portal cannot be made");
            Refused::Broken
        })
    }

    /// What of the store the viewer may use.
    pub(super) fn reach(&self) -> Reach {
        match self.viewer.account {
            _ if self.viewer.is_owner() => Reach::All,
            Some((account, _)) => Reach::Account(account),
            None => Reach::Nothing,
        }
    }

    /// The accounts in which the viewer may make something: one, or for the owner all.
    pub(super) async fn accounts(&self) -> Result<Vec<Account>, Refused> {
        let reach = self.reach();
        Ok(self.apart(move |state| reach.accounts(state.store.identity())).await??)
    }

    /// The Projects that the viewer may use.
    pub(super) async fn projects(&self) -> Result<Vec<Project>, Refused> {
        let reach = self.reach();
        Ok(self.apart(move |state| reach.projects(state.store.identity())).await??)
    }

    /// How many Projects, and as many Apps, the viewer makes in an account: a developer does not
    /// fill the disk, the owner of the server may.
    pub(super) fn most(&self) -> Option<usize> {
        (!self.viewer.is_owner()).then_some(MOST_OF_ACCOUNT)
    }

    /// Whether the viewer's own account may make Apps and keys. The owner's choice of an account is
    /// looked at when it was made.
    pub(super) fn may_make(&self) -> bool {
        self.viewer.is_owner() || self.viewer.account.is_some_and(|(_, approval)| approval == Approval::Approved)
    }

    /// Whether a user is signed in who has no developer account, whatever account a link is for.
    pub(super) fn may_sign_up(&self) -> Result<bool, Refused> {
        let Some(user) = &self.viewer.user else { return Ok(false) };
        Ok(self.identity().developer_account(user.id)?.is_none())
    }

    /// An account of a form, if the viewer may use it.
    pub(super) fn account(&self, text: &str) -> Result<AccountId, Refused> {
        let id: AccountId = id(text)?;
        if self.viewer.may_use(id) && self.identity().account(id)?.is_some() { Ok(id) } else { Err(Refused::NotFound) }
    }

    /// The user whom a form names to a developer, who acts for the own one alone: without a name it is
    /// that one too. Nobody, where whoever came by a link has not signed in as a user.
    pub(super) fn own_user(&self, typed: &str) -> Result<Option<&User>, Refused> {
        let name = typed.trim();
        let name = name.strip_prefix('@').unwrap_or(name);
        let own = self.viewer.user.as_ref();
        let is_own = own.is_some_and(|own| own.username.to_string().eq_ignore_ascii_case(name));
        if name.is_empty() || is_own { Ok(own) } else { Err(Refused::NotFound) }
    }

    /// What users are called, those that are there.
    pub(super) async fn usernames(&self, ids: &[UserId]) -> Result<HashMap<UserId, String>, Refused> {
        let users = self.portal.state.store.users_by_ids(ids, Detail::Core).await?;
        let users = (0..users.len()).filter_map(|at| users.get(at));
        Ok(users.map(|user| (user.id, user.username.to_text())).collect())
    }

    /// Remembers why the request is refused, for those who ask.
    pub(super) fn note(&self, why: flows::Refusal, status: u16) {
        let presented = Presented::of(self.request, &self.portal.state.proxies);
        self.portal.state.refusals.note(&presented, Some(self.row.name), None, Why::Flow(why), status, self.now);
    }

    /// The address of this server as the browser calls it, without a slash at its end.
    pub(super) fn origin(&self) -> String {
        let presented = Presented::of(self.request, &self.portal.state.proxies);
        let address = presented.addresses().into_iter().next();
        address.map(|address| format!("{}://{}", address.scheme, address.host)).unwrap_or_default()
    }
}

/// What of the store somebody may use. Whatever is asked of it for one account is found without
/// looking through those of others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach {
    /// The owner of the server: everything.
    All,
    /// A developer: what is in this account.
    Account(AccountId),
    Nothing,
}

impl Reach {
    pub(super) fn accounts(self, identity: Identity<'_>) -> Result<Vec<Account>, ReadError> {
        match self {
            Self::All => identity.accounts(),
            Self::Account(account) => Ok(identity.account(account)?.into_iter().collect()),
            Self::Nothing => Ok(Vec::new()),
        }
    }

    pub(super) fn projects(self, identity: Identity<'_>) -> Result<Vec<Project>, ReadError> {
        match self {
            Self::All => identity.projects(),
            Self::Account(account) => identity.projects_of(account),
            Self::Nothing => Ok(Vec::new()),
        }
    }

    pub(super) fn apps(self, identity: Identity<'_>) -> Vec<Arc<RegisteredApp>> {
        match self {
            Self::All => identity.apps(),
            Self::Account(account) => identity.apps_of(account),
            Self::Nothing => Vec::new(),
        }
    }

    /// The first of the Apps, by id.
    pub(super) fn first_apps(self, identity: Identity<'_>, most: usize) -> Vec<Arc<RegisteredApp>> {
        match self {
            Self::All => identity.first_apps(most),
            Self::Account(account) => identity.apps_of(account).into_iter().take(most).collect(),
            Self::Nothing => Vec::new(),
        }
    }

    /// The ids of the Apps; nothing if they are all.
    pub(super) fn app_ids(self, identity: Identity<'_>) -> Option<HashSet<AppId>> {
        match self {
            Self::All => None,
            Self::Account(_) | Self::Nothing => Some(self.apps(identity).iter().map(|app| app.app.id).collect()),
        }
    }
}

/// Whether the browser says that a form comes from a page of this server.
pub(super) fn is_own(portal: &Portal, request: &Request) -> bool {
    let header = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
    let presented = Presented::of(request, &portal.state.proxies);
    let is_address = |origin: &str| {
        let (scheme, host) = origin.split_once("://").unwrap_or_default();
        presented.addresses().iter().any(|address| address.scheme == scheme && address.host.eq_ignore_ascii_case(host))
    };
    let mut origins = request.headers.get_all("origin").iter();
    let is_single = origins.next().is_some() && origins.next().is_none();
    // Browsers that say it in two ways have to say the same.
    let is_own_site = request.headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin");
    is_single && is_own_site && header("origin").is_some_and(is_address)
}

/// Whether a request may change something.
pub(super) fn changes(method: &Method) -> bool {
    *method == Method::POST
}

/// An id as the portal writes it; anything else names nothing.
pub(super) fn id<T: std::str::FromStr + ToString>(text: &str) -> Result<T, Refused> {
    let id = text.parse().ok().filter(|id: &T| id.to_string() == text);
    id.ok_or(Refused::NotFound)
}
