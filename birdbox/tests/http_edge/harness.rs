//! A server with the edge under test, and a client that sends bytes as they are.

use std::future::poll_fn;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;

use birdbox::http::{
    Door, Download, Handler, Limits, Refusal, Request, RequestIds, Response, Stream as _, Upload, serve,
};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// How long a test waits for what must come: far longer than any limit under test.
const PATIENCE: Duration = Duration::from_secs(20);

/// A limit that a test waits for.
pub(crate) const SOON: Duration = Duration::from_millis(200);

/// A limit that a test must not meet.
pub(crate) const NEVER: Duration = Duration::from_secs(3600);

/// Limits that no test meets by accident.
pub(crate) fn generous() -> Limits {
    Limits { header_read: NEVER, body_read: NEVER, request: NEVER, keep_alive: NEVER, ..Limits::default() }
}

/// What the handler and its test share.
#[derive(Default)]
pub(crate) struct Switches {
    /// What `/readyz` is to say.
    pub(crate) ready: AtomicBool,
    /// Told when a request to `/gate`, `/upload` or `/download` is running.
    pub(crate) entered: Notify,
    /// Lets one such request go on.
    pub(crate) gate: Notify,
}

struct Teller(Arc<Switches>);

impl Handler for Teller {
    type Dialect = bool;

    fn dialect(&self, path: &str) -> bool {
        path.starts_with("/other/")
    }

    async fn handle(&self, request: &Request) -> Response {
        match request.path() {
            "/gate" => {
                self.0.entered.notify_one();
                self.0.gate.notified().await;
            }
            "/never" => std::future::pending().await,
            "/panic" => panic!("as asked"),
            "/large" => return json(StatusCode::OK, large()),
            "/upload" => {
                self.0.entered.notify_one();
                self.0.gate.notified().await;
                return take(request.take_upload().unwrap()).await;
            }
            "/download" => return Response { rest: Some(slow(&self.0)), ..json(StatusCode::OK, String::new()) },
            _ => {}
        }
        let body = format!(
            r#"{{"method":"{}","path":"{}","query":"{}","host":"{}","body":{}}}"#,
            request.method,
            request.path(),
            request.query().unwrap_or_default(),
            request.host(),
            request.body.len()
        );
        let operation = request.path().starts_with("/users").then_some(1);
        Response { operation, ..json(StatusCode::OK, body) }
    }

    fn takes_upload(&self, _: &Method, path: &str) -> bool {
        path == "/upload"
    }

    fn refuse(&self, refusal: Refusal, is_other: bool) -> Response {
        let member = if is_other { "other" } else { "refused" };
        json(refusal.status(), format!(r#"{{"{member}":"{refusal:?}"}}"#))
    }

    fn operations(&self) -> Vec<&'static str> {
        vec!["getNothing", "getUsers"]
    }

    fn is_ready(&self) -> bool {
        self.0.ready.load(Relaxed)
    }
}

fn json(status: StatusCode, body: String) -> Response {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))]);
    Response { headers, ..Response::new(status, body) }
}

/// Says how long a body is, or how it failed.
async fn take(mut upload: Upload) -> Response {
    let mut length = 0;
    loop {
        match poll_fn(|cx| Pin::new(&mut upload).poll_next(cx)).await {
            Some(Ok(piece)) => length += piece.len(),
            Some(Err(error)) => return json(StatusCode::REQUEST_TIMEOUT, format!("{:?}", error.kind())),
            None => return json(StatusCode::OK, length.to_string()),
        }
    }
}

/// Two pieces, the second of which waits for the gate.
fn slow(switches: &Arc<Switches>) -> Download {
    Download::of((0, Arc::clone(switches)), |(made, switches)| async move {
        if made == 1 {
            switches.entered.notify_one();
            switches.gate.notified().await;
        }
        (made < 2).then(|| Ok((Bytes::from_static(b"piece"), (made + 1, switches))))
    })
}

/// The body of `/large`.
pub(crate) fn large() -> String {
    r#"{"id":"2244994945","username":"TwitterDev"}"#.repeat(200)
}

/// A server that stops when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) switches: Arc<Switches>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(limits: Limits) -> Self {
        let switches = Arc::new(Switches { ready: true.into(), ..Switches::default() });
        let handler = Arc::new(Teller(Arc::clone(&switches)));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                serve(vec![Door::http(listener)], limits, handler, RequestIds::new(1), async { drop(stopped.await) })
                    .await
                    .unwrap();
            });
        };
        Self { address, switches, stop: Some(stop), thread: Some(std::thread::spawn(run)) }
    }

    pub(crate) fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Client { stream, read: Vec::new() }
    }

    /// All that one connection answers to these bytes until it is closed.
    pub(crate) fn send(&self, bytes: impl AsRef<[u8]>) -> Reply {
        let mut client = self.connect();
        client.send(bytes);
        let reply = client.reply();
        assert!(client.is_closed(), "the connection stays open after {reply:?}");
        reply
    }

    /// The answer to a plain `GET`.
    pub(crate) fn get(&self, path: &str) -> Reply {
        let mut client = self.connect();
        client.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        client.reply()
    }

    /// Waits until `/metrics` has this line.
    pub(crate) fn wait_for_metric(&self, line: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.get("/metrics").text().lines().any(|metric| metric == line) {
            assert!(Instant::now() < end, "{line} never comes");
        }
    }

    /// Tells the server to stop.
    pub(crate) fn begin_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until the server has stopped.
    pub(crate) fn wait(&mut self) {
        self.thread.take().unwrap().join().unwrap();
    }

    /// Waits until a request stands before the gate.
    pub(crate) fn wait_for_gate(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { tokio::time::timeout(PATIENCE, self.switches.entered.notified()).await }).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.unwrap();
            }
        }
    }
}

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Sends bytes; a server that has closed already takes none, which its answer shows.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Says that nothing more will be sent.
    pub(crate) fn finish(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// The next answer, to a request that has a body in its answer.
    pub(crate) fn reply(&mut self) -> Reply {
        let mut reply = self.head();
        let length = reply.header("content-length").unwrap_or("0").parse().unwrap();
        while self.read.len() < length {
            assert!(self.read_some(), "the connection ends within a body");
        }
        reply.body = self.read.drain(..length).collect();
        reply
    }

    /// The next answer, to a request that has none, such as `HEAD`.
    pub(crate) fn head(&mut self) -> Reply {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(self.read_some(), "the connection ends before an answer: {:?}", self.read);
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head, body: Vec::new() }
    }

    /// Waits until what has come holds this.
    pub(crate) fn wait_for(&mut self, bytes: &[u8]) {
        while !self.read.windows(bytes.len()).any(|window| window == bytes) {
            assert!(self.read_some(), "the connection ends before {bytes:?}");
        }
    }

    /// Whether nothing follows but the end of the connection.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.read.is_empty() && !self.read_some()
    }

    /// Whether the connection is open and silent for this long.
    pub(crate) fn is_open_for(&mut self, long: Duration) -> bool {
        self.stream.set_read_timeout(Some(long)).unwrap();
        let outcome = self.stream.read(&mut [0]);
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
        outcome.is_err_and(|error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }

    /// All that comes until the end.
    pub(crate) fn rest(mut self) -> Vec<u8> {
        while self.read_some() {}
        self.read
    }

    /// `false` at the end of the stream, which may be a reset.
    fn read_some(&mut self) -> bool {
        let mut chunk = [0; 64 << 10];
        match self.stream.read(&mut chunk) {
            Ok(n) => {
                self.read.extend_from_slice(&chunk[..n]);
                n > 0
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("no answer and no end: {error}"),
        }
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Asserts that the edge refused, in the handler's words, and says goodbye.
    pub(crate) fn assert_refused(&self, status: u16, refusal: &str) {
        assert_eq!((self.status, self.text()), (status, &*format!(r#"{{"refused":"{refusal}"}}"#)));
        assert_eq!(self.header("connection"), Some("close"));
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        assert!(self.header("date").is_some());
    }
}
