//! One request after its head is read: what is refused, what the handler gets, and
//! what the client must see besides the handler's answer.

use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Version};
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, Sleep, sleep};

use super::compress::Accepted;
use super::connection::Shared;
use super::message::{Outgoing, Watch, Way};
use super::pages::Page;
use super::phase::Phase;
use super::stream::Upload;
use super::{Handler, Limits, Refusal, Request, Response, Scheme, body, compress, cors, host, request_id};

/// An answer that has this header says itself who may read it.
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Answers one request, whatever it is. `admits` is how it came in, or why it is refused.
///
/// All that needs no waiting happens before the future is made: hyper moves the future
/// several times, so that its size counts.
pub(super) fn answer<H: Handler>(
    shared: Arc<Shared<H>>,
    admits: Result<Scheme, Refusal>,
    request: http::Request<Incoming>,
) -> impl Future<Output = Result<http::Response<Outgoing>, Infallible>> + Send {
    shared.phase.enter(Phase::Running);
    let received = Instant::now();
    let (mut parts, body) = request.into_parts();
    let id = shared.edge.ids.next();
    let accepted = Accepted::of(&parts.headers);
    let is_cross_origin = cors::is_cross_origin(&parts.headers);
    let body = (!body.is_end_stream()).then_some(body);
    let dialect = shared.edge.handler.dialect(parts.uri.path());
    let watched = shared.edge.watcher.as_ref().map(|_| Box::new((parts.method.clone(), parts.uri.path().to_owned())));
    shared.phase.set_has_body(body.is_some());
    let is_upload = body.is_some() && shared.edge.handler.takes_upload(&parts.method, parts.uri.path());
    let whole = body.as_ref().filter(|_| !is_upload);
    let checked = admits.and_then(|scheme| check(&mut parts, whole, &shared.edge.limits).map(|()| scheme));
    let mut admitted = checked.map(|scheme| {
        let Parts { method, uri, headers, .. } = parts;
        Request {
            id,
            scheme,
            method,
            uri,
            headers,
            body: Bytes::new(),
            upload: Mutex::default(),
            peer: shared.peer,
            received,
        }
    });
    async move {
        let is_open = shared.edge.handler.is_open(dialect);
        // The request stays where it is: to move it costs more than to read it.
        let answered = match &mut admitted {
            Ok(request) => respond(&shared, is_open, request, body, is_upload).await,
            Err(refusal) => Err(*refusal),
        };
        let mut response = answered.unwrap_or_else(|refusal| refuse(&shared, refusal, dialect));
        if is_cross_origin && is_open && !response.headers.contains_key(CROSS_ORIGIN_RESOURCE_POLICY) {
            cors::allow(&mut response.headers);
        }
        response.headers.insert(request_id::HEADER, id.header());
        compress::apply(&mut response, &accepted);
        shared.edge.metrics.count(response.operation, response.status, received.elapsed());
        if let (Some(watcher), Some(asked)) = (&shared.edge.watcher, watched) {
            watcher.answered(id, asked.0.as_str(), &asked.1, response.status.as_u16());
        }
        // What has a rest is on its way for as long as pieces come.
        shared.phase.enter(if response.rest.is_some() { Phase::Relaying } else { Phase::Sending });
        Ok(response.into_http(|| watch(shared)))
    }
}

async fn respond<H: Handler>(
    shared: &Shared<H>,
    is_open: bool,
    request: &mut Request,
    body: Option<Incoming>,
    is_upload: bool,
) -> Result<Response, Refusal> {
    let limits = &shared.edge.limits;
    if let Some(body) = body {
        if is_upload {
            return Box::pin(take_upload(shared, request, body)).await;
        }
        let most = body::most_bytes(&request.headers, limits);
        request.body = Box::pin(body::read(body, most, limits)).await?;
        // How long a client takes to send its body is not the time of the answer.
        request.received = Instant::now();
    }
    if let Some(page) = Page::at(request.path()) {
        return page.answer(&request.method, shared);
    }
    if is_open && let Some(response) = cors::preflight(&request.method, &request.headers) {
        return Ok(response);
    }
    // In a box: otherwise it would be a part of the future that hyper moves, and the largest.
    within(limits.request, Box::pin(shared.edge.handler.handle(request)).as_mut()).await
}

/// Lets the handler read a body. If it does not read all of it, the connection ends: where the next
/// request begins is not known.
async fn take_upload<H: Handler>(
    shared: &Shared<H>,
    request: &mut Request,
    body: Incoming,
) -> Result<Response, Refusal> {
    let (upload, ended) = Upload::new(body, shared.edge.limits.body_read);
    request.upload = Mutex::new(Some(Box::new(upload)));
    let mut response = within(Duration::MAX, pin!(shared.edge.handler.handle(request))).await?;
    if !ended.is_so() {
        response.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        shared.phase.set_linger();
    }
    Ok(response)
}

/// Each piece of a body keeps the connection alive, and while one is made the client need do nothing;
/// after the last, it is sent.
pub(super) fn watch<H: Handler>(shared: Arc<Shared<H>>) -> Watch {
    Box::new(move |way| {
        shared.phase.enter(match way {
            Way::Making => Phase::Running,
            Way::Piece => Phase::Relaying,
            Way::End => Phase::Sending,
        });
    })
}

fn check(parts: &mut Parts, body: Option<&Incoming>, limits: &Limits) -> Result<(), Refusal> {
    // unverified(trace): the same for every path.
    if parts.method == Method::TRACE || parts.method == Method::CONNECT {
        return Err(Refusal::NoMethod);
    }
    if target_len(parts) > limits.uri_bytes {
        return Err(Refusal::UriTooLong);
    }
    match host::check(&parts.uri, &mut parts.headers) {
        // Watchers that speak HTTP/1.0, where a host was not yet required.
        Err(Refusal::NoHost) if parts.version == Version::HTTP_10 && Page::at(parts.uri.path()).is_some() => {}
        checked => checked?,
    }
    if body.is_some_and(|body| body::is_announced_too_large(body, &parts.headers, limits)) {
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
fn refuse<H: Handler>(shared: &Shared<H>, refusal: Refusal, dialect: H::Dialect) -> Response {
    let mut response = shared.edge.handler.refuse(refusal, dialect);
    response.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    shared.phase.set_linger();
    response
}

/// What `answer` resolves to, unless it takes longer than `limit` or panics.
///
/// Most answers are there at the first poll: no timer exists before the second.
async fn within<T>(limit: Duration, mut answer: Pin<&mut impl Future<Output = T>>) -> Result<T, Refusal> {
    let mut alarm = None::<Pin<Box<Sleep>>>;
    poll_fn(|cx| {
        match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
            Ok(Poll::Ready(answer)) => return Poll::Ready(Ok(answer)),
            Ok(Poll::Pending) => {}
            Err(_) => return Poll::Ready(Err(Refusal::Panicked)),
        }
        let alarm = alarm.get_or_insert_with(|| Box::pin(sleep(limit)));
        alarm.as_mut().poll(cx).map(|()| Err(Refusal::Overdue))
    })
    .await
}
