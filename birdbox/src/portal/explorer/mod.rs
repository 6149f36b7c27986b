//! The explorer: every operation as a form, its request sent for real, and the same as programs.
//!
//! What an operation takes is read from its row. A form that is sent with GET fills itself in again
//! and shows the programs; sent with POST it calls the service as a client would, on behalf of an
//! App of the viewer's. Everything works without a script.

mod call;
mod choice;
mod highlight;
mod history;
mod list;
mod page;
mod replay;
mod send;
mod snippet;
mod values;
mod way;

use http::header::HeaderName;
use http::{HeaderValue, StatusCode};
use tokio::sync::Semaphore;
use xapi::{InputPlace, Operation};

use self::call::Call;
use self::choice::Choices;
use self::history::{Entry, History};
use self::send::{Caller, Sent, Unsent};
use self::values::{Filled, Values};
pub(crate) use self::way::Way;
use super::cx::Cx;
use super::page as pages;
use super::refusal::Refused;
use crate::http::Response;
pub(super) use list::list;
pub(super) use replay::replay;

/// So many requests are on their way at once, for all viewers.
const AT_ONCE: usize = 8;

/// Tells htmx which address stands above the page from now on.
const HX_PUSH_URL: HeaderName = HeaderName::from_static("hx-push-url");

const BUSY: &str = "Too many requests are on their way from the explorer. Send it again in a moment.";
const STOPPING: &str = "The server stops, and sends nothing any more.";
const NO_REQUEST: &str =
    "No request can be made of this. Shorten what you typed, and write %25 for a percent sign among other parameters.";
const EMPTY: &str = "Fill this in: it stands in the path.";
const DOTS: &str = "Paths mean something else by this.";

/// What the explorer remembers.
#[derive(Debug)]
pub(super) struct Explorer {
    history: History,
    sending: Semaphore,
}

impl Default for Explorer {
    fn default() -> Self {
        Self { history: History::default(), sending: Semaphore::new(AT_ONCE) }
    }
}

/// What is wrong with a request that was to be sent.
#[derive(Debug, Default)]
struct Wrong {
    /// With the whole of it.
    all: Option<&'static str>,
    /// With the App.
    app: Option<&'static str>,
    /// With the user.
    user: Option<&'static str>,
    /// With inputs, by name.
    inputs: Vec<(&'static str, &'static str)>,
}

impl Wrong {
    fn is_nothing(&self) -> bool {
        self.all.is_none() && self.app.is_none() && self.user.is_none() && self.inputs.is_empty()
    }
}

/// One operation as it is filled in.
struct Filling {
    operation: &'static Operation,
    values: Values,
    choices: Choices,
    call: Call,
    /// What restores it, if the server takes such a long address.
    address: Option<String>,
}

impl Filling {
    async fn of(cx: &Cx<'_>) -> Result<Self, Refused> {
        let operation = Operation::named(cx.part(0)).ok_or(Refused::NotFound)?;
        let said = said(cx);
        let values = Values::of(operation, said);
        let choices = Choices::of(cx, operation, said).await?;
        let other = values::other(said);
        let address = Some(page::address(operation, &choices, &values, &other)).filter(|address| cx.is_taken(address));
        let call = Call::of(operation, &values, other, cx.portal.state.tweet_binder.prefix_at(cx.request.host()));
        Ok(Self { operation, values, choices, call, address })
    }
}

/// What was filled in: the form that is sent, or the address.
fn said<'a>(cx: &'a Cx<'_>) -> &'a super::form::Form {
    if super::cx::changes(&cx.request.method) { &cx.form } else { &cx.query }
}

/// Shows an operation as the address fills it in.
pub(super) async fn show(cx: &Cx<'_>) -> Result<Response, Refused> {
    let filling = Filling::of(cx).await?;
    let response = pages::show(&page::page(cx, &filling, None, &Wrong::default()))?;
    Ok(at(response, filling.address.as_deref()))
}

/// Sends a request, and shows what came back.
pub(super) async fn send(cx: &Cx<'_>) -> Result<Response, Refused> {
    let filling = Filling::of(cx).await?;
    let (sent, wrong) = match Box::pin(try_to_send(cx, &filling)).await? {
        Ok(sent) => (Some(sent), Wrong::default()),
        Err(wrong) => (None, wrong),
    };
    if let (Some(sent), Some(address)) = (&sent, &filling.address) {
        let status = sent.status.as_u16();
        let entry = Entry { operation: filling.operation.name, address: address.clone(), status, at: cx.now };
        cx.portal.explorer.history.add(&cx.viewer, entry);
    }
    let shown = page::page(cx, &filling, sent.as_ref(), &wrong);
    let status = match (&sent, wrong.all) {
        (Some(_), _) => StatusCode::OK,
        (None, Some(BUSY | STOPPING)) => StatusCode::SERVICE_UNAVAILABLE,
        (None, _) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(at(pages::show_with(status, &shown)?, filling.address.as_deref()))
}

/// The page stands at the address that restores it, where htmx shows it.
fn at(mut response: Response, address: Option<&str>) -> Response {
    if let Some(Ok(address)) = address.map(HeaderValue::try_from) {
        response.headers.insert(HX_PUSH_URL, address);
    }
    response
}

async fn try_to_send(cx: &Cx<'_>, filling: &Filling) -> Result<Result<Sent, Wrong>, Refused> {
    let Filling { operation, values, choices, call, .. } = filling;
    let mut wrong = Wrong { inputs: values.0.iter().filter_map(wrong_in_path).collect(), ..Wrong::default() };
    let user = choices.user(cx).await?;
    if choices.way.is_of_user() && user.is_none() {
        wrong.user = Some(choice::no_user(cx));
    }
    let Some(app) = &choices.app else {
        return Ok(Err(Wrong { app: Some(choice::NO_APP), ..wrong }));
    };
    if !wrong.is_nothing() {
        return Ok(Err(wrong));
    }
    let Ok(_place) = cx.portal.explorer.sending.try_acquire() else {
        return Ok(Err(Wrong { all: Some(BUSY), ..wrong }));
    };
    let caller = Caller { app: app.clone(), way: choices.way, user, scopes: choices.scopes };
    let sent = Box::pin(send::send(cx, operation, call, &caller)).await;
    Ok(sent.map_err(|unsent| match unsent {
        Unsent::Keys(why) => Wrong { app: Some(why), ..Wrong::default() },
        Unsent::Request => Wrong { all: Some(NO_REQUEST), ..Wrong::default() },
        Unsent::Stopping => Wrong { all: Some(STOPPING), ..Wrong::default() },
    }))
}

/// What cannot stand in a path: without it, or with dots, the request would be another one.
fn wrong_in_path(filled: &Filled) -> Option<(&'static str, &'static str)> {
    let Filled { input, value } = filled;
    match value.as_str() {
        _ if input.place != InputPlace::Path => None,
        "" => Some((input.name, EMPTY)),
        "." | ".." => Some((input.name, DOTS)),
        _ => None,
    }
}
