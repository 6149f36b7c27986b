//! What goes to the handler and what comes back from it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, StatusCode, Uri};
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use super::RequestId;

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
    /// The body; empty when there was none.
    pub body: Bytes,
    /// Who is at the other end of the connection, which may be a proxy.
    pub peer: SocketAddr,
    /// When the head was complete.
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
    /// What the answer is counted as: a position in
    /// [`Handler::operations`](super::Handler::operations), or nothing of that.
    pub operation: Option<usize>,
}

impl Response {
    /// An answer without headers, of no operation.
    #[must_use]
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into(), operation: None }
    }

    /// As hyper takes it.
    pub(super) fn into_http(self) -> http::Response<Whole> {
        let mut response = http::Response::new(Whole(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// A body that is there as a whole.
pub(super) struct Whole(Bytes);

impl Whole {
    pub(super) fn new(body: Bytes) -> Self {
        Self(body)
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let body = std::mem::take(&mut self.0);
        Poll::Ready(if body.is_empty() { None } else { Some(Ok(Frame::data(body))) })
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}
