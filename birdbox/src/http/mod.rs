//! The HTTP edge: sockets, timeouts, limits, framing, and the proxy.
//!
//! It accepts connections, turns each request into a [`Request`] with a whole body
//! and a valid host, hands it to the [`Handler`], and sends the [`Response`].
//! What it must refuse it names by a [`Refusal`]; the words of the answer are the
//! handler's. It knows no endpoint, no credential and no English of the API.

mod accept;
mod body;
mod compress;
mod connection;
mod cors;
mod door;
mod host;
mod limits;
mod message;
mod metrics;
mod pages;
mod phase;
mod proxy;
mod refusal;
mod request_id;
mod service;
mod stream;
mod visit;
mod watch;
mod wire;

pub use accept::{Doors, Guest, Opener, serve};
pub use door::{Door, Listener, Protocol};
pub use limits::Limits;
pub use message::{Request, Response, Scheme};
pub use metrics::{Figure, FigureKind};
pub use proxy::{Proxy, Reach};
pub use refusal::Refusal;
pub use request_id::{HEADER as REQUEST_ID, InvalidRequestId, RequestId, RequestIds};
pub use stream::{Download, Stream, Upload};
pub use visit::Visitor;
pub use watch::{NoTls, Seen, Sight, Through, Watch, Watcher};

use ::http::Method;

/// What answers the requests that the edge lets through.
pub trait Handler: Send + Sync + 'static {
    /// In whose words a refusal is told. The default is for requests of which too little was read
    /// to know their path.
    type Dialect: Copy + Default + Send;

    /// In whose words a request to this path is refused.
    fn dialect(&self, path: &str) -> Self::Dialect;

    /// Whether scripts of other origins may ask for what is refused so, and read answers. Otherwise
    /// what a browser asks beforehand reaches the handler like anything else.
    fn is_open(&self, _: Self::Dialect) -> bool {
        true
    }

    /// Answers one request.
    ///
    /// It is dropped half-way when [`Limits::request`] runs out, and when the server
    /// stops and [`Limits::drain`] runs out.
    fn handle(&self, request: &Request) -> impl Future<Output = Response> + Send;

    /// The answer to a request that never reaches [`handle`](Self::handle). Its status
    /// should be that of [`Refusal::status`].
    fn refuse(&self, refusal: Refusal, dialect: Self::Dialect) -> Response;

    /// Whether the body of such a request is for the handler to read, piece by piece and within
    /// bounds of its own. [`Limits::request`] does not hold for it then.
    fn takes_upload(&self, _method: &Method, _path: &str) -> bool {
        false
    }

    /// The names of the operations that [`Response::operation`] counts into.
    fn operations(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// What `/metrics` says beside the edge's own counts.
    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }

    /// Whether `/readyz` says that requests are welcome. A server that stops is never
    /// ready.
    fn is_ready(&self) -> bool {
        true
    }
}
