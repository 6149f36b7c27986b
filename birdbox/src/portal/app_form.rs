//! The settings of an App as a form. What each takes is a row of `admin::identity::SETTINGS`;
//! here is only how it is asked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use model::{App, AppChange, AppType, Permissions};
use store::IdentityError;

use super::cx::Cx;
use super::form::{Choice, Field, Item, name_wrong};
use super::refusal::Refused;
use crate::admin::identity::setting_change;

/// The form.
#[derive(Debug)]
pub(super) struct AppForm {
    pub(super) name: Field,
    pub(super) project: Choice,
    pub(super) permissions: Choice,
    pub(super) app_type: Choice,
    pub(super) callbacks: Field,
    pub(super) website: Field,
    pub(super) oauth2: bool,
    pub(super) oauth2_error: Option<&'static str>,
}

static NAME_HINT: LazyLock<String> =
    LazyLock::new(|| format!("1 to {} characters. Users see it when the App asks them.", App::MAX_NAME));
static NAME_WRONG: LazyLock<String> = LazyLock::new(|| name_wrong(App::MAX_NAME));
static CALLBACKS_HINT: LazyLock<String> = LazyLock::new(|| {
    let most = App::MAX_CALLBACKS;
    format!("Where users are sent back to: up to {most}, one on each line. The word oob is the PIN.")
});
static CALLBACKS_WRONG: LazyLock<String> = LazyLock::new(|| {
    let most = App::MAX_CALLBACKS;
    format!(
        "Give up to {most} addresses, one on each line, such as https://example.com/callback, without # and without commas."
    )
});
const WEBSITE_WRONG: &str = "Give an address that begins with https:// or http://, or nothing.";
const OWN_SCHEME: &str = "An address with a scheme of its own, such as myapp://done, is for a native App. Choose that type, or one with https://.";
const OAUTH2_WRONG: &str =
    "OAuth 2.0 needs a type and a callback address besides oob. Set them too, or leave this off.";
const PROJECT_WRONG: &str = "Choose a Project of the same developer account.";

/// What the types are called.
const TYPES: [(Option<AppType>, &str); 5] = [
    (None, "Not set"),
    (Some(AppType::Native), "Native App (public client)"),
    (Some(AppType::SinglePage), "Single page App (public client)"),
    (Some(AppType::Web), "Web App (confidential client)"),
    (Some(AppType::Bot), "Automated App or bot (confidential client)"),
];

const PERMISSIONS: [(Permissions, &str); 2] = [(Permissions::Read, "Read"), (Permissions::ReadWrite, "Read and write")];

impl AppForm {
    /// As an App is.
    pub(super) async fn of(cx: &Cx<'_>, app: &App) -> Result<Self, Refused> {
        let project = app.project.map(|id| id.to_string()).unwrap_or_default();
        let types =
            TYPES.map(|(value, label)| Item::new(value.map_or("", AppType::name), label, value == app.app_type));
        let permissions = PERMISSIONS.map(|(value, label)| Item::new(value.name(), label, value == app.permissions));
        Ok(Self {
            name: Field::new("name", "Name", &NAME_HINT, &app.name),
            project: Choice {
                name: "project",
                label: "Project",
                hint: "API v2 needs one. A standalone App may use v1.1 alone.",
                options: projects(cx, &project).await?,
                error: None,
            },
            permissions: Choice {
                name: "permissions",
                label: "Permissions with OAuth 1.0a",
                hint: "Tokens of users keep those that they were made with.",
                options: permissions.into(),
                error: None,
            },
            app_type: Choice {
                name: "type",
                label: "Type of App",
                hint: "A confidential client keeps a secret, and has to show it.",
                options: types.into(),
                error: None,
            },
            callbacks: Field::new("callbacks", "Callback addresses", &CALLBACKS_HINT, &app.callbacks.join("\n")),
            website: Field::new(
                "website",
                "Website",
                "Shown to users. May be empty.",
                app.website.as_deref().unwrap_or(""),
            ),
            oauth2: app.oauth2,
            oauth2_error: None,
        })
    }

    /// As it was typed. A Project that is not the viewer's is not there.
    pub(super) fn fill(&mut self, cx: &Cx<'_>) -> Result<(), Refused> {
        let form = &cx.form;
        let project = form.get(self.project.name);
        if !project.is_empty() {
            cx.project_named(project)?;
        }
        for field in [&mut self.name, &mut self.callbacks, &mut self.website] {
            form.get(field.name).clone_into(&mut field.value);
        }
        for choice in [&mut self.project, &mut self.permissions, &mut self.app_type] {
            choice.choose(form.get(choice.name));
        }
        self.oauth2 = form.get("oauth2") == "on";
        Ok(())
    }

    /// What it asks for; nothing if something is wrong, which stands beside its field then.
    pub(super) fn changes(&mut self) -> Option<Vec<AppChange>> {
        let callbacks: Vec<_> = self.callbacks.value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let has_comma = callbacks.iter().any(|line| line.contains(','));
        let callbacks = if has_comma { None } else { setting_change("callbacks", &callbacks.join(",")) };
        let mut changes = Vec::new();
        let mut add = |change: Option<AppChange>, error: &mut Option<&'static str>, wrong: &'static str| match change {
            Some(change) => changes.push(change),
            None => *error = error.or(Some(wrong)),
        };
        add(setting_change("name", &self.name.value), &mut self.name.error, &NAME_WRONG);
        add(setting_change("website", self.website.value.trim()), &mut self.website.error, WEBSITE_WRONG);
        add(callbacks, &mut self.callbacks.error, &CALLBACKS_WRONG);
        for choice in [&mut self.project, &mut self.permissions, &mut self.app_type] {
            let change = setting_change(choice.name, choice.value());
            add(change, &mut choice.error, "Choose one of these.");
        }
        changes.push(AppChange::OAuth2(self.oauth2));
        let errors = [self.project.error, self.permissions.error, self.app_type.error];
        let has_error = errors.iter().any(Option::is_some);
        (changes.len() == 7 && !has_error).then_some(changes)
    }

    /// Puts what the store refused beside its field, if it is about one.
    pub(super) fn refuse(&mut self, error: IdentityError) -> Result<(), Refused> {
        match error {
            IdentityError::OwnScheme { .. } => self.callbacks.error = Some(OWN_SCHEME),
            IdentityError::OAuth2NotSet { .. } => self.oauth2_error = Some(OAUTH2_WRONG),
            IdentityError::ForeignProject { .. } | IdentityError::UnknownProject { .. } => {
                self.project.error = Some(PROJECT_WRONG);
            }
            other => return Err(other.into()),
        }
        Ok(())
    }
}

/// The Projects to choose from. The owner, who sees all, is told whose they are.
async fn projects(cx: &Cx<'_>, chosen: &str) -> Result<Vec<Item>, Refused> {
    let accounts = if cx.viewer.is_owner() { cx.accounts().await? } else { Vec::new() };
    let account_of: HashMap<_, _> = accounts.into_iter().map(|account| (account.id, account.name)).collect();
    let mut items = vec![Item::new("", "None: a standalone App", chosen.is_empty())];
    for project in cx.projects().await? {
        let label = match account_of.get(&project.account) {
            Some(account) => format!("{} ({account})", project.name),
            None => project.name,
        };
        let id = project.id.to_string();
        let is_chosen = id == chosen;
        items.push(Item::new(id, label, is_chosen));
    }
    Ok(items)
}
