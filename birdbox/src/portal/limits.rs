//! Rate limits: the windows that are open with what is left of them, and for the owner the verbs of
//! `birdbox limits`. Developers see the windows of their Apps, and their own; to end one is the
//! owner's, or else no limit would hold anybody.

use askama::Template;
use model::{AppId, UserId};
use xapi::operation::{OPERATIONS, WINDOW_SECONDS};
use xapi::{Operation, RateLimits};

use super::cx::{Cx, id};
use super::form::{Choice, Field, Item};
use super::page::{self, Frame};
use super::refusal::Refused;
use super::requests::app_name;
use crate::config::{LimitsMode, Setting as _};
use crate::http::Response;
use crate::limits::{self, CallerKey, Counted, Source, Verb, open_windows};
use crate::state::State;

/// So many windows are on the page, those with the most requests.
const MOST: usize = 100;

const FACTOR_WRONG: &str = "Give a whole number from 1 on.";

/// A window.
struct Window {
    operation: String,
    caller: String,
    /// As the form names it.
    key: String,
    used: u32,
    limit: u32,
    left: u32,
    /// Until it ends: minutes and seconds.
    ends_in: String,
}

#[derive(Template)]
#[template(path = "portal/limits.html")]
struct LimitsPage {
    frame: Frame,
    mode: String,
    configured: String,
    is_owner: bool,
    windows: Vec<Window>,
    more: usize,
    /// Whether a power loss has spent all others, and how long that lasts.
    spent: Option<String>,
    is_spent: bool,
    rows: Vec<(&'static str, String, String)>,
    choice: Choice,
    factor: Field,
}

/// Shows them.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    page::show(&limits_page(cx).await?)
}

async fn limits_page(cx: &Cx<'_>) -> Result<LimitsPage, Refused> {
    let limits = &cx.portal.state.limits;
    let is_owner = cx.viewer.is_owner();
    let own = cx.reach().app_ids(cx.identity());
    let (own_user, now) = (cx.viewer.user.as_ref().map(|user| user.id), cx.now);
    let fits = move |caller| match (&own, caller) {
        (None, _) => true,
        (Some(own), CallerKey::App(id)) => own.contains(&AppId::new(id)),
        (Some(_), CallerKey::User(id)) => own_user == Some(UserId::new(id)),
    };
    let (counted, more) = cx.apart(move |state| open_windows(&state.limits, fits, |_| true, MOST, now)).await?;
    let mode = limits.mode();
    let number = |limit: Option<u32>| limit.map_or_else(|| "–".to_owned(), |limit| page::grouped(limit.into()));
    let row = |row: &'static Operation| {
        let RateLimits { per_app, per_user } = limits.limits_of(row);
        (row.name, number(per_app), number(per_user))
    };
    let spent = limits.ledger().spent_until(cx.now).filter(|_| is_owner);
    Ok(LimitsPage {
        frame: Frame::of(cx),
        configured: limits.configured_mode().to_string(),
        is_owner,
        windows: windows(cx, counted).await?,
        more,
        is_spent: spent.is_some(),
        spent: spent.map(|until| minutes(cx, until.unix_seconds())),
        rows: OPERATIONS.iter().map(row).collect(),
        choice: choice(mode),
        factor: factor(mode),
        mode: mode.to_string(),
    })
}

async fn windows(cx: &Cx<'_>, counted: Vec<Counted>) -> Result<Vec<Window>, Refused> {
    let user = |window: &Counted| match window.caller {
        CallerKey::User(id) => Some(UserId::new(id)),
        CallerKey::App(_) => None,
    };
    let users: Vec<UserId> = counted.iter().filter_map(user).collect();
    let names = cx.usernames(&users).await?;
    let shown = |window: Counted| {
        let (caller, key) = match window.caller {
            CallerKey::App(id) => (app_name(cx, AppId::new(id)), format!("app-{id}")),
            CallerKey::User(id) => {
                let name = names.get(&UserId::new(id)).map(|name| format!("@{name}"));
                (name.unwrap_or_else(|| format!("user {id}")), format!("user-{id}"))
            }
        };
        Window {
            caller,
            key: format!("{} {key}", window.operation),
            used: window.used,
            limit: window.used.saturating_add(window.left),
            left: window.left,
            ends_in: minutes(cx, window.reset),
            operation: window.operation,
        }
    };
    Ok(counted.into_iter().map(shown).collect())
}

/// How long it is until then.
fn minutes(cx: &Cx<'_>, until: i64) -> String {
    let seconds = until.saturating_sub(cx.now.unix_seconds()).max(0);
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

const TIMES: &str = "times";

fn choice(mode: LimitsMode) -> Choice {
    let is = |word: &str| match mode {
        LimitsMode::Faithful => word == "faithful",
        LimitsMode::Off => word == "off",
        LimitsMode::Times(_) => word == TIMES,
    };
    let item = |word: &str, label: &str| Item::new(word, label, is(word));
    Choice {
        name: "mode",
        label: "Which limits hold",
        hint: "At once, and after a restart too.",
        options: vec![
            item("faithful", "Faithful: those of X"),
            item("off", "Off: none"),
            item(TIMES, "Those of X, so many times:"),
            Item::new("default", "What the configuration says", false),
        ],
        error: None,
    }
}

fn factor(mode: LimitsMode) -> Field {
    let value = match mode {
        LimitsMode::Times(factor) => factor.to_string(),
        LimitsMode::Faithful | LimitsMode::Off => String::new(),
    };
    Field::new("factor", "Times", "Needed for so many times alone, such as 10.", &value)
}

/// Switches which limits hold.
pub(super) async fn set_mode(cx: &Cx<'_>) -> Result<Response, Refused> {
    let mut page = limits_page(cx).await?;
    page.choice.choose(cx.form.get("mode"));
    cx.form.get("factor").clone_into(&mut page.factor.value);
    let mode = match page.choice.value() {
        "default" => None,
        TIMES => Some(format!("x{}", page.factor.value.trim())),
        word => Some(word.to_owned()),
    };
    if page.choice.error.is_none() && mode.as_deref().is_some_and(|mode| LimitsMode::parse(mode).is_none()) {
        page.factor.error = Some(FACTOR_WRONG);
    }
    if page.choice.error.is_some() || page.factor.error.is_some() {
        return page::again(&page);
    }
    run(cx, Verb::SetMode { mode }).await?;
    page::go_to("/portal/limits?done=saved")
}

/// Forgets what was counted, of one window or of all.
pub(super) async fn reset(cx: &Cx<'_>) -> Result<Response, Refused> {
    let verb = match cx.form.get("reset") {
        "all" => Verb::Reset { operations: Vec::new(), caller: None },
        one => {
            let (operation, caller) = one.split_once(' ').ok_or(Refused::NotFound)?;
            let operation = Operation::named(operation).ok_or(Refused::NotFound)?;
            let caller = Some(named_caller(cx, operation, caller).await?);
            Verb::Reset { operations: vec![operation.name.to_owned()], caller }
        }
    };
    run(cx, verb).await?;
    page::go_to("/portal/limits?done=reset")
}

/// Whose window a form names: of an App or a user that is there, or that was and has one still.
async fn named_caller(cx: &Cx<'_>, operation: &Operation, text: &str) -> Result<CallerKey, Refused> {
    let (caller, is_there) = match text.split_once('-') {
        Some(("app", number)) => {
            let app: AppId = id(number)?;
            (CallerKey::App(app.get()), cx.identity().app(app).is_some())
        }
        Some(("user", number)) => {
            let user: UserId = id(number)?;
            (CallerKey::User(user.get()), cx.portal.state.store.user(user).await?.is_some())
        }
        _ => return Err(Refused::NotFound),
    };
    if is_there {
        return Ok(caller);
    }
    let (wanted, now) = (operation.id, cx.now);
    let open = move |state: &State| {
        let is_asked = |row: &Operation| row.id == wanted;
        open_windows(&state.limits, |whose| whose == caller, is_asked, 1, now).0.is_empty()
    };
    if cx.apart(open).await? { Err(Refused::NotFound) } else { Ok(caller) }
}

/// Does what a command would.
async fn run(cx: &Cx<'_>, verb: Verb) -> Result<(), Refused> {
    let now = cx.now;
    let run = move |state: &State| {
        let source = Source::Open(state.limits.clone());
        limits::run(&source, &state.store, verb, now).map(|_| ())
    };
    cx.apart(run).await?.map_err(|error| {
        tracing::error!(%error, "limits cannot be changed");
        Refused::Broken
    })
}

impl LimitsPage {
    /// How long a window lasts at the most.
    fn window_minutes(&self) -> u32 {
        WINDOW_SECONDS / 60
    }
}
