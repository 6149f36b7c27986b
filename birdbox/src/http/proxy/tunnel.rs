//! Bytes between a client and another server, until one of them ends or both are silent.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::super::accept::Edge;
use super::super::connection::Socket;
use super::super::door::Ahead;

/// Passes on what comes from either side. A server that stops cuts it: how far what flows has
/// come cannot be known.
pub(super) async fn run<H, S: Socket>(edge: &Edge<H>, client: Ahead<S>, mut server: TcpStream) {
    let passed = AtomicU64::new(0);
    let mut client = Counted { stream: client, passed: &passed };
    tokio::select! {
        // An error is that of one side; the other one sees the end.
        _ = copy_bidirectional(&mut client, &mut server) => {}
        () = silence(&passed, edge.limits.relay_idle) => {
            edge.metrics.connections.cut.fetch_add(1, Relaxed);
        }
        () = edge.stop.wait() => {}
    }
}

/// Resolves when nothing has passed for this long, and at the latest for twice as long.
async fn silence(passed: &AtomicU64, long: Duration) {
    let mut before = None;
    while before != Some(passed.load(Relaxed)) {
        before = Some(passed.load(Relaxed));
        sleep(long).await;
    }
}

/// A stream that counts what passes it.
struct Counted<'a, S> {
    stream: S,
    passed: &'a AtomicU64,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<'_, S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        if polled.is_ready() {
            this.passed.fetch_add(1, Relaxed);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<'_, S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, bytes);
        if polled.is_ready() {
            this.passed.fetch_add(1, Relaxed);
        }
        polled
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
