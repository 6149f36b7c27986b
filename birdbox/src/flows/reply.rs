//! Answers in the form of their row.

use http::header::{ALLOW, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use xapi::{AppOnlyError, Failure, Flow, Form, OAuth2Error, ProblemTypes, TWEET_BINDER_PREFIX, Trouble};

use super::refusal::{Refusal, Refused};
use crate::http::Response;

/// An answer on its way out.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    /// Why it refuses.
    why: Option<Refusal>,
}

impl Reply {
    pub(super) fn new(form: Form, status: u16, body: Vec<u8>) -> Self {
        let rows = form.headers();
        let headers = rows.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        Self { status, headers: headers.collect(), body, why: None }
    }

    /// A JSON object that says that all is well.
    pub(super) fn json(body: Vec<u8>) -> Self {
        Self::new(Form::Json, 200, body)
    }

    /// The browser goes elsewhere, with GET.
    ///
    /// An address that is no header goes nowhere: 500.
    pub(super) fn redirect(status: StatusCode, address: &str) -> Self {
        let mut reply = Self::new(Form::Page, status.as_u16(), Vec::new());
        match HeaderValue::from_str(address) {
            Ok(address) => _ = reply.headers.insert(LOCATION, address),
            Err(_) => reply.status = 500,
        }
        reply
    }

    /// In the shape of the API that the path belongs to.
    pub(super) fn method_not_allowed(flow: &Flow, path: &str) -> Self {
        let (allow, dialect) = (flow.methods.allow(), xapi::dialect_of(path, TWEET_BINDER_PREFIX));
        let failure = Failure::of(Trouble::MethodNotAllowed { allow }, dialect, ProblemTypes::Twitter);
        let mut body = Vec::new();
        failure.write(dialect, &mut body);
        Self::new(Form::Json, failure.status(), body).with(ALLOW, HeaderValue::from_static(allow))
    }

    pub(super) const fn status(&self) -> u16 {
        self.status
    }

    pub(super) const fn why(&self) -> Option<&Refusal> {
        self.why.as_ref()
    }

    /// Says why it refuses, to those who ask.
    pub(super) fn because(mut self, why: impl Into<Option<Refusal>>) -> Self {
        self.why = why.into();
        self
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(super) fn with_cookie(mut self, cookie: &str) -> Self {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            self.headers.append(SET_COOKIE, cookie);
        }
        self
    }
}

impl From<Reply> for Response {
    fn from(reply: Reply) -> Self {
        let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Self::new(status, reply.body);
        response.headers = reply.headers;
        response
    }
}

impl<E: Into<Self>> From<Refused<E>> for Reply {
    fn from(Refused { told, why }: Refused<E>) -> Self {
        told.into().because(why)
    }
}

impl From<OAuth2Error> for Reply {
    fn from(error: OAuth2Error) -> Self {
        let mut body = Vec::new();
        error.write(&mut body);
        let reply = Self::new(Form::Json, error.status, body);
        // RFC 6749, 5.2: a client that tried the header learns its scheme.
        let challenge = HeaderValue::from_static("Basic realm=\"OAuth 2.0\"");
        if error.status == 401 { reply.with(WWW_AUTHENTICATE, challenge) } else { reply }
    }
}

impl From<AppOnlyError> for Reply {
    fn from(error: AppOnlyError) -> Self {
        let mut body = Vec::new();
        error.write(&mut body);
        Self::new(Form::Json, error.status, body)
    }
}
