//! The endpoints of `xapi::FLOWS`: tokens for programs, pages for people.
//!
//! A request that belongs here never reaches `api`: it is not counted, and each row answers
//! in its own form. Here the rules of `oauth`, the words of `xapi` and the verbs of the
//! store meet; sockets and limits of bodies are the business of `http`.

mod app_only;
mod ask;
mod guesses;
mod oauth1;
mod oauth1_page;
mod oauth2;
mod page;
mod person;
mod queue;
mod refusal;
mod reply;
mod sign_in;
mod token;
mod visit;

use std::net::IpAddr;
use std::sync::Arc;

use http::Method;
use xapi::{Flow, FlowId};

use crate::authenticate::Presented;
use crate::config::Login;
use crate::explain::Why;
use crate::http::{Request, Response, Scheme};
use crate::state::State;
pub use guesses::Guesses;
use oauth1_page::Ask;
pub(crate) use person::{NotSignedIn, Offer};
pub use refusal::{ClientFault, Given, Refusal, SignInFault};
use reply::Reply;
use sign_in::Gate;
pub(crate) use visit::{new_value, secret_of, set_cookie};

/// What these endpoints share.
#[derive(Debug)]
pub struct Flows {
    state: Arc<State>,
    gate: Gate,
    /// Whether only this machine reaches the server, so that pages may say more.
    is_local: bool,
}

impl Flows {
    /// For a server that may say more to its own machine alone.
    #[must_use]
    pub fn new(state: Arc<State>, login: Login, is_local: bool) -> Self {
        Self { gate: Gate::new(login, &state.secrets), state, is_local }
    }

    /// Answers a request to an endpoint. Never fails: what goes wrong is told in the form of
    /// the row.
    pub async fn answer(&self, flow: &'static Flow, request: &Request) -> Response {
        if !flow.methods.take(request.method.as_str()) {
            return Reply::method_not_allowed(flow, request.path()).into();
        }
        let reply = match flow.id {
            FlowId::AppOnlyToken => app_only::token(self, request),
            FlowId::InvalidateAppOnlyToken => app_only::invalidate(self, request).await,
            FlowId::Token => token::token(self, request).await,
            FlowId::Revoke => token::revoke(self, request).await,
            FlowId::AuthorizeOAuth2 => oauth2::authorize(self, request).await,
            FlowId::Style => page::style(),
            FlowId::RequestToken => oauth1::request_token(self, request).await,
            FlowId::Authorize => oauth1_page::authorize(self, request, Ask::Always).await,
            FlowId::Authenticate => oauth1_page::authorize(self, request, Ask::Once).await,
            FlowId::AccessToken => oauth1::access_token(self, request).await,
            FlowId::InvalidateToken => oauth1::invalidate(self, request).await,
        };
        self.note(flow, request, &reply);
        reply.into()
    }

    /// Remembers why a request was refused, for those who ask.
    fn note(&self, flow: &'static Flow, request: &Request, reply: &Reply) {
        if let Some(why) = reply.why() {
            let presented = Presented::of(request, &self.state.proxies);
            let (why, now) = (Why::Flow(why.clone()), self.state.clock.now());
            self.state.refusals.note(&presented, Some(flow.name), None, why, reply.status(), now);
        }
    }

    /// Where a request comes from: a proxy that is trusted says it.
    fn client(&self, request: &Request) -> IpAddr {
        let peer = request.peer.ip();
        let said = request.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let last = said.and_then(|value| value.rsplit(',').next()?.trim().parse().ok());
        last.filter(|_| self.state.proxies.contain(peer)).unwrap_or(peer)
    }

    /// Whether the browser speaks TLS, with this server or a proxy that says so.
    pub(crate) fn is_secure(&self, request: &Request) -> bool {
        if request.scheme == Scheme::Https {
            return true;
        }
        let proto = request.headers.get("x-forwarded-proto").map(http::HeaderValue::as_bytes);
        self.state.proxies.contain(request.peer.ip()) && proto.is_some_and(|proto| proto.eq_ignore_ascii_case(b"https"))
    }
}

/// The parameters of the query and those of the form, in this order; `None` if one cannot be
/// decoded.
fn parameters(request: &Request) -> Option<Vec<(String, String)>> {
    let mut all = xapi::pairs(request.query().unwrap_or_default())?;
    if request.method == Method::POST {
        all.extend(form(request)?);
    }
    Some(all)
}

/// The parameters of the form.
fn form(request: &Request) -> Option<Vec<(String, String)>> {
    xapi::pairs(std::str::from_utf8(request.form().unwrap_or_default()).ok()?)
}
