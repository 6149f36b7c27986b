//! The socket as hyper sees it.
//!
//! It tells the connection's [`Phase`] from what hyper reads and writes, cuts off a
//! request line that is too long, and puts the handler's words into the refusals that
//! hyper writes by itself, which have no body.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::header::CONTENT_LENGTH;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::{Shared, Socket};
use super::phase::Phase;
use super::{Handler, Refusal, request_id};

/// How much of what a client sends after a refusal is thrown away before the
/// connection is cut.
const LINGER_BYTES: usize = 16 << 20;

/// Answers up to this size, with their heads, are copied into one piece: `send` costs
/// the kernel less than `writev`, by more than the copy.
const SMALL_BYTES: usize = 2048;

/// Bytes that no request line may hold, and the end of a head.
const POISON: &[u8] = b"\0\r\n\r\n";

/// The longest prefix of paths that can be configured fits in, behind a method and a host.
const BEGINNING: usize = 160;

/// The first bytes of a head: enough of most paths to know whose they are.
struct Beginning {
    bytes: [u8; BEGINNING],
    len: usize,
}

impl Beginning {
    const fn new() -> Self {
        Self { bytes: [0; BEGINNING], len: 0 }
    }

    fn note(&mut self, chunk: &[u8]) {
        let room = self.bytes.get_mut(self.len..).unwrap_or_default();
        let count = room.len().min(chunk.len());
        let (Some(room), Some(chunk)) = (room.get_mut(..count), chunk.get(..count)) else { return };
        room.copy_from_slice(chunk);
        self.len += count;
    }

    /// The path, as far as it was read.
    fn path(&self) -> Option<&str> {
        let line = self.bytes.get(..self.len)?.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
        // The last character may have been cut in two.
        let line = line.utf8_chunks().next()?.valid();
        let target = line.split(' ').nth(1)?;
        let path = match target.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => rest.get(rest.find('/')?..)?,
            _ => target,
        };
        path.split('?').next()
    }
}

/// A client's socket, or what is spoken over TLS on it.
pub(super) struct Wire<H, S> {
    stream: S,
    shared: Arc<Shared<H>>,
    /// Bytes of the head that were read so far, more or less: a head that hyper had
    /// read along with the former one is not counted.
    head_bytes: usize,
    /// Whether the request line has ended.
    line_done: bool,
    /// The beginning of the head, for the dialect of a refusal.
    begin: Beginning,
    /// The last four bytes of a head that were read, with what follows it.
    tail: u32,
    /// What hyper was made to refuse.
    refusal: Option<Refusal>,
    /// Our words in place of hyper's.
    outgoing: Bytes,
    discarded: usize,
}

impl<H: Handler, S: Socket> Wire<H, S> {
    pub(super) fn new(stream: S, shared: Arc<Shared<H>>) -> Self {
        let outgoing = Bytes::new();
        Self {
            stream,
            shared,
            head_bytes: 0,
            line_done: false,
            begin: Beginning::new(),
            tail: 0,
            refusal: None,
            outgoing,
            discarded: 0,
        }
    }

    /// The stream, for another protocol.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Notes what hyper read, or that there is nothing to read.
    fn note_read(&mut self, read: Poll<&[u8]>) {
        match (self.shared.phase.get(), read) {
            (Phase::Sent, Poll::Pending) if self.holds_half_a_head() => {
                self.shared.phase.enter(Phase::Head);
                // How far it has come is not known here; hyper knows when it is too large.
                self.line_done = true;
                self.begin = Beginning::new();
            }
            (Phase::Sent, Poll::Pending) => self.shared.phase.enter(Phase::Idle),
            (Phase::Sent | Phase::Idle, Poll::Ready(chunk)) if !chunk.is_empty() => {
                self.shared.phase.enter(Phase::Head);
                self.head_bytes = 0;
                self.line_done = false;
                self.begin = Beginning::new();
                self.note_head(chunk);
            }
            (Phase::Head, Poll::Ready(chunk)) => self.note_head(chunk),
            _ => {}
        }
    }

    fn note_head(&mut self, chunk: &[u8]) {
        self.begin.note(chunk);
        self.head_bytes += chunk.len();
        // A whole head ends like this, so that most need no search.
        self.line_done = self.line_done || chunk.ends_with(b"\n") || chunk.contains(&b'\n');
        self.tail = match chunk.last_chunk() {
            Some(last) => u32::from_be_bytes(*last),
            None => chunk.iter().fold(self.tail, |tail, &byte| tail << 8 | u32::from(byte)),
        };
    }

    /// Whether more than the answered request was read: its head was not the last thing.
    fn holds_half_a_head(&self) -> bool {
        let ends_head = self.tail & 0xff_ffff == 0x0a_0d_0a || self.tail & 0xffff == 0x0a_0a;
        !ends_head && !self.shared.phase.has_body()
    }

    fn is_line_too_long(&self) -> bool {
        !self.line_done && self.head_bytes > self.shared.edge.limits.uri_bytes
    }

    /// Whether hyper writes on its own account: no request is being answered.
    fn is_refusal_of_hyper(&self, head: &[u8]) -> bool {
        !matches!(self.shared.phase.get(), Phase::Running | Phase::Sending | Phase::Relaying)
            && head.starts_with(b"HTTP/1.")
    }

    /// Takes a refusal that hyper wrote and queues the handler's in its place.
    fn refuse(&mut self, head: &[u8]) {
        let status = head.get(9..12).unwrap_or_default();
        let refusal = self.refusal.take().unwrap_or_else(|| Refusal::of_status(status));
        let handler = &self.shared.edge.handler;
        let dialect = self.begin.path().map(|path| handler.dialect(path)).unwrap_or_default();
        let mut response = handler.refuse(refusal, dialect);
        response.headers.remove(CONTENT_LENGTH);
        response.headers.insert(request_id::HEADER, self.shared.edge.ids.next().header());
        let status = response.status;
        self.shared.edge.metrics.count(response.operation, status, Duration::ZERO);
        let reason = status.canonical_reason().unwrap_or_default();
        let mut out = format!("HTTP/1.1 {} {reason}\r\n", status.as_str()).into_bytes();
        for (name, value) in &response.headers {
            write_line(&mut out, name.as_str().as_bytes(), value.as_bytes());
        }
        write_line(&mut out, b"connection", b"close");
        write_line(&mut out, b"content-length", response.body.len().to_string().as_bytes());
        if let Some(date) = head.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"date: ")) {
            write_line(&mut out, b"date", date.trim_ascii_end());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&response.body);
        self.outgoing = out.into();
        self.shared.phase.set_linger();
    }

    /// Sends our side's end of the stream, then waits for the client's if it may still
    /// be sending: closing on unread bytes would make its kernel drop our answer.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.shared.phase.get() != Phase::Lingering {
            ready!(self.poll_outgoing(cx))?;
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            if !self.shared.phase.must_linger() {
                return Poll::Ready(Ok(()));
            }
            self.shared.phase.enter(Phase::Lingering);
        }
        let mut scratch = [0; 4096];
        while self.discarded < LINGER_BYTES {
            let mut buf = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buf))?;
            if buf.filled().is_empty() {
                break;
            }
            self.discarded += buf.filled().len();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_outgoing(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outgoing.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.outgoing))?;
            self.outgoing.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

/// All slices in one piece, if there is room for them.
fn copied<'p>(slices: &[IoSlice<'_>], piece: &'p mut [u8]) -> Option<&'p [u8]> {
    let mut end = 0;
    for slice in slices {
        piece.get_mut(end..end + slice.len())?.copy_from_slice(slice);
        end += slice.len();
    }
    piece.get(..end)
}

fn write_line(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    for part in [name, b": ", value, b"\r\n"] {
        out.extend_from_slice(part);
    }
}

impl<H: Handler, S: Socket> AsyncRead for Wire<H, S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_line_too_long() {
            // hyper would go on to read the line and then call it a large head. Bytes
            // that it must refuse make it stop here.
            this.refusal = Some(Refusal::UriTooLong);
            buf.put_slice(POISON.get(..buf.remaining()).unwrap_or(POISON));
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf)?;
        this.note_read(polled.map(|()| buf.filled().get(before..).unwrap_or_default()));
        polled.map(Ok)
    }
}

impl<H: Handler, S: Socket> AsyncWrite for Wire<H, S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.is_refusal_of_hyper(bytes) {
            this.refuse(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut this.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match slices.first() {
            Some(head) if this.is_refusal_of_hyper(head) => {
                this.refuse(head);
                Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()))
            }
            _ => {
                let mut piece = [0; SMALL_BYTES];
                match copied(slices, &mut piece) {
                    Some(whole) => Pin::new(&mut this.stream).poll_write(cx, whole),
                    None => Pin::new(&mut this.stream).poll_write_vectored(cx, slices),
                }
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_outgoing(cx))?;
        // TLS may hold back what a full socket did not take.
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        // hyper flushes only when all that it had to write is written.
        if this.shared.phase.get() == Phase::Sending {
            this.shared.phase.enter(Phase::Sent);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().poll_close(cx)
    }
}
