//! One connection from its accept to its end, with one timer for all its timeouts.
//!
//! The timer is set rarely: an answered request only moves the moment until which the
//! connection may live, and when the timer fires too early it is set to that moment.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::accept::Edge;
use super::phase::{Phase, PhaseCell, Reading};
use super::wire::Wire;
use super::{Handler, Limits, service};

/// How long a client may take to read a refusal and close.
const LINGER: Duration = Duration::from_secs(2);

/// What the parts of one connection share.
pub(super) struct Shared<H> {
    pub(super) edge: Arc<Edge<H>>,
    pub(super) phase: PhaseCell,
    pub(super) peer: SocketAddr,
}

/// Serves one connection to its end.
pub(super) async fn run<H: Handler>(edge: Arc<Edge<H>>, stream: TcpStream, peer: SocketAddr) {
    let metrics = Arc::clone(&edge.metrics);
    let _open = metrics.connections.open();
    // Answers are written whole: waiting for more to send would only delay them.
    // Where this fails the connection is dead and the first read says so.
    let _ = stream.set_nodelay(true);
    let shared = Arc::new(Shared { edge, phase: PhaseCell::default(), peer });
    let service = service_fn(|request| service::answer(Arc::clone(&shared), request));
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&shared)));
    let mut connection = pin!(shared.edge.http.serve_connection(wire, service));
    let mut timeouts = Timeouts::new(shared.phase.read(), &shared.edge.limits);
    let mut alarm = pin!(sleep(shared.edge.limits.header_read));
    let mut stopping = pin!(shared.edge.stop.wait());
    let mut waker = None;
    poll_fn(|cx| {
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
            connection.as_mut().graceful_shutdown();
        }
        // An error is the client's doing and has had its answer, where one was due.
        if connection.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        timeouts.poll(shared.phase.read(), alarm.as_mut(), cx).map(|()| {
            metrics.connections.cut.fetch_add(1, Relaxed);
        })
    })
    .await;
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
        Phase::Lingering => Some(LINGER),
    }
}
