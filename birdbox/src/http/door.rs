//! Where clients come in: a listener and what is spoken there.
//!
//! A port speaks one protocol. Plain HTTP on a port for TLS is answered in plain HTTP, with a
//! refusal that says so.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use super::accept::Edge;
use super::connection::Socket;
use super::proxy::{self, Proxy};
use super::watch::{NoTls, Seen};
use super::{Handler, Refusal, Scheme, connection};
use crate::tls::TlsServer;

/// The first byte of TLS: a record of the handshake.
const HANDSHAKE: u8 = 22;

/// Who is at the other end of a socket in the file system.
const THIS_MACHINE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A listener and what is spoken there.
#[derive(Debug)]
pub struct Door {
    /// Where clients come in.
    pub listener: Listener,
    /// What is spoken.
    pub protocol: Protocol,
}

/// Where clients come in.
#[derive(Debug)]
pub enum Listener {
    /// An address and a port.
    Tcp(TcpListener),
    /// A socket in the file system. Whoever may open it counts as this machine, and as knowing
    /// the password of the proxy.
    Unix(UnixListener),
}

/// What is spoken at a door.
#[derive(Debug, Clone)]
pub enum Protocol {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https(TlsServer),
    /// What clients say to a proxy.
    Proxy(Arc<Proxy>),
}

impl Door {
    /// One for plain HTTP.
    #[must_use]
    pub fn http(listener: TcpListener) -> Self {
        Self { listener: Listener::Tcp(listener), protocol: Protocol::Http }
    }
}

impl Listener {
    pub(super) async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(listener) => listener.accept().await.map(|(stream, peer)| Accepted::Tcp(stream, peer)),
            Self::Unix(listener) => listener.accept().await.map(|(stream, _)| Accepted::Unix(stream)),
        }
    }
}

/// A connection that just came in.
pub(super) enum Accepted {
    Tcp(TcpStream, SocketAddr),
    Unix(UnixStream),
}

impl Accepted {
    /// Serves it to its end.
    pub(super) async fn serve<H: Handler>(self, edge: Arc<Edge<H>>, protocol: Protocol) {
        let metrics = Arc::clone(&edge.metrics);
        let _open = metrics.connections.open();
        match self {
            Self::Tcp(stream, peer) => {
                // Answers are written whole: waiting for more to send would only delay them.
                // Where this fails the connection is dead and the first read says so.
                let _ = stream.set_nodelay(true);
                match protocol {
                    Protocol::Http => connection::run(edge, stream, peer, Ok(Scheme::Http)).await,
                    // In boxes, so that plain connections need no room for the state of these.
                    other => Box::pin(speak(edge, stream, peer, other, false)).await,
                }
            }
            Self::Unix(stream) => Box::pin(speak(edge, stream, THIS_MACHINE, protocol, true)).await,
        }
    }
}

async fn speak<H: Handler, S: Socket>(
    edge: Arc<Edge<H>>,
    stream: S,
    peer: SocketAddr,
    protocol: Protocol,
    is_owner: bool,
) {
    match protocol {
        Protocol::Http => connection::run(edge, stream, peer, Ok(Scheme::Http)).await,
        Protocol::Https(tls) => run_tls(edge, Ahead::none(stream), peer, &tls).await,
        Protocol::Proxy(proxy) => proxy::run(edge, stream, peer, &proxy, is_owner).await,
    }
}

/// Serves one connection on which TLS is due, to its end.
pub(super) async fn run_tls<H: Handler, S: Socket>(
    edge: Arc<Edge<H>>,
    mut stream: Ahead<S>,
    peer: SocketAddr,
    tls: &TlsServer,
) {
    let opening = async {
        if stream.first_byte().await? == HANDSHAKE {
            tls.accept(stream).await.map(|stream| Opened::Tls(Box::new(stream)))
        } else {
            Ok(Opened::Plain(stream))
        }
    };
    match in_time(&edge, opening).await {
        Some(Opened::Tls(stream)) => {
            if let Some(watcher) = &edge.watcher {
                watcher.note(Seen::Trusted { name: stream.get_ref().1.server_name().map(str::to_owned) });
            }
            connection::run(edge, *stream, peer, Ok(Scheme::Https)).await;
        }
        Some(Opened::Plain(stream)) => {
            if let Some(watcher) = &edge.watcher {
                watcher.note(Seen::NoTls(NoTls::Plain));
            }
            connection::run(edge, stream, peer, Err(Refusal::NotTls)).await;
        }
        None => {}
    }
}

enum Opened<S> {
    Tls(Box<TlsStream<Ahead<S>>>),
    Plain(Ahead<S>),
}

/// What comes before the first request: it has as much time as a head, and ends when the
/// server stops.
async fn in_time<H, T>(edge: &Edge<H>, opening: impl Future<Output = io::Result<T>>) -> Option<T> {
    let opened = tokio::select! {
        opened = timeout(edge.limits.header_read, opening) => opened,
        () = edge.stop.wait() => return None,
    };
    match opened {
        Ok(Ok(opened)) => Some(opened),
        Ok(Err(error)) => {
            // Mostly a client that does not trust the certificate.
            tracing::debug!(%error, "no TLS with a client");
            if let Some(watcher) = &edge.watcher {
                watcher.no_tls(&error);
            }
            None
        }
        Err(_) => {
            edge.metrics.connections.cut.fetch_add(1, Relaxed);
            None
        }
    }
}

/// A stream of which some bytes were read already.
#[derive(Debug)]
pub(super) struct Ahead<S> {
    read: Bytes,
    stream: S,
}

impl<S: Socket> Ahead<S> {
    pub(super) fn new(read: Bytes, stream: S) -> Self {
        Self { read, stream }
    }

    fn none(stream: S) -> Self {
        Self::new(Bytes::new(), stream)
    }

    /// The next byte, which stays where it is.
    async fn first_byte(&mut self) -> io::Result<u8> {
        if self.read.is_empty() {
            let mut chunk = [0; 1024];
            let read = self.stream.read(&mut chunk).await?;
            self.read = Bytes::copy_from_slice(chunk.get(..read).unwrap_or_default());
        }
        self.read.first().copied().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Ahead<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.read.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        }
        let length = this.read.len().min(buf.remaining());
        buf.put_slice(this.read.get(..length).unwrap_or_default());
        this.read.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Ahead<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
