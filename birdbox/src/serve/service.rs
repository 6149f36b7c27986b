//! Between the HTTP edge and the API: a request becomes a call, an answer becomes a
//! response with its headers.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use model::{Timestamp, Used};
use xapi::operation::OPERATIONS;
use xapi::{ALLOW_ALL, ALLOW_READS, Dialect, FLOWS, Failure, Flow, FlowId, Operation, Trouble, Vocabulary, headers};

use super::figures;
use super::templates::Templates;
use crate::api::{self, Answer, Call};
use crate::authenticate::{Caller, Presented};
use crate::flows::Flows;
use crate::http::{Figure, Handler, Refusal, Request, Response};
use crate::portal::{self, Portal, ROUTES};
use crate::requests::{Asked, Sent, claimed_app};
use crate::state::{State, Stopwatch};

/// Where the OpenAPI document is, and where X has its own.
const OPENAPI_PATHS: [&str; 2] = ["/openapi.json", "/2/openapi.json"];

/// To plain HTTP on a port for TLS.
const NOT_TLS: &str = "This port speaks TLS. Call it with https:// in place of http://.\n";

/// Answers what the edge lets through.
pub(super) struct Service {
    state: Arc<State>,
    flows: Arc<Flows>,
    portal: Portal,
    templates: Templates,
    /// What is at each of [`OPENAPI_PATHS`].
    openapi: [Bytes; 2],
}

impl Service {
    pub(super) fn new(state: Arc<State>, flows: Arc<Flows>, portal: Portal, base_url: &str) -> Self {
        let openapi = [xapi::openapi::document(&state.tweet_binder.prefix), xapi::openapi::document_of_x(base_url)];
        let openapi = openapi.map(Bytes::from);
        Self { state, flows, portal, templates: Templates::new(), openapi }
    }

    /// Counts what an App used.
    fn count(&self, answer: &Answer, now: Timestamp) {
        if let (Some(caller), Some(operation)) = (&answer.caller, answer.operation) {
            let errors = u64::from(answer.status >= 400);
            let used = Used { requests: 1, errors, users: answer.users as u64, posts: answer.posts as u64 };
            self.state.usage.note(caller.app.app.id, operation, used, now);
        }
    }

    /// Keeps a request to the API for those who look into it.
    fn keep(&self, call: &Call<'_>, answer: &Answer, is_refused: bool) {
        let State { requests, .. } = &*self.state;
        if requests.most() == 0 {
            return;
        }
        let app = if is_refused && answer.caller.is_none() { claimed_app(&self.state, &call.presented) } else { None };
        let asked = answer.operation.map_or(Asked::Nothing, Asked::Operation);
        requests.note(&Sent {
            caller: answer.caller.as_ref(),
            app,
            status: answer.status,
            took: answer.took.unwrap_or_else(|| call.clock.elapsed()),
            bytes: answer.body.len(),
            ..Sent::of(call.request, asked, call.now)
        });
    }

    /// The same for one to an endpoint of OAuth.
    fn keep_flow(&self, flow: &'static Flow, request: &Request, response: &Response, now: Timestamp, clock: Stopwatch) {
        let State { requests, proxies, .. } = &*self.state;
        if requests.most() == 0 || flow.id == FlowId::Style {
            return;
        }
        requests.note(&Sent {
            app: claimed_app(&self.state, &Presented::of(request, proxies)),
            status: response.status.as_u16(),
            took: clock.elapsed(),
            bytes: response.body.len(),
            ..Sent::of(request, Asked::Flow(flow), now)
        });
    }

    fn dress(&self, answer: Answer) -> Response {
        let level = answer.caller.map(|caller| caller.authority.access_level());
        let mut headers = self.templates.headers(answer.dialect, level, answer.allowance, answer.took);
        self.stamp(answer.dialect, answer.status, &mut headers);
        if let Some(challenge) = answer.challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok()) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(allow) = answer.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let operation = answer.operation.map(Operation::index);
        Response { status, headers, body: answer.body.into(), rest: None, operation }
    }

    /// What v1.1 says in headers of each reply: its status and its time.
    fn stamp(&self, dialect: Dialect, status: u16, headers: &mut HeaderMap) {
        match dialect {
            Dialect::V2 | Dialect::Labs | Dialect::TweetBinder => {}
            Dialect::V1 => {
                let mut set = |name, value| {
                    if let Ok(value) = HeaderValue::try_from(value) {
                        headers.insert(HeaderName::from_static(name), value);
                    }
                };
                set(headers::LAST_MODIFIED, self.state.clock.now().to_http());
                if status != 200 {
                    let phrase = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
                    set(headers::STATUS, format!("{status} {}", phrase.unwrap_or_default()));
                }
            }
        }
    }
}

/// In whose words the edge refuses.
#[derive(Debug, Clone, Copy)]
pub(super) enum Speech {
    Api(Dialect),
    Portal,
}

impl Default for Speech {
    fn default() -> Self {
        Self::Api(Dialect::default())
    }
}

impl Handler for Service {
    type Dialect = Speech;

    fn dialect(&self, path: &str) -> Speech {
        if Portal::has(path) {
            return Speech::Portal;
        }
        Speech::Api(xapi::dialect_of(path, &self.state.tweet_binder.prefix))
    }

    fn is_open(&self, speech: Speech) -> bool {
        match speech {
            Speech::Api(_) => true,
            Speech::Portal => false,
        }
    }

    async fn handle(&self, request: &Request) -> Response {
        let documents = OPENAPI_PATHS.iter().zip(&self.openapi);
        if let Some((_, document)) = documents.into_iter().find(|(path, _)| **path == request.path()) {
            if request.method != Method::GET && request.method != Method::HEAD {
                return self.refuse(Refusal::Method, Speech::Api(Dialect::V2));
            }
            let mut response = Response::new(StatusCode::OK, document.clone());
            response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            return response;
        }
        let (now, clock) = (self.state.clock.now(), self.state.clock.since(request.received.into_std()));
        if let Some(flow) = Flow::at(request.path()) {
            // In a box: hyper moves the future of every request, so that its size counts.
            let mut response = Box::pin(self.flows.answer(flow, request)).await;
            response.operation = Some(OPERATIONS.len() + flow.index());
            self.keep_flow(flow, request, &response, now, clock);
            tracing::debug!(op = flow.name, method = %request.method, path = request.path(), status = response.status.as_u16(), "request");
            return response;
        }
        if Portal::has(request.path()) {
            let (mut response, row) = Box::pin(self.portal.answer(request)).await;
            response.operation = row.map(|row| OPERATIONS.len() + FLOWS.len() + row.index());
            tracing::debug!(op = row.map(|row| row.name), method = %request.method, path = request.path(), status = response.status.as_u16(), "request");
            return response;
        }
        let call = Call { presented: Presented::of(request, &self.state.proxies), request, now, clock };
        let mut answer = api::answer(&self.state, &call).await;
        let why = answer.why.take();
        self.keep(&call, &answer, why.is_some());
        self.count(&answer, now);
        if let Some(why) = why {
            let operation = answer.operation.map(|row| row.name);
            let Answer { caller, status, .. } = &answer;
            self.state.refusals.note(&call.presented, operation, caller.as_ref(), why, *status, now);
        }
        if answer.status == StatusCode::OK {
            self.portal.note();
        }
        log(request, &answer);
        self.dress(answer)
    }

    fn takes_upload(&self, method: &Method, path: &str) -> bool {
        Portal::takes_upload(method, path)
    }

    fn operations(&self) -> Vec<&'static str> {
        let tables = OPERATIONS.iter().map(|row| row.name).chain(FLOWS.iter().map(|row| row.name));
        tables.chain(ROUTES.iter().map(|row| row.name)).collect()
    }

    fn figures(&self) -> Vec<Figure> {
        figures::of(&self.state.store.stats())
    }

    fn refuse(&self, refusal: Refusal, speech: Speech) -> Response {
        if refusal == Refusal::NotTls {
            return not_tls();
        }
        let status = refusal.status();
        let dialect = match speech {
            Speech::Api(dialect) => dialect,
            Speech::Portal => return portal::refuse(status),
        };
        let mut body = Vec::with_capacity(128);
        let types = self.state.style.for_host("").problem_types(Vocabulary::Tweet);
        let (trouble, allow) = if refusal == Refusal::Method {
            (Trouble::MethodNotAllowed { allow: ALLOW_READS }, Some(ALLOW_READS))
        } else {
            let is_unknown = refusal == Refusal::NoMethod;
            (Trouble::Edge { status: status.as_u16() }, is_unknown.then_some(ALLOW_ALL))
        };
        Failure::of(trouble, dialect, types).write(dialect, &mut body);
        let mut response = Response::new(status, body);
        response.headers = self.templates.headers(dialect, None, None, None);
        self.stamp(dialect, status.as_u16(), &mut response.headers);
        response.headers.extend(allow.map(|allow| (ALLOW, HeaderValue::from_static(allow))));
        response
    }
}

/// For a person or a program that has the wrong scheme, whatever it wanted of the API.
fn not_tls() -> Response {
    let mut response = Response::new(StatusCode::BAD_REQUEST, NOT_TLS);
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// One line for each request, without its query and its credentials.
fn log(request: &Request, answer: &Answer) {
    tracing::debug!(
        op = answer.operation.map(|row| row.name),
        app_id = answer.caller.as_ref().map(|caller| caller.app.app.id.get()),
        user_id = answer.caller.as_ref().and_then(Caller::viewer).map(model::UserId::get),
        method = %request.method,
        path = request.path(),
        status = answer.status,
        dur_us = answer.took.map(|took| took.as_micros() as u64),
        "request"
    );
}
