//! Between the HTTP edge and the API: a request becomes a call, an answer becomes a
//! response with its headers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use store::Allowance;
use xapi::headers::AccessLevel;
use xapi::operation::OPERATIONS;
use xapi::{Dialect, FLOWS, Flow, Problem, Vocabulary, headers};

use super::figures;
use crate::api::{self, Answer, Call};
use crate::authenticate::{Caller, Presented};
use crate::flows::Flows;
use crate::http::{Figure, Handler, Refusal, Request, Response};
use crate::portal::{Portal, ROUTES};
use crate::state::State;

/// Where the OpenAPI document is.
const OPENAPI_PATH: &str = "/openapi.json";

/// To plain HTTP on a port for TLS.
const NOT_TLS: &str = "This port speaks TLS. Call it with https:// in place of http://.\n";

/// Answers what the edge lets through.
pub(super) struct Service {
    state: Arc<State>,
    flows: Arc<Flows>,
    portal: Portal,
    templates: Templates,
    openapi: Bytes,
}

impl Service {
    pub(super) fn new(state: Arc<State>, flows: Arc<Flows>, portal: Portal) -> Self {
        Self { state, flows, portal, templates: Templates::new(), openapi: xapi::openapi::document().into() }
    }

    fn dress(&self, answer: Answer) -> Response {
        let level = answer.caller.map(|caller| caller.authority.access_level());
        let mut headers = self.templates.headers(answer.dialect, level, answer.allowance, answer.took);
        if let Some(allow) = answer.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let operation = answer.operation.and_then(|asked| OPERATIONS.iter().position(|row| row.id == asked.id));
        Response { status, headers, body: answer.body.into(), operation }
    }
}

const ACCESS_LEVEL: HeaderName = HeaderName::from_static(headers::ACCESS_LEVEL);
const RATE_LIMIT: HeaderName = HeaderName::from_static(headers::RATE_LIMIT);
const RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static(headers::RATE_LIMIT_REMAINING);
const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static(headers::RATE_LIMIT_RESET);
const RATE_LIMITS: [HeaderName; 3] = [RATE_LIMIT, RATE_LIMIT_REMAINING, RATE_LIMIT_RESET];
const RESPONSE_TIME: HeaderName = HeaderName::from_static(headers::RESPONSE_TIME);

impl Handler for Service {
    async fn handle(&self, request: Request) -> Response {
        if request.path() == OPENAPI_PATH {
            if request.method != Method::GET && request.method != Method::HEAD {
                return self.refuse(Refusal::Method);
            }
            let mut response = Response::new(StatusCode::OK, self.openapi.clone());
            response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            return response;
        }
        if let Some(flow) = Flow::at(request.path()) {
            // In a box: hyper moves the future of every request, so that its size counts.
            let mut response = Box::pin(self.flows.answer(flow, &request)).await;
            response.operation = Some(OPERATIONS.len() + flow.index());
            tracing::debug!(op = flow.name, method = %request.method, path = request.path(), status = response.status.as_u16(), "request");
            return response;
        }
        if Portal::has(request.path()) {
            let (mut response, row) = Box::pin(self.portal.answer(&request)).await;
            response.operation = row.map(|row| OPERATIONS.len() + FLOWS.len() + row.index());
            tracing::debug!(op = row.map(|row| row.name), method = %request.method, path = request.path(), status = response.status.as_u16(), "request");
            return response;
        }
        let call = Call { presented: Presented::of(&request, &self.state.proxies), request: &request };
        let mut answer = api::answer(&self.state, &call).await;
        if let Some(why) = answer.why.take() {
            let operation = answer.operation.map(|row| row.name);
            let Answer { caller, status, .. } = &answer;
            let now = self.state.clock.now();
            self.state.refusals.note(&call.presented, operation, caller.as_ref(), why, *status, now);
        }
        if answer.status == StatusCode::OK {
            self.portal.note();
        }
        log(&request, &answer);
        self.dress(answer)
    }

    fn operations(&self) -> Vec<&'static str> {
        let tables = OPERATIONS.iter().map(|row| row.name).chain(FLOWS.iter().map(|row| row.name));
        tables.chain(ROUTES.iter().map(|row| row.name)).collect()
    }

    fn figures(&self) -> Vec<Figure> {
        figures::of(&self.state.store.stats())
    }

    fn refuse(&self, refusal: Refusal) -> Response {
        if refusal == Refusal::NotTls {
            return not_tls();
        }
        let status = refusal.status();
        let mut body = Vec::with_capacity(128);
        let types = self.state.style.for_host("").problem_types(Vocabulary::Tweet);
        xapi::write_problem(&Problem::of_status(status.as_u16()), Dialect::V2, types, &mut body);
        let mut response = Response::new(status, body);
        response.headers = self.templates.headers(Dialect::V2, None, None, None);
        if refusal == Refusal::Method {
            response.headers.insert(ALLOW, HeaderValue::from_static(xapi::ALLOW_READS));
        }
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

/// The headers of a reply as most replies have them, for each dialect: they are made
/// once and then copied as a whole, which is cheaper than to insert each.
struct Templates {
    v2: HeaderMap,
    labs: HeaderMap,
}

impl Templates {
    fn new() -> Self {
        let made = |dialect| {
            let constant = headers::constant(dialect).iter().copied();
            let rows =
                constant.chain([(headers::ACCESS_LEVEL, AccessLevel::Read.name()), (headers::RESPONSE_TIME, "0")]);
            let rows = rows.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            rows.chain(RATE_LIMITS.map(|name| (name, HeaderValue::from_static("0")))).collect()
        };
        Self { v2: made(Dialect::V2), labs: made(Dialect::Labs) }
    }

    /// `took` is the time that the answer took, where the reply says so.
    fn headers(
        &self,
        dialect: Dialect,
        level: Option<AccessLevel>,
        allowance: Option<Allowance>,
        took: Option<Duration>,
    ) -> HeaderMap {
        let mut headers = match dialect {
            Dialect::V2 => self.v2.clone(),
            Dialect::Labs => self.labs.clone(),
        };
        match took.map(|took| took.as_millis() as u64) {
            Some(0) => {}
            Some(ms) => {
                headers.insert(RESPONSE_TIME, HeaderValue::from(ms));
            }
            None => {
                headers.remove(RESPONSE_TIME);
            }
        }
        match level {
            Some(AccessLevel::Read) => {}
            Some(level) => {
                headers.insert(ACCESS_LEVEL, HeaderValue::from_static(level.name()));
            }
            None => {
                headers.remove(ACCESS_LEVEL);
            }
        }
        match allowance {
            Some(Allowance { limit, remaining, reset, .. }) => {
                headers.insert(RATE_LIMIT, limit.into());
                headers.insert(RATE_LIMIT_REMAINING, remaining.into());
                headers.insert(RATE_LIMIT_RESET, reset.unix_seconds().into());
            }
            None => RATE_LIMITS.iter().for_each(|name| _ = headers.remove(name)),
        }
        headers
    }
}
