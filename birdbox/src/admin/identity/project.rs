//! Verbs about Projects.

use std::collections::HashMap;

use model::{Account, AccountId, AppId, Project, ProjectId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Identity, IdentityError};

use super::{Arguments, IdentityAnswer, MAKING, NAMED, iso, named, refused};
use crate::admin::{AdminError, wire};

/// Something to do with a Project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProjectVerb {
    /// Make one.
    Create {
        /// Whose.
        #[serde(with = "wire::text")]
        account: AccountId,
        /// Its name.
        name: String,
    },
    /// Give it another name.
    Rename {
        /// Which.
        #[serde(with = "wire::text")]
        project: ProjectId,
        /// The new one.
        name: String,
    },
    /// Show it.
    Show(#[serde(with = "wire::text")] ProjectId),
    /// Show all.
    List,
    /// Forget one that has no Apps.
    Delete(#[serde(with = "wire::text")] ProjectId),
}

/// A Project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    /// Its id.
    #[serde(with = "wire::text")]
    pub id: ProjectId,
    /// Whose it is.
    #[serde(with = "wire::text")]
    pub account_id: AccountId,
    /// Its name.
    pub name: String,
    /// The Apps in it.
    #[serde(with = "wire::texts")]
    pub app_ids: Vec<AppId>,
    /// When it was made.
    pub created_at: String,
}

pub(super) async fn run(
    identity: Identity<'_>,
    verb: ProjectVerb,
    now: Timestamp,
) -> Result<IdentityAnswer, AdminError> {
    let arguments = if matches!(verb, ProjectVerb::Create { .. }) { MAKING } else { NAMED };
    let project = match verb {
        ProjectVerb::Create { account, name } => {
            let name = named("NAME", &name, Account::MAX_NAME)?;
            identity.create_project(account, name, None, now).await
        }
        ProjectVerb::Rename { project, name } => {
            let name = named("NAME", &name, Account::MAX_NAME)?;
            identity.rename_project(project, name).await
        }
        ProjectVerb::Show(id) => find(identity, id),
        ProjectVerb::List => {
            let projects = identity.projects()?;
            let mut apps = apps_by_project(identity);
            let view = |project: &Project| view(project, apps.remove(&project.id).unwrap_or_default());
            return Ok(IdentityAnswer::Projects(projects.iter().map(view).collect()));
        }
        ProjectVerb::Delete(id) => match find(identity, id) {
            Ok(project) => identity.delete_project(id).await.map(|()| project),
            unknown => unknown,
        },
    };
    let project = project.map_err(|error| refused(&error, &Arguments { this: "PROJECT", ..arguments }))?;
    let apps = apps_by_project(identity).remove(&project.id).unwrap_or_default();
    Ok(IdentityAnswer::Project(view(&project, apps)))
}

fn find(identity: Identity<'_>, id: ProjectId) -> Result<Project, IdentityError> {
    identity.project(id)?.ok_or(IdentityError::UnknownProject { id })
}

/// The Apps in each Project, by id.
fn apps_by_project(identity: Identity<'_>) -> HashMap<ProjectId, Vec<AppId>> {
    let mut all: HashMap<_, Vec<AppId>> = HashMap::new();
    for app in identity.apps() {
        if let Some(project) = app.app.project {
            all.entry(project).or_default().push(app.app.id);
        }
    }
    all
}

fn view(project: &Project, app_ids: Vec<AppId>) -> ProjectView {
    ProjectView {
        id: project.id,
        account_id: project.account,
        name: project.name.clone(),
        app_ids,
        created_at: iso(project.created_at),
    }
}
