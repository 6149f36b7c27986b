//! The proxy: requests to X's hosts are answered here, others are passed on or refused.
//!
//! A client connects in plain HTTP. After `CONNECT` to one of the server's names TLS ends in
//! this process, and the same service answers as at the other doors; there is no second hop.
//! What a client asks in absolute form without TLS is answered as well. [`Reach`] says where
//! other connections may lead.

mod forward;
mod place;
mod reach;
mod refusal;
mod tunnel;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONNECTION, HOST, HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use http::request::Parts;
use http::{Method, StatusCode};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use model::TokenDigest;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::accept::Edge;
use super::connection::{self, Shared, Socket};
use super::door::{Ahead, run_tls};
use super::message::Outgoing;
use super::phase::Phase;
use super::{Handler, Response, Scheme, request_id, service};
use crate::tls::{Names, TlsServer, X_HOSTS};
use forward::Relayed;
use place::{Place, strip_hop_by_hop};
pub use reach::Reach;
use refusal::Refusal;

/// What the proxy does for whom.
#[derive(Debug)]
pub struct Proxy {
    /// The hosts that are answered here: on port 443 after `CONNECT`, and in absolute form.
    pub names: Names,
    /// What is shown for them.
    pub tls: TlsServer,
    /// Whether all other hosts are refused.
    pub offline: bool,
    /// The password of all who use it, under any name; `None` lets everybody.
    pub password: Option<TokenDigest>,
    /// Where other connections may lead.
    pub reach: Reach,
}

/// What becomes of a request.
enum Way {
    /// It is answered, as if it had come with this scheme.
    Answer(Scheme),
    /// TLS follows, which ends here.
    Terminate,
    /// Whatever follows goes there.
    Tunnel(Place),
    /// It is sent there, and the answer comes back.
    Forward(Place),
}

impl Proxy {
    fn judge(&self, parts: &Parts, is_owner: bool) -> Result<Way, Refusal> {
        if !is_owner && !self.lets_in(&parts.headers) {
            return Err(Refusal::NoPassword);
        }
        let authority = parts.uri.authority().ok_or(Refusal::NotProxied)?;
        if parts.method == Method::CONNECT {
            let target = Some(authority).filter(|_| parts.uri.scheme().is_none());
            let place = target.and_then(|target| Place::of(target, None)).ok_or(Refusal::NoPlace)?;
            if !place.is_named_by(&parts.headers) {
                return Err(Refusal::OtherHost);
            }
            return Ok(if self.is_here(&place, 443)? { Way::Terminate } else { Way::Tunnel(place) });
        }
        let (scheme, port) = match parts.uri.scheme_str() {
            Some("http") => (Scheme::Http, 80),
            Some("https") => (Scheme::Https, 443),
            _ => return Err(Refusal::NotHttp),
        };
        let place = Place::of(authority, Some(port)).ok_or(Refusal::NoPlace)?;
        if self.is_here(&place, port)? {
            // Whether the host agrees is checked with everything else.
            Ok(Way::Answer(scheme))
        } else if scheme == Scheme::Https {
            Err(Refusal::NeedsConnect)
        } else if parts.headers.contains_key(HOST) && !place.is_named_by(&parts.headers) {
            Err(Refusal::OtherHost)
        } else {
            Ok(Way::Forward(place))
        }
    }

    fn lets_in(&self, headers: &HeaderMap) -> bool {
        let Some(password) = &self.password else { return true };
        let shown = headers.get(PROXY_AUTHORIZATION).and_then(|value| oauth::basic::from_header(value.as_bytes()));
        // Digests are compared, so that the time it takes says nothing of the password.
        shown.is_some_and(|(_, shown)| oauth::digest(&shown) == *password)
    }

    /// Whether a place is answered here, where this port is. Other ports of X's hosts are never
    /// looked for: a client that means X must not reach it by accident.
    fn is_here(&self, place: &Place, port: u16) -> Result<bool, Refusal> {
        if place.port == port && self.names.contain_host(&place.host) {
            return Ok(true);
        }
        if X_HOSTS.contains(&place.host.as_str()) {
            return Err(Refusal::OtherPort { place: place.clone() });
        }
        if self.offline {
            tracing::warn!(host = %place.host, port = place.port, "--offline: refused to connect to another host");
            return Err(Refusal::Offline { place: place.clone() });
        }
        Ok(false)
    }
}

/// One connection to the proxy.
struct Visit<H> {
    shared: Arc<Shared<H>>,
    proxy: Arc<Proxy>,
    /// Whether it came by the socket of the owner, who needs no password.
    is_owner: bool,
    next: Mutex<Option<Next>>,
}

/// What follows a `CONNECT`.
enum Next {
    Tls,
    Tunnel(TcpStream),
}

/// Serves one connection to its end. The owner of the server needs no password.
pub(super) async fn run<H: Handler, S: Socket>(
    edge: Arc<Edge<H>>,
    stream: S,
    peer: SocketAddr,
    proxy: &Arc<Proxy>,
    is_owner: bool,
) {
    let shared = Shared::new(Arc::clone(&edge), peer);
    let next = Mutex::default();
    let visit = Arc::new(Visit { shared: Arc::clone(&shared), proxy: Arc::clone(proxy), is_owner, next });
    let service = service_fn(|request| answer(Arc::clone(&visit), request));
    let Some(rest) = connection::drive(&shared, stream, service).await else { return };
    let next = visit.next.lock().unwrap_or_else(PoisonError::into_inner).take();
    let stream = Ahead::new(rest.read_buf, rest.io.into_inner().into_stream());
    match next {
        Some(Next::Tls) => run_tls(edge, stream, peer, &proxy.tls).await,
        Some(Next::Tunnel(server)) => tunnel::run(&edge, stream, server).await,
        None => {}
    }
}

async fn answer<H: Handler>(
    visit: Arc<Visit<H>>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Reply<H>>, Infallible> {
    let Visit { shared, proxy, is_owner, next } = &*visit;
    shared.phase.enter(Phase::Running);
    let began = Instant::now();
    let (mut parts, body) = request.into_parts();
    let has_body = !body.is_end_stream();
    shared.phase.set_has_body(has_body);
    let asked = shared
        .edge
        .watcher
        .as_ref()
        .map(|_| parts.uri.authority().map_or(parts.uri.path(), |place| place.as_str()).to_owned());
    let outcome = match proxy.judge(&parts, *is_owner) {
        Ok(Way::Answer(scheme)) => {
            strip_hop_by_hop(&mut parts.headers);
            let request = http::Request::from_parts(parts, body);
            return Ok(service::answer(Arc::clone(shared), Ok(scheme), request).await?.map(Reply::Whole));
        }
        Ok(Way::Terminate) => Ok(Some(Next::Tls)),
        Ok(Way::Tunnel(place)) => proxy.reach.dial(&place).await.map(|server| Some(Next::Tunnel(server))),
        Ok(Way::Forward(place)) => match forward::send(shared, &proxy.reach, &place, parts, body).await {
            Ok(reply) => {
                shared.edge.metrics.count(None, reply.status(), began.elapsed());
                return Ok(reply.map(Reply::Relayed));
            }
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    let mut response = match outcome {
        Ok(follows) => {
            *next.lock().unwrap_or_else(PoisonError::into_inner) = follows;
            Response::new(StatusCode::OK, Bytes::new())
        }
        Err(refusal) => refusal.into(),
    };
    if let (Some(watcher), Some(asked)) = (&shared.edge.watcher, asked) {
        watcher.asked(&asked, (response.status != StatusCode::OK).then(|| response.status.as_u16()));
    }
    if has_body && !response.status.is_success() {
        // What comes of the body is thrown away, so that the client reads why.
        response.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        shared.phase.set_linger();
    }
    response.headers.insert(request_id::HEADER, shared.edge.ids.next().header());
    shared.edge.metrics.count(None, response.status, began.elapsed());
    shared.phase.enter(Phase::Sending);
    Ok(response.into_http(|| service::watch(Arc::clone(shared))).map(Reply::Whole))
}

/// The body of an answer: made here, or on its way from another server.
enum Reply<H: Handler> {
    Whole(Outgoing),
    Relayed(Relayed<H>),
}

impl<H: Handler> Body for Reply<H> {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Self::Relayed(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Relayed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Relayed(body) => body.size_hint(),
        }
    }
}
