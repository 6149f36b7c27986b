//! Requests in absolute form to another server over plain HTTP, and its answers.
//!
//! Bodies pass through piece by piece, of any length; each piece keeps the connection alive.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{HOST, HeaderMap, HeaderValue, VIA};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Method, StatusCode, Uri, Version};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::super::Handler;
use super::super::connection::Shared;
use super::super::phase::Phase;
use super::Reach;
use super::place::{Place, strip_hop_by_hop};
use super::refusal::Refusal;

/// How this proxy is called in messages that it passes on.
const VIA_BIRDBOX: HeaderValue = HeaderValue::from_static("1.1 birdbox");

/// Sends a request to a place and gives its answer, whose body is still on its way.
pub(super) async fn send<H: Handler>(
    shared: &Arc<Shared<H>>,
    reach: &Reach,
    place: &Place,
    parts: Parts,
    body: Incoming,
) -> Result<http::Response<Relayed<H>>, Refusal> {
    if parts.method == Method::TRACE {
        return Err(Refusal::NotHttp);
    }
    let stream = reach.dial(place).await?;
    shared.phase.enter(Phase::Relaying);
    let unreachable = |error: hyper::Error| Refusal::Unreachable { place: place.clone(), reason: error.to_string() };
    let (mut sender, server) = http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    let mut server = Server(Some(Box::pin(server)));
    let request = outgoing(parts, Passing { body, shared: Arc::clone(shared) }).ok_or(Refusal::NoPlace)?;
    let reply = {
        let mut reply = pin!(sender.send_request(request));
        let reply = poll_fn(|cx| {
            server.drive(cx);
            reply.as_mut().poll(cx)
        });
        unless_silent(shared, pin!(reply)).await
    };
    let mut reply = reply.ok_or_else(|| Refusal::Slow { place: place.clone() })?.map_err(unreachable)?;
    if reply.status() == StatusCode::SWITCHING_PROTOCOLS {
        // Nobody asked for that: `Upgrade` ends here.
        return Err(Refusal::Unreachable { place: place.clone(), reason: "it changes the protocol".to_owned() });
    }
    shared.phase.enter(Phase::Relaying);
    pass_on(reply.headers_mut());
    *reply.version_mut() = Version::HTTP_11;
    Ok(reply.map(|body| Relayed { body: Passing { body, shared: Arc::clone(shared) }, server }))
}

/// What a server answers, unless nothing passes in either direction for too long.
async fn unless_silent<H, T>(shared: &Shared<H>, mut answer: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    loop {
        let before = shared.phase.read();
        match timeout(shared.edge.limits.relay_idle, answer.as_mut()).await {
            Ok(answer) => return Some(answer),
            Err(_) if shared.phase.read() == before => return None,
            Err(_) => {}
        }
    }
}

/// The request as the server gets it.
fn outgoing<B>(parts: Parts, body: B) -> Option<http::Request<B>> {
    let Parts { method, uri, mut headers, .. } = parts;
    pass_on(&mut headers);
    let authority = uri.authority()?;
    headers.insert(HOST, HeaderValue::from_str(authority.as_str()).ok()?);
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = Uri::from(uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/")));
    *request.headers_mut() = headers;
    Some(request)
}

fn pass_on(headers: &mut HeaderMap) {
    strip_hop_by_hop(headers);
    headers.append(VIA, VIA_BIRDBOX);
}

/// The body of an answer, and the connection that it comes from.
pub(super) struct Relayed<H: Handler> {
    body: Passing<H>,
    server: Server<H>,
}

/// The connection to the server, until it ends.
struct Server<H: Handler>(Option<Pin<Box<Connection<H>>>>);

type Connection<H> = http1::Connection<TokioIo<TcpStream>, Passing<H>>;

impl<H: Handler> Server<H> {
    /// Lets it send and receive. Its errors show in the bodies.
    fn drive(&mut self, cx: &mut Context<'_>) {
        if self.0.as_mut().is_some_and(|connection| connection.as_mut().poll(cx).is_ready()) {
            self.0 = None;
        }
    }
}

/// A body on its way through.
struct Passing<H> {
    body: Incoming,
    shared: Arc<Shared<H>>,
}

impl<H: Handler> Body for Passing<H> {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if polled.is_ready() {
            this.shared.phase.enter(Phase::Relaying);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<H: Handler> Body for Relayed<H> {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        this.server.drive(cx);
        Pin::new(&mut this.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<H: Handler> Drop for Relayed<H> {
    /// hyper lets go of a body when it has all of it: what is left is to send it.
    fn drop(&mut self) {
        self.body.shared.phase.enter(Phase::Sending);
    }
}
