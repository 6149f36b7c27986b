//! What goes to the handler and what comes back from it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, StatusCode, Uri};
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use super::RequestId;
use super::stream::{Download, Upload};

/// What stands before the `://` of the address that a client called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS that ends here, or that the client meant to end here.
    Https,
}

impl Scheme {
    /// The word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// One request with its whole body, within all limits.
#[derive(Debug)]
pub struct Request {
    /// Its name, which the reply carries.
    pub id: RequestId,
    /// How the client called this server.
    pub scheme: Scheme,
    /// Never `TRACE` or `CONNECT`.
    pub method: Method,
    /// The target as it was sent: percent-encoding is untouched and may be wrong.
    pub uri: Uri,
    /// The headers, with exactly one `Host` in its normal form.
    pub headers: HeaderMap,
    /// The body; empty when there was none, or when it is an upload.
    pub body: Bytes,
    /// The body where [`Handler::takes_upload`](super::Handler::takes_upload) says so; in a box, since
    /// few requests have one.
    pub upload: Mutex<Option<Box<Upload>>>,
    /// Who is at the other end of the connection, which may be a proxy.
    pub peer: SocketAddr,
    /// When all of it was there, or the head of an upload.
    pub received: Instant,
}

impl Request {
    /// The path as it was sent, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The body, if it says that it is a form. What
    /// else a body may be is for others to read.
    #[must_use]
    pub fn form(&self) -> Option<&[u8]> {
        is_form(&self.headers).then_some(&*self.body)
    }

    /// The body, if it says that it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<&[u8]> {
        is_of_type(&self.headers, "application/json").then_some(&*self.body)
    }

    /// The body, for whoever reads it piece by piece; once.
    #[must_use]
    pub fn take_upload(&self) -> Option<Upload> {
        self.upload.lock().unwrap_or_else(PoisonError::into_inner).take().map(|upload| *upload)
    }

    /// The query as it was sent, without the `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The host in lower case, with its port unless that is 80 or 443.
    #[must_use]
    pub fn host(&self) -> &str {
        self.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
    }
}

/// Whether the body is said to be a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    is_of_type(headers, "application/x-www-form-urlencoded")
}

/// Whether the body is said to be of a type, whatever its charset is said to be.
fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let name = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    name.trim().eq_ignore_ascii_case(wanted)
}

/// One answer. `content-length`, `date` and `connection` are added on the way out.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers of the handler.
    pub headers: HeaderMap,
    /// The whole body. `HEAD` is answered as `GET`; the edge leaves the body away.
    pub body: Bytes,
    /// What follows the body, where nobody holds all of it.
    pub rest: Option<Download>,
    /// What the answer is counted as: a position in
    /// [`Handler::operations`](super::Handler::operations), or nothing of that.
    pub operation: Option<usize>,
}

impl Response {
    /// An answer without headers, of no operation.
    #[must_use]
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into(), rest: None, operation: None }
    }

    /// As hyper takes it. `watch` hears of each piece of the rest, and of its end.
    pub(super) fn into_http(self, watch: impl FnOnce() -> Watch) -> http::Response<Outgoing> {
        let rest = self.rest.map(|download| Box::new(Rest { download, watch: watch() }));
        let mut response = http::Response::new(Outgoing { whole: self.body, rest });
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// What hears how a body goes on its way.
pub(super) type Watch = Box<dyn Fn(Way) + Send + Sync>;

/// How far a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The next piece of it is being made.
    Making,
    /// A piece of it was made.
    Piece,
    /// There are no more, or nobody wants them.
    End,
}

/// A body that is there as a whole, or but for the rest.
pub(super) struct Outgoing {
    whole: Bytes,
    /// In a box: few bodies have one, and hyper moves all of them.
    rest: Option<Box<Rest>>,
}

impl Outgoing {
    /// One that is there as a whole.
    pub(super) fn whole(whole: Bytes) -> Self {
        Self { whole, rest: None }
    }
}

struct Rest {
    download: Download,
    watch: Watch,
}

impl Drop for Rest {
    /// hyper lets go of a body when it has all of it: what is left is to send it.
    fn drop(&mut self) {
        (self.watch)(Way::End);
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let whole = std::mem::take(&mut self.whole);
        if !whole.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(whole))));
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let polled = rest.download.poll(cx);
        (rest.watch)(if polled.is_ready() { Way::Piece } else { Way::Making });
        polled.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.whole.is_empty() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.rest.is_some() { SizeHint::default() } else { SizeHint::with_exact(self.whole.len() as u64) }
    }
}
