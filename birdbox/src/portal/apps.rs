//! Apps: making, showing, setting and forgetting them. Their keys are in `keys`.

use std::sync::Arc;

use askama::Template;
use model::{AccountId, App, AppId};
use store::{NewApp, RegisteredApp};

use super::app_form::AppForm;
use super::copies::{Copies, Credentials};
use super::cx::Cx;
use super::form::Choice;
use super::page::{self, Frame};
use super::projects::{DeletePage, account_choice, account_of_form};
use super::refusal::Refused;
use crate::admin::identity;
use crate::http::Response;

#[derive(Template)]
#[template(path = "portal/app_form.html")]
struct AppFormPage {
    frame: Frame,
    title: &'static str,
    button: &'static str,
    back: String,
    form: AppForm,
    account: Option<Choice>,
}

/// Where an App is made.
pub(super) async fn new_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    if !cx.may_make() {
        return Err(Refused::NotApproved);
    }
    let named = Some(cx.query.get("project")).filter(|named| !named.is_empty());
    let project = named.map(|named| cx.project_named(named)).transpose()?;
    let account = project.as_ref().map(|project| project.account.to_string());
    let account = account.unwrap_or_else(|| cx.query.get("account").to_owned());
    let app = App { project: project.map(|project| project.id), ..blank(cx) };
    page::show(&new_form(cx, AppForm::of(cx, &app).await?, &account).await?)
}

/// Makes an App and shows its keys, once.
pub(super) async fn make(cx: &Cx<'_>) -> Result<Response, Refused> {
    let account = account_of_form(cx)?;
    let mut form = AppForm::of(cx, &blank(cx)).await?;
    form.fill(cx)?;
    let Some(changes) = form.changes() else { return page::again(&new_form(cx, form, cx.form.get("account")).await?) };
    let new = NewApp { account, project: None, name: form.name.value.clone(), changes };
    match identity::make_app(cx.identity(), &cx.portal.state.secrets, new, cx.most(), cx.now).await {
        Ok((app, keys)) => keys_made(cx, &app, &Credentials::of(keys, None)),
        Err(error) => {
            form.refuse(error)?;
            page::again(&new_form(cx, form, cx.form.get("account")).await?)
        }
    }
}

/// An App as it is before anything is typed.
fn blank(cx: &Cx<'_>) -> App {
    App::new(AppId::new(0), AccountId::new(0), "", cx.now)
}

async fn new_form(cx: &Cx<'_>, form: AppForm, account: &str) -> Result<AppFormPage, Refused> {
    Ok(AppFormPage {
        frame: Frame::of(cx),
        title: "New App",
        button: "Make the App",
        back: "/portal/projects".to_owned(),
        form,
        account: account_choice(cx, account).await?,
    })
}

#[derive(Template)]
#[template(path = "portal/made.html")]
struct MadePage {
    frame: Frame,
    app: String,
    name: String,
    shown: Vec<(&'static str, String)>,
    copies: Copies,
}

/// The page that shows new keys, which no other page does.
pub(super) fn keys_made(cx: &Cx<'_>, app: &RegisteredApp, made: &Credentials) -> Result<Response, Refused> {
    page::show(&MadePage {
        frame: Frame::of(cx),
        app: app.app.id.to_string(),
        name: app.app.name.clone(),
        copies: Copies::of(made, &cx.origin()),
        shown: made.shown(),
    })
}

#[derive(Template)]
#[template(path = "portal/app.html")]
struct AppPage {
    frame: Frame,
    id: String,
    app: App,
    project: Option<(String, String)>,
    account: String,
    created_at: String,
}

/// Shows one.
pub(super) fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let registered = cx.app()?;
    let app = registered.app.clone();
    let project = app.project.map(|id| cx.identity().project(id)).transpose()?.flatten();
    page::show(&AppPage {
        frame: Frame::of(cx),
        id: app.id.to_string(),
        project: project.map(|project| (project.id.to_string(), project.name)),
        account: cx.identity().account(app.account)?.map(|account| account.name).unwrap_or_default(),
        created_at: page::when(app.created_at),
        app,
    })
}

/// Where an App is set.
pub(super) async fn settings_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    let form = AppForm::of(cx, &app.app).await?;
    page::show(&settings_form(cx, &app, form))
}

/// Sets an App. If that made a client id and secret, they are shown, once.
pub(super) async fn set(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    let mut form = AppForm::of(cx, &app.app).await?;
    form.fill(cx)?;
    let Some(changes) = form.changes() else { return page::again(&settings_form(cx, &app, form)) };
    match identity::change_app(cx.identity(), &cx.portal.state.secrets, app.app.id, changes).await {
        Ok((app, keys)) if keys.client_id.is_some() => keys_made(cx, &app, &Credentials::of(keys, None)),
        Ok((app, _)) => page::go_to(&format!("/portal/apps/{}?done=saved", app.app.id)),
        Err(error) => {
            form.refuse(error)?;
            page::again(&settings_form(cx, &app, form))
        }
    }
}

fn settings_form(cx: &Cx<'_>, app: &Arc<RegisteredApp>, form: AppForm) -> AppFormPage {
    AppFormPage {
        frame: Frame::of(cx),
        title: "Settings of the App",
        button: "Save",
        back: format!("/portal/apps/{}", app.app.id),
        form,
        account: None,
    }
}

/// Asks whether an App is really to go.
pub(super) fn delete_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    page::show(&DeletePage {
        frame: Frame::of(cx),
        what: "App",
        name: app.app.name.clone(),
        back: format!("/portal/apps/{}", app.app.id),
        line: "Its keys and all tokens of users for it go too, and are refused at once.",
        error: None,
    })
}

/// Forgets an App.
pub(super) async fn delete(cx: &Cx<'_>) -> Result<Response, Refused> {
    let app = cx.app()?;
    cx.identity().delete_app(app.app.id).await?;
    page::go_to("/portal/projects?done=deleted")
}
