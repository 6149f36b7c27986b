//! Changing a user: the members that `birdbox user set` takes, the username, and the state.

use askama::Template;
use model::{AccountState, User, Username};

use super::super::cx::Cx;
use super::super::page::{self, Frame};
use super::super::refusal::Refused;
use super::profile::Head;
use super::{refused, run, user};
use crate::admin::{AdminError, SETTABLE, Settable, UserKey, Verb};
use crate::http::Response;

/// A member in the form.
struct Member {
    name: &'static str,
    takes: &'static str,
    value: String,
    /// Whether it may have several lines.
    is_long: bool,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "portal/users/edit.html")]
struct EditPage {
    frame: Frame,
    head: Head,
    members: Vec<Member>,
    username: String,
    username_error: Option<String>,
    /// What can be done with the account: the word, the button, and what comes of it.
    states: Vec<(&'static str, &'static str, &'static str)>,
    state: &'static str,
}

const STATES: [(AccountState, &str, &str); 3] = [
    (AccountState::Active, "Make it active", "It is returned by lookups."),
    (AccountState::Suspended, "Suspend", "Lookups say that it is suspended; lists leave it out."),
    (AccountState::Deactivated, "Deactivate", "Lookups answer as if it did not exist."),
];

/// Where a user is changed.
pub(in crate::portal) async fn edit_page(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    page::show(&form(cx, &user))
}

/// Makes the changes of the form, all or none.
pub(in crate::portal) async fn edit(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    // What is not in the form stays as it is.
    let typed: Vec<_> = SETTABLE.iter().filter_map(|member| Some((member, typed(cx, member)?))).collect();
    let changed: Vec<_> = typed.iter().filter(|(member, text)| lines(&member.of(&user)) != *text).collect();
    if changed.iter().any(|(member, text)| !member.accepts(text, &user)) {
        let mut page = form(cx, &user);
        for member in &mut page.members {
            if let Some((settable, text)) = changed.iter().find(|(settable, _)| settable.name == member.name) {
                member.is_wrong = !settable.accepts(text, &user);
                member.value.clone_from(text);
            }
        }
        return page::again(&page);
    }
    if !changed.is_empty() {
        let members = changed.iter().map(|(member, text)| format!("{}={text}", member.name)).collect();
        let verb = Verb::SetUser { user: UserKey::Id(user.id), members };
        run(cx, verb).await.map_err(|error| refused(&error))?;
    }
    page::go_to(&format!("/portal/users/{}?done=saved", user.id))
}

/// Gives a user another username.
pub(in crate::portal) async fn rename(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    let typed = cx.form.get("username");
    let error = match typed.trim().trim_start_matches('@').parse::<Username>() {
        Ok(username) => match run(cx, Verb::RenameUser { user: UserKey::Id(user.id), username }).await {
            Ok(_) => return page::go_to(&format!("/portal/users/{}?done=saved", user.id)),
            Err(AdminError::UsernameTaken { by, .. }) => {
                format!("@{username} belongs to user {by}. Rename that one first, or choose another.")
            }
            Err(AdminError::UsernameTooLong { .. }) => wrong_username(),
            Err(error) => return Err(refused(&error)),
        },
        Err(_) => wrong_username(),
    };
    let mut page = form(cx, &user);
    typed.clone_into(&mut page.username);
    page.username_error = Some(error);
    page::again(&page)
}

/// Suspends, deactivates or restores a user.
pub(in crate::portal) async fn set_state(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    let (state, ..) = STATES.iter().find(|(state, ..)| state.name() == cx.form.get("state")).ok_or(Refused::Stale)?;
    let verb = Verb::SetState { user: UserKey::Id(user.id), state: *state };
    run(cx, verb).await.map_err(|error| refused(&error))?;
    page::go_to(&format!("/portal/users/{}?done=saved", user.id))
}

fn wrong_username() -> String {
    format!("Give 1 to {} letters, digits or underscores.", Username::MAX_REQUESTED)
}

fn form(cx: &Cx<'_>, user: &User) -> EditPage {
    let member = |settable: &Settable| {
        let value = lines(&settable.of(user));
        let is_long = settable.name == "description" || value.contains('\n');
        Member { name: settable.name, takes: settable.takes, value, is_long, is_wrong: false }
    };
    let others = STATES.iter().filter(|(state, ..)| *state != user.state);
    EditPage {
        frame: Frame::of(cx),
        head: Head::of(user, "edit"),
        members: SETTABLE.iter().map(member).collect(),
        username: user.username.to_string(),
        username_error: None,
        states: others.map(|(state, button, line)| (state.name(), *button, *line)).collect(),
        state: user.state.name(),
    }
}

/// What was typed of a member, if its field was there.
fn typed(cx: &Cx<'_>, member: &Settable) -> Option<String> {
    cx.form.all(member.name).next().map(lines)
}

/// A text as forms bring it back: browsers end lines in their own way, whatever was there.
fn lines(text: impl AsRef<str>) -> String {
    text.as_ref().replace("\r\n", "\n").replace('\r', "\n")
}
