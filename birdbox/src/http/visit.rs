//! Requests that the server makes to itself: through memory, and from there on through all that a
//! connection of the network goes through, from the first byte of the head.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;

use super::message::Outgoing;
use super::{Opener, Response, Scheme};

/// So much is on its way at a time.
const PIPE: usize = 64 << 10;

/// The other end of a connection through memory.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) stream: DuplexStream,
    pub(super) peer: SocketAddr,
    pub(super) scheme: Scheme,
}

/// As whom the server calls itself.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    /// On whose behalf.
    pub peer: SocketAddr,
    /// How they called.
    pub scheme: Scheme,
}

impl Opener {
    /// Sends a request to this server and gives its whole answer. The request names its host, and
    /// its target is a path.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn visit(&self, visitor: Visitor, request: http::Request<Bytes>) -> io::Result<Response> {
        let (own, stream) = tokio::io::duplex(PIPE);
        let Visitor { peer, scheme } = visitor;
        if !self.let_in(Visit { stream, peer, scheme }).await {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (mut sender, connection) = http1::handshake(TokioIo::new(own)).await.map_err(io::Error::other)?;
        let exchange = pin!(async move {
            let reply = sender.send_request(request.map(Outgoing::whole)).await?;
            let (parts, body) = reply.into_parts();
            let body = whole(body).await?;
            Ok::<_, hyper::Error>(Response { headers: parts.headers, ..Response::new(parts.status, body) })
        });
        let connection = pin!(connection);
        let reply = tokio::select! {
            biased;
            reply = exchange => reply,
            Err(error) = connection => Err(error),
        };
        reply.map_err(io::Error::other)
    }
}

async fn whole(mut body: Incoming) -> hyper::Result<Bytes> {
    let mut all = BytesMut::new();
    while let Some(frame) = std::future::poll_fn(|cx| pin!(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame?.into_data() {
            all.extend_from_slice(&data);
        }
    }
    Ok(all.freeze())
}
