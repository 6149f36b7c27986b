//! What clients sent: the last requests as they come, and one of them in full, with the reason of
//! a refusal. Developers see those of their own Apps.

use std::collections::HashSet;

use askama::Template;
use model::{AppId, Timestamp, UserId};
use xapi::join_pairs;

use super::cx::{Cx, id};
use super::explorer;
use super::form::{Choice, Field, Item};
use super::page::{self, Frame};
use super::refusal::Refused;
use crate::admin::identity::iso;
use crate::explain::{Audience, Explanation, explain_to};
use crate::http::Response;
use crate::requests::{Asked, Logged, Query, asked_names};

/// So many are on a page.
const MOST: usize = 50;

/// So many characters of an address are in the list.
const MOST_OF_TARGET: usize = 160;

/// The words of the filter of status, and how people read them.
const STATUSES: [(&str, &str); 9] = [
    ("", "All"),
    ("2xx", "2xx, answered"),
    ("4xx", "4xx, refused"),
    ("400", "400, faulty"),
    ("401", "401, nobody"),
    ("403", "403, not allowed"),
    ("404", "404, nothing there"),
    ("429", "429, too many"),
    ("5xx", "5xx, broken"),
];

/// A request in the list.
struct Line {
    number: u64,
    method: String,
    target: String,
    status: u16,
    is_well: bool,
    operation: Option<&'static str>,
    app: Option<String>,
    user: Option<String>,
    at: String,
    took: String,
}

#[derive(Template)]
#[template(path = "portal/requests.html")]
struct RequestsPage {
    frame: Frame,
    /// How many are kept; with 0 there is nothing to show.
    kept: usize,
    is_owner: bool,
    is_live: bool,
    is_filtered: bool,
    app: Field,
    operation: Choice,
    status: Choice,
    path: Field,
    lines: Vec<Line>,
    now: String,
    /// This page, as it is asked for again while it is live.
    again: String,
    /// The same with live switched.
    other: String,
    /// The next page.
    older: Option<String>,
    /// The first page.
    newest: Option<String>,
}

fn is_visible(own: Option<&HashSet<AppId>>, logged: &Logged) -> bool {
    own.is_none_or(|own| logged.app.is_some_and(|app| own.contains(&app)))
}

/// Shows the last ones.
pub(super) async fn list(cx: &Cx<'_>) -> Result<Response, Refused> {
    let requests = &cx.portal.state.requests;
    // Whose requests the viewer may see: everybody's, or those of these Apps.
    let own = cx.reach().app_ids(cx.identity());
    let typed = |name| cx.query.get(name).trim();
    let mut app = Field::new("app", "App", "Its number.", typed("app"));
    let mut query = Query { limit: MOST, ..Query::default() };
    match typed("app") {
        "" => {}
        number => match id::<AppId>(number) {
            Ok(id) if own.as_ref().is_none_or(|own| own.contains(&id)) => query.app = Some(id.get()),
            Ok(_) => return Err(Refused::NotFound),
            Err(_) => app.error = Some("Give the number of an App."),
        },
    }
    let operation = operations(typed("operation"));
    query.operation = Some(typed("operation").to_owned()).filter(|name| !name.is_empty());
    let mut status = Choice {
        name: "status",
        label: "Status",
        hint: "",
        options: STATUSES.map(|(value, label)| Item::new(value, label, value.is_empty())).into(),
        error: None,
    };
    status.choose(typed("status"));
    query.status = typed("status").parse().ok();
    query.path = Some(typed("path").to_owned()).filter(|path| !path.is_empty());
    query.below = match typed("below") {
        "" => None,
        number => Some(id(number)?),
    };
    let is_wrong = app.error.is_some() || operation.error.is_some() || status.error.is_some();
    let (found, more) = if is_wrong {
        (Vec::new(), false)
    } else {
        requests.find(query.below, query.limit, |logged| is_visible(own.as_ref(), logged) && query.fits(logged))
    };
    let is_live = typed("live") == "1" && query.below.is_none();
    let address = |live: bool, below: Option<u64>| address(cx, live, below);
    let page = RequestsPage {
        frame: Frame::of(cx),
        kept: requests.most(),
        is_owner: cx.viewer.is_owner(),
        is_live,
        is_filtered: ["app", "operation", "status", "path"].iter().any(|name| !typed(name).is_empty()),
        path: Field::new("path", "Path or query", "A part of it, as it was sent.", typed("path")),
        app,
        operation,
        status,
        lines: lines(cx, &found).await?,
        now: clock(cx.now),
        again: address(is_live, query.below),
        other: address(!is_live, None),
        older: found.last().filter(|_| more).map(|last| address(false, Some(last.number))),
        newest: query.below.map(|_| address(false, None)),
    };
    if is_wrong { page::again(&page) } else { page::show(&page) }
}

/// The operations and endpoints to choose from.
fn operations(chosen: &str) -> Choice {
    let items = asked_names().map(|name| Item::new(name, name, false));
    let mut choice = Choice {
        name: "operation",
        label: "Operation",
        hint: "",
        options: [Item::new("", "All", true)].into_iter().chain(items).collect(),
        error: None,
    };
    choice.choose(chosen);
    choice
}

/// The address of this page with its filter.
fn address(cx: &Cx<'_>, live: bool, below: Option<u64>) -> String {
    let below = below.map(|number| number.to_string());
    let kept = ["app", "operation", "status", "path"].map(|name| (name, cx.query.get(name).trim()));
    let more = [("live", if live { "1" } else { "" }), ("below", below.as_deref().unwrap_or(""))];
    let members: Vec<_> = kept.into_iter().chain(more).filter(|(_, value)| !value.is_empty()).collect();
    let path = cx.request.path();
    if members.is_empty() { path.to_owned() } else { format!("{path}?{}", join_pairs(&members)) }
}

async fn lines(cx: &Cx<'_>, found: &[Logged]) -> Result<Vec<Line>, Refused> {
    let users: Vec<UserId> = found.iter().filter_map(|logged| logged.user).collect();
    let usernames = cx.usernames(&users).await?;
    let line = |logged: &Logged| Line {
        number: logged.number,
        method: logged.method.to_string(),
        target: page::cut(&logged.target, MOST_OF_TARGET),
        status: logged.status,
        is_well: logged.status < 400,
        operation: logged.asked.name(),
        app: logged.app.map(|id| app_name(cx, id)),
        user: logged.user.map(|id| usernames.get(&id).map_or_else(|| id.to_string(), |name| format!("@{name}"))),
        at: clock(logged.at),
        took: took(logged),
    };
    Ok(found.iter().map(line).collect())
}

/// What an App is called, also one that is gone.
pub(super) fn app_name(cx: &Cx<'_>, id: AppId) -> String {
    match cx.identity().app(id) {
        Some(app) => format!("App {id} {}", app.app.name),
        None => format!("App {id}"),
    }
}

fn took(logged: &Logged) -> String {
    format!("{:.2} ms", logged.took.as_secs_f64() * 1000.0)
}

/// A time of a request, to the second.
fn clock(time: Timestamp) -> String {
    let iso = iso(time);
    let (day, rest) = iso.split_once('T').unwrap_or((&iso, ""));
    format!("{day} {} UTC", rest.get(..8).unwrap_or(rest))
}

#[derive(Template)]
#[template(path = "portal/request.html")]
struct RequestPage {
    frame: Frame,
    logged: Logged,
    at: String,
    took: String,
    operation: Option<&'static str>,
    is_of_api: bool,
    app: Option<(String, bool)>,
    app_id: String,
    user: Option<String>,
    user_id: String,
    is_owner: bool,
    why: Option<Explanation>,
    is_refused: bool,
    replay: Option<String>,
    /// Those before and after it.
    neighbours: [Option<u64>; 2],
}

/// Shows one.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let number: u64 = id(cx.part(0))?;
    let own = cx.reach().app_ids(cx.identity());
    let state = &cx.portal.state;
    let find = |number: u64| state.requests.get(number).filter(|logged| is_visible(own.as_ref(), logged));
    let logged = find(number).ok_or(Refused::NotFound)?;
    let users: Vec<_> = logged.user.into_iter().collect();
    let usernames = cx.usernames(&users).await?;
    let why = if logged.status >= 400 { why(cx, &logged).await? } else { None };
    let near = |number: Option<u64>| number.and_then(find).map(|logged| logged.number);
    page::show(&RequestPage {
        frame: Frame::of(cx),
        at: clock(logged.at),
        took: took(&logged),
        operation: logged.asked.name(),
        is_of_api: matches!(logged.asked, Asked::Operation(_)),
        app: logged.app.map(|id| (app_name(cx, id), cx.identity().app(id).is_some())),
        app_id: logged.app.map(|id| id.to_string()).unwrap_or_default(),
        user: logged.user.map(|id| usernames.get(&id).map_or_else(|| id.to_string(), |name| format!("@{name}"))),
        user_id: logged.user.map(|id| id.to_string()).unwrap_or_default(),
        is_owner: cx.viewer.is_owner(),
        is_refused: logged.status >= 400,
        why,
        replay: explorer::replay(&logged).filter(|address| cx.is_taken(address)),
        neighbours: [near(number.checked_sub(1)), near(number.checked_add(1))],
        logged,
    })
}

/// Why one was refused, if that is still known. Whoever is no owner learns nothing of other
/// accounts by it.
async fn why(cx: &Cx<'_>, logged: &Logged) -> Result<Option<Explanation>, Refused> {
    let Some(noted) = cx.portal.state.refusals.find(Some(logged.id)) else { return Ok(None) };
    let audience = match cx.viewer.account {
        _ if cx.viewer.is_owner() => Audience::Owner,
        Some((account, _)) => Audience::Account(account),
        None => return Ok(None),
    };
    cx.apart(move |state| Some(explain_to(audience, state, &noted))).await
}
