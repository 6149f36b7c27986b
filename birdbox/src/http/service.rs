//! One request after its head is read: what is refused, what the handler gets, and
//! what the client must see besides the handler's answer.

use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::header::{CONNECTION, HeaderValue};
use http::request::Parts;
use http::{Method, Version};
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, Sleep, sleep};

use super::compress::Wanted;
use super::connection::Shared;
use super::message::Whole;
use super::pages::Page;
use super::phase::Phase;
use super::{Handler, Limits, Refusal, Request, Response, body, compress, cors, host};

/// Answers one request, whatever it is.
pub(super) async fn answer<H: Handler>(
    shared: Arc<Shared<H>>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Whole>, Infallible> {
    shared.phase.enter(Phase::Running);
    let received = Instant::now();
    let (parts, body) = request.into_parts();
    shared.phase.set_has_body(!body.is_end_stream());
    let wanted = Wanted::of(&parts.headers);
    let is_cross_origin = cors::is_cross_origin(&parts.headers);
    let mut response = match admit(&shared, received, parts, body).await {
        Ok(response) => response,
        Err(refusal) => refuse(&shared, refusal),
    };
    if is_cross_origin {
        cors::allow(&mut response.headers);
    }
    compress::apply(&mut response, wanted);
    shared.edge.metrics.count(response.operation, response.status, received.elapsed());
    shared.phase.enter(Phase::Sending);
    Ok(response.into_http())
}

async fn admit<H: Handler>(
    shared: &Shared<H>,
    received: Instant,
    mut parts: Parts,
    body: Incoming,
) -> Result<Response, Refusal> {
    let limits = &shared.edge.limits;
    check(&mut parts, &body, limits)?;
    let body = body::read(body, limits).await?;
    if let Some(page) = Page::at(parts.uri.path()) {
        return page.answer(&parts.method, shared);
    }
    if let Some(response) = cors::preflight(&parts.method, &parts.headers) {
        return Ok(response);
    }
    let Parts { method, uri, headers, .. } = parts;
    let request = Request { method, uri, headers, body, peer: shared.peer, received };
    within(limits.request, shared.edge.handler.handle(request)).await
}

fn check(parts: &mut Parts, body: &Incoming, limits: &Limits) -> Result<(), Refusal> {
    if parts.method == Method::TRACE || parts.method == Method::CONNECT {
        return Err(Refusal::Method);
    }
    if target_len(parts) > limits.uri_bytes {
        return Err(Refusal::UriTooLong);
    }
    match host::check(&parts.uri, &mut parts.headers) {
        // Watchers that speak HTTP/1.0, where a host was not yet required.
        Err(Refusal::NoHost) if parts.version == Version::HTTP_10 && Page::at(parts.uri.path()).is_some() => {}
        checked => checked?,
    }
    if body::is_announced_too_large(body, limits) {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(())
}

fn target_len(parts: &Parts) -> usize {
    let origin = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    origin + parts.uri.authority().map_or(0, |authority| authority.as_str().len())
}

/// The answer to what is refused. It ends the connection: what the client sent, or
/// will send, may not be where the next request should begin.
fn refuse<H: Handler>(shared: &Shared<H>, refusal: Refusal) -> Response {
    let mut response = shared.edge.handler.refuse(refusal);
    response.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    shared.phase.set_linger();
    response
}

/// What `answer` resolves to, unless it takes longer than `limit` or panics.
///
/// Most answers are there at the first poll: no timer exists before the second.
async fn within<T>(limit: Duration, answer: impl Future<Output = T>) -> Result<T, Refusal> {
    let mut answer = pin!(answer);
    let mut alarm = pin!(None::<Sleep>);
    poll_fn(|cx| {
        match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
            Ok(Poll::Ready(answer)) => return Poll::Ready(Ok(answer)),
            Ok(Poll::Pending) => {}
            Err(_) => return Poll::Ready(Err(Refusal::Panicked)),
        }
        if alarm.is_none() {
            alarm.set(Some(sleep(limit)));
        }
        match alarm.as_mut().as_pin_mut() {
            Some(alarm) => alarm.poll(cx).map(|()| Err(Refusal::Overdue)),
            None => Poll::Pending,
        }
    })
    .await
}
