//! Why a request never reaches the handler.

use http::StatusCode;

/// What the edge refuses by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Not HTTP/1, or a head or body that breaks its grammar.
    Malformed,
    /// No `Host` header.
    NoHost,
    /// More than one `Host` header.
    ManyHosts,
    /// A `Host` header that is empty or names no host.
    InvalidHost,
    /// A request target with another host than the `Host` header.
    OtherHost,
    /// A method that no resource has: `TRACE` and `CONNECT`.
    NoMethod,
    /// Anything but `GET` and `HEAD` for what can only be read, such as the edge's own pages.
    Method,
    /// The body did not arrive in time.
    SlowBody,
    /// The body is, or is announced as, larger than allowed.
    BodyTooLarge,
    /// The request target is longer than allowed.
    UriTooLong,
    /// The head is larger, or has more lines, than allowed.
    HeadTooLarge,
    /// Plain HTTP where TLS is spoken.
    NotTls,
    /// The handler panicked.
    Panicked,
    /// The handler did not answer in time.
    Overdue,
}

impl Refusal {
    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::NoHost | Self::ManyHosts | Self::InvalidHost | Self::OtherHost | Self::NotTls => {
                StatusCode::BAD_REQUEST
            }
            Self::NoMethod | Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Overdue => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The refusal that stands for a status which hyper chose by itself.
    pub(super) fn of_status(status: &[u8]) -> Self {
        match status {
            b"414" => Self::UriTooLong,
            b"431" => Self::HeadTooLarge,
            _ => Self::Malformed,
        }
    }
}
