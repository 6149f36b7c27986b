//! The signed-in user's side: which Apps may do what, since when, and taking that back.

use askama::Template;
use model::{AppId, Permissions, Scope, Scopes, Timestamp, UserId};
use store::Whose;

use super::cx::{Cx, id};
use super::page::{self, Frame};
use super::refusal::Refused;
use crate::http::Response;

/// So many are listed.
const MOST: usize = 200;

/// An App that may do something for the user.
struct Shown {
    app: AppId,
    name: String,
    website: Option<String>,
    /// What it may do, a sentence each.
    allows: Vec<&'static str>,
    scopes: String,
    since: String,
}

#[derive(Template)]
#[template(path = "portal/authorizations.html")]
struct AuthorizationsPage {
    frame: Frame,
    /// Nobody, where the owner of the server has not signed in as a user.
    username: Option<String>,
    apps: Vec<Shown>,
    /// Whether there are more than are listed.
    has_more: bool,
}

/// Shows them.
pub(super) async fn list(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = cx.viewer.user.as_ref();
    let all = match user {
        Some(user) => of(cx, user.id)?,
        None => Vec::new(),
    };
    page::show(&AuthorizationsPage {
        frame: Frame::of(cx),
        username: user.map(|user| user.username.to_string()),
        apps: all.iter().take(MOST).filter_map(|one| shown(cx, one)).collect(),
        has_more: all.len() > MOST,
    })
}

/// What a user allowed, by App: with a page of consent, or by whoever made the token.
struct Allowed {
    app: AppId,
    permissions: Option<Permissions>,
    scopes: Scopes,
    since: Timestamp,
}

/// All of it, the latest first.
fn of(cx: &Cx<'_>, user: UserId) -> Result<Vec<Allowed>, Refused> {
    let identity = cx.identity();
    let mut all: Vec<Allowed> = Vec::new();
    let mut add = |one: Allowed| match all.iter_mut().find(|known| known.app == one.app) {
        Some(known) => {
            known.permissions = wider(known.permissions, one.permissions);
            known.scopes = known.scopes.union(one.scopes);
            known.since = known.since.min(one.since);
        }
        None => all.push(one),
    };
    for consent in identity.consents(user)? {
        add(Allowed { app: consent.app, permissions: consent.permissions, scopes: consent.scopes, since: consent.at });
    }
    for token in identity.user_tokens(Whose::User(user))? {
        let permissions = Some(token.permissions);
        add(Allowed { app: token.app, permissions, scopes: Scopes::of(&[]), since: token.created_at });
    }
    for grant in identity.grants(Whose::User(user))? {
        add(Allowed { app: grant.app, permissions: None, scopes: grant.scopes, since: grant.created_at });
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.since));
    Ok(all)
}

fn shown(cx: &Cx<'_>, one: &Allowed) -> Option<Shown> {
    let app = cx.identity().app(one.app)?;
    let of_permissions = one.permissions.map(|permissions| match permissions {
        Permissions::Read => "With OAuth 1.0a: read what you can see.",
        Permissions::ReadWrite => "With OAuth 1.0a: read what you can see, and act for you.",
    });
    let of_scopes = Scope::ALL.iter().filter(|scope| one.scopes.contains(**scope)).map(|scope| scope.means());
    Some(Shown {
        app: one.app,
        name: app.app.name.clone(),
        website: app.app.website.clone(),
        allows: of_permissions.into_iter().chain(of_scopes).collect(),
        scopes: one.scopes.to_string(),
        since: page::when(one.since),
    })
}

/// Of two permissions the one that allows more.
fn wider(one: Option<Permissions>, other: Option<Permissions>) -> Option<Permissions> {
    let writes = [one, other].contains(&Some(Permissions::ReadWrite));
    if writes { Some(Permissions::ReadWrite) } else { one.or(other) }
}

/// A user takes back what it allowed an App. One that was allowed nothing is not there.
pub(super) async fn revoke(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = cx.viewer.user.as_ref().ok_or(Refused::NotFound)?;
    let app: AppId = id(cx.form.get("app"))?;
    if !of(cx, user.id)?.iter().any(|one| one.app == app) {
        return Err(Refused::NotFound);
    }
    cx.identity().revoke_consent(user.id, app).await?;
    page::go_to("/portal/authorizations?done=revoked")
}
