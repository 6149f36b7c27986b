//! The edge's own pages, for those who watch the server: `/healthz` (it runs),
//! `/readyz` (send it requests), `/metrics` (its counters). They need no token.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};

use super::connection::Shared;
use super::{Handler, Refusal, Response};

const TEXT: &str = "text/plain; charset=utf-8";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// One of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Health,
    Ready,
    Metrics,
}

impl Page {
    pub(super) fn at(path: &str) -> Option<Self> {
        match path {
            "/healthz" => Some(Self::Health),
            "/readyz" => Some(Self::Ready),
            "/metrics" => Some(Self::Metrics),
            _ => None,
        }
    }

    pub(super) fn answer<H: Handler>(self, method: &Method, shared: &Shared<H>) -> Result<Response, Refusal> {
        if method != Method::GET && method != Method::HEAD {
            return Err(Refusal::Method);
        }
        let edge = &shared.edge;
        Ok(match self {
            Self::Health => page(StatusCode::OK, TEXT, "ok\n".to_owned()),
            Self::Ready if edge.handler.is_ready() && edge.stop.end().is_none() => {
                page(StatusCode::OK, TEXT, "ready\n".to_owned())
            }
            Self::Ready => page(StatusCode::SERVICE_UNAVAILABLE, TEXT, "not ready\n".to_owned()),
            Self::Metrics => page(StatusCode::OK, OPEN_METRICS, edge.metrics.print(edge.handler.figures())),
        })
    }
}

fn page(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = Response::new(status, body);
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
