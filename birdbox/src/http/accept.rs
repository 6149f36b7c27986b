//! Accepting connections, and stopping.

use std::io;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::server::conn::http1;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use super::door::{Accepted, Listener, Protocol};
use super::metrics::{Connections, Metrics};
use super::visit::Visit;
use super::watch::Watcher;
use super::{Door, Handler, Limits, RequestIds, connection};

/// How long to wait when the system has no descriptor or memory for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How many descriptors are kept for anything but connections.
const OTHER_DESCRIPTORS: u64 = 128;

/// How much later than its connections the server gives up.
const LAST_WAIT: Duration = Duration::from_millis(500);

/// What all connections share.
pub(super) struct Edge<H> {
    pub(super) handler: Arc<H>,
    pub(super) limits: Limits,
    pub(super) http: http1::Builder,
    pub(super) metrics: Arc<Metrics>,
    pub(super) ids: Arc<RequestIds>,
    pub(super) stop: Arc<Stop>,
    /// Who notes what happens, at a door that is watched.
    pub(super) watcher: Option<Watcher>,
}

impl<H> Edge<H> {
    /// The same for a door that is watched.
    fn watched(&self, watcher: Option<Watcher>) -> Self {
        Self {
            handler: Arc::clone(&self.handler),
            limits: self.limits.clone(),
            http: self.http.clone(),
            metrics: Arc::clone(&self.metrics),
            ids: Arc::clone(&self.ids),
            stop: Arc::clone(&self.stop),
            watcher,
        }
    }
}

/// The doors of a server: those that it has from the start, and those that come later.
#[derive(Debug)]
pub struct Doors {
    first: Vec<Door>,
    later: Option<mpsc::Receiver<Later>>,
}

/// A door that is open for a while.
#[derive(Debug)]
pub struct Guest {
    /// The door.
    pub door: Door,
    /// It closes when the other end is gone.
    pub until: oneshot::Receiver<()>,
    /// Who notes what happens there.
    pub watcher: Option<Watcher>,
}

/// Who comes in by another way than the first doors.
#[derive(Debug)]
enum Later {
    Guest(Guest),
    /// The server itself. It has room as long as whoever made it call has.
    Visit(Visit),
}

/// Opens doors while the server runs.
#[derive(Debug, Clone)]
pub struct Opener(mpsc::Sender<Later>);

impl Opener {
    /// Opens a door; `false` if the server has stopped.
    pub async fn open(&self, guest: Guest) -> bool {
        self.0.send(Later::Guest(guest)).await.is_ok()
    }

    /// Lets in the server itself; `false` if it has stopped.
    pub(super) async fn let_in(&self, visit: Visit) -> bool {
        self.0.send(Later::Visit(visit)).await.is_ok()
    }
}

impl Doors {
    /// These doors, and what opens more.
    #[must_use]
    pub fn with_opener(first: Vec<Door>) -> (Self, Opener) {
        let (sender, later) = mpsc::channel(1);
        (Self { first, later: Some(later) }, Opener(sender))
    }
}

impl From<Vec<Door>> for Doors {
    fn from(first: Vec<Door>) -> Self {
        Self { first, later: None }
    }
}

/// Answers requests at `doors` until `shutdown` resolves; then accepts no more,
/// closes idle connections, and returns when the running requests have ended or
/// [`Limits::drain`] is over. The doors share the limits; `ids` name the requests.
///
/// # Errors
/// None at present: errors of accepting are logged and tried again.
pub async fn serve<H: Handler>(
    doors: impl Into<Doors>,
    limits: Limits,
    handler: Arc<H>,
    ids: RequestIds,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let Doors { first, mut later } = doors.into();
    let connections = u32::try_from(limits.connections).unwrap_or(u32::MAX).max(1);
    // Through a proxy a connection leads on to another server.
    let has_proxy = first.iter().any(|door| matches!(door.protocol, Protocol::Proxy(_)));
    allow_descriptors(u64::from(connections), has_proxy || later.is_some());
    // A door that waits holds a permit: none must keep another one shut.
    let waiting = u32::try_from(first.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let most = connections.saturating_add(waiting);
    let permits = Arc::new(Semaphore::new(most as usize));
    let metrics = Arc::new(Metrics::new(handler.operations()));
    let edge = Arc::new(Edge {
        handler,
        http: http(&limits),
        limits,
        metrics,
        ids: Arc::new(ids),
        stop: Arc::default(),
        watcher: None,
    });
    let mut open = JoinSet::new();
    for door in first {
        open.spawn(welcome(door, Arc::clone(&edge), Arc::clone(&permits)));
    }
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(later) = next_later(&mut later) => match later {
                Later::Guest(guest) => _ = open.spawn(entertain(guest, Arc::clone(&edge), Arc::clone(&permits))),
                Later::Visit(Visit { stream, peer, scheme }) => {
                    // Whoever waits for it holds a permit of its own, and lets go of it with this.
                    tokio::spawn(connection::run(Arc::clone(&edge), stream, peer, Ok(scheme)));
                }
            },
            Some(_) = open.join_next() => {}
        }
    }
    open.shutdown().await;
    let end = edge.stop.begin(edge.limits.drain);
    // Every connection holds a permit: to have them all is to have no connection.
    let _ = timeout_at(end + LAST_WAIT, permits.acquire_many(most)).await;
    Ok(())
}

/// Pending where none ever comes.
async fn next_later(later: &mut Option<mpsc::Receiver<Later>>) -> Option<Later> {
    match later {
        Some(later) => later.recv().await,
        None => std::future::pending().await,
    }
}

/// Lets in whoever comes to the door of a guest, until the guest is gone.
async fn entertain<H: Handler>(guest: Guest, edge: Arc<Edge<H>>, permits: Arc<Semaphore>) {
    let Guest { door, until, watcher } = guest;
    let _place = Place::of(Arc::clone(&permits));
    tokio::select! {
        () = welcome(door, Arc::new(edge.watched(watcher)), permits) => {}
        // That nothing was sent is what it means to be gone.
        _ = until => {}
    }
}

/// The permit that the door of a guest holds while it waits.
struct Place(Arc<Semaphore>);

impl Place {
    fn of(permits: Arc<Semaphore>) -> Self {
        permits.add_permits(1);
        Self(permits)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // The door has given it back before.
        self.0.forget_permits(1);
    }
}

/// Lets in whoever comes to a door, until it is dropped.
async fn welcome<H: Handler>(door: Door, edge: Arc<Edge<H>>, permits: Arc<Semaphore>) {
    let Door { listener, protocol } = door;
    loop {
        let (permit, accepted) = next(&listener, &permits, &edge.metrics.connections).await;
        let (edge, protocol) = (Arc::clone(&edge), protocol.clone());
        let visitor = edge.watcher.as_ref().map(Watcher::came);
        tokio::spawn(async move {
            accepted.serve(edge, protocol).await;
            drop((permit, visitor));
        });
    }
}

/// Raises the process's own limit of descriptors, which is often 1024, as far as the
/// system allows: for connections, and, if all of them `lead_on`, for as many again.
fn allow_descriptors(connections: u64, lead_on: bool) {
    let limit = getrlimit(Resource::Nofile);
    let least = connections.saturating_add(OTHER_DESCRIPTORS);
    let wanted = if lead_on { least.saturating_add(connections) } else { least };
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let allowed = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), ..limit });
    // That all lead on is rare, and each that finds no room is told so.
    if raised.is_err() || allowed < least {
        tracing::warn!(
            connections,
            "the system allows fewer open files than connections are configured; raise the limit with: ulimit -Hn {wanted}"
        );
    }
}

fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    // Our own timeouts are cheaper and know idle from slow.
    http.header_read_timeout(None).half_close(true).max_header_size(limits.header_bytes);
    http.max_buf_size(limits.header_bytes.max(limits.uri_bytes) + (8 << 10));
    if limits.headers != Limits::default().headers {
        http.max_headers(limits.headers);
    }
    http
}

/// The next connection, when there is room for one.
async fn next(
    listener: &Listener,
    permits: &Arc<Semaphore>,
    counts: &Connections,
) -> (Option<OwnedSemaphorePermit>, Accepted) {
    // The semaphore is never closed.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok(accepted) => return (permit, accepted),
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                counts.failed.fetch_add(1, Relaxed);
                tracing::warn!(%error, "cannot accept a connection; trying again");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether only the connection that was to be accepted is lost.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// The signal that the server stops.
#[derive(Default)]
pub(super) struct Stop {
    /// When the last connection is cut.
    end: OnceLock<Instant>,
    signal: Notify,
}

impl Stop {
    /// When the last connection is cut, once the server stops.
    pub(super) fn end(&self) -> Option<Instant> {
        self.end.get().copied()
    }

    /// Wakes the task that polls it when the server stops.
    pub(super) async fn wait(&self) {
        let signal = self.signal.notified();
        if self.end().is_none() {
            signal.await;
        }
    }

    fn begin(&self, drain: Duration) -> Instant {
        let end = *self.end.get_or_init(|| Instant::now() + drain);
        self.signal.notify_waiters();
        end
    }
}
