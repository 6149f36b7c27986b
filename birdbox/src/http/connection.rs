//! HTTP on one stream from its first byte to its end, with one timer for all its timeouts.
//!
//! The timer is set rarely: an answered request only moves the moment until which the
//! connection may live, and when the timer fires too early it is set to that moment.

use std::error::Error;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1::Parts;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, Sleep, sleep};

use super::accept::Edge;
use super::phase::{Phase, PhaseCell, Reading};
use super::wire::Wire;
use super::{Handler, Limits, Refusal, Scheme, service};

/// How long a client may take to read a refusal and close.
const LINGER: Duration = Duration::from_secs(2);

/// What the parts of one connection share.
pub(super) struct Shared<H> {
    pub(super) edge: Arc<Edge<H>>,
    pub(super) phase: PhaseCell,
    pub(super) peer: SocketAddr,
}

impl<H> Shared<H> {
    pub(super) fn new(edge: Arc<Edge<H>>, peer: SocketAddr) -> Arc<Self> {
        Arc::new(Self { edge, phase: PhaseCell::default(), peer })
    }
}

/// A stream of bytes to and from a client.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Socket for S {}

/// Answers the requests of one stream. `admits` is how they came in, or why all of them are
/// refused.
pub(super) async fn run<H: Handler, S: Socket>(
    edge: Arc<Edge<H>>,
    stream: S,
    peer: SocketAddr,
    admits: Result<Scheme, Refusal>,
) {
    let shared = Shared::new(edge, peer);
    let service = service_fn(|request| service::answer(Arc::clone(&shared), admits, request));
    drive(&shared, stream, service).await;
}

/// Lets `service` answer the requests of one stream, within its timeouts. What is left of it
/// is given back when another protocol follows; it is of no use if the stream has ended.
/// `None` if it was cut.
pub(super) async fn drive<H, S, V, B>(
    shared: &Arc<Shared<H>>,
    stream: S,
    service: V,
) -> Option<Parts<TokioIo<Wire<H, S>>, V>>
where
    H: Handler,
    S: Socket,
    V: HttpService<Incoming, ResBody = B>,
    V::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(shared)));
    let mut connection = shared.edge.http.serve_connection(wire, service);
    let mut timeouts = Timeouts::new(shared.phase.read(), &shared.edge.limits);
    let mut alarm = pin!(sleep(shared.edge.limits.header_read));
    let mut stopping = pin!(shared.edge.stop.wait());
    let mut waker = None;
    let has_ended = poll_fn(|cx| {
        // The timer and the signal keep the waker they were polled with; as long as it
        // is the same they need no poll of their own.
        if !waker.as_ref().is_some_and(|waker| cx.waker().will_wake(waker)) {
            waker = Some(cx.waker().clone());
            let _ = alarm.as_mut().poll(cx);
            if timeouts.last.is_none() {
                let _ = stopping.as_mut().poll(cx);
            }
        }
        if timeouts.last.is_none()
            && let Some(end) = shared.edge.stop.end()
        {
            timeouts.last = Some(end);
            Pin::new(&mut connection).graceful_shutdown();
        }
        // An error is the client's doing and has had its answer, where one was due.
        if Pin::new(&mut connection).poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        timeouts.poll(shared.phase.read(), alarm.as_mut(), cx).map(|()| {
            shared.edge.metrics.connections.cut.fetch_add(1, Relaxed);
            false
        })
    })
    .await;
    has_ended.then(|| connection.into_parts())
}

/// Until when the connection may live.
struct Timeouts<'a> {
    limits: &'a Limits,
    seen: Reading,
    /// The end of the present phase; `None` while the handler's own timeout counts.
    due: Option<Instant>,
    /// The end of the server, once it stops.
    last: Option<Instant>,
}

impl<'a> Timeouts<'a> {
    fn new(seen: Reading, limits: &'a Limits) -> Self {
        Self { limits, seen, due: Some(Instant::now() + limits.header_read), last: None }
    }

    /// Ready when the connection has had its time.
    fn poll(&mut self, reading: Reading, mut alarm: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Poll<()> {
        if reading != self.seen {
            self.seen = reading;
            self.due = limit(reading.phase(), self.limits).map(|limit| Instant::now() + limit);
        }
        let due = match (self.due, self.last) {
            (Some(due), Some(last)) => due.min(last),
            (Some(due), None) | (None, Some(due)) => due,
            (None, None) => return Poll::Pending,
        };
        if due < alarm.deadline() || (alarm.is_elapsed() && due > alarm.deadline()) {
            alarm.as_mut().reset(due);
            return alarm.poll(cx);
        }
        if alarm.is_elapsed() { Poll::Ready(()) } else { Poll::Pending }
    }
}

fn limit(phase: Phase, limits: &Limits) -> Option<Duration> {
    match phase {
        Phase::Head => Some(limits.header_read),
        Phase::Running => None,
        Phase::Sending | Phase::Sent => Some(limits.request),
        Phase::Idle => Some(limits.keep_alive),
        // Whoever relays notices first, and says so where an answer is due.
        Phase::Relaying => Some(limits.relay_idle + LINGER),
        Phase::Lingering => Some(LINGER),
    }
}
