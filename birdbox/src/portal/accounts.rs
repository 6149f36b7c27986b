//! Developer accounts: users sign up for one, and the owner of the server approves it.

use std::collections::HashMap;
use std::sync::LazyLock;

use askama::Template;
use model::{Account, Approval};

use super::cx::Cx;
use super::form::Field;
use super::page::{self, Frame};
use super::projects::NAME_WRONG;
use super::refusal::Refused;
use crate::admin::identity;
use crate::config::PortalApproval;
use crate::http::Response;

static NAME_HINT: LazyLock<String> =
    LazyLock::new(|| format!("What the owner of the server sees: 1 to {} characters.", Account::MAX_NAME));

/// Where a second sign-up leads.
const HAS_ONE: &str = "/portal/projects?done=known";

#[derive(Template)]
#[template(path = "portal/sign_up.html")]
struct SignUpPage {
    frame: Frame,
    name: Field,
    is_automatic: bool,
}

/// Where a user signs up. Whoever has an account already has no need to, and the owner of the
/// server has all of them.
pub(super) fn sign_up_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    let Some(user) = &cx.viewer.user else { return page::go_to("/portal/accounts") };
    if !cx.may_sign_up()? {
        return page::go_to(HAS_ONE);
    }
    page::show(&form(cx, &user.name.to_string()))
}

/// Makes a developer account for a user.
pub(super) async fn sign_up(cx: &Cx<'_>) -> Result<Response, Refused> {
    let Some(user) = &cx.viewer.user else { return page::go_to("/portal/accounts") };
    if !cx.may_sign_up()? {
        return page::go_to(HAS_ONE);
    }
    let Some(name) = identity::name(cx.form.get("name"), Account::MAX_NAME) else {
        let mut page = form(cx, cx.form.get("name"));
        page.name.error = Some(&NAME_WRONG);
        return page::again(&page);
    };
    let approval = match cx.portal.approval {
        PortalApproval::Owner => Approval::Pending,
        PortalApproval::Automatic => Approval::Approved,
    };
    let (_, is_new) = cx.identity().sign_up(user.id, name, approval, cx.now).await?;
    page::go_to(if is_new { "/portal?done=signed-up" } else { HAS_ONE })
}

fn form(cx: &Cx<'_>, name: &str) -> SignUpPage {
    let name = Field::new("name", "Name of the account", &NAME_HINT, name);
    SignUpPage { frame: Frame::of(cx), name, is_automatic: cx.portal.approval == PortalApproval::Automatic }
}

/// An account in the list.
struct Shown {
    id: String,
    name: String,
    username: Option<String>,
    state: &'static str,
    created_at: String,
    may_approve: bool,
    may_suspend: bool,
}

#[derive(Template)]
#[template(path = "portal/accounts.html")]
struct AccountsPage {
    frame: Frame,
    accounts: Vec<Shown>,
}

/// Shows all accounts to the owner.
pub(super) async fn list(cx: &Cx<'_>) -> Result<Response, Refused> {
    let developers = cx.identity().developers()?;
    let users: Vec<_> = developers.iter().map(|developer| developer.user).collect();
    let usernames = cx.usernames(&users).await?;
    let user_of: HashMap<_, _> = developers.iter().map(|developer| (developer.account, developer.user)).collect();
    let username_of = |account: &Account| usernames.get(user_of.get(&account.id)?).cloned();
    let shown = |account: Account| Shown {
        id: account.id.to_string(),
        username: username_of(&account),
        state: account.approval.name(),
        created_at: page::when(account.created_at),
        may_approve: account.approval != Approval::Approved,
        may_suspend: account.approval != Approval::Suspended,
        name: account.name,
    };
    let mut accounts: Vec<_> = cx.identity().accounts()?.into_iter().map(shown).collect();
    // Those who wait come first.
    accounts.sort_by_key(|account| account.state != Approval::Pending.name());
    page::show(&AccountsPage { frame: Frame::of(cx), accounts })
}

/// Approves or suspends an account.
pub(super) async fn set_approval(cx: &Cx<'_>) -> Result<Response, Refused> {
    let account = cx.account(cx.part(0))?;
    let (approval, done) = match cx.form.get("approval") {
        "approved" => (Approval::Approved, "approved"),
        "suspended" => (Approval::Suspended, "suspended"),
        _ => return Err(Refused::Stale),
    };
    cx.identity().set_approval(account, approval).await?;
    page::go_to(&format!("/portal/accounts?done={done}"))
}
