//! What the page of an operation shows.

use askama::Template;
use http::HeaderMap;
use model::{Scope, Timestamp};
use xapi::operation::Value;
use xapi::{InputPlace, InputValue, Operation, encode};

use super::call::encode_pairs;
use super::choice::Choices;
use super::highlight::{Piece, highlight};
use super::history::Entry;
use super::list;
use super::send::Sent;
use super::snippet::{self, Language, Wanted, Written};
use super::values::{Filled, OTHER, PREFIX, Values, unknown};
use super::way::Way;
use super::{Filling, Wrong};
use crate::admin::Addresses;
use crate::portal::cx::Cx;
use crate::portal::form::{Choice, Field, Item};
use crate::portal::home::EXPORTED;
use crate::portal::page::{self as pages, Frame};
use crate::portal::routes::Role;
use crate::portal::sign_in;

/// So much of a reply is shown: with all that stands around each piece, the page stays far below
/// 200 KB.
const MOST_SHOWN: usize = 24 << 10;
/// So many bytes of a header are.
const MOST_OF_HEADER: usize = 1000;

const APP_HINT: &str = "Whose keys sign the request, and whose limits count it.";
const USER_HINT: &str = "On whose behalf: a username of the directory.";
const OTHER_HINT: &str =
    "As they stand in the query, such as ids=1&colour=red: sent as they are, whatever the operation makes of them.";

#[derive(Template)]
#[template(path = "portal/explorer.html")]
pub(super) struct ExplorerPage {
    frame: Frame,
    operation: &'static Operation,
    dialect: &'static str,
    path: String,
    limits: Vec<String>,
    ways: Vec<WayShown>,
    app: Option<Choice>,
    user: Option<Field>,
    only_user: Option<String>,
    scopes: Vec<Tick>,
    inputs: Vec<InputShown>,
    /// What is sent beside them.
    other: Field,
    unknown: Vec<String>,
    may_send: bool,
    is_known: bool,
    /// Where to sign in and come back.
    sign_in: String,
    error: Option<&'static str>,
    reply: Option<Reply>,
    address: Option<String>,
    codes: Vec<Code>,
    /// The certificate that programs have to trust.
    trusted: Option<String>,
    /// Belongs to the name of the tabs: while one page takes the place of another, the tabs of the
    /// first must not close those of the second.
    shown_at: i64,
    history: Vec<Line>,
}

struct WayShown {
    way: Way,
    is_chosen: bool,
    why_not: Option<&'static str>,
}

/// A box to tick.
struct Tick {
    word: &'static str,
    is_ticked: bool,
}

/// A field of the form.
struct InputShown {
    name: String,
    id: String,
    label: &'static str,
    hint: String,
    value: String,
    error: Option<&'static str>,
    /// What there is to choose from, where one is chosen.
    options: Vec<Item>,
    /// What there is to tick.
    ticks: Vec<Tick>,
    ticked: usize,
    is_long: bool,
    is_required: bool,
}

/// A program, or why there is none.
struct Code {
    word: &'static str,
    label: &'static str,
    written: Written,
    lines: usize,
}

impl Code {
    fn of((language, written): (&'static Language, Written)) -> Self {
        let lines = written.as_ref().map_or(0, |text| text.lines().count() + 1);
        Self { word: language.word, label: language.label, written, lines }
    }
}

/// What came back.
struct Reply {
    status: u16,
    reason: &'static str,
    is_good: bool,
    took: String,
    bytes: String,
    quota: Option<Quota>,
    headers: Vec<(String, String)>,
    pieces: Vec<Piece>,
    is_cut: bool,
    shown: String,
}

/// What is left of a window.
struct Quota {
    limit: u64,
    remaining: u64,
    reset: Option<String>,
}

/// A request that was sent before.
pub(super) struct Line {
    pub(super) entry: Entry,
    pub(super) at: String,
    pub(super) query: String,
}

impl Line {
    pub(super) fn of(entry: &Entry) -> Self {
        let query = entry.address.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let pairs = xapi::pairs(query).unwrap_or_default();
        let said =
            pairs.into_iter().map(|(name, value)| format!("{}={value}", name.strip_prefix(PREFIX).unwrap_or(&name)));
        let query: String = said.collect::<Vec<_>>().join(" ").chars().take(200).collect();
        Self { entry: entry.clone(), at: pages::when(entry.at), query }
    }
}

/// The address that restores a request: what is not said in it is as it would be anyway.
pub(super) fn address(operation: &Operation, choices: &Choices, values: &Values, other: &str) -> String {
    let mut pairs = vec![("auth".to_owned(), choices.way.word().to_owned())];
    let mut say = |is_said: bool, name: &str, value: String| pairs.extend(is_said.then(|| (name.to_owned(), value)));
    let app = choices.app.as_ref().map(|app| app.app.id.to_string());
    say(choices.said_app && choices.apps.len() > 1, "app", app.unwrap_or_default());
    say(choices.said_user && choices.way.is_of_user(), "user", choices.user.clone());
    say(choices.said_scopes && choices.way == Way::OAuth2, "scope", choices.scopes.to_string());
    pairs.extend(values.filled().map(|filled| (format!("{PREFIX}{}", filled.input.name), filled.value.clone())));
    pairs.extend((!other.is_empty()).then(|| (OTHER.to_owned(), other.to_owned())));
    let pairs: Vec<(&str, String)> = pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    format!("/portal/explorer/{}?{}", encode(operation.name, ""), encode_pairs(&pairs))
}

/// The page.
pub(super) fn page(cx: &Cx<'_>, filling: &Filling, sent: Option<&Sent>, wrong: &Wrong) -> ExplorerPage {
    let Filling { operation, values, choices, call, address } = filling;
    let is_owner = cx.viewer.is_owner();
    let origin = cx.origin();
    let addresses = cx.portal.context.addresses.as_ref();
    let trusted = addresses.and_then(Addresses::trusted).map(|file| if is_owner { file } else { EXPORTED.to_owned() });
    let wanted = Wanted { operation, values, call, way: choices.way, origin: &origin, trusted: trusted.as_deref() };
    ExplorerPage {
        frame: Frame::of(cx),
        operation,
        dialect: list::label(operation.dialect),
        path: operation.path.to_owned(),
        limits: limits(cx, operation),
        ways: Way::ALL.map(|way| way_shown(way, choices.way, operation)).into(),
        app: apps(choices, wrong),
        user: is_owner.then(|| Field { error: wrong.user, ..Field::new("user", "User", USER_HINT, &choices.user) }),
        only_user: Some(choices.user.clone()).filter(|user| !user.is_empty()),
        scopes: scopes(operation, choices),
        inputs: values.0.iter().map(|filled| input(filled, wrong)).collect(),
        other: Field::new(OTHER, "Other parameters", OTHER_HINT, &call.other),
        unknown: unknown(operation, super::said(cx)),
        may_send: cx.viewer.is(Role::Developer),
        is_known: cx.viewer.is_known(),
        sign_in: sign_in::address(cx, address.as_deref().unwrap_or_else(|| cx.request.path())),
        error: wrong.all.or(wrong.user.filter(|_| !is_owner)).or(wrong.app.filter(|_| choices.app.is_none())),
        reply: sent.map(reply),
        codes: snippet::write_all(wanted).map(Code::of).collect(),
        shown_at: cx.now.unix_ms(),
        address: address.clone(),
        trusted,
        history: cx.portal.explorer.history.of(&cx.viewer).iter().map(Line::of).collect(),
    }
}

/// Those that hold now: none are said where nothing is counted.
fn limits(cx: &Cx<'_>, operation: &Operation) -> Vec<String> {
    let limits = cx.portal.state.limits.limits_of(operation);
    let minutes = xapi::operation::WINDOW_SECONDS / 60;
    let of = |count: Option<u32>, whose: &str| count.map(|count| format!("{count} in {minutes} minutes for {whose}"));
    [of(limits.per_app, "an App"), of(limits.per_user, "a user")].into_iter().flatten().collect()
}

fn way_shown(way: Way, chosen: Way, operation: &Operation) -> WayShown {
    WayShown { way, is_chosen: way == chosen, why_not: way.why_not(operation) }
}

fn apps(choices: &Choices, wrong: &Wrong) -> Option<Choice> {
    let chosen = choices.app.as_ref()?.app.id;
    let item = |app: &store::RegisteredApp| {
        let label = format!("{} (App {})", app.app.name, app.app.id);
        Item::new(app.app.id.to_string(), label, app.app.id == chosen)
    };
    let options = choices.apps.iter().map(|app| item(app)).collect();
    Some(Choice { name: "app", label: "App", hint: APP_HINT, options, error: wrong.app })
}

/// The scopes that the operation asks for, and that of a field beside them.
fn scopes(operation: &Operation, choices: &Choices) -> Vec<Tick> {
    if !Way::OAuth2.is_taken(operation) {
        return Vec::new();
    }
    let email = operation.kind.shows_users().then_some(Scope::UsersEmail);
    let all = operation.access.scopes.iter().copied().chain(email);
    all.map(|scope| Tick { word: scope.name(), is_ticked: choices.scopes.contains(scope) }).collect()
}

fn input(filled: &Filled, wrong: &Wrong) -> InputShown {
    let Filled { input, value } = filled;
    let words: Vec<&'static str> = input.words().collect();
    let parts: Vec<&str> = filled.parts().collect();
    let ticks: Vec<_> = words.iter().map(|&word| Tick { word, is_ticked: parts.contains(&word) }).collect();
    let typed: Vec<&str> = parts.iter().copied().filter(|part| !words.contains(part)).collect();
    let options: &[&str] = match input.value {
        InputValue::Plain(Value::Flag) => &["true", "false"],
        InputValue::Plain(Value::Word(words)) => words,
        InputValue::Plain(_) | InputValue::Words(..) => &[],
    };
    InputShown {
        name: format!("{PREFIX}{}", input.name),
        id: format!("p-{}", input.name.replace('.', "-")),
        label: input.name,
        hint: if words.is_empty() { input.hint() } else { String::new() },
        value: if words.is_empty() { value.clone() } else { typed.join(",") },
        error: wrong.inputs.iter().find(|(name, _)| *name == input.name).map(|(_, sentence)| *sentence),
        options: choose(options, value),
        ticked: ticks.iter().filter(|tick| tick.is_ticked).count() + typed.len(),
        ticks,
        is_long: input.is_list(),
        is_required: input.is_required || input.place == InputPlace::Path,
    }
}

/// The options of a choice, with what is chosen among them, even if no row offers it.
fn choose(options: &[&str], chosen: &str) -> Vec<Item> {
    let offered = options.iter().map(|&option| Item::new(option, option, option == chosen));
    let none = Item::new("", "—", chosen.is_empty());
    let other = (!chosen.is_empty() && !options.contains(&chosen)).then(|| Item::new(chosen, chosen, true));
    if options.is_empty() { Vec::new() } else { [none].into_iter().chain(offered).chain(other).collect() }
}

fn reply(sent: &Sent) -> Reply {
    let text = String::from_utf8_lossy(&sent.body);
    let shown = highlight(&text, MOST_SHOWN);
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.chars().take(MOST_OF_HEADER).collect())
    };
    Reply {
        status: sent.status.as_u16(),
        reason: sent.status.canonical_reason().unwrap_or_default(),
        is_good: sent.status.is_success(),
        took: format!("{:.1} ms", sent.took.as_secs_f64() * 1000.0),
        bytes: pages::grouped(sent.body.len() as u64),
        quota: quota(&sent.headers),
        headers: sent.headers.iter().map(header).collect(),
        is_cut: shown.is_cut,
        pieces: shown.pieces,
        shown: pages::grouped(MOST_SHOWN as u64),
    }
}

fn quota(headers: &HeaderMap) -> Option<Quota> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    let reset = number("x-rate-limit-reset").and_then(|seconds| i64::try_from(seconds).ok());
    Some(Quota {
        limit: number("x-rate-limit-limit")?,
        remaining: number("x-rate-limit-remaining")?,
        reset: reset.map(|seconds| pages::when(Timestamp::from_unix_ms(seconds.saturating_mul(1000)))),
    })
}
