//! Asking the handlers of the API for the replies that pages show.

use http::{HeaderMap, HeaderValue, Method, Uri};
use model::UserId;
use store::Detail;
use xapi::Operation;
use xapi::guide::{self, OWNER};

use super::super::cx::Cx;
use crate::api::{self, Call};
use crate::authenticate::Presented;
use crate::http::Request;

/// So much of a reply is shown.
const MOST_BYTES: usize = 6000;

/// A reply.
pub(super) struct Answered {
    pub(super) status: u16,
    /// As JSON, with a member on each line.
    pub(super) body: String,
    /// Whether its end is left out.
    pub(super) is_cut: bool,
}

/// Whether the sample is there. Without it nothing is asked: pages of the reference are for everybody,
/// and other data is for those who have a token.
pub(super) async fn has_sample(cx: &Cx<'_>) -> bool {
    let owner = UserId::new(OWNER);
    let found = cx.portal.state.store.users_by_ids(&[owner], Detail::Core).await;
    found.is_ok_and(|users| users.get(0).is_some())
}

/// What a request with these values is answered; `None` if it would change something.
pub(super) async fn ask(cx: &Cx<'_>, operation: &Operation, values: &[(&str, &str)]) -> Option<Answered> {
    let state = &cx.portal.state;
    let (target, body) = guide::request(operation, values, &state.tweet_binder.prefix);
    let mut headers = HeaderMap::new();
    if let Some((kind, _)) = &body {
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let request = Request {
        id: cx.request.id,
        scheme: cx.request.scheme,
        method: Method::from_bytes(operation.method.name().as_bytes()).ok()?,
        uri: target.parse::<Uri>().ok()?,
        headers,
        body: body.map(|(_, text)| text.into()).unwrap_or_default(),
        peer: cx.request.peer,
        received: cx.request.received,
        upload: Default::default(),
    };
    let presented = Presented::of(&request, &state.proxies);
    let call = Call { presented, request: &request, clock: state.clock.start(), now: cx.now };
    let answer = api::example(state, &call, UserId::new(OWNER)).await?;
    let (body, is_cut) = pretty(&answer.body);
    Some(Answered { status: answer.status, body, is_cut })
}

/// JSON with a member on each line, or what it is if it is no JSON; and whether it was cut.
pub(super) fn pretty(body: &[u8]) -> (String, bool) {
    let text = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(value) => format!("{value:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= MOST_BYTES);
    match end {
        Some(end) => (text.get(..end).unwrap_or_default().to_owned(), true),
        None => (text, false),
    }
}

/// The sentence of a refusal, in whatever dialect.
pub(super) fn sentence(body: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(body).ok()?;
    let member = |path: &str| value.pointer(path)?.as_str().map(str::to_owned);
    ["/errors/0/message", "/message", "/detail"].into_iter().find_map(member)
}
