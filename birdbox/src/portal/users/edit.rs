//! Changing a user: the members that `birdbox user set` takes, the username, and the state.

use askama::Template;
use model::{AccountState, User, Username};
use sha2::{Digest as _, Sha256};

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
    /// Comes back with the form, and tells what the person saw there.
    seen: String,
    /// Whether it may have several lines.
    is_long: bool,
    wrong: Option<String>,
}

/// What a form says of a member.
struct Typed {
    member: &'static Settable,
    text: String,
    /// The mark of what stood there when the form was shown.
    seen: String,
    /// What is stored.
    now: String,
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

/// Makes the changes of the form, all or none. What the person left as it was is not written, so that
/// whoever edits the same user meanwhile loses nothing by it.
pub(in crate::portal) async fn edit(cx: &Cx<'_>) -> Result<Response, Refused> {
    let user = user(cx).await?;
    let changed: Vec<_> =
        SETTABLE.iter().filter_map(|member| Typed::of(cx, member, &user)).filter(Typed::is_change).collect();
    if changed.iter().any(|typed| typed.wrong(&user).is_some()) {
        let mut page = form(cx, &user);
        for member in &mut page.members {
            if let Some(typed) = changed.iter().find(|typed| typed.member.name == member.name) {
                member.wrong = typed.wrong(&user);
                member.value.clone_from(&typed.text);
                if !typed.accepts(&user) {
                    member.seen.clone_from(&typed.seen);
                }
            }
        }
        return page::again(&page);
    }
    if !changed.is_empty() {
        let members = changed.iter().map(|typed| format!("{}={}", typed.member.name, typed.text)).collect();
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
        let value = lines(settable.of(user));
        let is_long = settable.name == "description" || value.contains('\n');
        Member { name: settable.name, takes: settable.takes, seen: mark(&value), value, is_long, wrong: None }
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

/// What stands before the name of a member in the field that says what was shown there.
const SEEN: &str = "seen.";

/// So many characters of what somebody else wrote are told.
const MOST_TOLD: usize = 100;

impl Typed {
    /// Nothing, if there is no field for the member: it stays as it is.
    fn of(cx: &Cx<'_>, member: &'static Settable, user: &User) -> Option<Self> {
        let text = cx.form.all(member.name).next().map(lines)?;
        let now = lines(member.of(user));
        let name = format!("{SEEN}{}", member.name);
        let seen = cx.form.all(&name).next().map_or_else(|| mark(&now), str::to_owned);
        Some(Self { member, text, seen, now })
    }

    /// Whether the person wants something else than there is.
    fn is_change(&self) -> bool {
        self.text != self.now && mark(&self.text) != self.seen
    }

    fn accepts(&self, user: &User) -> bool {
        self.member.accepts(&self.text, user)
    }

    /// Why it is not written: it is nothing that the member takes, or somebody else wrote something
    /// there that the person has not seen.
    fn wrong(&self, user: &User) -> Option<String> {
        if !self.accepts(user) {
            return Some(format!("It takes {}.", self.member.takes));
        }
        if mark(&self.now) == self.seen {
            return None;
        }
        let now: String = self.now.chars().take(MOST_TOLD).collect();
        let told = if now.is_empty() { "to nothing".to_owned() } else { format!("to “\u{2068}{now}\u{2069}”") };
        Some(format!("Somebody else changed this meanwhile, {told}. Save once more for what you typed."))
    }
}

/// Stands for a text, however long that is: a form has to stay within the bounds of bodies.
fn mark(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A text as forms bring it back: browsers end lines in their own way, whatever was there.
fn lines(text: impl AsRef<str>) -> String {
    text.as_ref().replace("\r\n", "\n").replace('\r', "\n")
}
