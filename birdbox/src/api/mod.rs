//! The API itself: one request in, one reply out, each stop visited once.
//!
//! row -> caller -> params -> handler -> render -> reply. What an endpoint accepts,
//! says and looks like is in the tables of `xapi`; here they meet the store.
//! Sockets, timeouts, compression and CORS are the business of `http`.

mod caller;
mod lookup;
mod rules;

use bytes::Bytes;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, StatusCode};
use xapi::{Operation, Problem, Route, Style};

use crate::http::{Request, Response};
use crate::state::State;
pub use caller::{Caller, Credentials};

/// What a handler is given beside its parameters.
pub struct Cx<'a> {
    /// The server.
    pub state: &'a State,
    /// Who asks.
    pub caller: Caller,
}
