//! Projects and the Apps in them, and the Apps that stand alone.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use askama::Template;
use model::{Account, AccountId, Project};
use store::{Identity, IdentityError, ReadError, RegisteredApp};

use super::cx::{Cx, Reach};
use super::form::{Choice, Field, Item, name_wrong};
use super::page::{self, Frame};
use super::refusal::Refused;
use crate::admin::identity;
use crate::http::Response;

static NAME_HINT: LazyLock<String> = LazyLock::new(|| format!("1 to {} characters.", Account::MAX_NAME));
/// Of a Project, or of an account.
pub(super) static NAME_WRONG: LazyLock<String> = LazyLock::new(|| name_wrong(Account::MAX_NAME));

/// An App in a list.
pub(super) struct AppLine {
    id: String,
    name: String,
    permissions: &'static str,
    oauth2: bool,
}

/// A Project with its Apps.
struct ProjectLine {
    id: String,
    name: String,
    apps: Vec<AppLine>,
}

/// An account with what is in it.
struct AccountLine {
    id: String,
    name: String,
    projects: Vec<ProjectLine>,
    standalone: Vec<AppLine>,
}

#[derive(Template)]
#[template(path = "portal/projects.html")]
struct ProjectsPage {
    frame: Frame,
    accounts: Vec<AccountLine>,
    /// Whether there can be more than one account.
    is_owner: bool,
    may_make: bool,
}

/// Shows all that the viewer may use.
pub(super) async fn list(cx: &Cx<'_>) -> Result<Response, Refused> {
    let reach = cx.reach();
    let (frame, is_owner, may_make) = (Frame::of(cx), cx.viewer.is_owner(), cx.may_make());
    cx.apart(move |state| {
        let accounts = accounts(reach, state.store.identity())?;
        page::show(&ProjectsPage { frame, accounts, is_owner, may_make })
    })
    .await?
}

fn accounts(reach: Reach, identity: Identity<'_>) -> Result<Vec<AccountLine>, ReadError> {
    let mut apps: HashMap<_, Vec<AppLine>> = HashMap::new();
    for app in reach.apps(identity) {
        apps.entry((app.app.account, app.app.project)).or_default().push(line(&app));
    }
    let mut projects: HashMap<_, Vec<ProjectLine>> = HashMap::new();
    for Project { id, account, name, .. } in reach.projects(identity)? {
        let apps = apps.remove(&(account, Some(id))).unwrap_or_default();
        projects.entry(account).or_default().push(ProjectLine { id: id.to_string(), name, apps });
    }
    let of_account = |account: Account| AccountLine {
        id: account.id.to_string(),
        projects: projects.remove(&account.id).unwrap_or_default(),
        standalone: apps.remove(&(account.id, None)).unwrap_or_default(),
        name: account.name,
    };
    Ok(reach.accounts(identity)?.into_iter().map(of_account).collect())
}

fn line(app: &RegisteredApp) -> AppLine {
    AppLine {
        id: app.app.id.to_string(),
        name: app.app.name.clone(),
        permissions: app.app.permissions.name(),
        oauth2: app.app.oauth2,
    }
}

#[derive(Template)]
#[template(path = "portal/project.html")]
struct ProjectPage {
    frame: Frame,
    id: String,
    name: String,
    account: String,
    created_at: String,
    apps: Vec<AppLine>,
    may_make: bool,
}

/// Shows one.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let project = cx.project()?;
    let (frame, may_make) = (Frame::of(cx), cx.may_make());
    cx.apart(move |state| {
        let identity = state.store.identity();
        page::show(&ProjectPage {
            frame,
            id: project.id.to_string(),
            account: identity.account(project.account)?.map(|account| account.name).unwrap_or_default(),
            created_at: page::when(project.created_at),
            apps: in_it(identity, &project).iter().map(|app| line(app)).collect(),
            may_make,
            name: project.name,
        })
    })
    .await?
}

fn in_it(identity: Identity<'_>, project: &Project) -> Vec<Arc<RegisteredApp>> {
    let mut apps = identity.apps_of(project.account);
    apps.retain(|app| app.app.project == Some(project.id));
    apps
}

#[derive(Template)]
#[template(path = "portal/project_form.html")]
struct ProjectForm {
    frame: Frame,
    title: &'static str,
    button: &'static str,
    back: String,
    name: Field,
    /// In which account; none where there is no choice.
    account: Option<Choice>,
}

/// Where a Project is made.
pub(super) async fn new_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    page::show(&new_form(cx, "", cx.query.get("account")).await?)
}

/// Makes a Project.
pub(super) async fn make(cx: &Cx<'_>) -> Result<Response, Refused> {
    let account = account_of_form(cx)?;
    let Some(name) = identity::name(cx.form.get("name"), Account::MAX_NAME) else {
        let mut page = new_form(cx, cx.form.get("name"), cx.form.get("account")).await?;
        page.name.error = Some(&NAME_WRONG);
        return page::again(&page);
    };
    let project = cx.identity().create_project(account, name, cx.most(), cx.now).await?;
    page::go_to(&format!("/portal/projects/{}?done=made", project.id))
}

async fn new_form(cx: &Cx<'_>, name: &str, account: &str) -> Result<ProjectForm, Refused> {
    Ok(ProjectForm {
        frame: Frame::of(cx),
        title: "New Project",
        button: "Make the Project",
        back: "/portal/projects".to_owned(),
        name: Field::new("name", "Name of the Project", &NAME_HINT, name),
        account: account_choice(cx, account).await?,
    })
}

/// The account in which something is made: the only one, or the one that the form names.
pub(super) fn account_of_form(cx: &Cx<'_>) -> Result<AccountId, Refused> {
    let named = cx.form.get("account");
    match cx.viewer.account {
        Some((own, _)) if named.is_empty() => Ok(own),
        _ => cx.account(named),
    }
}

/// The accounts to choose from, if there is a choice.
pub(super) async fn account_choice(cx: &Cx<'_>, chosen: &str) -> Result<Option<Choice>, Refused> {
    if !cx.viewer.is_owner() {
        return Ok(None);
    }
    let item = |account: Account| {
        let id = account.id.to_string();
        let chosen = id == chosen;
        Item::new(id, account.name, chosen)
    };
    let options = cx.accounts().await?.into_iter().map(item).collect();
    Ok(Some(Choice { name: "account", label: "Developer account", hint: "Whose it is.", options, error: None }))
}

/// Where a Project gets another name.
pub(super) fn rename_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    let project = cx.project()?;
    page::show(&rename_form(cx, &project, &project.name))
}

/// Gives a Project another name.
pub(super) async fn rename(cx: &Cx<'_>) -> Result<Response, Refused> {
    let project = cx.project()?;
    let Some(name) = identity::name(cx.form.get("name"), Account::MAX_NAME) else {
        let mut page = rename_form(cx, &project, cx.form.get("name"));
        page.name.error = Some(&NAME_WRONG);
        return page::again(&page);
    };
    cx.identity().rename_project(project.id, name).await?;
    page::go_to(&format!("/portal/projects/{}?done=saved", project.id))
}

fn rename_form(cx: &Cx<'_>, project: &Project, name: &str) -> ProjectForm {
    ProjectForm {
        frame: Frame::of(cx),
        title: "Rename the Project",
        button: "Save",
        back: format!("/portal/projects/{}", project.id),
        name: Field::new("name", "Name of the Project", &NAME_HINT, name),
        account: None,
    }
}

#[derive(Template)]
#[template(path = "portal/delete.html")]
pub(super) struct DeletePage {
    pub(super) frame: Frame,
    pub(super) what: &'static str,
    pub(super) name: String,
    pub(super) back: String,
    /// What goes with it.
    pub(super) line: &'static str,
    /// Why it cannot be done yet.
    pub(super) error: Option<&'static str>,
}

const NOT_EMPTY: &str = "There are Apps in it. Delete those first, or move them to another Project in their settings.";

/// Asks whether a Project is really to go.
pub(super) async fn delete_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    let project = cx.project()?;
    let asked = project.clone();
    let is_empty = cx.apart(move |state| in_it(state.store.identity(), &asked).is_empty()).await?;
    let error = (!is_empty).then_some(NOT_EMPTY);
    page::show(&delete_form(cx, project, error))
}

/// Forgets a Project.
pub(super) async fn delete(cx: &Cx<'_>) -> Result<Response, Refused> {
    let project = cx.project()?;
    match cx.identity().delete_project(project.id).await {
        Err(IdentityError::NotEmpty) => page::again(&delete_form(cx, project, Some(NOT_EMPTY))),
        other => {
            other?;
            page::go_to("/portal/projects?done=deleted")
        }
    }
}

fn delete_form(cx: &Cx<'_>, project: Project, error: Option<&'static str>) -> DeletePage {
    DeletePage {
        frame: Frame::of(cx),
        what: "Project",
        back: format!("/portal/projects/{}", project.id),
        name: project.name,
        line: "It holds no Apps, so that nobody loses anything else.",
        error,
    }
}
