//! Who a request is to be sent as: in which way, by which App of the viewer's, for which user.
//!
//! The owner of the server calls for anybody who is active, a developer for the own user alone: it
//! is the rule of tokens without consent.

use std::sync::Arc;

use model::{AppId, Scope, Scopes, UserId};
use store::RegisteredApp;
use xapi::Operation;

use super::way::Way;
use crate::admin::identity;
use crate::portal::cx::{self, Cx};
use crate::portal::form::Form;
use crate::portal::keys;
use crate::portal::refusal::Refused;

/// So many Apps are offered.
const MOST_APPS: usize = 100;

pub(super) const NO_APP: &str = "Make an App first: requests are sent by an App of yours.";
const NO_USER: &str = "There is no active user of this name.";
const NOBODY: &str = "Nobody is signed in as a user here. Sign in as one, or call as an App.";

/// What is chosen.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) way: Way,
    /// The App, if the viewer has any.
    pub(super) app: Option<Arc<RegisteredApp>>,
    /// Those to choose from.
    pub(super) apps: Vec<Arc<RegisteredApp>>,
    /// The username that stands in the form.
    pub(super) user: String,
    pub(super) scopes: Scopes,
    /// What was chosen in so many words, and stands in the address therefore.
    pub(super) said_app: bool,
    pub(super) said_user: bool,
    pub(super) said_scopes: bool,
}

impl Choices {
    /// From a form or an address. A foreign App or user is not there.
    pub(super) async fn of(cx: &Cx<'_>, operation: &Operation, said: &Form) -> Result<Self, Refused> {
        let mut apps = cx.reach().first_apps(cx.identity(), MOST_APPS);
        let app = match said.get("app") {
            "" => apps.first().cloned(),
            text => {
                let id: AppId = cx::id(text)?;
                let named = cx.identity().app(id).filter(|app| cx.viewer.may_use(app.app.account));
                Some(named.ok_or(Refused::NotFound)?)
            }
        };
        if let Some(app) = &app
            && apps.iter().all(|known| known.app.id != app.app.id)
        {
            apps.push(Arc::clone(app));
        }
        let said_scopes = said.names().any(|name| name == "scope");
        let scopes: Vec<Scope> =
            said.all("scope").flat_map(str::split_whitespace).filter_map(|word| word.parse().ok()).collect();
        Ok(Self {
            way: Way::of(said.get("auth"), operation),
            app,
            apps,
            user: username(cx, said).await?,
            scopes: Scopes::of(if said_scopes { &scopes } else { operation.access.scopes }),
            said_app: !said.get("app").is_empty(),
            said_user: !said.get("user").is_empty(),
            said_scopes,
        })
    }
}

/// Whom the form names; a developer is not asked.
async fn username(cx: &Cx<'_>, said: &Form) -> Result<String, Refused> {
    let typed = said.get("user").trim();
    if !cx.viewer.is_owner() {
        return Ok(cx.own_user(typed)?.map(|own| own.username.to_string()).unwrap_or_default());
    }
    match (typed, cx.viewer.user.as_ref().map(|user| user.username.to_string())) {
        ("", Some(own)) => Ok(own),
        ("", None) => {
            let environment = identity::environment(&cx.portal.context, cx.now).await;
            let of_sample = environment.ok().and_then(|environment| environment.keys.user);
            Ok(of_sample.map(|(_, username)| username).unwrap_or_default())
        }
        (typed, _) => Ok(typed.to_owned()),
    }
}

impl Choices {
    /// On whose behalf it is sent, if there is such an active user.
    pub(super) async fn user(&self, cx: &Cx<'_>) -> Result<Option<UserId>, Refused> {
        if self.way.is_of_user() { keys::user(cx, &self.user).await } else { Ok(None) }
    }
}

/// Why there is none.
pub(super) fn no_user(cx: &Cx<'_>) -> &'static str {
    if cx.viewer.is_owner() { NO_USER } else { NOBODY }
}
