//! The developer portal: pages for people, under `/portal`.
//!
//! A request finds its row in `routes`, which says who may go there; what changes something has
//! to come from a page of this server. Handlers find things by `cx` alone, which knows what is
//! whose. How people sign in as users is the business of `flows`.

mod accounts;
mod answered;
mod app_form;
mod apps;
mod assets;
mod authorizations;
mod copies;
mod cx;
mod explorer;
mod export;
mod form;
mod home;
mod imports;
mod keys;
mod limits;
mod page;
mod projects;
mod reference;
mod refusal;
mod requests;
mod routes;
mod sign_in;
mod usage;
mod users;
mod viewer;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};
use model::Timestamp;

use crate::admin;
use crate::config::{Config, PortalApproval};
use crate::flows::Flows;
use crate::http::{Request, Response};
use crate::state::State;
use cx::Cx;
use explorer::Explorer;
pub(crate) use explorer::Way;
use form::Form;
pub(crate) use imports::{Jobs, work};
use refusal::Refused;
use routes::{Found, Page};
pub use routes::{ROUTES, Role, Row};
use viewer::Viewer;

/// What every path of the portal begins with, and its home.
const HOME: &str = "/portal";

/// Where files are sent to.
const IMPORT: &str = "/portal/import";

/// What the pages share.
pub struct Portal {
    state: Arc<State>,
    flows: Arc<Flows>,
    approval: PortalApproval,
    /// The most bytes of an address that the server takes.
    max_uri: usize,
    /// What `birdbox env` answers from.
    context: admin::Context,
    jobs: Arc<Jobs>,
    arrival: Arrival,
    explorer: Explorer,
}

impl std::fmt::Debug for Portal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Portal").field("approval", &self.approval).finish_non_exhaustive()
    }
}

impl Portal {
    /// For the server that `context` is about.
    #[must_use]
    pub(crate) fn new(
        state: Arc<State>,
        flows: Arc<Flows>,
        config: &Config,
        context: admin::Context,
        jobs: Arc<Jobs>,
    ) -> Self {
        let (approval, max_uri) = (config.portal.approval, config.server.max_uri.get());
        let (arrival, explorer) = (Arrival::default(), Explorer::default());
        Self { state, flows, approval, max_uri, context, jobs, arrival, explorer }
    }

    /// Whether a path is one of the portal's.
    #[must_use]
    pub fn has(path: &str) -> bool {
        path.strip_prefix(HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether a form with a file goes there, whose body is read piece by piece.
    #[must_use]
    pub fn takes_upload(method: &Method, path: &str) -> bool {
        *method == Method::POST && path == IMPORT
    }

    /// Notes that a request to the API was answered well, for those who wait for their first.
    pub fn note(&self) {
        self.arrival.note(|| self.state.clock.now());
    }

    /// Answers a request, and says which row it belongs to, if to any. Never fails: what goes
    /// wrong becomes a page.
    pub async fn answer(&self, request: &Request) -> (Response, Option<&'static Row>) {
        let viewer = match Viewer::of(self, request).await {
            Ok(viewer) => viewer,
            Err(error) => return (page::refused(error.into(), None, request.path()), None),
        };
        let (row, parts) = match routes::find(&request.method, request.path()) {
            Found::Row(row, parts) => (row, parts),
            Found::OtherMethod => return (other_method(&viewer, request), None),
            Found::Nothing => return (page::refused(Refused::NotFound, Some(&viewer), request.path()), None),
        };
        let query = Form::of(request.query().unwrap_or_default().as_bytes());
        let cx =
            Cx { portal: self, request, row, parts, viewer, query, form: Form::default(), now: self.state.clock.now() };
        let (outcome, viewer) = enter(cx).await;
        (outcome.unwrap_or_else(|refused| page::refused(refused, Some(&viewer), request.path())), Some(row))
    }
}

/// The page for a request that never gets as far as the pages, as it is too long, say.
pub(crate) fn refuse(status: StatusCode) -> Response {
    page::refused(Refused::Edge(status), None, HOME)
}

/// When the first request since the start was answered well.
#[derive(Debug, Default)]
struct Arrival(AtomicI64);

impl Arrival {
    /// Costs one load once it was noted.
    fn note(&self, now: impl FnOnce() -> Timestamp) {
        if self.0.load(Ordering::Relaxed) == 0 {
            self.0.store(now().unix_ms().max(1), Ordering::Relaxed);
        }
    }

    fn at(&self) -> Option<Timestamp> {
        Some(self.0.load(Ordering::Relaxed)).filter(|ms| *ms != 0).map(Timestamp::from_unix_ms)
    }
}

fn other_method(viewer: &Viewer, request: &Request) -> Response {
    let mut response = page::refused(Refused::OtherMethod, Some(viewer), request.path());
    let takes = |method: &Method| matches!(routes::find(method, request.path()), Found::Row(..));
    let allow = match (takes(&Method::GET), takes(&Method::POST)) {
        (true, true) => "GET, HEAD, POST",
        (false, true) => "POST",
        (_, false) => "GET, HEAD",
    };
    response.headers.insert(ALLOW, HeaderValue::from_static(allow));
    response
}

/// Lets a request in, or says why not.
async fn enter(mut cx: Cx<'_>) -> (Result<Response, Refused>, Viewer) {
    let changes = cx::changes(&cx.request.method);
    let outcome = if changes && !cx::is_own(cx.portal, cx.request) {
        Err(Refused::Foreign)
    } else if !cx.viewer.is(cx.row.role) {
        turned_away(&cx, changes)
    } else {
        if changes {
            cx.form = Form::of(cx.request.form().unwrap_or_default());
        }
        Box::pin(handle(&cx)).await
    };
    (outcome, cx.viewer)
}

/// Whoever is not known may sign in first; others are told who may go there.
fn turned_away(cx: &Cx<'_>, changes: bool) -> Result<Response, Refused> {
    if !changes && !cx.viewer.is_known() {
        return page::go_to(&sign_in::address(cx, cx.target()));
    }
    Err(Refused::Role(match cx.row.role {
        Role::Nobody => "Sign in.",
        Role::User => "Sign in as a user of the directory.",
        Role::Developer => "It is for developers. Sign up for a developer account first.",
        Role::Owner => "It is for the owner of the server, who signs in with the link of: birdbox portal link",
    }))
}

async fn handle(cx: &Cx<'_>) -> Result<Response, Refused> {
    match cx.row.page {
        Page::Asset => assets::show(cx),
        Page::Home => home::show(cx).await,
        Page::Enter => sign_in::enter(cx),
        Page::UseLink => sign_in::use_link(cx).await,
        Page::SignIn => sign_in::show(cx).await,
        Page::DoSignIn => sign_in::sign_in(cx).await,
        Page::SignOut => sign_in::sign_out(cx).await,
        Page::SignUp => accounts::sign_up_page(cx),
        Page::DoSignUp => accounts::sign_up(cx).await,
        Page::Accounts => accounts::list(cx).await,
        Page::SetApproval => accounts::set_approval(cx).await,
        Page::Projects => projects::list(cx).await,
        Page::NewProject => projects::new_page(cx).await,
        Page::MakeProject => projects::make(cx).await,
        Page::Project => projects::show(cx).await,
        Page::RenameProject => projects::rename_page(cx),
        Page::DoRenameProject => projects::rename(cx).await,
        Page::DeleteProject => projects::delete_page(cx).await,
        Page::DoDeleteProject => projects::delete(cx).await,
        Page::NewApp => apps::new_page(cx).await,
        Page::MakeApp => apps::make(cx).await,
        Page::App => apps::show(cx),
        Page::AppSettings => apps::settings_page(cx).await,
        Page::SetApp => apps::set(cx).await,
        Page::DeleteApp => apps::delete_page(cx),
        Page::DoDeleteApp => apps::delete(cx).await,
        Page::Keys => keys::show(cx).await,
        Page::MakeKeys => keys::make(cx).await,
        Page::RevokeKeys => keys::revoke(cx).await,
        Page::RevokeToken => keys::revoke_token(cx).await,
        Page::Import => imports::show(cx).await,
        Page::TakeFile => imports::take(cx).await,
        Page::ImportDirection => imports::choose(cx).await,
        Page::CancelImport => imports::cancel(cx),
        Page::Rejects => imports::rejects(cx).await,
        Page::Export => export::send(cx).await,
        Page::Users => users::search(cx).await,
        Page::User => users::show(cx).await,
        Page::UserEdit => users::edit_page(cx).await,
        Page::EditUser => users::edit(cx).await,
        Page::RenameUser => users::rename(cx).await,
        Page::SetUserState => users::set_state(cx).await,
        Page::ChangeFollows => users::change(cx).await,
        Page::Reference => reference::list(cx),
        Page::Errors => reference::errors(cx),
        Page::Operation => Box::pin(reference::operation(cx)).await,
        Page::Download => reference::download(cx),
        Page::Authorizations => authorizations::list(cx).await,
        Page::RevokeAuthorization => authorizations::revoke(cx).await,
        Page::Requests => requests::list(cx).await,
        Page::Request => requests::show(cx).await,
        Page::Limits => limits::show(cx).await,
        Page::SetLimits => limits::set_mode(cx).await,
        Page::ResetLimits => limits::reset(cx).await,
        Page::Usage => usage::show(cx).await,
        Page::UsageFile => usage::csv(cx).await,
        Page::Explorer => explorer::list(cx),
        Page::Explore => explorer::show(cx).await,
        Page::SendRequest => explorer::send(cx).await,
    }
}
