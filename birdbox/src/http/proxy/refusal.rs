//! What the proxy does not do, and what it says then.
//!
//! These answers are in plain text, for the person who set the proxy: they are not of the API,
//! and no client of X reads them.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PROXY_AUTHENTICATE};

use super::super::Response;
use super::place::Place;
use crate::tls::X_HOSTS;

/// Why a request goes nowhere.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It names no host: somebody called the proxy as if it were a server.
    NotProxied,
    /// Its target is no host with a port.
    NoPlace,
    /// Its target is neither http nor https.
    NotHttp,
    /// Target and `Host` name two hosts.
    OtherHost,
    /// Without the password, or with another.
    NoPassword,
    /// https to another server, which the client has to speak itself.
    NeedsConnect,
    /// A host of X on a port that X does not answer.
    OtherPort { place: Place },
    /// Another host, with `--offline`.
    Offline { place: Place },
    /// This server itself.
    Loop { place: Place },
    /// The machine of the server, for clients of other machines.
    Private { place: Place },
    /// The name has no address.
    Unknown { place: Place, reason: String },
    /// Nobody answers there.
    Unreachable { place: Place, reason: String },
    /// Nobody answers there in time.
    Slow { place: Place },
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotProxied | Self::NoPlace | Self::NotHttp | Self::OtherHost | Self::NeedsConnect => {
                StatusCode::BAD_REQUEST
            }
            Self::NoPassword => StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            Self::OtherPort { .. } | Self::Offline { .. } | Self::Private { .. } => StatusCode::FORBIDDEN,
            Self::Loop { .. } => StatusCode::LOOP_DETECTED,
            Self::Unknown { .. } | Self::Unreachable { .. } => StatusCode::BAD_GATEWAY,
            Self::Slow { .. } => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NotProxied => "This is the proxy of Birdbox, not its API. Set HTTPS_PROXY to this address and call \
                                 https://api.x.com; or call the API at the address that `birdbox env` prints."
                .to_owned(),
            Self::NoPlace => "The target of the request is no host with a port, such as api.x.com:443.".to_owned(),
            Self::NotHttp => "The proxy takes CONNECT, and targets that begin with http:// or https://.".to_owned(),
            Self::OtherHost => "The target of the request and its Host header name two places.".to_owned(),
            Self::NoPassword => {
                "The proxy wants its password: http://birdbox:PASSWORD@HOST:PORT. It is proxy.password \
                                 in the configuration of the server."
                    .to_owned()
            }
            Self::NeedsConnect => "For https to this host the proxy takes CONNECT.".to_owned(),
            Self::OtherPort { place } => {
                format!("Birdbox answers for {} on port 443, and without TLS on port 80.", place.host)
            }
            Self::Offline { place } => format!(
                "Birdbox is offline and does not connect to {place}. It answers for {}. To reach other hosts, start it \
                 without --offline.",
                X_HOSTS.join(", ")
            ),
            Self::Loop { place } => format!("{place} is this server; call it without the proxy."),
            Self::Private { place } => {
                format!("{place} is the machine of the server, which its clients do not reach through the proxy.")
            }
            Self::Unknown { place, reason } => format!("{} has no address ({reason}).", place.host),
            Self::Unreachable { place, reason } => format!("{place} does not answer ({reason})."),
            Self::Slow { place } => format!("{place} does not answer in time."),
        }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let mut response = Self::new(refusal.status(), Bytes::from(refusal.sentence() + "\n"));
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(refusal, Refusal::NoPassword) {
            response.headers.insert(PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"birdbox\""));
        }
        response
    }
}
